"""The calendar of China as published to the end of 2026, and a member of staff."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

import pytest

from yiwang.kernel.foundation.calendar import WorkingCalendar, official
from yiwang.kernel.foundation.calendar.rules import SHANGHAI


@dataclass(frozen=True)
class Officer:
    actor_id: int
    actor_name: str
    actor_kind: Literal["staff"] = "staff"


ZHANG_MIN = Officer(7, "张敏")


def shanghai(text: str) -> datetime:
    """A moment on the town's clock: `2026-02-13 16:00`."""
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def china(published: frozenset[int] | None = None) -> WorkingCalendar:
    """The official calendar as it stood at the end of 2026, whatever the package has learnt since."""
    return WorkingCalendar(
        days={day: kind for day, kind in official.days().items() if day.year <= 2026},
        names=official.names(),
        published_years=published or frozenset(range(2004, 2027)),
    )


@pytest.fixture
def calendar() -> WorkingCalendar:
    return china()


@pytest.fixture
def zhang_min() -> Officer:
    return ZHANG_MIN
