"""The numbers beside the queues: of what is open, and of the newest of what was closed; never of the history."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.contrib.postgres.aggregates import BoolOr
from django.db.models import Count, Exists, Q, QuerySet, Value

from yiwang.kernel.accounts.models import User
from yiwang.kernel.cases.models import Case, CaseQuerySet
from yiwang.kernel.cases.reading import Narrowed, open_cases, planned_for_its_values
from yiwang.kernel.cases.rules.stages import Stage
from yiwang.web.desk.queues.listing import lately_closed
from yiwang.web.desk.queues.table import CLOSED_FOR, Queue

COUNTED = 1_000
"""Closed cases that are looked at for a number; beyond them it reads "at least"."""


@dataclass(frozen=True)
class Size:
    """How many cases a queue holds; `more`: at least so many."""

    count: int
    more: bool = False


def sizes(user: User, at: datetime, narrowed: Narrowed, queues: Iterable[Queue]) -> dict[str, Size]:
    """The size of every counted queue: one statement of two halves, what is open and what was lately closed."""
    running = [queue for queue in queues if queue.counted and queue.span == "open"]
    ended = [queue for queue in queues if queue.counted and queue.span == "closed"]
    recent = Case.objects.filter(stage=Stage.CLOSED, closed_at__gte=at - CLOSED_FOR)
    newest = recent.order_by("-closed_at", "-pk")
    looked_at = lately_closed(user, at, narrowed).filter(pk__in=newest.values("pk")[:COUNTED])
    beyond = BoolOr(Exists(newest[COUNTED : COUNTED + 1]))
    width = max(len(running), len(ended))
    halves = (
        _half(
            open_cases(user, at, narrowed), "open", running, at, width, BoolOr(Value(value=False))
        ),
        _half(looked_at, "closed", ended, at, width, beyond),
    )
    found: dict[str, Size] = {}
    with planned_for_its_values():
        for half, more, *totals in halves[0].union(halves[1], all=True):
            named = running if half == "open" else ended
            for queue, total in zip(named, totals, strict=False):
                found[queue.key] = Size(int(str(total)), bool(more))
    return {queue.key: found.get(queue.key, Size(0)) for queue in [*running, *ended]}


def _half(
    cases: CaseQuerySet, name: str, queues: list[Queue], at: datetime, width: int, more: BoolOr
) -> "QuerySet[Case, tuple[object, ...]]":
    """One row: the half's name, whether there are more, and the totals of its queues, padded to the width."""
    wanted = [queue.condition(at) for queue in queues] + [Q(pk__in=[])] * (width - len(queues))
    totals = {f"in_{place}": Count("pk", filter=q) for place, q in enumerate(wanted)}
    rows = cases.order_by().values(half=Value(name)).annotate(more=more, **totals)
    return rows.values_list("half", "more", *totals)
