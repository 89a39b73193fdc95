"""A year as twelve small tables of days."""

import calendar as months
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from yiwang.kernel.foundation.calendar.models import CalendarDay
from yiwang.kernel.foundation.calendar.rules import DayKind, WorkingCalendar


@dataclass(frozen=True)
class DayCell:
    """One day: `look` is how it is drawn; `own`: the town itself decided about it."""

    day: date
    look: str
    name: str
    own: bool
    today: bool

    @property
    def iso(self) -> str:
        return self.day.isoformat()


@dataclass(frozen=True)
class Month:
    """Weeks from Monday; None where a day of another month would stand."""

    first: date
    weeks: tuple[tuple[DayCell | None, ...], ...]


def months_of(
    year: int, calendar: WorkingCalendar, own: Mapping[date, CalendarDay], today: date
) -> list[Month]:
    """The twelve months of a year."""
    return [_month(date(year, number, 1), calendar, own, today) for number in range(1, 13)]


def _month(
    first: date, calendar: WorkingCalendar, own: Mapping[date, CalendarDay], today: date
) -> Month:
    weeks = months.Calendar(firstweekday=0).monthdatescalendar(first.year, first.month)
    return Month(
        first,
        tuple(
            tuple(
                _cell(day, calendar, day in own, day == today) if day.month == first.month else None
                for day in week
            )
            for week in weeks
        ),
    )


def _cell(day: date, calendar: WorkingCalendar, own: bool, today: bool) -> DayCell:
    found = calendar.day(day)
    return DayCell(day, look_of(day, found.kind), found.name, own, today)


def look_of(day: date, kind: DayKind | None) -> str:
    """free: a holiday; makeup: a working Saturday or Sunday; weekend; work."""
    weekend = day.weekday() >= 5
    if kind is DayKind.FREE:
        return "free"
    if kind is DayKind.WORK and weekend:
        return "makeup"
    return "weekend" if weekend else "work"
