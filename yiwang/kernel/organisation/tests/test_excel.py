"""The staff of an office comes in one file: 周静 imports it."""

from functools import cache
from io import BytesIO

import pytest
from openpyxl import Workbook, load_workbook

from yiwang.kernel.accounts.models import User
from yiwang.kernel.accounts.signing_in import PasswordBackend
from yiwang.kernel.foundation import audit, versions
from yiwang.kernel.foundation.actors import SYSTEM
from yiwang.kernel.foundation.errors import Invalid
from yiwang.kernel.organisation.excel.importing import import_staff
from yiwang.kernel.organisation.excel.reading import template
from yiwang.kernel.organisation.models import Posting

from .conftest import NOW

PERSON = ["ma.li", "马丽", "0012", "ma.li@example.org", "138 0000 0000", "中文"]
POSTING = ["ma.li", "ZS", "网格员", "中山社区/中山-01", "专职网格员", "", "2026/12/1", "", ""]


blank = cache(template)


def book(people=(), postings=()) -> bytes:
    made = load_workbook(BytesIO(blank()))
    for name, rows in (("人员", people), ("任职", postings)):
        for place, row in enumerate(rows, start=2):
            for column, text in enumerate(row, start=1):
                made[name].cell(place, column, text)
    stream = BytesIO()
    made.save(stream)
    return stream.getvalue()


@pytest.fixture
def take(corner):
    versions.forget()
    return lambda content, **more: import_staff(
        content, **{"by": SYSTEM, "at": NOW, "dry_run": False, **more}
    )


def test_a_person_and_her_posting_come_in(corner, take):
    result = take(book([PERSON], [POSTING]))
    assert not result.problems
    assert (result.opened, result.appointed, result.written) == (1, 1, True)
    ma_li = User.objects.get(username="ma.li")
    assert (ma_li.employee_number, ma_li.email, ma_li.phone) == (
        "0012", "ma.li@example.org", "13800000000",
    )  # fmt: skip
    posting = Posting.objects.get(user=ma_li)
    assert (posting.role, posting.duty, posting.area) == (
        "grid_worker", "full_time", corner.zhongshan_01,
    )  # fmt: skip
    assert str(posting.starts_on) == "2026-12-01"


def test_the_issued_password_opens_the_door_once_it_is_handed_over(take):
    (slip,) = take(book([PERSON], [POSTING])).issued
    assert slip.unit == "中山社区"
    from django.utils import timezone

    User.objects.update(password_issued_at=timezone.now())
    user = PasswordBackend().authenticate(None, username="ma.li", password=slip.password)
    assert user is not None
    assert user.password_issued_at
    for entry in audit.timeline("user", user.pk):
        assert slip.password not in repr(entry)
        assert "example.org" not in repr(entry)


def test_a_trial_writes_nothing_and_shows_no_password(take):
    result = take(book([PERSON], [POSTING]), dry_run=True)
    assert (result.opened, result.appointed, result.written) == (1, 1, False)
    assert result.issued == []
    assert not User.objects.filter(username="ma.li").exists()


def test_the_same_file_again_changes_nothing(take):
    content = book([PERSON], [POSTING])
    take(content)
    again = take(content)
    assert (again.changes, again.problems, again.issued) == (0, [], [])


def test_one_mistake_and_nothing_is_written(take):
    wrong = ["li.hong", "李红", "", "no address", "", ""]
    result = take(book([PERSON, wrong], [POSTING]))
    assert not result.written
    assert not User.objects.filter(username="ma.li").exists()
    (problem,) = result.problems
    assert (problem.sheet, problem.row, problem.column, problem.cell) == (
        "人员",
        3,
        "电子邮箱",
        "D3",
    )
    assert "电子邮箱" in problem.said


@pytest.mark.parametrize(("row", "column"), [
    (["MA LI", "马丽"], "用户名"),
    (["", "马丽"], "用户名"),
    (["ma.li", ""], "姓名"),
    (["ma.li", "马丽", "#!"], "工号"),
    (["ma.li", "马丽", "", "", "12"], "手机"),
    (["ma.li", "马丽", "", "", "", "Deutsch"], "语言"),
])  # fmt: skip
def test_a_mistake_names_its_column(take, row, column):
    result = take(book([row]))
    assert [(p.row, p.column) for p in result.problems] == [(2, column)]
    assert result.problems[0].said


@pytest.mark.parametrize(("place", "text", "column"), [
    (0, "nobody", "用户名"), (1, "XX", "单位"), (2, "王", "角色"), (3, "月球", "区域"),
    (4, "大王", "网格职责"), (6, "明天", "到岗日期"), (7, "2020-01-01", "离岗日期"),
    (8, "li.na", "替谁的岗"), (3, "中山社区", "区域"),
])  # fmt: skip
def test_a_wrong_posting_names_its_column(take, place, text, column):
    row = [*POSTING]
    row[place] = text
    result = take(book([PERSON], [row]))
    assert [(p.sheet, p.column) for p in result.problems] == [("任职", column)]


def test_every_mistake_of_a_file_is_named_at_once(take):
    result = take(book([["X", "马"], ["ab", ""], ["ok.name", "好", "#"]], [["x", "y", "z", "w"]]))
    assert [(p.sheet, p.row) for p in result.problems] == [
        ("人员", 2), ("人员", 3), ("人员", 4), ("任职", 2),
    ]  # fmt: skip


def test_a_name_twice_in_one_file_is_told(take):
    (problem,) = take(book([PERSON, PERSON])).problems
    assert problem.row == 3
    assert "2" in problem.said


def test_a_number_somebody_else_has_is_told(take):
    (problem,) = take(book([PERSON, ["ma.yu", "马玉", "0012"]])).problems
    assert (problem.column, problem.row) == ("工号", 3)


def test_a_deputy_comes_in_beside_the_holder(corner, take):
    second = ["ma.yu", "马玉"]
    deputy = ["ma.yu", *POSTING[1:4], "", "", "2026-12-01", "", "ma.li"]
    result = take(book([PERSON, second], [POSTING, deputy]))
    assert not result.problems
    assert Posting.objects.get(user__username="ma.yu").stands_in_for.user.username == "ma.li"


def test_a_later_file_changes_the_name_and_ends_the_posting(take):
    take(book([PERSON], [POSTING]))
    ended = [*POSTING]
    ended[7] = "2027-01-01"
    result = take(book([["ma.li", "马莉"]], [ended]))
    assert (result.changed, result.ended, result.opened) == (1, 1, 0)
    assert (
        User.objects.get(username="ma.li").email == "ma.li@example.org"
    )  # a blank leaves what is there


@pytest.mark.parametrize("content", [b"", b"not a workbook", b"PK\x03\x04 broken"])
def test_what_is_no_workbook_is_refused(take, content):
    with pytest.raises(Invalid):
        take(content)


def test_a_workbook_of_something_else_is_refused(take):
    stream = BytesIO()
    Workbook().save(stream)
    with pytest.raises(Invalid):
        take(stream.getvalue())
