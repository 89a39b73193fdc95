"""A resident's report is entered in less than a minute, as a person enters it: a thumb, an eye, a phone on the street.

Every tap is counted, and before each the eye looks for what to tap; words are typed one at a time; the network is a slow
mobile one. What the camera of the phone asks for, which no browser shows, is charged at the end.
"""

import re
import time

import pytest
from playwright.sync_api import Locator, Page

from tests.journeys.office import Office
from tests.journeys.people import Folk
from tests.journeys.photos import photo
from yiwang.kernel.cases.models import CasePhoto, Report

pytestmark = pytest.mark.browser

LIMIT = 60.0  # seconds from opening the page to the code in the hand
MOST_TAPS = 8
LOOKING = 0.7  # seconds to find what to tap and move the thumb there
TYPING = 0.2  # seconds a character
CAMERA_TAPS, CAMERA = 2, 8.0  # shutter, then "use photo"; point the phone, hold still
STREET = {
    "offline": False,
    "latency": 150,
    "downloadThroughput": 200_000,
    "uploadThroughput": 94_000,
}
"""What browsers call slow 4G: 150 ms, 1.6 Mbit/s down, 750 kbit/s up."""
PLACE = {"longitude": 115.4765, "latitude": 35.2232, "accuracy": 15}
WORDS = "楼前的健身器材松了，孩子玩着危险"


class Person:
    """Somebody with a phone in one hand."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.taps = 0
        self._began = time.monotonic()
        self._away = 0.0

    @property
    def seconds(self) -> float:
        return time.monotonic() - self._began + self._away

    def tap(self, control: Locator) -> None:
        control.scroll_into_view_if_needed()
        time.sleep(LOOKING)
        control.tap()
        self.taps += 1

    def type(self, field: Locator, words: str) -> None:
        self.tap(field)
        field.press_sequentially(words, delay=TYPING * 1000)

    def take_photo(self, control: Locator) -> None:
        with self.page.expect_file_chooser() as camera:
            self.tap(control)
        camera.value.set_files([photo(width=2400)])
        self.taps += CAMERA_TAPS
        self._away += CAMERA


@pytest.mark.parametrize("locale", ["zh-CN", "en"])
def test_place_words_and_photo_in_less_than_a_minute(
    office: Office, folk: Folk, locale: str
) -> None:
    page = office.phone(locale=locale)
    page.context.set_geolocation(PLACE)  # type: ignore[arg-type]  # a plain dict will do
    network = page.context.new_cdp_session(page)
    network.send("Network.emulateNetworkConditions", STREET)
    somebody = Person(page)
    page.goto("/report")
    somebody.take_photo(page.locator("yw-photos .shot-add"))
    somebody.type(page.locator("#id_text"), WORDS)
    somebody.tap(page.locator("[data-locate]"))
    page.locator(".pin-said").wait_for()
    somebody.tap(page.locator("[data-send]:enabled"))
    page.wait_for_url(re.compile(r"/f/\w{13}/sent"))
    code = page.locator("#follow-code").inner_text()
    seconds, taps = somebody.seconds, somebody.taps
    report = Report.objects.select_related("case").get(follow_code=re.sub(r"\W", "", code))
    assert report.case.area.name == "张楼-01"
    assert CasePhoto.objects.filter(case=report.case).count() == 1
    assert taps <= MOST_TAPS
    assert seconds < LIMIT
