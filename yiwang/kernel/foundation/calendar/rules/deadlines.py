"""When a limit is over and why: the walk along the calendar, told in sentences."""

from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from yiwang.kernel.foundation.calendar.rules.limits import Limit, LimitUnit
from yiwang.kernel.foundation.calendar.rules.working import (
    NOTHING,
    ONE_DAY,
    DayKind,
    WorkingCalendar,
    days_later,
    forward,
    next_working_moment,
    working_time,
)
from yiwang.kernel.foundation.sentences import N_, Param, Sentence

_COUNTED = {
    LimitUnit.HOUR: N_("时限 %(limit)s：只计工作时间"),
    LimitUnit.WORKDAY: N_("时限 %(limit)s：逐个工作日计算，到期日的同一时刻"),
    LimitUnit.URGENT_HOUR: N_("时限 %(limit)s：夜间和节假日照常计时"),
    LimitUnit.URGENT_WORKDAY: N_("时限 %(limit)s：每日按 24 小时计，夜间和节假日照常计时"),
}


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
        Sentence(_COUNTED[limit.unit], {"limit": limit.as_sentence()}),
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
    return working_time(calendar.local(start), calendar.local(end), calendar)


def remaining(
    now: datetime, due: datetime, unit: LimitUnit, calendar: WorkingCalendar
) -> timedelta:
    """Counted time left; negative by the counted time it is late."""
    if now <= due:
        return elapsed(now, due, unit, calendar)
    return -elapsed(due, now, unit, calendar)


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
    first = next_working_moment(local, calendar)
    if limit.unit is LimitUnit.HOUR:
        moment = forward(first, timedelta(hours=limit.amount), calendar)
    else:
        moment = days_later(first, limit.amount, calendar)
    return _explained(local, first, moment, calendar)


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
        moment = days_later(local, days, calendar) if days else local
    if rest:
        moment = forward(moment, rest, calendar)
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
