"""From cases to counts: each condition of `rules.COUNT_NAMES` as a filter, counted in two queries."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, datetime, time, timedelta

from django.db.models import CharField, Count, Exists, F, OuterRef, Q, Value
from django.db.models.expressions import BaseExpression, Combinable
from django.db.models.functions import TruncMonth
from django.utils import timezone

from yiwang.kernel.accounts.models import User
from yiwang.kernel.cases.models import CaseQuerySet, Clock, Report
from yiwang.kernel.cases.rules.calling import CallOutcome
from yiwang.kernel.cases.rules.stages import ClockStage, Rating, Stage
from yiwang.kernel.indicators.permissions import counted
from yiwang.kernel.indicators.rules import COUNT_NAMES, FROM_VOICES, By, Period
from yiwang.kernel.territory.land import land
from yiwang.kernel.territory.rules.levels import Level

Key = int | date | None
Counts = Mapping[str, int]

CONTENT = (Rating.VERY_SATISFIED, Rating.SATISFIED, Rating.BASICALLY_SATISFIED)
_UNITS = (Stage.DISPATCHED, Stage.HANDLING)


def edges(period: Period) -> tuple[datetime, datetime]:
    """Return the first moment of a period and the first moment after it, on the town's clock."""
    zone = timezone.get_default_timezone()
    begin = datetime.combine(period.first, time(), zone)
    return begin, datetime.combine(period.last + timedelta(days=1), time(), zone)


def cohort(user: User, period: Period, at: datetime) -> CaseQuerySet:
    """Return the cases of a period: reported within it, on the reader's land."""
    begin, end = edges(period)
    cases = counted(user, at).filter(opened_at__gte=begin, opened_at__lt=end)
    return cases.exclude(stage__in=[Stage.MERGED, Stage.VOID])


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
    cases = cohort(user, period, at)
    late_check = Clock.objects.filter(
        case=OuterRef("pk"), stage=ClockStage.VERIFY, stopped_at__gt=F("due_at")
    )
    rows = (
        cases.annotate(key=_key(by), checked_late=Exists(late_check))
        .values("key")
        .annotate(**{f"n_{name}": Count("pk", filter=q) for name, q in conditions(at).items()})
        .order_by()
    )
    found: dict[Key, dict[str, int]] = defaultdict(lambda: dict.fromkeys(COUNT_NAMES, 0))
    for row in rows:
        counts = found[_named(row.pop("key"), by)]
        for name, number in row.items():
            counts[name.removeprefix("n_")] += number
    _add_voices(found, cases, by)
    return dict(found) if by else {None: found[None]}


def _add_voices(found: dict[Key, dict[str, int]], cases: CaseQuerySet, by: By | None) -> None:
    rows = (
        Report.objects.filter(Q(case__stage=Stage.CLOSED) | ~Q(rating=""), case__in=cases)
        .annotate(key=_key(by, "case__"))
        .values("key")
        .annotate(**{f"n_{name}": Count("pk", filter=q) for name, q in voices().items()})
        .order_by()
    )
    for row in rows:
        counts = found[_named(row["key"], by)]
        for name in FROM_VOICES:
            counts[name] += row[f"n_{name}"]


def _key(by: By | None, on: str = "") -> BaseExpression | Combinable:
    if by is None:
        return Value(None, output_field=CharField())
    if by is By.MONTH:
        return TruncMonth(f"{on}opened_at", tzinfo=timezone.get_default_timezone())
    columns = {By.UNIT: "lead_unit_id", By.CATEGORY: "category_id"}
    return F(f"{on}{columns.get(by, 'area_id')}")


def _named(key: int | datetime | None, by: By | None) -> Key:
    if isinstance(key, datetime):
        return timezone.localtime(key, timezone.get_default_timezone()).date()
    if by is By.COMMUNITY and key is not None:
        return _at_level(key, Level.COMMUNITY)
    return _at_level(key, Level.GRID) if by is By.GRID and key is not None else key


def _at_level(division_id: int, level: Level) -> int | None:
    """Return the division of that level which holds this one, None for a place that lies higher."""
    places = land().places
    place = places.get(division_id)
    above: Iterable[int] = (int(part) for part in place.path.split("/") if part) if place else ()
    return next((key for key in above if key in places and places[key].level is level), None)
