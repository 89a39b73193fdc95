"""Limits and when they end. Pure: the calendar is an argument, every moment is aware.

小时 counts working time only; 天 is n working days later at the same clock time; 紧急工作时 and 紧急工作日 run through nights
and holidays (domain rules of municipal case handling). The zone must not change its clocks, as China's has not
since 1991: working time is counted on the wall clock.
"""

import re
from bisect import bisect_right
from collections.abc import Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from yiwang.kernel.foundation.sentences import N_, Param, Sentence

SHANGHAI = ZoneInfo("Asia/Shanghai")
Sessions = tuple[tuple[time, time], ...]
DEFAULT_SESSIONS: Sessions = ((time(8), time(12)), (time(14), time(18)))
ONE_DAY = timedelta(days=1)
NOTHING = timedelta(0)
SEARCH_DAYS = 3660  # a calendar without a working day in ten years is a wrong calendar


class LimitUnit(StrEnum):
    """What a limit is counted in."""

    HOUR = "hour"
    WORKDAY = "workday"
    URGENT_HOUR = "urgent_hour"
    URGENT_WORKDAY = "urgent_workday"

    @property
    def is_urgent(self) -> bool:
        return self in (LimitUnit.URGENT_HOUR, LimitUnit.URGENT_WORKDAY)


class DayKind(StrEnum):
    """A day that differs from its weekday."""

    WORK = "work"
    FREE = "free"


_WRITTEN = {
    "小时": LimitUnit.HOUR,
    "工作时": LimitUnit.HOUR,
    "天": LimitUnit.WORKDAY,
    "日": LimitUnit.WORKDAY,
    "工作日": LimitUnit.WORKDAY,
    "个工作日": LimitUnit.WORKDAY,
    "紧急工作时": LimitUnit.URGENT_HOUR,
    "紧急工作日": LimitUnit.URGENT_WORKDAY,
}
_TEXT = {
    LimitUnit.HOUR: "小时",
    LimitUnit.WORKDAY: "天",
    LimitUnit.URGENT_HOUR: "紧急工作时",
    LimitUnit.URGENT_WORKDAY: "紧急工作日",
}
_SENTENCE = {
    LimitUnit.HOUR: N_("%(amount)s 工作小时"),
    LimitUnit.WORKDAY: N_("%(amount)s 个工作日"),
    LimitUnit.URGENT_HOUR: N_("%(amount)s 紧急工作时"),
    LimitUnit.URGENT_WORKDAY: N_("%(amount)s 紧急工作日"),
}
_COUNTED = {
    LimitUnit.HOUR: N_("时限 %(amount)s 工作小时：只计工作时间"),
    LimitUnit.WORKDAY: N_("时限 %(amount)s 个工作日：到第 %(amount)s 个工作日的同一时刻"),
    LimitUnit.URGENT_HOUR: N_("时限 %(amount)s 紧急工作时：夜间和节假日照常计时"),
    LimitUnit.URGENT_WORKDAY: N_(
        "时限 %(amount)s 紧急工作日：每日按 24 小时计，夜间和节假日照常计时"
    ),
}


@dataclass(frozen=True)
class Limit:
    """So much of a unit; the amount is at least 1."""

    amount: int
    unit: LimitUnit

    def __post_init__(self) -> None:
        if self.amount < 1:
            raise ValueError("a limit is at least 1")

    @classmethod
    def parse(cls, text: str) -> "Limit":
        """Read `4小时`, `2紧急工作时`, `5天`, `2紧急工作日`, `3工作日`.

        Raises:
            ValueError: no such form.
        """
        found = re.fullmatch(r"\s*(\d{1,4})\s*(\D+?)\s*", text, re.ASCII)
        if not found or found[2] not in _WRITTEN:
            raise ValueError(f"{text!r} is not a limit like 4小时, 5天, 2紧急工作时")
        return cls(int(found[1]), _WRITTEN[found[2]])

    def as_text(self) -> str:
        """The form `parse` reads; for files, not for screens."""
        return f"{self.amount}{_TEXT[self.unit]}"

    def as_sentence(self) -> Sentence:
        """For screens, in the reader's language."""
        return Sentence(_SENTENCE[self.unit], {"amount": self.amount})

    @property
    def urgent_span(self) -> timedelta:
        """Wall time of an urgent limit: an hour is 60 minutes, a day 24 hours."""
        hours = self.amount * (24 if self.unit is LimitUnit.URGENT_WORKDAY else 1)
        return timedelta(hours=hours)


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
    if any(later <= earlier for earlier, later in zip(edges, edges[1:], strict=False)):
        raise ValueError("sessions must ascend and not overlap")


@dataclass(frozen=True)
class Deadline:
    """When a limit that began at `start` is over, and why. `provisional`: a year it reaches is not yet published."""

    start: datetime
    due: datetime
    limit: Limit
    trace: tuple[Sentence, ...]
    provisional: bool


def compute_deadline(start: datetime, limit: Limit, calendar: WorkingCalendar) -> Deadline:
    """When a limit is over; `due` is in the calendar's zone. A start outside working time counts from the next
    working moment, except for urgent limits."""
    local = calendar.local(start)
    reached = _add(local, limit, calendar)
    trace = (
        Sentence(N_("从 %(moment)s 起算"), {"moment": _shown(local)}),
        Sentence(_COUNTED[limit.unit], {"amount": limit.amount}),
        *reached.why,
        Sentence(N_("到期时间 %(moment)s"), {"moment": _shown(reached.moment)}),
    )
    return Deadline(start, calendar.aware(reached.moment), limit, trace, reached.provisional)


def extend(deadline: Deadline, calendar: WorkingCalendar) -> Deadline:
    """The limit once more, counted from the old due moment."""
    local = calendar.local(deadline.due)
    reached = _add(local, deadline.limit, calendar)
    trace = (
        *deadline.trace,
        Sentence(
            N_("延期一次，从原到期时间再加 %(limit)s"), {"limit": deadline.limit.as_sentence()}
        ),
        *reached.why,
        Sentence(N_("延期后到期时间 %(moment)s"), {"moment": _shown(reached.moment)}),
    )
    provisional = deadline.provisional or reached.provisional
    return Deadline(
        deadline.start, calendar.aware(reached.moment), deadline.limit, trace, provisional
    )


def due_after_pause(
    start: datetime,
    limit: Limit,
    pauses: Sequence[tuple[datetime, datetime]],
    calendar: WorkingCalendar,
    *,
    extensions: int = 0,
) -> Deadline:
    """The deadline of a clock that stood still in each pause: due moves by the counted time lost.

    Pauses do not overlap; one that begins after the due moment changes nothing. Extensions come first.
    """
    deadline = compute_deadline(start, limit, calendar)
    for _ in range(extensions):
        deadline = extend(deadline, calendar)
    for begin, end in sorted(pauses):
        deadline = _paused(deadline, max(begin, start), end, calendar)
    return deadline


def elapsed(
    start: datetime, end: datetime, unit: LimitUnit, calendar: WorkingCalendar
) -> timedelta:
    """Counted time from start to end (nothing when end is not later): working time, or wall time when urgent."""
    if end <= start:
        return NOTHING
    if unit.is_urgent:
        return end.astimezone(UTC) - start.astimezone(UTC)
    return _working_time(calendar.local(start), calendar.local(end), calendar)


def remaining(
    now: datetime, due: datetime, unit: LimitUnit, calendar: WorkingCalendar
) -> timedelta:
    """Counted time left; negative by the counted time it is late."""
    if now <= due:
        return elapsed(now, due, unit, calendar)
    return -elapsed(due, now, unit, calendar)


# --- inside -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Reached:
    """Where a walk ended (naive local), what it met, and whether it met a year not yet published."""

    moment: datetime
    why: tuple[Sentence, ...]
    provisional: bool


def _add(local: datetime, limit: Limit, calendar: WorkingCalendar) -> _Reached:
    if limit.unit.is_urgent:
        moment = calendar.local(calendar.aware(local).astimezone(UTC) + limit.urgent_span)
        return _Reached(moment, (), False)
    first = _next_working_moment(local, calendar)
    if limit.unit is LimitUnit.HOUR:
        moment = _forward(first, timedelta(hours=limit.amount), calendar)
    else:
        moment = _days_later(first, limit.amount, calendar)
    return _explained(local, first, moment, calendar)


def _next_working_moment(local: datetime, calendar: WorkingCalendar) -> datetime:
    """The moment itself within a session (its end excluded), else the opening of the next session."""
    for day in _days_from(local.date(), calendar):
        for opens, closes in day.sessions:
            if local < closes:
                return max(local, opens)
    raise AssertionError("unreachable")


def _forward(local: datetime, span: timedelta, calendar: WorkingCalendar) -> datetime:
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


def _days_later(local: datetime, amount: int, calendar: WorkingCalendar) -> datetime:
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


def _working_time(start: datetime, end: datetime, calendar: WorkingCalendar) -> timedelta:
    total, day, last = NOTHING, start.date(), end.date()
    while day <= last:
        for opens, closes in calendar.day(day).sessions:
            length = min(closes, end) - max(opens, start)
            if length > NOTHING:
                total += length
        day += ONE_DAY
    return total


def _paused(
    deadline: Deadline, begin: datetime, end: datetime, calendar: WorkingCalendar
) -> Deadline:
    if begin >= deadline.due or end <= begin:
        return deadline
    lost = elapsed(begin, end, deadline.limit.unit, calendar)
    local = calendar.local(deadline.due)
    reached = _later_by(local, lost, deadline.limit.unit, calendar)
    span: dict[str, Param] = {
        "begin": _shown(calendar.local(begin)),
        "end": _shown(calendar.local(end)),
        "lost": _shown_span(lost),
    }
    trace = (
        *deadline.trace,
        Sentence(N_("%(begin)s 至 %(end)s 暂停计时，顺延 %(lost)s"), span),
        *reached.why,
        Sentence(N_("顺延后到期时间 %(moment)s"), {"moment": _shown(reached.moment)}),
    )
    provisional = (
        deadline.provisional
        or reached.provisional
        or _met_unpublished(begin, end, deadline.limit.unit, calendar)
    )
    return Deadline(
        deadline.start, calendar.aware(reached.moment), deadline.limit, trace, provisional
    )


def _later_by(
    local: datetime, lost: timedelta, unit: LimitUnit, calendar: WorkingCalendar
) -> _Reached:
    """Move a due moment by lost counted time; whole working days keep the clock time of a 天 limit."""
    if unit.is_urgent:
        return _Reached(local + lost, (), False)
    if not lost:
        return _Reached(local, (), False)
    moment, rest = local, lost
    if unit is LimitUnit.WORKDAY:
        days, rest = divmod(lost, calendar.working_time_of(local.date()))
        moment = _days_later(local, days, calendar) if days else local
    if rest:
        moment = _forward(moment, rest, calendar)
    return _explained(local, local, moment, calendar)


def _met_unpublished(
    begin: datetime, end: datetime, unit: LimitUnit, calendar: WorkingCalendar
) -> bool:
    if unit.is_urgent:
        return False
    years = range(calendar.local(begin).year, calendar.local(end).year + 1)
    return any(year not in calendar.published_years for year in years)


def _explained(
    local: datetime, first: datetime, moment: datetime, calendar: WorkingCalendar
) -> _Reached:
    """Say what the walk from `local` over `first` to `moment` skipped."""
    why: list[Sentence] = []
    if first != local:
        said: dict[str, Param] = {"moment": _shown(first)}
        why.append(Sentence(N_("起算时不在工作时间，从下一个工作时刻 %(moment)s 开始计时"), said))
    unpublished: list[int] = []
    if local.date() != moment.date():
        why.extend(_days_met(local.date(), moment.date(), calendar, unpublished))
    elif not calendar.day(local.date()).published:
        unpublished.append(local.year)
    why.extend(
        Sentence(N_("%(year)s 年的放假安排尚未公布，暂按周末休息计算"), {"year": str(year)})
        for year in unpublished
    )
    return _Reached(moment, tuple(why), bool(unpublished))


def _days_met(
    first: date, last: date, calendar: WorkingCalendar, unpublished: list[int]
) -> Iterator[Sentence]:
    """Yield what was special between two days; collects years not yet published on the way."""
    weekend = 0
    run: list[date] = []
    day = first
    while day <= last:
        found = calendar.day(day)
        if not found.published and day.year not in unpublished:
            unpublished.append(day.year)
        if found.sessions:
            if run:
                weekend += yield from _run_told(run, calendar)
                run = []
            if found.kind is DayKind.WORK and day.weekday() >= 5:
                yield Sentence(N_("%(day)s 调休上班，照常计时"), {"day": day.isoformat()})
        else:
            run.append(day)
        day += ONE_DAY
    if run:
        weekend += yield from _run_told(run, calendar)
    if weekend:
        yield Sentence(N_("跳过周末休息 %(count)s 天"), {"count": weekend})


def _run_told(run: list[date], calendar: WorkingCalendar) -> Generator[Sentence, None, int]:
    """Tell of free days in a row when one is more than a weekend; return how many plain weekend days they were."""
    special = [day for day in run if calendar.day(day).kind is DayKind.FREE]
    if not special:
        return len(run)
    name = next((calendar.day(day).name for day in special if calendar.day(day).name), "")
    said: dict[str, Param] = {
        "first": run[0].isoformat(),
        "last": run[-1].isoformat(),
        "name": Sentence(name or N_("放假")),
    }
    yield Sentence(N_("跳过%(name)s %(first)s 至 %(last)s"), said)
    return 0


def _shown(local: datetime) -> str:
    return local.isoformat(" ", "minutes")


def _shown_span(span: timedelta) -> Param:
    hours, minutes = divmod(int(span.total_seconds()) // 60, 60)
    return Sentence(N_("%(hours)s 小时 %(minutes)s 分"), {"hours": hours, "minutes": minutes})
