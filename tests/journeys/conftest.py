"""Journeys: a real office (web process, own database) looked at through a real browser.

`office` is the office with a desktop page; `office.phone()` gives a page in the hand. At the end of each test the
browser must have had nothing to complain about: no error of a script, nothing stopped by the content security policy.
`YIWANG_TEST_STRICT=1` turns a missing browser from a skip into a failure. `YIWANG_SCREENSHOTS=folder` keeps the pictures.
"""

import contextlib
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO
from urllib.error import HTTPError, URLError

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, sync_playwright

from tests.database import ROOT, TEST_DATA_KEY, OwnDatabase

CHROMIUM = "/usr/bin/chromium"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # Maps draw with WebGL; without a graphics card the processor does it.
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
]
PASSWORD = "correct-horse-battery"
DESK = {"viewport": {"width": 1440, "height": 900}}
HAND = {
    "viewport": {"width": 390, "height": 844},
    "device_scale_factor": 2,
    "is_mobile": True,
    "has_touch": True,
}
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
SECONDS_TO_START = 40


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "settings(module): serve the office with these settings")


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Debian's Chromium, one for the session."""
    found = shutil.which("chromium") or (CHROMIUM if Path(CHROMIUM).exists() else None)
    if found is None:
        pytest.skip("Chromium is not installed")
    # Playwright's loop runs in this thread; the tests prepare their data here all the same.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=found, args=FLAGS)
        yield browser
        browser.close()
    os.environ.pop("DJANGO_ALLOW_ASYNC_UNSAFE", None)


@dataclass
class Office:
    """A served office. `page` is a desktop, signed in by nobody."""

    address: str
    database: OwnDatabase
    browser: Browser
    pictures: Path
    complaints: list[str] = field(default_factory=list)
    contexts: list[BrowserContext] = field(default_factory=list)
    _page: Page | None = None

    @property
    def page(self) -> Page:
        if self._page is None:
            self._page = self.desk()
        return self._page

    def desk(self, *, locale: str = "zh-CN", dark: bool = False) -> Page:
        """A page as wide as an office screen."""
        return self._open(locale, dark, DESK)

    def phone(self, *, locale: str = "zh-CN", dark: bool = False) -> Page:
        """A page in the hand, with a finger, standing in the middle of the town."""
        page = self._open(locale, dark, HAND)
        page.context.grant_permissions(["geolocation"])
        page.context.set_geolocation({"longitude": 115.47, "latitude": 35.23, "accuracy": 12})
        return page

    def _open(self, locale: str, dark: bool, kind: dict[str, object]) -> Page:
        context = self.browser.new_context(
            base_url=self.address,
            locale=locale,
            timezone_id="Asia/Shanghai",
            color_scheme="dark" if dark else "light",
            reduced_motion="reduce",
            **kind,
        )
        context.set_default_timeout(10_000)
        self.contexts.append(context)
        page = context.new_page()
        page.on("console", self._listen)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        return page

    def _listen(self, message: ConsoleMessage) -> None:
        # A refused request (4xx) is an answer, and Chromium logs it as an error.
        if message.type == "error" and "Failed to load resource" not in message.text:
            self.complaints.append(message.text)

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
        """Keep a picture of the page; returns where."""
        path = self.pictures / f"{name}.png"
        (page or self.page).screenshot(path=path, full_page=whole, animations="disabled")
        return path

    def check_access(self, page: Page | None = None) -> None:
        """Fail with a readable list when axe finds a breach of WCAG 2.2 AA."""
        found = Axe().run(page or self.page, options={"runOnly": {"type": "tag", "values": WCAG}})
        said = [
            f"{breach['id']}: {breach['help']}\n    "
            + "\n    ".join(node["html"][:160] for node in breach["nodes"][:4])
            for breach in found.response["violations"]
        ]
        assert not said, "\n".join(said)


@pytest.fixture
def office(
    chromium: Browser,
    own_database: OwnDatabase,
    tmp_path: Path,
    request: pytest.FixtureRequest,
) -> Iterator[Office]:
    """An office of its own for one test. `@pytest.mark.settings("module")` serves it with other settings."""
    mark = request.node.get_closest_marker("settings")
    settings = mark.args[0] if mark else "yiwang.config.settings"
    pictures = Path(os.environ.get("YIWANG_SCREENSHOTS") or tmp_path / "pictures")
    pictures.mkdir(parents=True, exist_ok=True)
    with _served(own_database, tmp_path, settings) as address:
        office = Office(address, own_database, chromium, pictures)
        yield office
        for context in office.contexts:
            context.close()
    assert office.complaints == []


@contextlib.contextmanager
def _served(database: OwnDatabase, home: Path, settings: str) -> Iterator[str]:
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
                "YIWANG_SECRET_KEY": "of a test",
                "YIWANG_DATA_KEY": TEST_DATA_KEY,
                "YIWANG_INTAKE_PER_MINUTE": "1000",
            },
        ) as process,
    ):
        _wait_for(address, process, home / "web.log")
        yield address


def _command(port: int) -> list[str]:
    options = ["--interface", "asginl", "--workers", "1", "--no-ws", "--log-level", "warning"]
    application = "yiwang.config.asgi:application"
    return [sys.executable, "-m", "granian", "--port", str(port), *options, application]


@contextlib.contextmanager
def _running(
    command: list[str], log: IO[bytes], environment: dict[str, str]
) -> Iterator["subprocess.Popen[bytes]"]:
    process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=log)
    try:
        yield process
    finally:
        process.terminate()
        process.wait(15)


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def _wait_for(address: str, process: subprocess.Popen[bytes], log: Path) -> None:
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
