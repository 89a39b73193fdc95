"""The rows of a list: what is open by its clock, what is closed by its end, everything by its beginning."""

from datetime import datetime

from django.db.models import Q

from yiwang.kernel.accounts.models import User
from yiwang.kernel.cases.models import Case, CaseQuerySet
from yiwang.kernel.cases.reading import (
    Narrowed,
    Span,
    by_number,
    history,
    open_cases,
    planned_for_its_values,
)
from yiwang.kernel.cases.rules.stages import Stage
from yiwang.web.desk.queues.filters import Filters
from yiwang.web.desk.queues.paging import page_by_due
from yiwang.web.desk.queues.table import CLOSED_FOR, Queue
from yiwang.web.kit import say
from yiwang.web.kit.paging import Page, after, place_of, token_of


def rows_of(
    user: User, at: datetime, here: Queue, filters: Filters, token: str | None, size: int
) -> Page[Case]:
    """One page of a queue; a number that was typed finds its case whatever the queue."""
    with planned_for_its_values():
        named = [] if token else numbered(user, at, filters, size)
        if named:
            return Page(named, None, first=True)
        narrowed = filters.narrowed(user)
        if here.span == "open":
            cases = open_cases(user, at, narrowed).filter(here.condition(at))
            return page_by_due(as_rows(cases), token, due="clock_due_at", size=size)
        if here.newest_first:
            span = Span.CLOSED if here.span == "closed" else Span.ALL
            since = at - CLOSED_FOR if here.span == "closed" else None
            return newest(user, at, narrowed, span, since, token, size)
        return _waiting(user, at, here, narrowed, token, size)


def numbered(user: User, at: datetime, filters: Filters, size: int) -> list[Case]:
    """The cases with the number that was typed, if it may be one."""
    numbers = filters.numbers(say.local(at).date())
    return list(as_rows(by_number(user, at, numbers, size))) if numbers else []


def newest(
    user: User, at: datetime, narrowed: Narrowed, span: Span, since: datetime | None,
    token: str | None, size: int,
) -> Page[Case]:  # fmt: skip
    """One page of a history, newest first."""
    by = (f"-{span}", "-id")
    place = place_of(Case, token, by)
    rows = history(
        user, at, narrowed, span=span, since=since, size=size + 1,
        after=(place[0], place[1]) if place else None,
    )  # fmt: skip
    found = list(as_rows(rows))
    more = len(found) > size
    return Page(found[:size], token_of(found[size - 1], by) if more else None, first=place is None)


def _waiting(
    user: User, at: datetime, here: Queue, narrowed: Narrowed, token: str | None, size: int
) -> Page[Case]:
    """Closed cases on which somebody still waits, the longest first."""
    rows = lately_closed(user, at, narrowed).filter(here.condition(at))
    return after(as_rows(rows), token, by=("closed_at", "id"), size=size)


def lately_closed(user: User, at: datetime, narrowed: Narrowed) -> CaseQuerySet:
    """What was closed within the desk's time and the person may read, narrowed."""
    recent = Q(stage=Stage.CLOSED, closed_at__gte=at - CLOSED_FOR)
    return narrowed.cases(Case.objects.visible_to(user, at=at).filter(recent))


def as_rows(cases: CaseQuerySet) -> CaseQuerySet:
    """What a row of a list shows, no more."""
    return cases.select_related("lead_unit", "suggested_unit").defer(
        "trust_why", "routing_why", "result"
    )
