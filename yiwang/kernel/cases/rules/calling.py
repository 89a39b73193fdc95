"""Calling a voice back for its rating: when to try, when to give up. Pure; the town's calendar is an argument."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from yiwang.kernel.foundation.calendar.rules import WorkingCalendar
from yiwang.kernel.foundation.sentences import N_

TRIES_AT_MOST = 3
"""Tries in different half-days; after the last in vain the voice is "unreachable", which is no rating."""

NOON = time(12)
SEARCH_DAYS = 366


class Heard(StrEnum):
    """What a call brings beside a rating: nobody, a no, or "another time"."""

    NOBODY = "not_reached"
    REFUSED = "refused"
    LATER = "later"


class CallOutcome(StrEnum):
    """How the calls of one result ended without a rating; silence is neither yes nor no."""

    UNREACHABLE = "unreachable"
    REFUSED = "refused"


OUTCOME_NAMES: dict[str, str] = {
    CallOutcome.UNREACHABLE: N_("联系不上"),
    CallOutcome.REFUSED: N_("不愿评价"),
}


@dataclass(frozen=True, order=True)
class HalfDay:
    """A morning or an afternoon, by the town's working hours."""

    day: date
    afternoon: bool = False


@dataclass(frozen=True)
class Tried:
    """What a try in vain leads to. `counted` is False for another one in the same half-day."""

    counted: bool
    tries: int
    next_at: datetime | None
    outcome: CallOutcome | None = None


def half_day(at: datetime, calendar: WorkingCalendar) -> HalfDay:
    """Return the half-day of a moment: the afternoon begins when work begins again after noon.

    A free day has its halves too: who calls on a Saturday has tried.
    """
    local = calendar.local(at)
    return HalfDay(local.date(), local.time() >= _afternoon_begins(local.date(), calendar))


def begin_of(half: HalfDay, calendar: WorkingCalendar) -> datetime:
    """Return the first moment of a half-day; a morning begins at midnight."""
    begins = _afternoon_begins(half.day, calendar) if half.afternoon else time()
    return calendar.aware(datetime.combine(half.day, begins))


def next_half_day(at: datetime, calendar: WorkingCalendar) -> datetime:
    """Return when work opens in the next working half-day after the one of `at`."""
    now = half_day(at, calendar)
    for half, opens in _openings(now.day, calendar):
        if half > now:
            return calendar.aware(opens)
    raise ValueError("the calendar has no working days")


def after_nobody(
    tries: int, last_at: datetime | None, at: datetime, calendar: WorkingCalendar
) -> Tried:
    """Return what follows when nobody answers.

    Another try in the half-day of the last one is written down, since it was made, but it is not one of the three:
    whoever is not at home at nine is not at home at half past nine either.
    """
    again = last_at is not None and half_day(last_at, calendar) >= half_day(at, calendar)
    if again:
        return Tried(counted=False, tries=tries, next_at=next_half_day(at, calendar))
    if tries + 1 >= TRIES_AT_MOST:
        return Tried(True, tries + 1, None, CallOutcome.UNREACHABLE)
    return Tried(True, tries + 1, next_half_day(at, calendar))


def _afternoon_begins(day: date, calendar: WorkingCalendar) -> time:
    after = [opens for opens, _closes in calendar.sessions_on(day) if opens >= NOON]
    return min(after, default=NOON)


def _openings(first: date, calendar: WorkingCalendar) -> Iterator[tuple[HalfDay, datetime]]:
    """The openings of working days, each with its half-day. One long session opens again at noon."""
    for offset in range(SEARCH_DAYS):
        day = first + timedelta(days=offset)
        sessions = calendar.day(day).sessions
        noon = datetime.combine(day, _afternoon_begins(day, calendar))
        for opens, closes in sessions:
            yield HalfDay(day, opens >= noon), opens
            if opens < noon < closes:
                yield HalfDay(day, afternoon=True), noon
