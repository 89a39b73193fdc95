"""Every part of the kit, on a desk and in the hand, in both languages, by day and by night."""

import pytest

from tests.journeys.office import Office
from yiwang.kernel.accounts.models import User

pytestmark = [
    pytest.mark.browser,
    pytest.mark.settings("tests.journeys.gallery.settings"),
]
PIXEL = (
    b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00\x1f\x15"
    b"\xc4\x89\x00\x00\x00\rIDATx\x9cc\xf8\xcf\xc0\xf0\x1f\x00\x05\x00\x01\xff\x89\x99=\x1d\x00\x00"
    b"\x00\x00IEND\xaeB`\x82"
)


def photo(name: str) -> dict[str, object]:
    return {"name": name, "mimeType": "image/png", "buffer": PIXEL}


@pytest.mark.parametrize(
    ("locale", "dark"), [("zh-CN", False), ("en", True)], ids=["chinese-day", "english-night"]
)
def test_all_parts_are_legible_and_open_to_everybody(
    office: Office, locale: str, dark: bool
) -> None:
    language = "en" if locale == "en" else "zh-hans"
    user, _new = User.objects.get_or_create(username="zhaona", defaults={"display_name": "赵娜"})
    user.language = language
    user.set_password("correct-horse-battery")
    user.save()
    night = "night" if dark else "day"
    for kind, page in [
        ("desk", office.desk(locale=locale, dark=dark)),
        ("hand", office.phone(locale=locale, dark=dark)),
    ]:
        page.goto("/sign-in")
        office.screenshot(f"sign-in-{kind}-{locale}-{night}", page)
        office.check_access(page)
        office.sign_in("zhaona", page)
        office.screenshot(f"no-duty-{kind}-{locale}-{night}", page)
        page.goto("/notices")
        office.check_access(page)
        page.goto("/gallery")
        assert page.locator("html").get_attribute("lang") == locale
        page.locator("yw-map.ready").wait_for()
        page.wait_for_timeout(300)
        office.screenshot(f"gallery-{kind}-{locale}-{night}", page)
        office.check_access(page)
        page.goto("/gallery/report")
        page.locator("yw-map.ready").wait_for()
        page.wait_for_timeout(300)
        office.screenshot(f"report-{kind}-{locale}-{night}", page)
        office.check_access(page)
        page.goto("/no-such-page")
        office.screenshot(f"missing-{kind}-{locale}-{night}", page)
        office.check_access(page)


def test_no_page_is_wider_than_a_phone(office: Office) -> None:
    page = office.phone()
    for address in ("/sign-in", "/gallery", "/gallery/report"):
        page.goto(address)
        assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_a_list_is_walked_by_keyboard_alone(office: Office) -> None:
    page = office.page
    page.goto("/gallery")
    page.keyboard.press("j")
    page.keyboard.press("j")
    assert page.locator("[data-row].current").get_attribute("data-row") == "2"
    page.keyboard.press("x")
    assert page.locator("[data-row='2'] [data-pick]").is_checked()
    page.keyboard.press("o")
    page.locator("#shown").wait_for()
    assert page.locator("#shown").inner_text() == "案卷 2"
    page.keyboard.press("/")
    page.keyboard.type("jjj")
    assert page.locator("[data-search]").input_value() == "jjj"
    page.keyboard.press("Escape")
    page.keyboard.press("k")
    assert page.locator("[data-row].current").get_attribute("data-row") == "1"
    page.keyboard.press("?")
    assert page.locator("dialog#keys").is_visible()


def test_a_refused_action_says_so_and_keeps_the_page(office: Office) -> None:
    page = office.page
    page.goto("/gallery")
    page.fill("[name=what]", "井盖破了")
    page.click("#refuse")
    page.locator("#flash .note.error").wait_for()
    assert "被别人派遣" in page.locator("#flash").inner_text()
    assert page.input_value("[name=what]") == "井盖破了"


def test_what_was_typed_survives_a_reload_and_an_error(office: Office) -> None:
    page = office.page
    page.goto("/gallery")
    page.fill("[name=what]", "路灯不亮")
    page.wait_for_timeout(400)
    page.reload()
    assert page.input_value("[name=what]") == "路灯不亮"
    page.locator("form[data-keep=call] button.btn-primary").click()
    assert page.locator(".field.has-error").count() == 1
    assert page.input_value("[name=what]") == "路灯不亮"


def test_a_report_carries_one_id_its_photos_and_its_place(office: Office) -> None:
    page = office.phone()
    page.goto("/gallery/report")
    page.locator("yw-map.ready").wait_for()
    page.set_input_files("yw-photos input[type=file]", [photo("a.png"), photo("b.png")])
    page.locator(".shot input[type=hidden]").nth(1).wait_for(state="attached")
    page.fill("#id_text", "燃气味道很大")
    assert page.locator("[data-emergency]").is_visible()
    client_id = page.input_value("[data-client-id]")
    page.wait_for_timeout(400)
    page.reload()
    assert page.input_value("[data-client-id]") == client_id
    assert page.locator(".shot").count() == 2
    page.locator("yw-map.ready").wait_for()
    page.get_by_role("button", name="我的位置").click()
    page.wait_for_function("document.getElementById('id_lon').value !== ''")
    assert page.input_value("#id_lon") == "115.465000"
    page.locator(".yw-pin").focus()
    page.keyboard.press("ArrowRight")
    assert page.input_value("#id_lon") > "115.465000"
    page.click("[data-send]")
    page.locator("#code").wait_for()
    assert page.locator("[data-sent=client_id]").inner_text() == client_id
    assert len(page.locator("[data-sent=photos]").inner_text().split(",")) == 2
    page.goto("/gallery/report")
    assert page.input_value("[data-client-id]") != client_id
    assert page.input_value("#id_text") == ""


def test_the_pages_are_useful_without_script(office: Office) -> None:
    context = office.browser.new_context(
        base_url=office.address, locale="zh-CN", java_script_enabled=False
    )
    page = context.new_page()
    page.goto("/gallery")
    page.locator("details.why > summary").first.click()
    assert page.locator("details.why > ol").first.is_visible()
    page.locator("form[data-keep=call] button.btn-primary").click()
    assert page.locator(".field.has-error").count() == 2
    context.close()
