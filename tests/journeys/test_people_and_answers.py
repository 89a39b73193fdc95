"""何平 comes for the first time: an issued password, a second factor, a lock, leave; on a screen and in the hand."""

from datetime import timedelta
from pathlib import Path
from time import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.utils import timezone

from tests.journeys.office import Office
from tests.journeys.people import Folk
from yiwang.kernel import accounts, organisation
from yiwang.kernel.accounts.models import User
from yiwang.kernel.foundation.actors import SYSTEM
from yiwang.kernel.organisation.excel.reading import template
from yiwang.kernel.organisation.models import Leave, Posting

pytestmark = pytest.mark.browser
ISSUED, OWN = "first-word-of-hers", "her-own-words-7"


@pytest.fixture
def he_ping(office: Office, folk: Folk):
    """A new colleague beside 李静, with a password somebody else made."""
    model = Posting.objects.filter(user__username="li.jing").select_related("unit", "area").first()
    user = User.objects.filter(username="he.ping").first()
    if user is None:
        user = accounts.create_user(
            username="he.ping", display_name="何平", by=SYSTEM, at=timezone.now()
        )
        organisation.appoint(
            user, unit=model.unit, role=organisation.Role(model.role), area=model.area,
            by=SYSTEM, at=timezone.now(),
        )  # fmt: skip
    accounts.issue_password(user, password=ISSUED, by=SYSTEM, at=timezone.now())
    Authenticator.objects.filter(user=user).delete()
    yield user
    Authenticator.objects.filter(user=user).delete()
    Leave.objects.filter(user=user).delete()


def seen(office: Office, page, name: str) -> None:
    office.screenshot(name, page)
    office.check_access(page)
    wider = page.evaluate("(m => m.scrollWidth - m.clientWidth)(document.querySelector('main'))")
    assert wider <= 0, name


def submit(page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()
    page.wait_for_load_state()


def test_the_first_day_of_he_ping(office: Office, he_ping: User) -> None:
    page = office.phone()
    page.goto("/sign-in")
    page.fill("#id_username", "he.ping")
    page.fill("#id_password", ISSUED)
    submit(page, "登录")
    page.wait_for_url("**/me/password")
    seen(office, page, "me-first-password")
    page.fill("#id_current", ISSUED)
    page.fill("#id_password", OWN)
    page.fill("#id_again", OWN)
    submit(page, "保存新密码")
    page.goto("/me/")
    seen(office, page, "me")
    page.get_by_role("link", name="开启两步验证").click()
    page.wait_for_url("**/me/confirm**")
    seen(office, page, "me-confirm")
    page.fill("#id_password", OWN)
    submit(page, "确认")
    page.wait_for_url("**/me/second/app")
    seen(office, page, "me-second")
    secret = page.locator("dl.facts code").inner_text().replace(" ", "")
    page.fill("#id_code", format_hotp_value(hotp_value(secret, int(time()) // 30)))
    submit(page, "开启")
    page.wait_for_url("**/me/second/codes")
    seen(office, page, "me-codes")
    backup = page.locator(".backup-codes code").first.inner_text()

    wide = office.desk()
    wide.goto("/sign-in")
    wide.fill("#id_username", "he.ping")
    wide.fill("#id_password", OWN)
    submit(wide, "登录")
    wide.wait_for_url("**/sign-in/code")
    seen(office, wide, "second-code")
    wide.fill("#id_code", "000000")
    submit(wide, "验证")
    assert "验证码不对" in wide.locator("main").inner_text()
    wide.fill("#id_code", backup)
    submit(wide, "验证")
    wide.wait_for_url(lambda url: "/sign-in" not in url)
    wide.goto("/me/")
    seen(office, wide, "me-desk")
    submit(wide, "退出其他所有设备")
    wide.wait_for_url("**/me/confirm**")
    wide.fill("#id_password", OWN)
    submit(wide, "确认")
    wide.wait_for_url("**/me/")
    page.goto("/me/")
    page.wait_for_url("**/sign-in**")


def test_a_name_is_locked_with_a_clear_page(office: Office, folk: Folk) -> None:
    page = office.phone(locale="en-GB")
    for _try in range(5):
        page.goto("/sign-in")
        page.fill("#id_username", "nobody.here")
        page.fill("#id_password", "wrong")
        page.locator("main button.btn-primary").click()
        page.wait_for_load_state()
    assert page.get_by_role("alert").inner_text()
    seen(office, page, "locked")
    assert office.sign_in("li.jing", office.desk())  # the colleague at the same address works on


def test_he_ping_asks_for_leave_and_the_forgotten_page(office: Office, he_ping: User) -> None:
    accounts.set_password(he_ping, password=OWN, by=SYSTEM, at=timezone.now())
    page = office.sign_in("he.ping", office.phone(), OWN)
    page.goto("/me/leave")
    day = timezone.localdate() + timedelta(days=1)
    page.fill("#leave_first_day", day.isoformat())
    page.fill("#leave_last_day", (day + timedelta(days=2)).isoformat())
    page.select_option("#leave_stand_in", index=1)
    submit(page, "提交登记")
    assert "待同意" in page.locator("main").inner_text()
    seen(office, page, "leave-mine")
    page.goto("/forgotten")
    seen(office, page, "forgotten")


def test_the_office_imports_staff_and_looks_at_leave(
    office: Office, he_ping: User, tmp_path: Path
) -> None:
    boss = Posting.objects.filter(role="administrator").select_related("user").first()
    assert boss is not None
    page = office.desk(boss.user.username)
    page.goto("/office/people/import/")
    seen(office, page, "import-empty")
    from io import BytesIO

    from openpyxl import load_workbook

    book = load_workbook(BytesIO(template()))
    for place, text in enumerate(["new.one", "新一", "", "wrong", "", ""], start=1):
        book["人员"].cell(2, place, text)
    book.save(tmp_path / "staff.xlsx")
    page.set_input_files("input[type=file]", tmp_path / "staff.xlsx")
    submit(page, "试算")
    assert "不是一个电子邮箱地址" in page.locator("main").inner_text()
    seen(office, page, "import-wrong")
    book["人员"].cell(2, 4, "")
    book.save(tmp_path / "staff.xlsx")
    page.set_input_files("input[type=file]", tmp_path / "staff.xlsx")
    submit(page, "试算")
    seen(office, page, "import-tried")
    submit(page, "写入")
    assert "new.one" in page.locator("main").inner_text()
    seen(office, page, "import-slips")
    page.goto(f"/office/people/{he_ping.pk}/")
    seen(office, page, "person")
    page.goto("/leave/")
    seen(office, page, "leave-board")
    User.objects.filter(username="new.one").update(is_active=False)
