"""The rows of a list: what is open by its clock, what is closed by its end, everything by its beginning."""

from datetime import datetime

from django.db.models import Q

from yiwang.kernel.accounts.models import User
from yiwang.kernel.cases.edges import Span
from yiwang.kernel.cases.models import Case, CaseQuerySet
from yiwang.kernel.cases.reading import (
    Narrowed,
    by_number,
    history,
    open_cases,
    planned_for_its_values,
)
from yiwang.kernel.cases.rules.stages import Stage
from yiwang.web.desk.queues.filters import Filters
from yiwang.web.desk.queues.first_pages import as_rows, of_history, of_queue
from yiwang.web.desk.queues.paging import by_due, page_by_due, page_of_due
from yiwang.web.desk.queues.table import CLOSED_FOR, Queue
from yiwang.web.kit import say
from yiwang.web.kit.paging import Page, after, place_of, token_of

CLOCK = "clock_due_at"


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
            return _by_clock(user, at, here, narrowed, token, size)
        if here.newest_first:
            span = Span.CLOSED if here.span == "closed" else Span.ALL
            since = at - CLOSED_FOR if here.span == "closed" else None
            return newest(user, at, narrowed, span, since, token, size)
        rows = as_rows(waiting(user, at, here, narrowed))
        return after(rows, token, by=("closed_at", "id"), size=size)


def _by_clock(
    user: User, at: datetime, here: Queue, narrowed: Narrowed, token: str | None, size: int
) -> Page[Case]:
    """One page of what is open, the most urgent first."""
    if token:
        rows = as_rows(waiting(user, at, here, narrowed))
        return page_by_due(rows, token, due=CLOCK, size=size)
    found = of_queue(
        user, at, narrowed, f"{here.key} {size}",
        lambda: by_due(waiting(user, at, here, narrowed), CLOCK)[: size + 1],
    )  # fmt: skip
    return page_of_due(found, due=CLOCK, size=size, first=True)


def waiting(user: User, at: datetime, here: Queue, narrowed: Narrowed) -> CaseQuerySet:
    """The cases of a queue, narrowed, in no order: of what is open, or of what was lately closed."""
    if here.span == "open":
        cases = open_cases(user, at, narrowed, here.stages)
    else:
        cases = closed_cases(user, at, narrowed, at - CLOSED_FOR)
    return cases.filter(here.condition(at))


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
    if place:
        beyond = (place[0], place[1])
        rows = history(user, at, narrowed, span=span, since=since, size=size + 1, after=beyond)
        found = list(as_rows(rows))
    else:
        found = of_history(user, at, narrowed, span, since, size + 1)
    more = len(found) > size
    return Page(found[:size], token_of(found[size - 1], by) if more else None, first=place is None)


def closed_cases(user: User, at: datetime, narrowed: Narrowed, since: datetime) -> CaseQuerySet:
    """What was closed since then and the person may read, narrowed."""
    recent = Q(stage=Stage.CLOSED, closed_at__gte=since)
    return narrowed.cases(Case.objects.visible_to(user, at=at).filter(recent))
