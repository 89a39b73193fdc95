"""What a case can be found by: any two signs of it, where it is, and never a number of a person."""

from datetime import timedelta

import pytest
from django.contrib.postgres.search import SearchQuery
from django.db import connection
from django.utils import timezone

from tests.town.small import MORNING, Town
from yiwang.kernel.cases import actions as cases
from yiwang.kernel.cases.lookups import lookup_of
from yiwang.kernel.cases.models import Case, Lookup
from yiwang.kernel.cases.rules.words import query_of, words_of


def found(typed: str) -> set[str]:
    query = SearchQuery(query_of(typed), search_type="raw", config="simple")
    return set(Lookup.objects.filter(words=query).values_list("case__title", flat=True))


@pytest.mark.parametrize(
    "typed", ["关街", "井盖", "东关街", "井盖东关", "ｌａｍｐ", "lam", "路12", "𠮷野"]
)
def test_any_piece_of_two_signs_is_found(town: Town, typed: str) -> None:
    text = "东关街的井盖坏了，Lamp 也不亮，八一路12号𠮷野家门口"
    town.report(text)
    assert found(typed) == {text}


def test_what_was_not_said_is_not_found(town: Town) -> None:
    town.report("东关街的井盖坏了")
    assert not found("路灯")
    assert not found("关东")


@pytest.mark.parametrize(
    "number",
    ["13812345678", "138-1234-5678", "138 1234 5678", "１３８１２３４５６７８", "371702199001011234",
     "37170219900101123X", "一三八一二三四五六七八", "0530-1234567", "zhang@example.cn"],
)  # fmt: skip
def test_a_number_of_a_person_never_enters_the_index(number: str) -> None:
    assert words_of(f"井盖{number}坏了") == words_of("井盖 坏了")


def test_a_house_number_does(town: Town) -> None:
    town.report("门前积水", address="示例一街 12 号")
    assert found("示例一街12号") == {"门前积水"}
    assert not found("示例一街13号")


def test_a_case_is_found_by_its_community_and_follows_when_it_is_put_right(town: Town) -> None:
    case = town.accepted(text="积水")
    assert found("中山-01 积水") == {"积水"}
    cases.perform(
        case.pk, "relocate", by=town.wang_fang, at=MORNING + timedelta(hours=1), lon=115.465,
        lat=35.225, address="张楼村口", reason="地图上更准",
    )  # fmt: skip
    assert not found("中山 积水")
    assert found("张楼村口") == {"积水"}


def test_the_words_of_a_joined_voice_find_the_case_and_leave_with_it(town: Town) -> None:
    first = town.case(town.report("井盖坏了"))
    receipt = town.report("窨井没有盖子，电动车摔倒", follows=first.number)
    assert found("电动车") == {"井盖坏了"}
    cases.split(
        receipt.report_id, by=town.wang_fang, at=MORNING + timedelta(hours=1), reason="另一件"
    )
    assert found("电动车") == {"窨井没有盖子，电动车摔倒"}


def test_marks_follow_a_case_to_its_end_as_the_program_writes_them(town: Town) -> None:
    case = town.closed()
    said = vars(Case.objects.get(pk=case.pk))
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT marks = %s::tsvector, marks::text FROM cases_lookup WHERE case_id = %s",
            [lookup_of(said)["marks"], case.pk],
        )
        same, marks = cursor.fetchone()
    assert same, (marks, lookup_of(said)["marks"])
    assert f"'k{timezone.localtime(said['closed_at']):%Y%m}'" in marks
    assert f"'w{town.unit('市政服务中心').pk}'" in marks


def test_twenty_thousand_signs_are_taken_and_the_first_are_found(town: Town) -> None:
    town.report("积水" + "的" * 19_000 + "路灯")
    assert len(found("积水")) == 1
    assert not found("路灯")
