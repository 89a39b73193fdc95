"""王芳 calls back with the keyboard alone, and once with a thumb; 孙丽 sees who opened which number."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from tests.journeys.office import Office, breaches, overhang
from tests.journeys.people import Folk
from yiwang.kernel.cases import actions as cases
from yiwang.kernel.cases.models import Report

pytestmark = pytest.mark.browser


@pytest.fixture
def to_call(folk: Folk) -> Callable[[str], str]:
    """One more closed case whose reporter left a number."""

    def close(text: str) -> str:
        town, at = folk.town, timezone.now() - timedelta(hours=3)
        receipt = town.report(text, at=at, name="周大爷", phone="10000000002")
        works = town.unit("市政服务中心").pk
        for minutes, (move, who, given) in enumerate(
            [
                ("accept", town.wang_fang, {}),
                ("dispatch", town.wang_fang, {"unit_id": works}),
                ("sign", town.li_na, {}),
                ("report_back", town.li_na, {"note": "换了新井盖，四周已填平"}),
                ("pass_check", town.chen_jing, {}),
            ]
        ):
            moment = at + timedelta(minutes=minutes)
            cases.perform(receipt.case_id, move, by=who, at=moment, **given)  # type: ignore[arg-type]
        return receipt.report_id

    return close


def test_calls_go_by_key_after_key(
    office: Office, folk: Folk, to_call: Callable[[str], str]
) -> None:
    Report.objects.update(call_next_at=None)
    first = to_call("中山路口的井盖断了，夜里看不见")
    second = to_call("楼下的路灯一闪一闪")
    page = office.desk("wang.fang")
    page.goto("/desk/calls/")
    office.screenshot("calls-begin", page)
    page.keyboard.press("n")
    expect(page.get_by_text("100****0002")).to_be_visible()
    office.screenshot("calls-call", page)
    assert overhang(page) == 0 and breaches(page) == []
    page.keyboard.press("p")
    expect(page.get_by_role("link", name="10000000002")).to_be_visible()
    office.screenshot("calls-opened", page)
    page.keyboard.press("2")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="楼下的路灯一闪一闪")).to_be_visible()
    assert Report.objects.get(pk=first).rating == "satisfied"
    page.keyboard.press("0")
    page.keyboard.press("Enter")
    expect(page.get_by_text("请先打开号码拨打")).to_be_visible()
    office.screenshot("calls-refused", page)
    page.keyboard.press("p")
    expect(page.locator("main a[href^='tel:']")).to_be_visible()
    page.keyboard.press("0")
    page.keyboard.press("Enter")
    expect(page.get_by_text("已约到").first).to_be_visible()
    office.screenshot("calls-done", page)
    assert Report.objects.get(pk=second).call_back_count == 1


def test_with_a_thumb_and_in_english(
    office: Office, folk: Folk, to_call: Callable[[str], str]
) -> None:
    Report.objects.update(call_next_at=None, call_held_by=None, call_held_until=None)
    to_call("A manhole cover is broken")
    page = office.phone("wang.fang", locale="en-GB")
    page.goto("/desk/calls/")
    page.get_by_role("button", name="Take the next").tap()
    expect(page.get_by_role("heading", name="A manhole cover is broken")).to_be_visible()
    assert overhang(page) == 0 and breaches(page) == []
    office.screenshot("calls-phone-en", page)
    page.get_by_text("Dissatisfied", exact=True).tap()
    page.get_by_label("What is not right").fill("It still rattles")
    page.get_by_role("button", name="Keep, and the next one").tap()
    expect(page.get_by_text("All calls are made")).to_be_visible()


def test_the_inspector_sees_who_opened_a_number(office: Office, folk: Folk) -> None:
    from yiwang.kernel.cases.actions.reading import open_number
    from yiwang.kernel.cases.models import Case

    town = folk.town
    case = Case.objects.get(number=folk.numbers["handling"])
    handler = office.desk("li.na")
    handler.goto(f"/cases/{case.number}/")
    handler.get_by_role("button", name="联系诉求人").click()
    expect(handler.get_by_role("link", name="10000000001")).to_be_visible()
    office.screenshot("number-handler", handler)
    open_number(Report.objects.get(case=case).pk, by=town.li_na, at=timezone.now())
    page = office.desk("sun.li")
    page.goto("/inspect/openings/")
    assert overhang(page) == 0 and breaches(page) == []
    expect(page.get_by_text("经办人联系").first).to_be_visible()
    office.screenshot("openings", page)
    leader = office.desk("zhou.wei")
    leader.goto("/cockpit/figures/?by=grid")
    office.screenshot("figures-voices", leader)
