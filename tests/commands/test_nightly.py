"""The backup of the night: once a day, made good when it was missed, tried again when it failed."""

from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest

from yiwang.commands import nightly
from yiwang.commands.installation import Installation
from yiwang.commands.nightly import Nightly, due_since
from yiwang.kernel.foundation.calendar.rules import SHANGHAI

HALF_PAST_TWO = time(2, 30)


def shanghai(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def test_a_backup_is_due_since_the_last_half_past_two() -> None:
    assert due_since(HALF_PAST_TWO, shanghai("2026-11-23 09:00")) == shanghai("2026-11-23 02:30")
    assert due_since(HALF_PAST_TWO, shanghai("2026-11-23 01:00")) == shanghai("2026-11-22 02:30")


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """The programs that were started, instead of starting them."""
    found: list[Any] = []
    monkeypatch.setattr("yiwang.commands.supervisor.Program.start", lambda self: found.append(self))
    return found


@pytest.fixture
def night(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, started: list[Any]) -> Nightly:
    monkeypatch.setenv("YIWANG_BACKUP_AT", "02:30")
    monkeypatch.setenv("YIWANG_BACKUPS", str(tmp_path))
    return Nightly(Installation(tmp_path, 8000, True, {}))


def saved(folder: Path, moment: datetime) -> None:
    from yiwang.kernel.foundation.backup.rules import name_for

    place = folder / name_for(moment)
    place.mkdir()
    (place / "manifest.json").touch()


def test_a_missed_backup_is_made_at_once_and_only_once(
    night: Nightly, tmp_path: Path, started: list[Any]
) -> None:
    saved(tmp_path, datetime.now(SHANGHAI) - timedelta(days=3))
    night.look()
    night.look()
    assert [program.command[-1] for program in started] == ["backup"]


def test_what_was_made_tonight_is_not_made_again(
    night: Nightly, tmp_path: Path, started: list[Any]
) -> None:
    saved(tmp_path, datetime.now(SHANGHAI))
    night.look()
    assert started == []


def test_without_the_setting_nothing_is_made(
    night: Nightly, monkeypatch: pytest.MonkeyPatch, started: list[Any]
) -> None:
    monkeypatch.delenv("YIWANG_BACKUP_AT")
    night.look()
    assert started == []


def test_a_failed_one_is_tried_again_later(
    night: Nightly, started: list[Any], capsys: pytest.CaptureFixture[str]
) -> None:
    night.look()
    failed = type("Process", (), {"returncode": 1, "poll": lambda self: 1})()
    started[0].process = failed
    night.look()
    assert "tried again in an hour" in capsys.readouterr().out
    night.look()
    assert len(started) == 1
    assert night.not_before > nightly.clock.monotonic() + 3000
