"""Two desks at the same cases: what one does the other sees in place, and what was typed stays."""

import os
import re
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from tests.database import ROOT, TEST_DATA_KEY
from tests.journeys.office import Office
from tests.journeys.people import Folk
from yiwang.kernel.cases import actions as cases
from yiwang.kernel.cases.models import Case

pytestmark = pytest.mark.browser
SOON = 6_000  # milliseconds, for a machine that does much else; `yiwang bench live` measures the two seconds


@pytest.fixture
def live(office: Office, folk: Folk) -> Iterator[None]:
    """The live process on the port beside the pages'."""
    port = int(urlsplit(office.address).port or 0)
    environment = {
        **os.environ, **office.house.database.environment,
        "DJANGO_SETTINGS_MODULE": "yiwang.config.settings", "YIWANG_HOME": str(office.house.home),
        "YIWANG_SECRET_KEY": "of a test", "YIWANG_DATA_KEY": TEST_DATA_KEY,
        "YIWANG_PORT": str(port), "YIWANG_ENTERED": "1",
    }  # fmt: skip
    with (Path(office.house.home) / "live.log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "yiwang.commands", "live"],
            cwd=ROOT,
            env=environment,
            stdout=log,
            stderr=log,
        )
        try:
            for _each in range(200):
                try:
                    urllib.request.urlopen(
                        f"http://127.0.0.1:{port + 1}/live/health", timeout=2
                    ).close()
                    break
                except OSError:
                    time.sleep(0.1)
            yield
        finally:
            began = time.monotonic()
            process.terminate()
            process.wait(10)
            assert time.monotonic() - began < 6, "open streams must not hold a stop up"


def at_the_desk(
    office: Office, who: str, address: str = "/desk/?queue=reported", **more: object
) -> Page:
    page = office.desk(who, **more)  # type: ignore[arg-type]
    with page.expect_response(lambda answer: "/live/stream" in answer.url):
        page.goto(address)
    return page


def row_of(page: Page, case: Case) -> object:
    return page.locator(f'.case-row[data-row="{case.pk}"]')


def reported(folk: Folk, text: str) -> Case:
    return folk.town.case(folk.town.report(text, at=timezone.now()))


def test_a_new_report_appears_within_two_seconds_and_nothing_jumps(
    live: None, office: Office, folk: Folk
) -> None:
    page = at_the_desk(office, "wang.fang")
    page.locator("[data-search]").first.fill("正在打字")
    before = int(page.locator('[data-count="reported"]').inner_text())
    case = reported(folk, "刚刚报来的一件")
    expect(page.locator(f'.case-row[data-row="{case.pk}"]')).to_be_visible(timeout=SOON)
    # The numbers may have been drawn a moment before the case came, the rows a moment after: then once more.
    expect(page.locator('[data-count="reported"]')).to_have_text(str(before + 1), timeout=SOON)
    assert page.locator("[data-search]").first.input_value() == "正在打字"
    assert page.evaluate("document.activeElement.matches('[data-search]')")
    expect(page.locator("#live-said")).to_contain_text("列表有变化")


def test_the_home_of_a_grid_worker_counts_what_is_new(
    live: None, office: Office, folk: Folk
) -> None:
    page = at_the_desk(office, "zhang.min", "/field/")
    number = page.locator(".field-counts dd").first
    before = int(number.inner_text())
    case = reported(folk, "网格里刚报来的一件")
    at = timezone.now()
    cases.perform(case.pk, "accept", by=folk.town.wang_fang, at=at)
    unit = folk.town.unit("市政服务中心").pk
    cases.perform(case.pk, "dispatch", by=folk.town.wang_fang, at=at, unit_id=unit)
    expect(number).to_have_text(str(before + 1), timeout=SOON)


def test_who_has_a_case_stands_on_its_row_and_above_it(
    live: None, office: Office, folk: Folk
) -> None:
    case = reported(folk, "两个人都想办的一件")
    mine, other = at_the_desk(office, "wang.fang"), at_the_desk(office, "li.jing")
    mine.locator(f'.case-row[data-row="{case.pk}"] [data-row-link]').click()
    expect(other.locator(f'.case-row[data-row="{case.pk}"] .held')).to_have_text(
        "王芳 刚刚开始处理", timeout=6_000
    )
    assert mine.locator(f'.case-row[data-row="{case.pk}"] .held').count() == 0
    other.locator(f'.case-row[data-row="{case.pk}"] [data-row-link]').click()
    expect(other.locator("#pane [data-held]")).to_contain_text("王芳")
    office.screenshot("live-held", other, whole=False)
    office.check_access(other)
    mine.locator(".case-row [data-row-link]").first.click()
    expect(other.locator(f'.case-row[data-row="{case.pk}"] .held')).to_have_count(0, timeout=SOON)


def test_what_is_typed_stays_when_somebody_is_faster(
    live: None, office: Office, folk: Folk
) -> None:
    case = reported(folk, "被别人先受理的一件")
    page = at_the_desk(office, "wang.fang")
    page.locator(f'.case-row[data-row="{case.pk}"] [data-row-link]').click()
    expect(page.locator(f'#pane .case[data-case="{case.pk}"]')).to_be_visible()
    page.locator("#deed-refuse summary").click()
    page.locator("#deed-refuse textarea").fill("写到一半的理由")
    cases.perform(case.pk, "accept", by=folk.town.wang_fang, at=timezone.now())
    bar = page.locator("#pane [data-changed]")
    expect(bar).to_contain_text("这件刚刚变为“待派遣”", timeout=SOON)
    assert page.locator("#deed-refuse textarea").input_value() == "写到一半的理由"
    assert page.locator(f'#pane .case[data-case="{case.pk}"]').count() == 1
    office.screenshot("live-changed", page, whole=False)
    bar.locator("a").click()
    expect(page.locator("#pane .case-head-line .state")).to_have_text("待派遣")


def test_the_open_case_is_drawn_anew_where_nobody_types(
    live: None, office: Office, folk: Folk
) -> None:
    case = reported(folk, "看着它变")
    page = at_the_desk(office, "wang.fang", f"/cases/{case.number}/")
    cases.perform(case.pk, "accept", by=folk.town.wang_fang, at=timezone.now())
    expect(page.locator("#pane .case-head-line .state")).to_have_text("待派遣", timeout=SOON)


def test_a_click_is_taken_back_by_the_keyboard(live: None, office: Office, folk: Folk) -> None:
    case = reported(folk, "点错了的一件")
    page = at_the_desk(office, "wang.fang")
    page.locator(f'.case-row[data-row="{case.pk}"] [data-row-link]').click()
    expect(page.locator(f'#pane .case[data-case="{case.pk}"]')).to_be_visible()
    page.locator("#deed-refuse summary").click()
    page.locator("#deed-refuse textarea").fill("不属本街道")
    page.locator("#deed-refuse .form-foot button").click()
    bar = page.locator("#undo .undo")
    expect(bar).to_contain_text("不予受理，已办")
    office.screenshot("undo-bar", page, whole=False)
    office.check_access(page)
    page.keyboard.press("Control+z")
    expect(page.locator("#flash")).to_contain_text("已撤销")
    expect(bar).to_have_count(0)
    expect(page.locator(f'.case-row[data-row="{case.pk}"]')).to_be_visible(timeout=SOON)
    assert Case.objects.get(pk=case.pk).stage == "reported"


def test_the_bar_goes_by_itself_and_reads_well_in_the_hand(
    live: None, office: Office, folk: Folk
) -> None:
    case = reported(folk, "手机上受理的一件")
    phone = office.phone("wang.fang", locale="en-GB")
    phone.goto(f"/cases/{case.number}/")
    phone.locator("#deed-accept summary").tap()
    phone.locator("#deed-accept .form-foot button").tap()
    bar = phone.locator("#undo .undo")
    expect(bar).to_contain_text("Undo")
    office.screenshot("undo-phone", phone, whole=False)
    expect(bar).to_have_count(0, timeout=12_000)


def test_whoever_signed_out_is_told_nothing_more(live: None, office: Office, folk: Folk) -> None:
    page = office.sign_in("li.jing", office.desk())
    ended: list[str] = []
    for how in ("requestfinished", "requestfailed"):
        page.on(how, lambda asked: ended.append(asked.url))
    with page.expect_response(lambda answer: "/live/stream" in answer.url):
        page.goto("/desk/")
    second = page.context.new_page()
    second.goto("/desk/")
    second.get_by_label("我的菜单").click()
    second.get_by_role("button", name=re.compile("退出登录")).click()
    second.wait_for_url(re.compile("sign-in|/$"))
    for _ in range(100):
        if any("/live/stream" in url for url in ended):
            break
        page.wait_for_timeout(200)
    else:
        raise AssertionError("the stream goes on")
    case = reported(folk, "退出以后的一件")
    page.wait_for_timeout(1_500)
    assert page.locator(f'.case-row[data-row="{case.pk}"]').count() == 0


def test_without_a_stream_the_desk_works_as_ever(office: Office, folk: Folk) -> None:
    page = office.desk("wang.fang")
    page.goto("/desk/?queue=reported")
    case = reported(folk, "没有推送时的一件")
    page.evaluate("document.body.dispatchEvent(new CustomEvent('yw-look'))")
    expect(page.locator(f'.case-row[data-row="{case.pk}"]')).to_be_visible()
