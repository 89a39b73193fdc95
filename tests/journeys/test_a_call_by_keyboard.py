"""Wang Fang writes a whole telephone report down without a mouse, in well under a minute; and loses nothing when the browser dies.

A Chinese character costs three keystrokes (its sound and the choice), everything else one; a keystroke takes 200 ms.
"""

import io
import re
import time

import pytest
from playwright.sync_api import Page, expect
from pypdf import PdfReader

from tests.journeys.office import Office
from tests.journeys.people import Folk
from yiwang.kernel.cases.models import Case, Report

pytestmark = pytest.mark.browser

A_KEY = 0.2
MOST_KEYS = 150
LIMIT = 60.0
WORDS = "楼前污水井盖翘起来了，夜里容易绊人"
PINYIN = 3


class Typist:
    """Hands on a keyboard; counts what they press. The pace is charged, not waited for, except where the page must answer."""

    def __init__(self, page: Page) -> None:
        self.page, self.keys = page, 0

    def press(self, *names: str) -> None:
        for name in names:
            self.page.keyboard.press(name)
            self.keys += 1

    def write(self, words: str) -> None:
        self.page.keyboard.type(words, delay=15)
        self.keys += sum(PINYIN if ord(sign) > 0x2E80 else 1 for sign in words)

    @property
    def seconds(self) -> float:
        return self.keys * A_KEY


@pytest.fixture
def desk(office: Office, folk: Folk) -> Page:
    page = office.desk("wang.fang")
    page.goto("/desk/")
    page.locator("[data-row]").first.wait_for()
    page.locator("#own h2").first.wait_for()
    return page


def opened(page: Page) -> Typist:
    hands = Typist(page)
    hands.press("t")
    page.locator("#entry[open] #entry_text").wait_for()
    expect(page.locator("#entry_text")).to_be_focused()
    return hands


def test_a_telephone_report_by_keyboard_alone_in_less_than_a_minute(desk: Page) -> None:
    began = time.monotonic()
    hands = opened(desk)
    hands.write(WORDS)
    desk.locator("#entry-kinds [data-key='1']").wait_for()
    hands.press("Tab")
    hands.press("1")
    expect(desk.locator("#entry-kinds input:checked")).to_have_count(1)
    expect(desk.locator("#entry_address")).to_be_focused()
    hands.write("中山-01")
    desk.locator("#entry-places [role=option]").first.wait_for()
    hands.press("ArrowDown", "Enter")
    expect(desk.locator("#entry_area")).not_to_have_value("")
    expect(desk.locator("#entry_address")).to_be_focused()
    hands.write("和平路9号")
    hands.press("Tab", "Tab", "ArrowRight", "ArrowRight")
    expect(desk.locator("#entry_concerned")).to_be_visible()
    hands.press("Tab")
    hands.write("李大娘")
    hands.press("Tab")
    hands.write("张三丰")
    hands.press("Tab")
    hands.write("13812345678")
    hands.press("Control+Enter")
    code = desk.locator("#entry[open] #slip-code")
    code.wait_for()
    waited = time.monotonic() - began
    report = Report.objects.select_related("case").get(
        follow_code=re.sub(r"\W", "", code.inner_text())
    )
    assert report.text == WORDS
    assert report.case.area.name == "中山-01"
    assert report.case.category is not None
    assert report.case.address == "和平路9号"
    assert report.kind == "help"
    assert report.channel == "phone"
    assert hands.keys <= MOST_KEYS
    assert hands.seconds + waited < LIMIT
    print(f"\n{hands.keys} keys, {hands.seconds:.0f} s of typing, page {waited:.1f} s")  # noqa: T201
    hands.press("n")
    expect(desk.locator("#entry[open] #entry_text")).to_be_focused()


def test_what_was_typed_survives_a_killed_tab_and_a_second_window_is_told(
    office: Office, desk: Page
) -> None:
    hands = opened(desk)
    hands.write("楼道灯不亮，老人")
    with desk.expect_response(re.compile(r"/desk/drafts/.*/$")) as kept:
        pass
    assert kept.value.status == 200
    context = desk.context
    desk.close(run_before_unload=False)
    page = context.new_page()
    page.goto("/desk/own/")
    page.get_by_role("link", name="接着写").first.click()
    expect(page.locator("#entry_text")).to_have_value("楼道灯不亮，老人")
    expect(page.locator("main .note.warning")).to_be_visible()
    other = context.new_page()
    other.goto(page.url)
    other.locator("#entry_text").press_sequentially("摔倒过")
    other.locator(".park-said", has_text="已暂存").wait_for()
    page.locator("#entry_text").press_sequentially("怕黑")
    page.locator(".park-said button").wait_for()
    page.locator(".park-said button").click()
    page.locator(".park-said", has_text="已暂存").wait_for()
    page.goto("/desk/own/")
    for _each in range(page.locator(".own-list form[action*='/drop/']").count()):
        page.locator(".own-list form[action*='/drop/'] button").first.click()
    expect(page.get_by_text("没有暂存")).to_be_visible()


def test_accept_and_dispatch_take_two_keystrokes_each(desk: Page, folk: Folk) -> None:
    town = folk.town
    receipt = town.report("键盘受理的井盖", category_id=town.category("污水井盖"))
    case = Case.objects.get(pk=receipt.case_id)
    desk.goto(f"/cases/{case.number}/")
    desk.locator("#deed-accept").wait_for()
    for keys, stage, then in (("a", "accepted", "dispatch"), ("d", "dispatched", "recall")):
        desk.keyboard.press(keys)
        desk.locator(".deed[open]").wait_for()
        with desk.expect_response(re.compile(r"/moves/")):
            desk.keyboard.press("Enter")
        expect(desk.locator(f"#deed-{then}, [action$='/{then}/']").first).to_be_attached()
        case.refresh_from_db()
        assert case.stage == stage


def test_keys_do_nothing_in_a_field_and_can_be_switched_off(desk: Page) -> None:
    desk.keyboard.press("/")
    desk.keyboard.type("t")
    assert desk.locator("#entry").count() == 0
    desk.keyboard.press("Escape")
    desk.keyboard.press("?")
    desk.locator("#keys[open] [data-keys-switch]").uncheck()
    desk.keyboard.press("Escape")
    desk.keyboard.press("t")
    desk.wait_for_timeout(400)
    assert desk.locator("#entry").count() == 0
    desk.keyboard.press("?")
    desk.locator("#keys[open] [data-keys-switch]").check()
    desk.keyboard.press("Escape")
    desk.keyboard.press("t")
    desk.locator("#entry[open]").wait_for()


def test_on_a_phone_two_moves_are_shown_and_the_rest_lies_beneath_more(
    office: Office, folk: Folk
) -> None:
    page = office.phone("wang.fang")
    page.goto(f"/cases/{folk.numbers['accepted']}/")
    bar = page.locator(".deeds")
    office.screenshot("phone-case", page, whole=False)
    box = bar.bounding_box()
    assert box is not None
    assert box["height"] < 80
    assert bar.locator(".btn:visible").count() == 3
    assert bar.locator("kbd:visible").count() == 0
    bar.locator(".deeds-more > summary").tap()
    assert bar.locator(".btn:visible").count() > 3
    office.screenshot("phone-case-more", page, whole=False)
    office.check_access(page)


def test_the_entry_and_the_slip_are_readable_by_all(office: Office, desk: Page) -> None:
    opened(desk)
    office.screenshot("entry-sheet", desk, whole=False)
    office.check_access(desk)
    desk.goto("/desk/")  # axe leaves styles behind, which a later swap would copy
    opened(desk)
    desk.keyboard.type("污水井盖响", delay=15)
    desk.locator("#entry-kinds [data-key='1']").wait_for()
    desk.keyboard.press("Control+Enter")
    desk.locator("#slip-code").wait_for()
    office.screenshot("slip-sheet", desk, whole=False)
    office.check_access(desk)
    slip = desk.locator("#entry a[data-key=P]").get_attribute("href")
    english = office.desk("wang.fang", locale="en")
    for paper, wide, high in (("a6", 105, 148), ("roll", 80, 170)):
        for reader in (english, desk):
            reader.goto(f"{slip}?paper={paper}")
            printed = PdfReader(io.BytesIO(reader.pdf(prefer_css_page_size=True)))
            assert len(printed.pages) == 1
            box = printed.pages[0].mediabox
            assert (round(box.width / 72 * 25.4), round(box.height / 72 * 25.4)) == (wide, high)
    office.screenshot("slip-page", desk)
    office.check_access(desk)
    desk.goto("/desk/own/")
    office.screenshot("own", desk)
    office.check_access(desk)
    desk.goto("/exports/")
    office.check_access(desk)
