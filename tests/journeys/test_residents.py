"""张桂兰 is sixty-two, stands in the street with a phone, and reports a broken manhole cover."""

import io
import re
from datetime import timedelta

import pytest
from django.utils import timezone
from PIL import Image
from playwright.sync_api import Page, Route, expect

from tests.journeys.office import Office, map_ready, overhang
from tests.journeys.people import Folk
from tests.town.small import Town
from yiwang.kernel.cases import actions as cases
from yiwang.kernel.cases.models import CasePhoto, Report

pytestmark = pytest.mark.browser
# Places of their own, so that no test finds the matter of another nearby.
NORTH = {"longitude": 115.4622, "latitude": 35.2382, "accuracy": 12}
SOUTH = {"longitude": 115.4690, "latitude": 35.2318, "accuracy": 12}


def photo(name: str = "cover.jpg") -> dict[str, object]:
    stream = io.BytesIO()
    Image.effect_mandelbrot((2400, 1800), (-2, -1, 1, 1), 30).convert("RGB").save(stream, "JPEG")
    return {"name": name, "mimeType": "image/jpeg", "buffer": stream.getvalue()}


@pytest.fixture
def town(folk: Folk) -> Town:
    return folk.town


@pytest.fixture
def phone(office: Office, town: Town) -> Page:
    page = office.phone()
    page.context.set_geolocation(NORTH)  # type: ignore[arg-type]  # a plain dict will do
    page.goto("/report")
    return page


def send(page: Page) -> Report:
    """Send what is typed, and return what became of it."""
    page.locator(".htmx-request").wait_for(state="detached")
    page.locator("[data-send]:enabled").click()
    return arrived(page)


def arrived(page: Page) -> Report:
    page.wait_for_url(re.compile(r"/f/\w{13}/sent"))
    code = re.search(r"/f/(\w{13})/sent", page.url)
    assert code
    return Report.objects.select_related("case").get(follow_code=code[1])


def test_from_a_photo_to_a_code_in_a_dozen_taps(office: Office, phone: Page) -> None:
    phone.set_input_files("input[type=file]", [photo()])
    phone.fill("#id_text", "路口的污水井盖坏了")
    map_ready(phone)
    phone.click("[data-locate]")
    phone.locator(".pin-said").wait_for()
    assert "中山-01" in phone.inner_text(".pin-said")
    phone.locator("[data-kind]").click()
    phone.locator("[data-kind][aria-pressed=true] svg").wait_for()
    office.screenshot("resident-report-filled", phone)
    office.check_access(phone)
    case = send(phone).case
    office.screenshot("resident-sent", phone)
    office.check_access(phone)
    assert case.area.name == "中山-01"
    assert case.category.name == "污水井盖"
    assert CasePhoto.objects.get(case=case).file.width <= 2000


def block_the_land(page: Page) -> list[Route]:
    """The map's land does not come until it is let through: what is held is returned."""
    held: list[Route] = []
    page.route("**/land*", lambda route: held.append(route))
    return held


def test_the_place_is_known_before_the_map_is_drawn(office: Office, town: Town) -> None:
    page = office.phone()
    held = block_the_land(page)
    page.goto("/report")
    page.click("[data-locate]")
    page.locator(".pin-said").wait_for()
    assert page.locator(".yw-map-said").inner_text().startswith("已定位")
    assert page.locator("#id_lon").input_value() == "115.465000"
    assert page.locator("#id_accuracy").input_value() == "12"
    assert page.locator(".yw-pin").count() == 0
    held[0].continue_()
    map_ready(page)
    page.locator(".yw-pin").wait_for()


def test_the_place_is_known_though_no_map_ever_comes(office: Office, town: Town) -> None:
    """A slow line: neither the program of the map nor its land has come when the button is tapped."""
    page = office.phone()
    page.route("**/assets/map-*", lambda route: route.abort())
    page.goto("/report")
    page.click("[data-locate]")
    page.locator(".pin-said").wait_for()
    expect(page.locator(".yw-map-said")).to_be_visible()
    office.screenshot("resident-no-map", page)
    page.fill("#id_text", "路灯不亮")
    case = send(page).case
    assert case.area.name == "中山-01"
    office.complaints.clear()


@pytest.mark.parametrize("map_comes", [True, False])
def test_a_refused_place_is_said_in_words(office: Office, town: Town, map_comes: bool) -> None:
    page = office.phone()
    page.context.clear_permissions()
    if not map_comes:
        page.route("**/land*", lambda route: route.abort())
    page.goto("/report")
    if map_comes:
        map_ready(page)
    page.click("[data-locate]")
    said = page.locator(".yw-map-said")
    expect(said).to_contain_text("没有取得位置")
    expect(said).to_be_visible()
    expect(said).to_contain_text("请在地图上点一下" if map_comes else "请填写地址")
    assert page.locator("#id_lon").input_value() == ""
    page.locator("yw-map").evaluate("map => map.scrollIntoView({ block: 'center' })")
    office.screenshot(f"resident-refused-{map_comes}", page, whole=False)
    office.check_access(page)
    office.complaints.clear()


def test_nothing_moves_under_a_thumb_when_kinds_are_suggested(office: Office, phone: Page) -> None:
    button = phone.locator("[data-locate]")
    before = button.bounding_box()
    phone.fill("#id_text", "路口的污水井盖坏了")
    phone.locator("[data-kind]").first.wait_for()
    assert button.bounding_box() == before
    phone.locator("[data-kind]").first.click()
    phone.locator("[data-kind][aria-pressed=true] svg").wait_for()
    assert button.bounding_box() == before


def test_what_was_typed_survives_a_reload_and_is_forgotten_after_sending(
    office: Office, phone: Page
) -> None:
    phone.set_input_files("input[type=file]", [photo()])
    phone.locator("yw-photos input[name=photos]").wait_for(state="attached")
    phone.fill("#id_text", "路灯不亮")
    phone.wait_for_timeout(400)
    before = phone.locator("#id_id").input_value()
    phone.reload()
    assert phone.locator("#id_text").input_value() == "路灯不亮"
    assert phone.locator("#id_id").input_value() == before
    assert phone.locator(".shot").count() == 1
    send(phone)
    phone.goto("/report")
    assert phone.locator("#id_text").input_value() == ""
    assert phone.locator("#id_id").input_value() != before
    assert phone.locator(".shot").count() == 0


def test_a_double_tap_sends_once(office: Office, phone: Page) -> None:
    phone.fill("#id_text", "路灯不亮")
    before = Report.objects.count()
    phone.locator(".htmx-request").wait_for(state="detached")
    phone.locator("[data-send]").dblclick()
    arrived(phone)
    assert Report.objects.count() == before + 1


def test_is_it_one_of_these_adds_a_voice(office: Office, town: Town, phone: Page) -> None:
    place = {"lon": SOUTH["longitude"], "lat": SOUTH["latitude"]}
    known = town.case(town.report("井盖坏了", at=timezone.now(), **place))
    phone.context.set_geolocation(SOUTH)  # type: ignore[arg-type]  # a plain dict will do
    phone.fill("#id_text", "污水井盖")
    map_ready(phone)
    phone.click("[data-locate]")
    phone.locator(".known-cards button").wait_for()
    office.screenshot("resident-one-of-these", phone)
    office.check_access(phone)
    phone.click(".known-cards button")
    assert arrived(phone).case_id == known.pk
    known.refresh_from_db()
    assert known.report_count == 2


def test_danger_shows_the_numbers_at_once(office: Office, phone: Page) -> None:
    assert phone.locator(".calls").is_hidden()
    phone.fill("#id_text", "三号楼燃气泄漏")
    phone.locator(".calls").wait_for()
    assert phone.locator(".calls a").first.get_attribute("href") == "tel:119"
    office.check_access(phone)


def test_a_wrong_photo_is_said_and_the_rest_stays(office: Office, phone: Page) -> None:
    letter = {"name": "letter.jpg", "mimeType": "image/jpeg", "buffer": b"dear office"}
    phone.set_input_files("input[type=file]", [letter])
    phone.locator(".shot.failed").wait_for()
    phone.fill("#id_text", "路灯不亮")
    assert not CasePhoto.objects.filter(case=send(phone).case).exists()


def test_mistakes_are_said_on_top_and_beside_the_field(office: Office, phone: Page) -> None:
    phone.fill("#id_phone", "请打电话")
    phone.click("[data-send]")
    phone.locator(".wrong-list").wait_for()
    assert phone.locator("#id_phone").input_value() == "请打电话"
    office.screenshot("resident-mistakes", phone)
    office.check_access(phone)


def test_following_and_rating_with_the_code_this_phone_remembers(
    office: Office, town: Town, phone: Page
) -> None:
    phone.fill("#id_text", "路灯不亮")
    send(phone)
    code = phone.inner_text("#follow-code")
    phone.goto("/f")
    office.screenshot("resident-find", phone)
    office.check_access(phone)
    phone.click(f"text={code}")
    phone.wait_for_url(re.compile(r"/f/"))
    assert phone.locator("[aria-current=step]").inner_text().startswith("已收到")
    office.check_access(phone)

    phone.goto("/f")
    phone.click("[data-clear]")
    assert phone.locator("[data-remembered]").is_hidden()


@pytest.mark.parametrize("locale", ["zh-CN", "en"])
def test_a_closed_matter_is_rated_with_a_face(office: Office, town: Town, locale: str) -> None:
    at = timezone.now() - timedelta(minutes=30)
    receipt = town.report(at=at, lon=115.4622, lat=35.2318)
    cases.perform(receipt.case_id, "accept", by=town.wang_fang, at=at)
    works = town.unit("市政服务中心").pk
    cases.perform(receipt.case_id, "dispatch", by=town.wang_fang, at=at, unit_id=works)
    cases.perform(receipt.case_id, "sign", by=town.li_na, at=at)
    cases.perform(receipt.case_id, "report_back", by=town.li_na, at=at, note="换了井盖")
    cases.perform(receipt.case_id, "pass_check", by=town.chen_jing, at=at)
    page = office.phone(locale=locale, dark=locale == "en")
    page.goto(f"/f/{receipt.follow_code}")
    office.screenshot(f"resident-follow-{locale}", page)
    office.check_access(page)
    page.locator(".face").nth(1).click()
    page.click("#rate button")
    page.locator(".face").first.wait_for(state="detached")
    assert Report.objects.get(pk=receipt.report_id).rating == "satisfied"


def test_no_page_is_wider_than_a_phone(office: Office, town: Town, phone: Page) -> None:
    code = town.report(at=timezone.now(), lon=115.4620, lat=35.2210).follow_code
    for address in ("/report", "/f", f"/f/{code}", f"/f/{code}/sent", "/f/wrong"):
        phone.goto(address)
        phone.wait_for_timeout(200)
        assert overhang(phone) == 0, address


def test_without_script_the_page_still_takes_a_report_with_its_photo(
    office: Office, town: Town
) -> None:
    context = office.browser.new_context(base_url=office.address, java_script_enabled=False)
    office.contexts.append(context)
    page = context.new_page()
    page.goto("/report")
    page.set_input_files("input[type=file]", [photo()])
    page.fill("#id_text", "路灯不亮")
    page.select_option("#id_area", label="中山")
    page.locator("[data-send]").click()
    case = arrived(page).case
    assert CasePhoto.objects.filter(case=case).count() == 1
    assert case.area.name == "中山"


def test_in_english_by_night_everything_is_open_to_everybody(office: Office, town: Town) -> None:
    page = office.phone(locale="en", dark=True)
    for address in ("/report", "/f", "/f/0000000000000"):
        page.goto(address)
        page.wait_for_timeout(300)
        office.check_access(page)
    assert page.locator("html").get_attribute("lang") == "en"


def test_the_description_of_the_interface_is_legible(office: Office, town: Town) -> None:
    page = office.desk("wu.gang")
    page.goto("/api/v1/")
    office.screenshot("api-reference", page)
    office.check_access(page)
