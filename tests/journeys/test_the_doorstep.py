"""Li Jing comes to work: signs in, lands on her own door, reads in her language, by day and by night."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from tests.journeys.office import PASSWORD, Office
from tests.journeys.people import Folk
from yiwang.kernel.accounts.models import User
from yiwang.kernel.notices.models import Notice

pytestmark = pytest.mark.browser


@pytest.fixture
def li_jing(office: Office, folk: Folk) -> User:
    """A desk operator of a town whose map was made up, with one notice waiting."""
    user = User.objects.get(username="li.jing")
    user.language = "zh-hans"
    user.save()
    at = timezone.now() - timedelta(minutes=5)
    Notice.objects.filter(user=user).delete()
    Notice.objects.create(
        user=user, kind="case_returned", subject_type="case", subject_id="1", key="1", at=at
    )
    return user


def test_li_jing_signs_in_and_lands_on_her_own_door(office: Office, li_jing: User) -> None:
    page = office.page
    page.goto("/desk")
    page.goto("/sign-in?next=/notices")
    page.fill("#id_username", "li.jing")
    page.fill("#id_password", "wrong")
    page.click("main button.btn-primary")
    assert "用户名或密码不对" in page.locator("main").inner_text()
    assert page.input_value("#id_username") == "li.jing"
    office.screenshot("doorstep-wrong")
    office.check_access()
    page.fill("#id_password", PASSWORD)
    page.click("main button.btn-primary")
    page.wait_for_url("**/notices")
    office.screenshot("doorstep-notices")
    office.check_access()
    page.click(".brand")
    assert page.locator(".doors [aria-current=page]").count() == 1
    assert page.locator(".generated").inner_text() == "演示数据，均为生成"
    office.screenshot("doorstep-home")


def test_a_notice_waits_until_it_is_read(office: Office, li_jing: User) -> None:
    page = office.sign_in("li.jing")
    assert page.locator(".tool .count").inner_text() == "1"
    page.goto("/notices")
    page.get_by_role("button", name="全部标为已读").click()
    expect(page.locator(".tool .count")).to_be_hidden()


def test_language_and_look_are_chosen_once(office: Office, li_jing: User) -> None:
    page = office.sign_in("li.jing")
    page.goto("/notices")
    page.get_by_role("button", name="Switch to English").click()
    page.locator("html[lang=en]").wait_for(state="attached")
    assert page.url.endswith("/notices")
    page.locator("details.menu > summary").click()
    with page.expect_response("**/look"):
        page.get_by_role("button", name="Dark").click()
    assert page.locator("html").get_attribute("data-bs-theme") == "dark"
    page.reload()
    assert page.locator("html").get_attribute("data-bs-theme") == "dark"
    office.screenshot("doorstep-english-night")
    office.check_access()
    page.locator("details.menu > summary").click()
    office.screenshot("doorstep-menu", whole=False)
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/sign-in")
    li_jing.refresh_from_db()
    assert li_jing.language == "en"


def test_in_the_hand_the_doors_are_in_the_menu(office: Office, li_jing: User) -> None:
    page = office.sign_in("li.jing", office.phone())
    page.goto("/notices")
    page.locator("details.menu > summary").click()
    assert page.locator(".menu-doors a").first.is_visible()
    office.screenshot("doorstep-hand", page, whole=False)
    page.keyboard.press("Escape")
    assert not page.locator(".menu-doors a").first.is_visible()
