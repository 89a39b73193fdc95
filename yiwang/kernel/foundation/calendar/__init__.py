"""The working calendar: sessions of a day, official holidays and make-up days, the town's own days; limits on them.

Nouns: Limit, WorkingCalendar, Deadline (rules); WorkingHours, CalendarDay, PublishedYear (models).
Promise: the same start, limit and calendar always give the same due moment, and its trace says why.
"""

from datetime import time

from yiwang.kernel.foundation.calendar.rules import (
    DEFAULT_SESSIONS,
    DayKind,
    Deadline,
    Limit,
    LimitUnit,
    Sessions,
    WorkingCalendar,
    compute_deadline,
    due_after_pause,
    elapsed,
    extend,
    remaining,
)

__all__ = [
    "DayKind",
    "Deadline",
    "Limit",
    "LimitUnit",
    "WorkingCalendar",
    "compute_deadline",
    "due_after_pause",
    "elapsed",
    "extend",
    "load",
    "remaining",
]


def load() -> WorkingCalendar:
    """The town's calendar of this moment, kept in the process until it changes."""
    from yiwang.kernel.foundation import versions

    return versions.cached("calendar", _from_tables)


def _from_tables() -> WorkingCalendar:
    from yiwang.kernel.foundation.calendar import official
    from yiwang.kernel.foundation.calendar.models import CalendarDay, PublishedYear, WorkingHours

    own = list(CalendarDay.objects.all())
    noted = PublishedYear.objects.values_list("year", flat=True)
    return WorkingCalendar(
        sessions=DEFAULT_SESSIONS,
        changes=tuple(
            (each.valid_from, _read(each.sessions)) for each in WorkingHours.objects.all()
        ),
        days=official.days() | {each.date: DayKind(each.kind) for each in own},
        names=official.names() | {each.date: each.name for each in own},
        published_years=official.years() | frozenset(noted),
    )


def _read(sessions: list[list[str]]) -> Sessions:
    return tuple(
        (time.fromisoformat(opens), time.fromisoformat(closes)) for opens, closes in sessions
    )
