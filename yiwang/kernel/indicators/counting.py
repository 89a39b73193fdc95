"""From cases to counts: each condition of `rules.COUNT_NAMES` as a filter; days that are over come from the rollups."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from django.db.models import (
    BigIntegerField,
    Count,
    DateField,
    Exists,
    F,
    Field,
    OuterRef,
    Q,
    QuerySet,
    Sum,
    Value,
)
from django.db.models.functions import TruncMonth
from django.utils import timezone

from yiwang.kernel.accounts.models import User
from yiwang.kernel.cases.models import Case, CaseQuerySet, Clock, Report
from yiwang.kernel.cases.rules.calling import CallOutcome
from yiwang.kernel.cases.rules.stages import ClockStage, Rating, Stage
from yiwang.kernel.indicators.days import ONE, SETTLED, Days, begin_of, days_of, open_since
from yiwang.kernel.indicators.models import DayCount, TouchedDay
from yiwang.kernel.indicators.permissions import land_of
from yiwang.kernel.indicators.rules import COUNT_NAMES, FROM_VOICES, By, Period
from yiwang.kernel.territory.land import land
from yiwang.kernel.territory.rules.levels import Level

Key = int | date | None
Counts = Mapping[str, int]

CONTENT = (Rating.VERY_SATISFIED, Rating.SATISFIED, Rating.BASICALLY_SATISFIED)
_UNITS = (Stage.DISPATCHED, Stage.HANDLING)

NUMBERS = tuple(f"n_{name}" for name in COUNT_NAMES)
AREA = "area"
ROLLED: dict[By | None, str] = {By.UNIT: By.UNIT, By.CATEGORY: By.CATEGORY}
"""What rollups are divided by beside the place; all else is read from those of places (AREA)."""
ATTEMPTS = 4
"""Times a figure is asked for where what it is read from is touched meanwhile."""


def cohort(cases: CaseQuerySet, days: Days) -> list[CaseQuerySet]:
    """Return those of a period which no rollup holds: open ones, and settled ones of days that do not stand."""
    first, last = days.whole
    found = [cases.open().filter(open_since(begin_of(first), begin_of(last + ONE)))]
    if days.live:
        found.append(cases.filter(days.within_live("opened_at"), stage__in=SETTLED))
    return found


def conditions(at: datetime, on: str = "") -> dict[str, Q]:
    """Return the filter of each count of cases. `on` leads to the case ("case__")."""

    def q(**fields: object) -> Q:
        return Q(**{f"{on}{name}": value for name, value in fields.items()})

    late_open = q(stage__in=_UNITS, clock_stage=ClockStage.HANDLE, clock_due_at__lt=at)
    handled = q(handled_in_time__isnull=False)
    closed = q(stage=Stage.CLOSED)
    unchecked = q(stage=Stage.REPORTED_BACK, clock_due_at__lt=at)
    decided = ~q(stage=Stage.REPORTED)
    sent = q(dispatched_at__isnull=False, on_spot=False)
    due, due_to_close = handled | late_open, closed | unchecked | late_open
    return {
        "reported": q(pk__isnull=False),
        "decided": decided,
        "valid": decided & ~q(stage=Stage.REFUSED),
        "sent": sent,
        "sent_right": sent & q(return_count=0),
        "due": due,
        "handled": handled,
        "handled_in_time": q(handled_in_time=True),
        "late_open": late_open,
        "extended": due & q(extension_count__gt=0),
        "due_to_close": due_to_close,
        "closed": closed,
        "closed_in_time": closed & q(handled_in_time=True, checked_late=False),
        "reworked": due_to_close & q(rework_count__gt=0),
        "due_to_check": closed | unchecked,
        "checked_in_time": closed & q(checked_late=False),
    }


def voices() -> dict[str, Q]:
    """Return the filter of each count of reports: of closed cases, and of those that have been rated before."""
    silent = Q(rating="", case__stage=Stage.CLOSED)
    return {
        "rated": ~Q(rating=""),
        "satisfied": Q(rating__in=CONTENT),
        "very_satisfied": Q(rating=Rating.VERY_SATISFIED),
        "quite_satisfied": Q(rating=Rating.SATISFIED),
        "basically_satisfied": Q(rating=Rating.BASICALLY_SATISFIED),
        "dissatisfied": Q(rating=Rating.DISSATISFIED),
        "unrated": silent & Q(call_outcome=""),
        "unreachable": silent & Q(call_outcome=CallOutcome.UNREACHABLE),
        "refused_to_rate": silent & Q(call_outcome=CallOutcome.REFUSED),
    }


def tally(user: User, period: Period, at: datetime, by: By | None = None) -> dict[Key, Counts]:
    """Return the counts of a period, divided by `by`; two queries.

    Keys: a unit, division or category id, the first day of a month; None for what has none. Without `by` there is one
    key, None.
    """
    for _attempt in range(ATTEMPTS):
        days = days_of(period.first, period.last, at)
        rows = list(_rows(land_of(user, at), days, at, by))
        if not any(row[0] for row in rows):
            break  # nothing was touched between the two statements
    found: dict[Key, dict[str, int]] = defaultdict(lambda: dict.fromkeys(COUNT_NAMES, 0))
    for _touched, key, *numbers in rows:
        counts = found[_named(key, by)]
        for name, number in zip(COUNT_NAMES, numbers, strict=True):
            counts[name] += number or 0
    return dict(found) if by else {None: found[None]}


def whole(parts: Mapping[Key, Counts]) -> Counts:
    """Return the sum of all parts, however they were divided; no query."""
    return {name: sum(counts[name] for counts in parts.values()) for name in COUNT_NAMES}


def _rows(place: Q, days: Days, at: datetime, by: By | None) -> "QuerySet[Any, Any]":
    """One statement, so that a case which is closed meanwhile is found once: in the rollups or among the cases."""
    parts: list[Any] = []
    for cases in cohort(Case.objects.filter(place, confidential=False), days):
        parts += [
            counted_cases(cases, at, key=_key(by)),
            counted_voices(cases, key=_key(by, "case__")),
        ]
    if days.kept:
        rollup = DayCount.objects.filter(days.stand, place, by=ROLLED.get(by, AREA))
        parts.append(_summed(rollup, _key_of_rollup(by)))
        parts.append(_marks(days, by))
    shown: list[QuerySet[Any, Any]] = [
        part.values_list("touched", "key", *NUMBERS) for part in parts
    ]
    return shown[0].union(*shown[1:], all=True)


def counted_cases(cases: CaseQuerySet, at: datetime, **keys: Any) -> Any:
    """Return rows of `keys` and the counts of these cases; those of voices are nought."""
    late_check = Clock.objects.filter(
        case=OuterRef("pk"), stage=ClockStage.VERIFY, stopped_at__gt=F("due_at")
    )
    counts = {f"n_{name}": Count("pk", filter=q) for name, q in conditions(at).items()}
    rows = cases.annotate(checked_late=Exists(late_check), **keys).values(*keys).order_by()
    return rows.annotate(**counts, **_noughts(FROM_VOICES))


def counted_voices(cases: CaseQuerySet, **keys: Any) -> Any:
    """Return rows of `keys` and what the voices of these cases said; the counts of cases are nought."""
    said = Report.objects.filter(Q(case__stage=Stage.CLOSED) | ~Q(rating=""), case__in=cases)
    counts = {f"n_{name}": Count("pk", filter=q) for name, q in voices().items()}
    rows = said.annotate(**keys).values(*keys).order_by()
    return rows.annotate(**counts, **_noughts(set(COUNT_NAMES) - set(FROM_VOICES)))


def _noughts(names: Iterable[str]) -> dict[str, Any]:
    nought: dict[str, Any] = {f"n_{name}": Value(0) for name in names}
    return nought | {"touched": Value(False)}


def _summed(rollup: "QuerySet[Any, Any]", key: Any) -> Any:
    sums = {f"n_{name}": Sum(name) for name in COUNT_NAMES}
    rows = rollup.annotate(key_=key).values("key_").order_by()
    return rows.annotate(key=F("key_"), touched=Value(False), **sums)


def _marks(days: Days, by: By | None) -> "QuerySet[Any, Any]":
    """A row for each mark on a day that was to be read from the rollups."""
    kind: Field[Any, Any] = DateField() if by is By.MONTH else BigIntegerField()
    noughts: dict[str, Any] = {f"n_{name}": Value(0) for name in COUNT_NAMES}
    return TouchedDay.objects.filter(days.stand).annotate(
        touched=Value(True), key=Value(None, output_field=kind), **noughts
    )


def _key(by: By | None, on: str = "") -> Any:
    if by is None:
        return Value(None, output_field=BigIntegerField())
    if by is By.MONTH:
        zone = timezone.get_default_timezone()
        return TruncMonth(f"{on}opened_at", tzinfo=zone, output_field=DateField())
    columns = {By.UNIT: "lead_unit_id", By.CATEGORY: "category_id"}
    return F(f"{on}{columns.get(by, 'area_id')}")


def _key_of_rollup(by: By | None) -> Any:
    if by is None:
        return Value(None, output_field=BigIntegerField())
    if by is By.MONTH:
        return TruncMonth("day", output_field=DateField())
    return F("key" if by in ROLLED else "area_id")


def _named(key: Key, by: By | None) -> Key:
    if not isinstance(key, int):
        return key
    if by is By.COMMUNITY:
        return _at_level(key, Level.COMMUNITY)
    return _at_level(key, Level.GRID) if by is By.GRID else key


def _at_level(division_id: int, level: Level) -> int | None:
    """Return the division of that level which holds this one, None for a place that lies higher."""
    places = land().places
    place = places.get(division_id)
    above: Iterable[int] = (int(part) for part in place.path.split("/") if part) if place else ()
    return next((key for key in above if key in places and places[key].level is level), None)
