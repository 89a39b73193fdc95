"""`yiwang pictures`: the screenshots of the README, taken from a running demo town. For developers of the product.

Playwright and Chromium belong to the tests, not to an office; without them one sentence says what to install.
"""

import io
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

ROOT = Path(__file__).resolve().parents[2]
COLOURS = 256
AT_MOST = 300_000  # bytes of a picture: a README is read on slow lines too
SETTLED_MS = 1200  # until maps have drawn their names
FLAGS = ["--no-sandbox", "--disable-gpu", "--use-angle=swiftshader", "--enable-unsafe-swiftshader"]
DESK, WHOLE_CASE, HAND = (1440, 900), (1440, 1300), (390, 844)
LANGUAGES = {"zh": "zh-CN", "en": "en-GB"}


@dataclass(frozen=True)
class Picture:
    """One page as one person sees it; `who` is blank for a resident, `prepare` brings it into its best light."""

    name: str
    who: str
    address: str
    size: tuple[int, int]
    prepare: "Callable[[Page], None] | None" = None


@click.command()
@click.option(
    "--address", default="http://127.0.0.1:8000", show_default=True, help="The running demo town."
)
@click.option(
    "--into",
    type=click.Path(file_okay=False, path_type=Path),
    default=ROOT / "docs" / "pictures",
    help="Folder for the pictures.",
)
def pictures(address: str, into: Path) -> None:
    """Take the screenshots of the README from the demo town at ADDRESS."""
    into.mkdir(parents=True, exist_ok=True)
    with _browser() as browser:
        for picture in PICTURES:
            for language in LANGUAGES:
                target = into / f"{picture.name}-{language}.png"
                target.write_bytes(_small(_taken(browser, address, picture, language)))
                click.echo(f"{target.name}: {target.stat().st_size // 1000} kB")


@contextmanager
def _browser() -> "Iterator[Browser]":
    """Debian's Chromium, driven by Playwright."""
    try:
        from playwright.sync_api import Error, sync_playwright
    except ImportError as missing:
        raise click.ClickException(
            "Playwright is not installed: run `make environment`"
        ) from missing
    found = shutil.which("chromium")
    if found is None:
        raise click.ClickException("Chromium is not installed: run `make chromium`")
    try:
        with sync_playwright() as play:
            browser = play.chromium.launch(executable_path=found, args=FLAGS)
            yield browser
            browser.close()
    except Error as trouble:
        raise click.ClickException(f"the browser says: {trouble.message}") from trouble


def _taken(browser: "Browser", address: str, picture: Picture, language: str) -> bytes:
    """Return the page as a PNG, as large as its screen."""
    width, height = picture.size
    in_hand = picture.size == HAND
    context = browser.new_context(
        base_url=address,
        locale=LANGUAGES[language],
        timezone_id="Asia/Shanghai",
        viewport={"width": width, "height": height},
        is_mobile=in_hand,
        has_touch=in_hand,
        device_scale_factor=1.5 if in_hand else 1,
        reduced_motion="reduce",
    )
    page = context.new_page()
    if picture.who:
        _sign_in(page, picture.who, LANGUAGES[language])
    page.goto(picture.address)
    if picture.prepare:
        picture.prepare(page)
    page.wait_for_timeout(SETTLED_MS)
    taken = page.screenshot(animations="disabled")
    context.close()
    return taken


def _sign_in(page: "Page", who: str, locale: str) -> None:
    """Sign in with the password of the demo town, and read in this language whatever the account says."""
    from yiwang.demo.people import PASSWORD

    page.goto("/sign-in")
    page.fill("#id_username", who)
    page.fill("#id_password", PASSWORD)
    page.click("main button.btn-primary")
    page.wait_for_url(lambda url: "/sign-in" not in url)
    kept = [one for one in page.context.cookies() if one["name"] == "django_language"]
    if kept:
        page.context.clear_cookies(name="django_language")


def _fill_report(page: "Page") -> None:
    """A half written report: photo, words, the kind they mean, the pin. It is never sent."""
    from yiwang.demo.pictures import draw

    photo = draw(1, mended=False).getvalue()
    page.set_input_files(
        "input[type=file]", {"name": "p.jpg", "mimeType": "image/jpeg", "buffer": photo}
    )
    page.locator("yw-photos input[name=photos]").wait_for(state="attached")
    page.fill("#id_text", "路口的污水井盖破了一个角，晚上走路怕踩空")
    page.locator("[data-kind]").first.click()
    page.evaluate("window.scrollTo(0, 0)")


def _open_from_list(page: "Page") -> None:
    """The last case of the list, which has waited least, on a page of its own."""
    address = page.locator("[data-row-link]").last.get_attribute("href")
    page.goto(address or "/desk/")


def _case_beside_the_list(page: "Page") -> None:
    page.locator("#pane .case").wait_for()


PICTURES = (
    Picture("desk", "wangfang", "/desk/", DESK, _case_beside_the_list),
    Picture("case", "wangfang", "/desk/?queue=check", WHOLE_CASE, _open_from_list),
    Picture("cockpit", "zhouwei", "/cockpit/", DESK),
    Picture("resident", "", "/report", HAND, _fill_report),
)


def _small(png: bytes) -> bytes:
    """Return the picture with a palette, which is what screens full of words need.

    Raises:
        ClickException: it is still larger than a README should carry.
    """
    from PIL import Image

    picture = Image.open(io.BytesIO(png)).convert("RGB")
    out = io.BytesIO()
    palette = picture.quantize(
        COLOURS, method=Image.Quantize.MEDIANCUT, kmeans=2, dither=Image.Dither.NONE
    )
    palette.save(out, "PNG", optimize=True)
    if out.tell() > AT_MOST:
        raise click.ClickException(f"a picture of {out.tell() // 1000} kB is too large")
    return out.getvalue()
