"""The numbers beside the queues: of what is open, and of the newest of what was closed; never of the history.

Cases are counted in groups that have the same stage and the same facts, each looked at once; which queues a group stands
in is said afterwards.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import (
    BooleanField,
    Count,
    Exists,
    Expression,
    ExpressionWrapper,
    QuerySet,
    Value,
)

from yiwang.kernel.accounts.models import User
from yiwang.kernel.cases.edges import NEAR_WITH_WORDS, Span, edge
from yiwang.kernel.cases.models import Case, CaseQuerySet
from yiwang.kernel.cases.reading import Narrowed, open_cases, planned_for_its_values
from yiwang.kernel.cases.rules.stages import Stage
from yiwang.kernel.foundation.statements import ask
from yiwang.kernel.organisation.duties import duties_of
from yiwang.web.desk.queues.facts import FACTS, OF_CLOSED, OF_OPEN, VOICES, voices
from yiwang.web.desk.queues.listing import closed_cases
from yiwang.web.desk.queues.table import CLOSED_FOR, Queue

COUNTED = NEAR_WITH_WORDS
"""Closed cases that are looked at for a number; beyond them it reads "at least"."""


@dataclass(frozen=True)
class Size:
    """How many cases a queue holds; `more`: at least so many."""

    count: int
    more: bool = False


def sizes(user: User, at: datetime, narrowed: Narrowed, queues: Iterable[Queue]) -> dict[str, Size]:
    """The size of every counted queue: one statement of two halves, what is open and what was lately closed."""
    wanted = [queue for queue in queues if queue.counted]
    since, newest = at - CLOSED_FOR, edge(Span.CLOSED, COUNTED)
    more = newest is not None and newest > since
    begin = newest if newest is not None and newest > since else since

    def halves() -> "QuerySet[Case, tuple[object, ...]]":
        running = _groups(open_cases(user, at, narrowed), OF_OPEN, at)
        return running.union(
            _groups(closed_cases(user, at, narrowed, begin), OF_CLOSED, at), all=True
        )

    found = dict.fromkeys((queue.key for queue in wanted), 0)
    with planned_for_its_values():
        groups = ask(("desk sizes", user.pk, duties_of(user, at), narrowed), (at, begin), halves)
    for stage, *held, count in groups:
        names = OF_CLOSED if stage == Stage.CLOSED else OF_OPEN
        facts = [name for name, true in zip(names, held, strict=False) if true]
        for queue in wanted:
            if queue.holds(stage, facts):
                found[queue.key] += count
    return {
        queue.key: Size(min(found[queue.key], COUNTED), more=True)
        if more and queue.span == "closed"
        else Size(found[queue.key])
        for queue in wanted
    }


def _groups(
    cases: CaseQuerySet, names: tuple[str, ...], at: datetime
) -> "QuerySet[Case, tuple[object, ...]]":
    """Stage, what is true of it, and how many: facts in the order of their names, padded with what is never true."""
    width = max(len(OF_OPEN), len(OF_CLOSED))
    facts: dict[str, Expression | Exists] = {
        f"fact_{place}": _fact(name, at) for place, name in enumerate(names)
    }
    facts |= {f"fact_{place}": Value(value=False) for place in range(len(names), width)}
    grouped = cases.order_by().values("stage", **facts).annotate(count=Count("pk"))
    return grouped.values_list("stage", *sorted(facts), "count")


def _fact(name: str, at: datetime) -> Expression | Exists:
    if name in VOICES:
        return _OneByOne(voices(name))
    return ExpressionWrapper(FACTS[name](at), BooleanField())


class _OneByOne(Exists):
    """Looked up for each of the thousand cases that are looked at.

    Without the OFFSET the server gathers the voices of all cases first, and nearly all that wait are of open ones.
    """

    template = "EXISTS(%(subquery)s OFFSET 0)"
