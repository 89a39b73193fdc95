"""One broken manhole cover, from a phone in the street to a rated result, through everybody's own page."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.office import Office, map_ready
from tests.journeys.people import Folk
from tests.journeys.photos import photo
from yiwang.kernel.cases.models import Case, CasePhoto, Report

pytestmark = pytest.mark.browser
CORNER = {"longitude": 115.4753, "latitude": 35.2374, "accuracy": 9}
"""A street corner in 中山-02 where no other test reports anything."""
TEXT = "幼儿园门口污水井盖碎了"


def test_from_a_phone_in_the_street_to_a_result_done_twice(office: Office, folk: Folk) -> None:
    phone = office.phone()
    code = _report(phone)
    report = Report.objects.select_related("case").get(follow_code=code)
    assert report.case.area.name == "中山-02"

    _wang_fang_accepts_and_dispatches(office.desk("wang.fang"))
    _li_na_signs_and_reports_back(office.phone("li.na"))
    _chen_jing_checks(office.desk("chen.jing"), report.case.number)

    phone.goto(f"/f/{code}")
    expect(phone.locator(".track .reached")).to_have_count(5)
    _rate(phone, "不满意", "还是晃")
    case = Case.objects.get(pk=report.case_id)
    assert (case.stage, case.reopen_count) == ("accepted", 1)
    expect(phone.locator(".track [aria-current=step]")).to_contain_text("已受理")
    expect(phone.locator("#rate")).to_have_count(0)


def _report(phone: Page) -> str:
    """Photo, words, place, kind, send: five touches. Returns the code."""
    phone.context.set_geolocation(CORNER)  # type: ignore[arg-type]  # a plain dict will do
    phone.goto("/")
    phone.set_input_files("input[type=file]", [photo()])
    phone.fill("#id_text", TEXT)
    map_ready(phone)
    phone.tap("[data-locate]")
    expect(phone.locator(".pin-said")).to_contain_text("中山-02")
    phone.locator("[data-kind]", has_text="污水井盖").tap()
    phone.locator("[data-send]:enabled").tap()
    phone.wait_for_url(re.compile(r"/f/\w{13}/sent"))
    shown = phone.inner_text("#follow-code")
    phone.get_by_role("link", name="看进度").tap()
    expect(phone.locator(".track [aria-current=step]")).to_contain_text("已收到")
    return shown.replace("-", "")


def _wang_fang_accepts_and_dispatches(desk: Page) -> None:
    """Not once does her hand leave the keyboard."""
    desk.goto("/desk/")
    desk.locator("#pane .case").wait_for()
    desk.keyboard.press("/")
    desk.keyboard.type(TEXT)
    desk.keyboard.press("Enter")
    expect(desk.locator("[data-row]")).to_have_count(1)
    expect(desk.locator("#case-title")).to_have_text(TEXT)
    desk.keyboard.press("Escape")
    desk.keyboard.press("a")
    expect(desk.locator("#deed-accept [name=filing]:checked")).to_be_focused()
    desk.keyboard.press("Enter")
    desk.locator("#deed-dispatch").wait_for()
    desk.keyboard.press("d")
    chosen = desk.locator("#deed-dispatch select")
    expect(chosen).to_be_focused()
    assert "市政服务中心" in chosen.locator("option:checked").inner_text()
    desk.keyboard.press("Control+Enter")
    expect(desk.locator(".case-head")).to_contain_text("待签收")


def _li_na_signs_and_reports_back(phone: Page) -> None:
    phone.goto("/unit/")
    card = phone.locator(".task-card", has_text=TEXT)
    card.get_by_role("button", name="签收").tap()
    phone.locator(".task-card", has_text=TEXT).get_by_role("link", name="反馈结果").tap()
    form = phone.locator("#deed-report_back")
    form.locator("textarea").fill("换了新井盖")
    form.locator("input[name=photos]").set_input_files([photo("after.jpg")])
    form.locator(".shot").wait_for()
    form.get_by_role("button", name="反馈结果").tap()
    expect(phone.locator(".case-head")).to_contain_text("待核查")


def _chen_jing_checks(desk: Page, number: str) -> None:
    desk.goto(f"/cases/{number}/")
    assert CasePhoto.objects.filter(case__number=number).count() == 2
    desk.keyboard.press("y")
    desk.locator("#deed-pass_check[open]").wait_for()
    desk.keyboard.press("Control+Enter")
    expect(desk.locator(".case-head")).to_contain_text("办结")


def _rate(phone: Page, face: str, reason: str) -> None:
    phone.locator(".face", has=phone.get_by_text(face, exact=True)).tap()
    phone.fill("#id_reason", reason)
    phone.get_by_role("button", name="提交评价").tap()
    phone.get_by_text("不满意。谢谢您。").wait_for()
