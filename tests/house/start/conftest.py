"""Offices to start, and the promise that a test leaves no process behind."""

import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.database import quick_place
from tests.house.start.office import Office, patiently


def _folder() -> Path:
    """Make an empty folder that the server's account can pass through."""
    folder = Path(tempfile.mkdtemp(prefix="yiwang-office-", dir=quick_place()))
    folder.chmod(0o711)
    return folder.resolve()


@pytest.fixture
def new_office() -> Iterator[Office]:
    """An installation that has never been started."""
    folder = _folder()
    office = Office(folder)
    yield office
    _close(office)
    shutil.rmtree(folder, ignore_errors=True)  # a test may have put the home further in


@pytest.fixture(scope="session")
def pattern() -> Iterator[Path]:
    """The home of an installation after its first start and an orderly end."""
    office = Office(_folder())
    office.start()
    office.await_served()
    assert office.end() == 0
    yield office.home
    _close(office)


@pytest.fixture
def office(pattern: Path) -> Iterator[Office]:
    """An installation that was started before."""
    folder = _folder()
    subprocess.run(["cp", "-a", f"{pattern}/.", str(folder)], check=True)
    (folder / "output").unlink()
    (folder / "postgres.port").unlink()
    office = Office(folder)
    yield office
    _close(office)


def _close(office: Office) -> None:
    """Fail when anything of the installation is still running some seconds after the test."""
    if office.supervisor is not None and office.supervisor.poll() is None:
        office.end()
    try:
        patiently(office.is_quiet)
    finally:
        office.kill_everything()
        shutil.rmtree(office.home)
