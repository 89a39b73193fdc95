"""The numbers beside the queues: of what is open, and of the newest of what was closed; never of the history."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.contrib.postgres.aggregates import BoolOr
from django.db.models import Count, Exists

from yiwang.kernel.accounts.models import User
from yiwang.kernel.cases.models import Case
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
    """The size of every counted queue: two queries."""
    counted = [queue for queue in queues if queue.counted]
    with planned_for_its_values():
        running = _open(user, at, narrowed, [q for q in counted if q.span == "open"])
        return running | _closed(user, at, narrowed, [q for q in counted if q.span == "closed"])


def _open(user: User, at: datetime, narrowed: Narrowed, queues: list[Queue]) -> dict[str, Size]:
    wanted = {f"in_{q.key}": Count("pk", filter=q.condition(at)) for q in queues}
    totals = open_cases(user, at, narrowed).aggregate(**wanted)
    return {name.removeprefix("in_"): Size(total) for name, total in totals.items()}


def _closed(user: User, at: datetime, narrowed: Narrowed, queues: list[Queue]) -> dict[str, Size]:
    recent = Case.objects.filter(stage=Stage.CLOSED, closed_at__gte=at - CLOSED_FOR)
    newest = recent.order_by("-closed_at", "-pk")
    wanted = {f"in_{q.key}": Count("pk", filter=q.condition(at)) for q in queues}
    rows = lately_closed(user, at, narrowed).filter(pk__in=newest.values("pk")[:COUNTED])
    totals = rows.aggregate(beyond=BoolOr(Exists(newest[COUNTED : COUNTED + 1])), **wanted)
    more = bool(totals.pop("beyond"))
    return {name.removeprefix("in_"): Size(total, more) for name, total in totals.items()}
