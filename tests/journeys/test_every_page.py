"""Every main page of every role: open to everybody (WCAG 2.2 AA), as wide as its window, nothing wrong in the console.

Each page is looked at on a desk and in the hand, in Chinese by day and in English by night.
"""

from collections.abc import Iterator

import pytest
from django.utils import timezone
from playwright.sync_api import Page

from tests.journeys.office import Office, breaches, overhang
from tests.journeys.people import Folk

pytestmark = pytest.mark.browser

# {reported} … {closed}: the number of the case in that stage; {code}: the follow code of the closed one;
# {grid}, {unit}, {person}: ids.
PAGES: dict[str, tuple[str, ...]] = {
    "": ("/", "/report", "/f", "/f/{code}", "/f/{code}/sent", "/f/wrong", "/sign-in", "/nowhere"),
    "wang.fang": (
        "/desk/", "/desk/?queue=closed", "/desk/?queue=supervised", "/desk/new/",
        "/cases/{reported}/", "/cases/{accepted}/?open=dispatch", "/cases/{closed}/", "/notices",
    ),
    "li.na": ("/unit/", "/unit/?mine=1", "/cases/{handling}/?open=report_back"),
    "chen.jing": ("/desk/?queue=check", "/cases/{reported_back}/?open=fail_check"),
    "zhang.min": ("/field/", "/field/report/", "/field/solve/", "/field/checks/", "/field/mine/"),
    "zhou.wei": ("/cockpit/", "/cockpit/late/", "/cockpit/watched/", "/cockpit/figures/"),
    "sun.li": ("/inspect/", "/inspect/record/", "/inspect/refused/", "/help/"),
    "wu.gang": (
        "/office/", "/office/territory/", "/office/territory/{grid}/", "/office/territory/import/",
        "/office/units/", "/office/units/{unit}/", "/office/people/", "/office/people/{person}/",
        "/office/people/{person}/contact/",
        "/office/board/", "/office/catalogue/", "/office/catalogue/excel/", "/office/routing/",
        "/office/limits/", "/office/calendar/",
    ),
}  # fmt: skip
WIDE, NARROW = {"width": 1440, "height": 900}, {"width": 390, "height": 844}
TALLEST = 4000
LOOKS = {"chinese-day": ("zh-CN", False), "english-night": ("en", True)}


@pytest.mark.timeout(300)
@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("who", PAGES, ids=[who or "resident" for who in PAGES])
def test_every_page_is_open_to_everybody(office: Office, folk: Folk, who: str, look: str) -> None:
    locale, dark = LOOKS[look]
    page = office.desk(who, locale=locale, dark=dark)
    wrong = [
        f"{address} {said}"
        for address in PAGES[who]
        for said in _wrong_with(office, page, _filled(address, folk), locale)
    ]
    assert not wrong, "\n".join(wrong)


def test_long_words_of_a_neighbour_do_not_widen_a_case_in_the_hand(
    office: Office, folk: Folk
) -> None:
    place = {"lon": 115.4795, "lat": 35.2382, "at": timezone.now()}
    folk.town.report("http://example.cn/" + "a" * 180, **place)
    folk.town.report("路口的污水井盖破了一个角，晚上走路怕踩空，" * 9, **place)
    here = folk.town.case(folk.town.report("שלום, בור בכביש ליד בית הספר (12)", **place))
    page = office.phone("wang.fang")
    for address in (f"/cases/{here.number}/", "/desk/", "/search/?q=井盖"):
        page.goto(address)
        page.wait_for_timeout(200)
        assert overhang(page) == 0, address


def _filled(address: str, folk: Folk) -> str:
    town = folk.town
    return address.format(
        **folk.numbers,
        code=folk.codes["closed"],
        grid=town.grid("中山-01").pk,
        unit=town.unit("市政服务中心").pk,
        person=town.li_na.pk,
    )


def _wrong_with(office: Office, page: Page, address: str, locale: str) -> Iterator[str]:
    """Whatever a reader would stumble over; axe reads the wide page in Chinese and the narrow one in English."""
    page.set_viewport_size(WIDE)  # type: ignore[arg-type]  # a plain dict will do
    answer = page.goto(address)
    if answer is None or answer.status >= 500:
        yield f"answers {answer and answer.status}"
        return
    if answer.status >= 400 and address not in ("/f/wrong", "/nowhere"):
        yield f"answers {answer.status}"
    page.wait_for_timeout(100)
    yield from _too_wide(page)
    if locale == "zh-CN":
        _uncover(page)
        yield from breaches(page)
    page.set_viewport_size(NARROW)  # type: ignore[arg-type]  # a plain dict will do
    yield from _too_wide(page)
    if locale == "en":
        _uncover(page)
        yield from breaches(page)
    yield from (f"says: {said}" for said in office.complaints)
    office.complaints.clear()


def _uncover(page: Page) -> None:
    """As tall as the page itself: no bar at the foot lies over a button that happens to be scrolled beneath it."""
    size = page.viewport_size
    tall = int(page.evaluate("document.documentElement.scrollHeight"))
    if size and size["height"] < tall <= TALLEST:
        page.set_viewport_size({"width": size["width"], "height": tall})


def _too_wide(page: Page) -> Iterator[str]:
    more = overhang(page)
    if more > 0:
        yield f"is {more} px wider than its window of {page.viewport_size}"
