"""Journeys: a real office (web process, own database) looked at through a real browser.

One browser and one office of each kind serve the whole session; a test leaves nothing behind that another would
trip over. `office` is the office with a desktop page; `office.phone()` gives a page in the hand. At the end of each
test the browser must have had nothing to complain about: no error of a script, nothing stopped by the content
security policy. `YIWANG_TEST_STRICT=1` turns a missing browser from a skip into a failure.
`YIWANG_SCREENSHOTS=folder` keeps pictures.
"""

import contextlib
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.database import Server, clone, pointed_at
from tests.journeys.office import House, Office, served
from tests.journeys.people import Folk, move_in

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
THE_OFFICE = "yiwang.config.settings"


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


@pytest.fixture(scope="session")
def houses(
    server: Server,
    template: str,
    django_db_setup: None,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Callable[[str], House]]:
    """`houses(settings)`: the office served with these settings, opened at its first use."""
    opened: dict[str, House] = {}
    with contextlib.ExitStack() as until_the_end:

        def house(settings: str) -> House:
            if settings not in opened:
                database = clone(server, template)
                until_the_end.callback(database.drop)
                home = tmp_path_factory.mktemp("office")
                address = until_the_end.enter_context(served(database, home, settings))
                opened[settings] = House(address, database, home)
            return opened[settings]

        yield house


@pytest.fixture
def office(
    chromium: Browser,
    houses: Callable[[str], House],
    django_db_blocker: Any,
    tmp_path: Path,
    request: pytest.FixtureRequest,
) -> Iterator[Office]:
    """An office for one test. `@pytest.mark.settings("module")` chooses the one served with other settings."""
    mark = request.node.get_closest_marker("settings")
    house = houses(mark.args[0] if mark else THE_OFFICE)
    pictures = Path(os.environ.get("YIWANG_SCREENSHOTS") or tmp_path / "pictures")
    pictures.mkdir(parents=True, exist_ok=True)
    with django_db_blocker.unblock(), pointed_at(house.database):
        office = Office(house, chromium, pictures)
        yield office
        for context in office.contexts:
            context.close()
    assert office.complaints == []


@pytest.fixture(scope="session")
def folk(houses: Callable[[str], House], django_db_blocker: Any) -> Folk:
    """The smallest town, lived in: its named people can sign in, and a case stands in each stage."""
    with django_db_blocker.unblock(), pointed_at(houses(THE_OFFICE).database):
        return move_in()
