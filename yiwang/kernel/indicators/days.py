"""Which days of a stretch stand in the rollups, and which are counted from the cases themselves.

A day stands once it is over and counted, until something of it is touched (the marks of migration 0002); the worker
counts it again, and it stands. Everything else is counted as it is asked for.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import reduce
from operator import or_

from django.db.models import DateTimeField, Exists, ExpressionWrapper, F, OuterRef, Q
from django.db.models.lookups import GreaterThanOrEqual, LessThan
from django.utils import timezone

from yiwang.kernel.cases.rules.stages import Stage
from yiwang.kernel.indicators.models import CountedDay, TouchedDay

SETTLED = (Stage.CLOSED, Stage.REFUSED)
"""What the rollups count: cases over which time passes without a change. Open ones are few, and counted each time."""

ONE = timedelta(days=1)
Run = tuple[date, date]


def begin_of(day: date) -> datetime:
    """Return the first moment of a day, on the town's clock."""
    return datetime.combine(day, time(), timezone.get_default_timezone())


def day_of(at: datetime) -> date:
    """Return the day of a moment, on the town's clock."""
    return timezone.localtime(at, timezone.get_default_timezone()).date()


def open_since(begin: datetime, end: datetime) -> Q:
    """Return the filter of open cases that were opened from `begin` to before `end`.

    It is written so that no index answers it: what is open is found by its own index, and a plan made for any period at
    all would rather walk through a year of history.
    """
    opened = ExpressionWrapper(F("opened_at") + timedelta(), output_field=DateTimeField())
    return Q(GreaterThanOrEqual(opened, begin), LessThan(opened, end))


@dataclass(frozen=True)
class Days:
    """Runs of days, both ends included: of the `whole` stretch `kept` stand in the rollups, `live` do not."""

    whole: Run
    kept: tuple[Run, ...]
    live: tuple[Run, ...]

    @property
    def stand(self) -> Q:
        """The filter of rows of the rollups."""
        return _any(Q(day__gte=first, day__lte=last) for first, last in self.kept)

    def within_live(self, moment: str) -> Q:
        """The filter of what has its moment on a day that does not stand."""
        return _any(
            Q(**{f"{moment}__gte": begin_of(first), f"{moment}__lt": begin_of(last + ONE)})
            for first, last in self.live
        )


def days_of(first: date, last: date, at: datetime) -> Days:
    """Say of each day from `first` to `last` whether it stands at `at`; one query."""
    over = min(last, day_of(at) - ONE)
    standing = (
        CountedDay.objects.filter(~_touched(), day__gte=first, day__lte=over)
        .order_by("day")
        .values_list("day", flat=True)
    )
    kept = tuple(_runs(standing))
    return Days((first, last), kept, tuple(_between(kept, first, last)))


def _touched() -> Exists:
    return Exists(TouchedDay.objects.filter(day=OuterRef("day")))


def _runs(days: Iterable[date]) -> Iterator[Run]:
    """Gather ordered days into runs without a gap."""
    first: date | None = None
    last = date.min
    for day in days:
        if first is not None and day != last + ONE:
            yield first, last
            first = None
        first, last = first or day, day
    if first is not None:
        yield first, last


def _between(kept: Iterable[Run], first: date, last: date) -> Iterator[Run]:
    """Return what the runs leave of a stretch."""
    free = first
    for begin, end in kept:
        if free < begin:
            yield free, begin - ONE
        free = end + ONE
    if free <= last:
        yield free, last


def _any(parts: Iterable[Q]) -> Q:
    found = list(parts)
    return reduce(or_, found) if found else Q(pk__in=[])
