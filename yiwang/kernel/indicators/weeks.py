"""What came, was closed and ran late, week by week; days that are over come from the rollups."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import (
    CharField,
    Count,
    DateField,
    Exists,
    F,
    OuterRef,
    Q,
    QuerySet,
    Sum,
    Value,
)
from django.db.models.functions import TruncWeek
from django.utils import timezone

from yiwang.kernel.accounts.models import User
from yiwang.kernel.cases.models import Case, Clock
from yiwang.kernel.cases.rules.stages import OPEN_STAGES, Stage, TaskRole
from yiwang.kernel.indicators.counting import AREA, ATTEMPTS
from yiwang.kernel.indicators.days import SETTLED, Days, begin_of, day_of, days_of, open_since
from yiwang.kernel.indicators.models import DayCount, DayFlow, TouchedDay
from yiwang.kernel.indicators.permissions import land_of

WEEKS = 8
_TICK = timedelta(microseconds=1)
Rows = QuerySet[Any, Any]


@dataclass(frozen=True)
class Week:
    """Monday to Sunday; the last one is not over yet."""

    monday: date
    reported: int
    closed: int
    late: int


def weeks(user: User, at: datetime, count: int = WEEKS) -> list[Week]:
    """Return the last weeks, this one last; two queries over their time only.

    Late are the cases of which a limit ended within the week before the work was done.
    """
    today = day_of(at)
    this = today - timedelta(days=today.weekday())
    mondays = [this - timedelta(weeks=back) for back in range(count - 1, -1, -1)]
    for _attempt in range(ATTEMPTS):
        days = days_of(mondays[0], today, at)
        rows = list(_rows(user, days, at))
        if not any(what == TOUCHED for what, _week, _number in rows):
            break  # nothing was touched between the two statements
    found: dict[tuple[str, date], int] = defaultdict(int)
    for what, week, number in rows:
        found[what, week] += number
    return [Week(m, found["reported", m], found["closed", m], found["late", m]) for m in mondays]


TOUCHED = "touched"


def _rows(user: User, days: Days, at: datetime) -> Rows:
    """One statement: what, the Monday of its week, how many."""
    parts = [*_of_open(user, days.whole[0], at)]
    if days.live:
        parts += _of_settled(user, days, at)
    if days.kept:
        parts += _kept(land_of(user, at), days)
    return parts[0].union(*parts[1:], all=True)


def _of_open(user: User, first: date, at: datetime) -> list[Rows]:
    begin = begin_of(first)
    cases = Case.objects.filter(land_of(user, at), confidential=False).open()
    running = land_of(user, at, on="case__") & Q(case__stage__in=OPEN_STAGES)
    return [
        _by_week(cases.filter(open_since(begin, at + _TICK)), "reported", "opened_at"),
        _by_week(ran_late(running, begin, at), "late", "due_at", "case"),
    ]


def _of_settled(user: User, days: Days, at: datetime) -> list[Rows]:
    cases = Case.objects.filter(land_of(user, at), confidential=False, stage__in=SETTLED)
    opened = cases.filter(days.within_live("opened_at"), opened_at__lte=at)
    closed = cases.filter(days.within_live("closed_at"), closed_at__lte=at, stage=Stage.CLOSED)
    where = land_of(user, at, on="case__") & Q(case__stage__in=SETTLED)
    begin = begin_of(days.live[0][0])
    late = ran_late(where & days.within_live("due_at"), begin, at)
    return [
        _by_week(opened, "reported", "opened_at"),
        _by_week(closed, "closed", "closed_at"),
        _by_week(first_of_its_week(late, begin, at), "late", "due_at", "case"),
    ]


def _kept(place: Q, days: Days) -> list[Rows]:
    counts = DayCount.objects.filter(days.stand, place, by=AREA)
    flows = DayFlow.objects.filter(days.stand, place)
    day = Value(None, output_field=DateField())
    marks = TouchedDay.objects.filter(days.stand).annotate(
        what=_word(TOUCHED), week=day, number=Value(0)
    )
    return [
        _summed(counts, "reported"),
        _summed(flows, "closed"),
        _summed(flows, "late"),
        marks.values_list("what", "week", "number"),
    ]


def ran_late(where: Q, begin: datetime, end: datetime) -> "QuerySet[Clock]":
    """Return the clocks that show on lists (not those of assisting units) and ended before their work did."""
    return _late().filter(where, case__confidential=False, due_at__gte=begin, due_at__lt=end)


def first_of_its_week(
    clocks: "QuerySet[Clock]", begin: datetime, end: datetime
) -> "QuerySet[Clock]":
    """Leave only the first late clock of a case in each week, so that days add up to weeks without a case twice.

    All of the clocks are due from `begin` to `end`.
    """
    before = (
        _late()
        .filter(
            case=OuterRef("case"),
            due_at__gte=OuterRef("its_week"),
            due_at__lt=OuterRef("due_at"),
        )
        .filter(due_at__gte=begin - timedelta(weeks=1), due_at__lt=end)
    )
    its_week = TruncWeek("due_at", tzinfo=timezone.get_default_timezone())
    return clocks.annotate(its_week=its_week).filter(~Exists(before))


def _late() -> "QuerySet[Clock]":
    return Clock.objects.filter(
        Q(stopped_at__isnull=True, paused_at__isnull=True) | Q(stopped_at__gt=F("due_at")),
        Q(task__isnull=True) | Q(task__role=TaskRole.LEAD),
    )


def _by_week(rows: Rows, what: str, moment: str, counted: str = "pk") -> Rows:
    zone = timezone.get_default_timezone()
    week = TruncWeek(moment, tzinfo=zone, output_field=DateField())
    of_weeks: Rows = rows.annotate(week=week).values("week").order_by()
    number = Count(counted, distinct=True)
    of_weeks = of_weeks.annotate(what=_word(what), number=number)
    return of_weeks.values_list("what", "week", "number")


def _summed(rollup: Rows, what: str) -> Rows:
    week = TruncWeek("day", output_field=DateField())
    of_weeks: Rows = rollup.annotate(week=week).values("week").order_by()
    of_weeks = of_weeks.annotate(what=_word(what), number=Sum(what))
    return of_weeks.values_list("what", "week", "number")


def _word(what: str) -> Value:
    return Value(what, output_field=CharField())
