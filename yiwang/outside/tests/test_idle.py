"""What the machine says of its processors, as it writes it down."""

from pathlib import Path

import pytest

from yiwang.outside.machine import idle
from yiwang.outside.machine.idle import Idle


@pytest.fixture
def stat(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "stat"
    monkeypatch.setattr(idle, "STAT", path)
    return path


def told(busy: int, free: int) -> str:
    line = f"{busy} 0 0 {free} 0 0 0 0 0 0"
    return f"cpu  {line}\ncpu0 {line}\ncpu1 {line}\nintr 1 2 3\ncpu_is_not_this 4\n"


def test_it_speaks_of_the_time_since_it_was_asked_before(stat: Path) -> None:
    stat.write_text(told(100, 900))
    machine = Idle()
    stat.write_text(told(150, 950))
    assert machine.cores() == pytest.approx(1.0)
    stat.write_text(told(250, 950))
    assert machine.cores() == 0.0
    stat.write_text(told(250, 1050))
    assert machine.cores() == pytest.approx(2.0)


def test_nothing_is_free_where_nobody_says_or_no_time_has_passed(stat: Path) -> None:
    machine = Idle()
    assert machine.cores() == 0.0
    stat.write_text(told(100, 900))
    machine = Idle()
    assert machine.cores() == 0.0
