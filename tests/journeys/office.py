"""An office as people meet it: a web process on its own database, and pages that look at it."""

import contextlib
import ctypes
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any
from urllib.error import HTTPError, URLError

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Locator, Page

from tests.database import ROOT, TEST_DATA_KEY, OwnDatabase

PASSWORD = "correct-horse-battery"
DESK = {"viewport": {"width": 1440, "height": 900}}
HAND = {
    "viewport": {"width": 390, "height": 844},
    "device_scale_factor": 2,
    "is_mobile": True,
    "has_touch": True,
}
STANDING = {"longitude": 115.465, "latitude": 35.235, "accuracy": 12}
"""Where a phone is: in the middle of grid 中山-01."""
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
SECONDS_TO_START = 40
PR_SET_PDEATHSIG = 1  # linux/prctl.h
ANSWERS = (
    "Failed to load resource", "htmx:afterRequest", "htmx:sendError", "htmx:sendAbort",
    "htmx:responseError",
)  # fmt: skip
"""What a browser logs as an error and is none: a refused request (4xx), one cut off by leaving the page."""


@dataclass
class House:
    """A served office, shared by the tests of a session. `signed_in` keeps the cookies of who has signed in."""

    address: str
    database: OwnDatabase
    home: Path
    signed_in: dict[str, Any] = field(default_factory=dict)


@dataclass
class Office:
    """What one test sees of a house. `page` is a desktop, signed in by nobody."""

    house: House
    browser: Browser
    pictures: Path
    complaints: list[str] = field(default_factory=list)
    contexts: list[BrowserContext] = field(default_factory=list)
    _page: Page | None = None

    @property
    def address(self) -> str:
        return self.house.address

    @property
    def page(self) -> Page:
        if self._page is None:
            self._page = self.desk()
        return self._page

    def desk(self, who: str = "", *, locale: str = "zh-CN", dark: bool = False) -> Page:
        """A page as wide as an office screen, at work as `who`."""
        return self._open(who, locale, dark, DESK)

    def phone(self, who: str = "", *, locale: str = "zh-CN", dark: bool = False) -> Page:
        """A page in the hand, with a finger, standing in the middle of the town."""
        page = self._open(who, locale, dark, HAND)
        page.context.grant_permissions(["geolocation"])
        page.context.set_geolocation(STANDING)  # type: ignore[arg-type]  # a plain dict will do
        return page

    def _open(self, who: str, locale: str, dark: bool, kind: dict[str, Any]) -> Page:
        context = self.browser.new_context(
            base_url=self.address,
            locale=locale,
            timezone_id="Asia/Shanghai",
            color_scheme="dark" if dark else "light",
            reduced_motion="reduce",
            storage_state=self._state_of(who) if who else None,
            **kind,
        )
        context.set_default_timeout(10_000)
        self.contexts.append(context)
        page = context.new_page()
        page.on("console", self._listen)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        return page

    def _state_of(self, who: str) -> Any:
        """The cookies of somebody who has signed in, without the language of the page it was done on."""
        if who not in self.house.signed_in:
            page = self.sign_in(who, self.desk())
            state = page.context.storage_state()
            page.context.close()
            kept = [one for one in state["cookies"] if one["name"] != "django_language"]
            self.house.signed_in[who] = {"cookies": kept, "origins": []}
        return self.house.signed_in[who]

    def _listen(self, message: ConsoleMessage) -> None:
        if message.type == "error" and not message.text.startswith(ANSWERS):
            self.complaints.append(f"{message.location.get('url', '')}: {message.text}")

    def sign_in(self, username: str, page: Page | None = None, password: str = PASSWORD) -> Page:
        """Sign in through the door everybody uses; ends on the person's home."""
        page = page or self.page
        page.goto("/sign-in")
        page.fill("#id_username", username)
        page.fill("#id_password", password)
        page.click("main button.btn-primary")
        page.wait_for_url(lambda url: "/sign-in" not in url)
        return page

    def screenshot(self, name: str, page: Page | None = None, *, whole: bool = True) -> Path:
        """Keep a picture of the page; returns where. Nothing is drawn unless pictures are wanted."""
        path = self.pictures / f"{name}.png"
        if os.environ.get("YIWANG_SCREENSHOTS"):
            (page or self.page).screenshot(path=path, full_page=whole, animations="disabled")
        return path

    def check_access(self, page: Page | None = None) -> None:
        """Fail with a readable list when axe finds a breach of WCAG 2.2 AA."""
        said = breaches(page or self.page)
        assert not said, "\n".join(said)


def breaches(page: Page) -> list[str]:
    """What axe finds against WCAG 2.2 AA, a readable paragraph each."""
    asked = {"runOnly": {"type": "tag", "values": WCAG}, "resultTypes": ["violations"]}
    found = Axe().run(page, options=asked)
    return [
        f"{breach['id']}: {breach['help']}\n    "
        + "\n    ".join(node["html"][:160] for node in breach["nodes"][:4])
        for breach in found.response["violations"]
    ]


def overhang(page: Page) -> int:
    """How many pixels the page is wider than its window."""
    found = page.evaluate(
        "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    )
    return int(found)


def map_ready(page: Page) -> Locator:
    """Wait until the town's map has been drawn."""
    drawn = page.locator("yw-map.ready")
    drawn.wait_for()
    return drawn


@contextlib.contextmanager
def served(database: OwnDatabase, home: Path, settings: str) -> Iterator[str]:
    """A web process on a free port of the loopback address, ended by its own id."""
    port = _free_port()
    address = f"http://127.0.0.1:{port}"
    with (
        (home / "web.log").open("wb") as log,
        _running(
            _command(port),
            log,
            {
                **os.environ,
                **database.environment,
                "DJANGO_SETTINGS_MODULE": settings,
                "YIWANG_HOME": str(home),
                "YIWANG_PORT": str(port),
                "YIWANG_SECRET_KEY": "of a test",
                "YIWANG_DATA_KEY": TEST_DATA_KEY,
                "YIWANG_INTAKE_PER_MINUTE": "1000",
            },
        ) as process,
    ):
        _wait_for(address, process, home / "web.log")
        yield address


def _command(port: int) -> list[str]:
    options = "--interface wsgi --workers 1 --blocking-threads 4 --no-ws --log-level warning"
    # As `yiwang serve`: an open connection holds nothing up.
    options += " --workers-kill-timeout 3"
    application = "yiwang.config.wsgi:application"
    return [sys.executable, "-m", "granian", "--port", str(port), *options.split(), application]


@contextlib.contextmanager
def _running(
    command: list[str], log: IO[bytes], environment: dict[str, str]
) -> Iterator["subprocess.Popen[bytes]"]:
    process = subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=log, stderr=log, preexec_fn=_end_with_parent
    )
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(5)


def _end_with_parent() -> None:
    """Ask Linux to end this process when the session that started it is killed."""
    with contextlib.suppress(OSError):
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def _wait_for(address: str, process: "subprocess.Popen[bytes]", log: Path) -> None:
    until = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < until:
        if process.poll() is not None:
            pytest.fail(f"the web process ended: {log.read_text('utf-8')[-2000:]}")
        try:
            urllib.request.urlopen(f"{address}/sign-in", timeout=5).close()
            return
        except HTTPError:
            pytest.fail(f"the sign-in page is broken: {log.read_text('utf-8')[-2000:]}")
        except (URLError, OSError):
            time.sleep(0.1)
    pytest.fail(f"the web process did not answer: {log.read_text('utf-8')[-2000:]}")
