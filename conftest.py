"""Test database: migrated as the owner, used as the program's role, every test rolled back.

With `YIWANG_TEST_STRICT=1` nothing may be skipped: a missing browser or database is a failure.
"""

import gc
import os
import sys
from collections.abc import Generator, Iterator
from pathlib import Path

import pytest

pytest_plugins = ["tests.database", "tests.grounds", "tests.town.small"]


def pytest_configure() -> None:
    """Hash passwords as the office does, only not a million times over."""
    from django.contrib.auth.hashers import PBKDF2PasswordHasher

    PBKDF2PasswordHasher.iterations = 1_000


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Files that ask for patience begin first, so that none of them is left alone at the end beside an idle core."""
    patience: dict[Path, float] = {}
    for item in items:
        marker = item.get_closest_marker("timeout")
        patience[item.path] = max(patience.get(item.path, 0), marker.args[0] if marker else 0)
    items.sort(key=lambda item: -patience[item.path])


def pytest_collection_finish() -> None:
    """What has been collected stays to the end: nothing need look through it again for what can be dropped."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    if report.skipped and not hasattr(report, "wasxfail") and _strict() and not _measures(report):
        report.outcome = "failed"
        report.longrepr = f"skipped where nothing may be skipped: {report.longrepr}"
    return report


@pytest.fixture(autouse=True)
def _office_language() -> Iterator[None]:
    """Begin each test in the office's own language, whatever a page before was read in."""
    from django.conf import settings
    from django.utils import translation

    translation.activate(settings.LANGUAGE_CODE)
    yield
    translation.activate(settings.LANGUAGE_CODE)


@pytest.fixture(autouse=True)
def _nobody_turned_away() -> None:
    """What the process has gathered of refusals belongs to the test before."""
    from yiwang.kernel.accounts import turned_away

    turned_away.forget()
    door = sys.modules.get("yiwang.web.signin.locking")
    if door is not None:
        door.WRONG_FROM_ONE_ADDRESS.forget()


def _strict() -> bool:
    return os.environ.get("YIWANG_TEST_STRICT") == "1"


def _measures(report: pytest.TestReport) -> bool:
    """Say whether a test was skipped for want of the real data for measuring, which is no part of the project."""
    return "no real data for measuring" in str(report.longrepr)
