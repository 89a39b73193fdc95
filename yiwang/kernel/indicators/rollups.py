"""Counting whole days into the rollups (汇总), and again when something of them was touched.

The order within one transaction is what makes it safe beside the office: first the marks are taken away, then the cases
are counted. Whoever commits in between has left a mark that was not seen, so the day is counted once more.
"""

import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import Count, F, Q, QuerySet

from yiwang.kernel.cases.models import Case, CaseQuerySet
from yiwang.kernel.cases.rules.stages import Stage
from yiwang.kernel.indicators.counting import AREA, NUMBERS, counted_cases, counted_voices
from yiwang.kernel.indicators.days import ONE, SETTLED, begin_of, day_of
from yiwang.kernel.indicators.models import CountedDay, DayCount, DayFlow, TouchedDay
from yiwang.kernel.indicators.rules import COUNT_NAMES, By
from yiwang.kernel.indicators.weeks import first_of_its_week, ran_late

AT_ONCE = timedelta(seconds=5)
"""A worker that is asked to end has time for this and the day in hand (`commands/worker.py`)."""

_LOCK = 4_211_907  # any number: two who count the same day do so one after the other
_ORIGIN = date(2000, 1, 1)

_Place = tuple[int | None, str]


def keep(at: datetime, *, lasting: timedelta = AT_ONCE) -> int:
    """Count the days that are over and were touched or never counted, newest first, for so long.

    Returns: how many are left.
    """
    until = time.monotonic() + lasting.total_seconds()
    days = [*_touched(at), *_uncounted(at)]
    for done, day in enumerate(days):
        if time.monotonic() > until:
            return len(days) - done
        count(day, at)
    return 0


def rebuild(at: datetime, told: Callable[[int, int], None] = lambda done, total: None) -> int:
    """Count every day that is over anew; return how many."""
    days = sorted({*_all(at), *CountedDay.objects.values_list("day", flat=True), *_touched(at)})
    for done, day in enumerate(days, start=1):
        count(day, at)
        told(done, len(days))
    return len(days)


def count(day: date, at: datetime) -> None:
    """Count one day anew."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [_LOCK, (day - _ORIGIN).days])
        TouchedDay.objects.filter(day=day).delete()
        counts, flows = list(_counts(day, at)), list(_flows(day, at))
        DayCount.objects.filter(day=day).delete()
        DayFlow.objects.filter(day=day).delete()
        DayCount.objects.bulk_create(counts, batch_size=1000)
        DayFlow.objects.bulk_create(flows)
        CountedDay.objects.update_or_create(day=day, defaults={"at": at})


def _touched(at: datetime) -> list[date]:
    days = TouchedDay.objects.filter(day__lt=day_of(at)).order_by("-day")
    return list(days.values_list("day", flat=True).distinct())


def _uncounted(at: datetime) -> list[date]:
    counted = set(CountedDay.objects.values_list("day", flat=True))
    return [day for day in reversed(_all(at)) if day not in counted]


def _all(at: datetime) -> list[date]:
    """Every day that is over, from the first case on."""
    first = Case.objects.order_by("opened_at", "id").values_list("opened_at", flat=True).first()
    if first is None:
        return []
    begin = day_of(first)
    return [begin + timedelta(days=n) for n in range((day_of(at) - begin).days)]


def _settled() -> CaseQuerySet:
    return Case.objects.filter(stage__in=SETTLED, confidential=False)


def _counts(day: date, at: datetime) -> Iterator[DayCount]:
    """Count the cases opened on a day once, as finely as they are kept, and sum them up three ways."""
    cases = _settled().filter(opened_at__gte=begin_of(day), opened_at__lt=begin_of(day + ONE))
    found: dict[tuple[str, int | None, _Place], list[int]] = defaultdict(
        lambda: [0] * len(COUNT_NAMES)
    )
    for row in (*_finely(counted_cases, cases, at), *_finely(counted_voices, cases)):
        unit, kind, area, path, *numbers = row
        for by, key in ((AREA, None), (By.UNIT, unit), (By.CATEGORY, kind)):
            sums = found[by, key, (area, path)]
            for place, number in enumerate(numbers):
                sums[place] += number
    for (by, key, (area, path)), sums in found.items():
        named = dict(zip(COUNT_NAMES, sums, strict=True))
        yield DayCount(day=day, by=by, key=key, area_id=area, area_path=path, **named)


def _finely(counted: Callable[..., "QuerySet[Any, Any]"], *of: object) -> Iterator[tuple[Any, ...]]:
    on = "case__" if counted is counted_voices else ""
    columns = ("lead_unit_id", "category_id", "area_id", "area_path")
    keys = {f"key_{name}": F(f"{on}{name}") for name in columns}
    return iter(counted(*of, **keys).values_list(*keys, *NUMBERS))


def _flows(day: date, at: datetime) -> Iterator[DayFlow]:
    begin, end = begin_of(day), begin_of(day + ONE)
    closed = _settled().filter(stage=Stage.CLOSED, closed_at__gte=begin, closed_at__lt=end)
    late = ran_late(Q(case__stage__in=SETTLED), begin, end)
    late = first_of_its_week(late, begin, end)
    found: dict[str, DayFlow] = {}
    for path, number in closed.order_by().values_list("area_path").annotate(n=Count("pk")):
        found[path] = DayFlow(day=day, area_path=path, closed=number)
    of_cases = late.order_by().values_list("case__area_path")
    for path, number in of_cases.annotate(n=Count("case", distinct=True)):
        found.setdefault(path, DayFlow(day=day, area_path=path)).late = number
    return iter(found.values())
