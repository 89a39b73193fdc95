"""An office gets its first administrator from the terminal."""

import pytest
from click.testing import CliRunner
from django.utils import timezone

from yiwang.commands.staff import staff
from yiwang.kernel.accounts.models import User
from yiwang.kernel.accounts.signing_in import PasswordBackend
from yiwang.kernel.organisation import Permission, holds
from yiwang.kernel.organisation.tests.conftest import corner

__all__ = ["corner"]  # the fixture of these people

PASSWORD = "olive-Bicycle-7"


def yiwang_staff(*words: str, typed: str = "") -> tuple[int, str]:
    done = CliRunner().invoke(staff, words, input=typed)
    return done.exit_code, done.output


def test_the_first_administrator(corner):
    added = yiwang_staff("add", "sun.li", "孙丽", "--password-stdin", typed=f"{PASSWORD}\n")
    posted = yiwang_staff(
        "appoint", "sun.li", "--role", "administrator", "--unit", "JDB", "--area", "南城街道"
    )
    assert (added[0], posted[0]) == (0, 0), (added, posted)
    sun_li = PasswordBackend().authenticate(None, username="sun.li", password=PASSWORD)
    assert isinstance(sun_li, User)
    place = corner.zhongshan_01.path
    assert holds(sun_li, Permission.STAFF_MANAGE, area_path=place, at=timezone.now())


def test_who_is_on_duty_is_listed(corner):
    yiwang_staff(
        "appoint",
        "zhang.min",
        "--role",
        "grid_worker",
        "--unit",
        "ZS",
        "--area",
        "中山-01",
        "--duty",
        "full_time",
    )
    code, said = yiwang_staff("list", "--unit", "ZS")
    assert (code, said) == (0, "zhang.min\t张敏\tfull_time\t中山社区\t中山-01\n")


def test_a_new_unit_and_its_handler(corner):
    made = yiwang_staff(
        "unit",
        "CG",
        "城管中队",
        "--kind",
        "department",
        "--level",
        "subdistrict",
        "--area",
        str(corner.street.pk),
    )
    posted = yiwang_staff(
        "appoint", "zhao.lei", "--role", "unit_handler", "--unit", "CG", "--area", "南城街道"
    )
    assert (made[0], posted[0]) == (0, 0), (made, posted)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("close", "nobody"), "there is no user nobody"),
        (("add", "zhang.min", "张敏", "--password-stdin"), "用户名 zhang.min 已被使用"),
        (("add", "x", "张敏", "--password-stdin"), "用户名须为 3 至 60 个小写字母或数字"),
        (
            ("appoint", "zhang.min", "--role", "leader", "--unit", "XX", "--area", "南城街道"),
            "there is no unit with the code XX",
        ),
        (
            ("appoint", "zhang.min", "--role", "leader", "--unit", "JDB", "--area", "北城"),
            "there is no division 北城",
        ),
    ],
)
def test_a_mistake_is_one_sentence(corner, words, said):
    code, output = yiwang_staff(*words, typed=f"{PASSWORD}\n")
    assert code == 1
    assert said in output
    assert "Traceback" not in output


def test_a_closed_account_and_a_new_password(corner):
    assert yiwang_staff("password", "li.na", "--password-stdin", typed=f"{PASSWORD}\n")[0] == 0
    assert PasswordBackend().authenticate(None, username="li.na", password=PASSWORD)
    assert yiwang_staff("close", "li.na")[0] == 0
    assert PasswordBackend().authenticate(None, username="li.na", password=PASSWORD) is None
