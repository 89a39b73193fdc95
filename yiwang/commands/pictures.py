"""`yiwang pictures`: the screenshots of README and guide, taken from a running demo town. For developers of the product.

Playwright and Chromium belong to the tests, not to an office; without them one sentence says what to install.
"""

import io
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from yiwang.commands.picture_table import GUIDE, HAND, README, Picture

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page, StorageState

ROOT = Path(__file__).resolve().parents[2]
COLOURS = 256
AT_MOST = 300_000  # bytes of a picture: a README is read on slow lines too
SETTLED_MS = 1200  # until maps have drawn their names
FLAGS = ["--no-sandbox", "--disable-gpu", "--use-angle=swiftshader", "--enable-unsafe-swiftshader"]
LANGUAGES = {"zh": "zh-CN", "en": "en-GB"}


@click.command()
@click.option(
    "--address", default="http://127.0.0.1:8000", show_default=True, help="The running demo town."
)
@click.option(
    "--into",
    type=click.Path(file_okay=False, path_type=Path),
    default=ROOT / "docs",
    help="The docs folder: pictures/ for the README, guide/pictures/ for the guide.",
)
@click.option("--only", default="", help="Only pictures whose name begins so.")
def pictures(address: str, into: Path, only: str) -> None:
    """Take the screenshots of README and guide from the demo town at ADDRESS. It gets a few reports more by it."""
    places = dict.fromkeys(README, _readme_place) | dict.fromkeys(GUIDE, _guide_place)
    with _browser() as browser:
        for picture, place in places.items():
            for language in LANGUAGES if picture.name.startswith(only) else ():
                target = into / place(picture, language)
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(_small(_taken(browser, address, picture, language)))
                click.echo(f"{target.relative_to(into)}: {target.stat().st_size // 1000} kB")


def _readme_place(picture: Picture, language: str) -> str:
    return f"pictures/{picture.name}-{language}.png"


def _guide_place(picture: Picture, language: str) -> str:
    return f"guide/pictures/{language}/{picture.name}.png"


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


_signed_in: "dict[tuple[str, str], StorageState]" = {}
"""Each person signs in once for each language."""


def _taken(browser: "Browser", address: str, picture: Picture, language: str) -> bytes:
    """Return the page as a PNG, as large as its screen."""
    width, height = picture.size
    in_hand = width == HAND[0]
    known = _signed_in.get((picture.who, language))
    context = browser.new_context(
        base_url=address,
        locale=LANGUAGES[language],
        timezone_id="Asia/Shanghai",
        viewport={"width": width, "height": height},
        is_mobile=in_hand,
        has_touch=in_hand,
        device_scale_factor=1.5 if in_hand else 1,
        reduced_motion="reduce",
        storage_state=known,
    )
    page = context.new_page()
    if picture.who and not known:
        _sign_in(page, picture.who)
        _signed_in[picture.who, language] = context.storage_state()
    page.goto(picture.address)
    if picture.prepare:
        picture.prepare(page)
    page.wait_for_timeout(SETTLED_MS)
    taken = page.screenshot(animations="disabled")
    context.close()
    return taken


def _sign_in(page: "Page", who: str) -> None:
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
