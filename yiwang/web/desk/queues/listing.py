"""The rows of a list: what is open by its clock, what is closed by its end, everything by its beginning."""

from datetime import datetime

from django.db.models import Q, Value
from django.db.models.functions import Coalesce

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

SHOWN = (
    "number", "version", "title", "stage", "urgent", "channel", "area_path", "category_id",
    "clock_due_at", "clock_started_at", "supervised_at", "opened_at", "closed_at",
    "report_count", "return_count", "trust", "place_confirmed",
)  # fmt: skip


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
            cases = as_rows(waiting(user, at, here, narrowed))
            return page_by_due(cases, token, due="clock_due_at", size=size)
        if here.newest_first:
            span = Span.CLOSED if here.span == "closed" else Span.ALL
            since = at - CLOSED_FOR if here.span == "closed" else None
            return newest(user, at, narrowed, span, since, token, size)
        rows = as_rows(waiting(user, at, here, narrowed))
        return after(rows, token, by=("closed_at", "id"), size=size)


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
    rows = history(
        user, at, narrowed, span=span, since=since, size=size + 1,
        after=(place[0], place[1]) if place else None,
    )  # fmt: skip
    found = list(as_rows(rows))
    more = len(found) > size
    return Page(found[:size], token_of(found[size - 1], by) if more else None, first=place is None)


def closed_cases(user: User, at: datetime, narrowed: Narrowed, since: datetime) -> CaseQuerySet:
    """What was closed since then and the person may read, narrowed."""
    recent = Q(stage=Stage.CLOSED, closed_at__gte=since)
    return narrowed.cases(Case.objects.visible_to(user, at=at).filter(recent))


def as_rows(cases: CaseQuerySet) -> CaseQuerySet:
    """What a row of a list shows, no more."""
    unit = Coalesce("lead_unit__name", "suggested_unit__name", Value(""))
    return cases.annotate(unit_name=unit).only(*SHOWN)
