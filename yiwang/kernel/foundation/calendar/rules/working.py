"""Which moments are working time: sessions of a day, days that differ from their weekday, walks along them."""

import itertools
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")
Sessions = tuple[tuple[time, time], ...]
DEFAULT_SESSIONS: Sessions = ((time(8), time(12)), (time(14), time(18)))
ONE_DAY = timedelta(days=1)
NOTHING = timedelta(0)
SEARCH_DAYS = 3660  # a calendar without a working day in ten years is a wrong calendar


class DayKind(StrEnum):
    """A day that differs from its weekday."""

    WORK = "work"
    FREE = "free"


@dataclass(frozen=True)
class Day:
    """One day's working sessions as naive local moments (empty on a free day), and why it is as it is."""

    sessions: tuple[tuple[datetime, datetime], ...]
    kind: DayKind | None
    name: str
    published: bool

    @property
    def works(self) -> bool:
        return bool(self.sessions)


@dataclass(frozen=True)
class WorkingCalendar:
    """Working sessions of a day, the days that differ from their weekday, and the years officially published.

    `changes` holds later sessions by the day they begin, ascending; `names` the holiday's name where known.
    """

    sessions: Sessions = DEFAULT_SESSIONS
    days: Mapping[date, DayKind] = field(default_factory=dict)
    published_years: frozenset[int] = frozenset()
    zone: ZoneInfo = SHANGHAI
    changes: tuple[tuple[date, Sessions], ...] = ()
    names: Mapping[date, str] = field(default_factory=dict)
    _seen: dict[date, Day] = field(default_factory=dict, init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        for sessions in (self.sessions, *(later for _, later in self.changes)):
            check_sessions(sessions)

    def day(self, day: date) -> Day:
        """What kind of day it is; computed once per day."""
        seen = self._seen.get(day)
        if seen is None:
            seen = self._seen[day] = self._look_up(day)
        return seen

    def _look_up(self, day: date) -> Day:
        kind = self.days.get(day)
        works = kind is DayKind.WORK if kind else day.weekday() < 5
        sessions = tuple(
            (datetime.combine(day, opens), datetime.combine(day, closes))
            for opens, closes in (self.sessions_on(day) if works else ())
        )
        published = kind is not None or day.year in self.published_years
        return Day(sessions, kind, self.names.get(day, ""), published)

    def sessions_on(self, day: date) -> Sessions:
        """Working hours in force on a day, were it a working day."""
        index = bisect_right([begins for begins, _ in self.changes], day)
        return self.changes[index - 1][1] if index else self.sessions

    def working_time_of(self, day: date) -> timedelta:
        """Length of a full working day under the hours in force."""
        return sum(
            (
                datetime.combine(day, closes) - datetime.combine(day, opens)
                for opens, closes in self.sessions_on(day)
            ),
            NOTHING,
        )

    def local(self, moment: datetime) -> datetime:
        """Naive wall-clock moment in the town's zone."""
        if moment.tzinfo is None:
            raise ValueError("a moment without a zone")
        return moment.astimezone(self.zone).replace(tzinfo=None)

    def aware(self, local: datetime) -> datetime:
        return local.replace(tzinfo=self.zone)


def check_sessions(sessions: Sessions) -> None:
    """Raise ValueError unless there is at least one session and they ascend without touching midnight twice."""
    if not sessions:
        raise ValueError("a working day needs at least one session")
    edges = [edge for session in sessions for edge in session]
    if any(later <= earlier for earlier, later in itertools.pairwise(edges)):
        raise ValueError("sessions must ascend and not overlap")


def next_working_moment(local: datetime, calendar: WorkingCalendar) -> datetime:
    """The moment itself within a session (its end excluded), else the opening of the next session."""
    for day in _days_from(local.date(), calendar):
        for opens, closes in day.sessions:
            if local < closes:
                return max(local, opens)
    raise AssertionError("unreachable")


def forward(local: datetime, span: timedelta, calendar: WorkingCalendar) -> datetime:
    """Working time later: the earliest moment by which `span` of working time has passed."""
    left = span
    for day in _days_from(local.date(), calendar):
        for opens, closes in day.sessions:
            begins = local if local > opens else opens
            if begins < closes:
                length = closes - begins
                if left <= length:
                    return begins + left
                left -= length
    raise AssertionError("unreachable")


def days_later(local: datetime, amount: int, calendar: WorkingCalendar) -> datetime:
    """The same clock time on the `amount`-th working day after."""
    left = amount
    day = local.date()
    for _ in range(SEARCH_DAYS + 2 * amount):
        day += ONE_DAY
        if calendar.day(day).sessions:
            left -= 1
            if not left:
                return datetime.combine(day, local.time())
    raise ValueError("the calendar has no working days")


def _days_from(day: date, calendar: WorkingCalendar) -> Iterator[Day]:
    idle = 0
    while idle < SEARCH_DAYS:
        found = calendar.day(day)
        idle = 0 if found.sessions else idle + 1
        yield found
        day += ONE_DAY
    raise ValueError("the calendar has no working days")


def working_time(start: datetime, end: datetime, calendar: WorkingCalendar) -> timedelta:
    total, day, last = NOTHING, start.date(), end.date()
    while day <= last:
        for opens, closes in calendar.day(day).sessions:
            length = min(closes, end) - max(opens, start)
            if length > NOTHING:
                total += length
        day += ONE_DAY
    return total
