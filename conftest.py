"""Test database: migrated as the owner, used as the program's role, every test rolled back.

With `YIWANG_TEST_STRICT=1` nothing may be skipped: a missing browser or database is a failure.
"""

import os
from collections.abc import Generator

import pytest

pytest_plugins = ["tests.database", "tests.town.small"]


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    if report.skipped and not hasattr(report, "wasxfail") and _strict():
        report.outcome = "failed"
        report.longrepr = f"skipped where nothing may be skipped: {report.longrepr}"
    return report


def _strict() -> bool:
    return os.environ.get("YIWANG_TEST_STRICT") == "1"
