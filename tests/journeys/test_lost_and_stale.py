"""What happens between two taps: no network, a second tap, somebody who was faster, a door that is not yours."""

import re

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from tests.journeys.office import PASSWORD, Office, map_ready
from tests.journeys.people import Folk
from yiwang.kernel.cases import actions as cases
from yiwang.kernel.cases.models import Case, Report

pytestmark = pytest.mark.browser
SENT = re.compile(r"/f/\w{13}/sent")


def voices_of(text: str) -> int:
    return Report.objects.filter(text=text).count()


def test_without_network_the_words_stay_and_a_retry_makes_one_case(
    office: Office, folk: Folk
) -> None:
    phone = office.phone()
    phone.goto("/report")
    phone.fill("#id_text", "断网时写的：行道树倒了")
    map_ready(phone)
    phone.context.set_offline(True)
    phone.locator("[data-send]").tap()
    expect(phone.locator("#flash")).to_contain_text("没有连上")
    assert phone.input_value("#id_text") == "断网时写的：行道树倒了"
    phone.context.set_offline(False)
    phone.locator("[data-send]:enabled").tap()
    phone.wait_for_url(SENT)
    assert voices_of("断网时写的：行道树倒了") == 1


def test_an_answer_that_was_lost_on_the_way_is_given_again(office: Office, folk: Folk) -> None:
    phone = office.phone()
    phone.goto("/report")
    phone.fill("#id_text", "路上丢了答复")
    phone.locator("#id_text").blur()
    form = phone.evaluate("Object.fromEntries(new FormData(document.getElementById('report')))")
    form.pop("files", None)
    taken = phone.request.post("/report", form=form, max_redirects=0)
    assert taken.status == 302
    phone.locator("[data-send]:enabled").tap()
    phone.wait_for_url(SENT)
    assert phone.url.endswith(taken.headers["location"])
    assert voices_of("路上丢了答复") == 1


def reported(folk: Folk, text: str) -> Case:
    """A fresh case that waits to be accepted, at a place of its own."""
    return folk.town.case(folk.town.report(text, at=timezone.now(), lon=115.4785, lat=35.2312))


def refuse_with(page: Page, words: str) -> None:
    page.keyboard.press("r")
    page.locator("#deed-refuse[open] textarea").fill(words)
    page.keyboard.press("Control+Enter")


def test_somebody_was_faster_and_the_words_are_not_lost(office: Office, folk: Folk) -> None:
    case = reported(folk, "两个人同时办")
    page = office.desk("wang.fang")
    page.goto(f"/cases/{case.number}/")
    town, at = folk.town, timezone.now()
    cases.perform(case.pk, "accept", by=town.wang_fang, at=at)
    unit = town.unit("市政服务中心").pk
    cases.perform(case.pk, "dispatch", by=town.wang_fang, at=at, unit_id=unit)
    refuse_with(page, "不归我们管")
    said = page.locator("[data-said]")
    said.wait_for()
    assert len(said.inner_text().strip()) > 4
    assert "不归我们管" in said.inner_text()
    expect(page.locator(".case-head")).to_contain_text("待签收")
    case.refresh_from_db()
    assert case.stage == "dispatched"


def test_without_network_the_desk_keeps_what_was_typed(office: Office, folk: Folk) -> None:
    case = reported(folk, "受理台断网")
    page = office.desk("wang.fang")
    page.goto(f"/cases/{case.number}/")
    map_ready(page)
    page.context.set_offline(True)
    refuse_with(page, "不属于本街道")
    expect(page.locator("#flash")).to_contain_text("没有连上")
    assert page.locator("#deed-refuse textarea").input_value() == "不属于本街道"
    page.context.set_offline(False)
    page.locator("#deed-refuse textarea").focus()
    page.keyboard.press("Control+Enter")
    expect(page.locator(".case-head")).to_contain_text("不予受理")


CLOSED_DOORS = [
    ("li.na", "/desk/new/"),
    ("li.na", "/cockpit/"),
    ("zhang.min", "/inspect/"),
    ("chen.jing", "/office/"),
    ("wang.fang", "/office/people/"),
    ("zhou.wei", "/inspect/record/"),
]


@pytest.mark.parametrize(
    ("locale", "word"), [("zh-CN", "权限"), ("en", "not permitted")], ids=["chinese", "english"]
)
def test_a_door_of_others_says_so_in_the_readers_language(
    office: Office, folk: Folk, locale: str, word: str
) -> None:
    pages = {who: office.desk(who, locale=locale) for who, _address in CLOSED_DOORS}
    for who, address in CLOSED_DOORS:
        answer = pages[who].goto(address)
        assert answer is not None
        assert answer.status == 403, address
        assert word in pages[who].locator("main").inner_text().lower(), address


@pytest.mark.parametrize(
    ("locale", "word"), [("zh-CN", "没有"), ("en", "no ")], ids=["chinese", "english"]
)
def test_what_is_not_there_or_not_yours_reads_the_same(
    office: Office, folk: Folk, locale: str, word: str
) -> None:
    page = office.desk("zheng.kai", locale=locale)
    for address in (f"/cases/{folk.numbers['reported']}/", "/cases/20200101-0001/", "/nowhere"):
        answer = page.goto(address)
        assert answer is not None
        assert answer.status == 404, address
        assert word in page.locator("main").inner_text().lower(), address


def test_who_has_not_signed_in_is_asked_to(office: Office, folk: Folk) -> None:
    page = office.page
    page.goto("/desk/?queue=check")
    page.wait_for_url(re.compile(r"/sign-in\?next="))
    page.fill("#id_username", "wang.fang")
    page.fill("#id_password", PASSWORD)
    page.click("main button.btn-primary")
    page.wait_for_url("**/desk/?queue=check")
