"""The lists of this door that can be taken as Excel: a queue, a search, a unit's work."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from django.db.models import F, QuerySet
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _

from yiwang.kernel.accounts.models import User
from yiwang.kernel.cases.edges import Span
from yiwang.kernel.cases.models import CaseQuerySet, Task
from yiwang.kernel.cases.reading import (
    by_number,
    history,
    planned_for_its_values,
)
from yiwang.kernel.cases.rules.leaving import without_numbers
from yiwang.kernel.cases.rules.stages import OPEN_TASKS
from yiwang.kernel.foundation.exports import AT_MOST, Column, Listing
from yiwang.kernel.foundation.exports.rules import Cell
from yiwang.kernel.organisation.duties import units_of
from yiwang.kernel.organisation.rules import Permission
from yiwang.web.desk import names
from yiwang.web.desk.filters.reading import said
from yiwang.web.desk.queues.filters import Filters
from yiwang.web.desk.queues.listing import waiting
from yiwang.web.desk.queues.pages import permissions_of
from yiwang.web.desk.queues.table import CLOSED_FOR, Queue, chosen, queues_for
from yiwang.web.kit import say
from yiwang.web.kit.sheets import cases_listing, keys_of, notes


def queue(user: User, at: datetime, query: str) -> Listing:
    """A queue of the desk, narrowed as the page was."""
    given = QueryDict(query)
    filters = Filters.read(given)
    queues = queues_for(permissions_of(user, at))
    here = chosen(queues, given.get("queue") or ("all" if filters.words else None))
    with planned_for_its_values():
        keys = keys_of(_cases(user, at, here, filters))
    return cases_listing(keys, user, said(filters, here))


def search(user: User, at: datetime, query: str) -> Listing:
    """What the search found."""
    filters = Filters.read(QueryDict(query))
    with planned_for_its_values():
        found = _numbered(user, at, filters)
        if found is None and filters.words:
            found = history(user, at, filters.narrowed(user), span=Span.ALL, size=AT_MOST + 1)
        keys: Sequence[int] = keys_of(found) if found is not None else []
    return cases_listing(keys, user, said(filters, None))


def _cases(user: User, at: datetime, here: Queue, filters: Filters) -> CaseQuerySet:
    """The same cases as on the page, all of them."""
    named = _numbered(user, at, filters)
    if named is not None:
        return named
    narrowed = filters.narrowed(user)
    if here.span == "open":
        cases = waiting(user, at, here, narrowed)
        return cases.order_by(F("clock_due_at").asc(nulls_last=True), "pk")
    if here.newest_first:
        closed = here.span == "closed"
        return history(
            user, at, narrowed, span=Span.CLOSED if closed else Span.ALL,
            since=at - CLOSED_FOR if closed else None, size=AT_MOST + 1,
        )  # fmt: skip
    rows = waiting(user, at, here, narrowed)
    return rows.order_by("closed_at", "pk")


def _numbered(user: User, at: datetime, filters: Filters) -> CaseQuerySet | None:
    """The cases with the number that was typed; None where no case has it."""
    numbers = filters.numbers(say.local(at).date())
    found = by_number(user, at, numbers) if numbers else None
    return found if found is not None and found.exists() else None


def unit_work(user: User, at: datetime, query: str) -> Listing:
    """Open tasks of the person's units, or only their own."""
    mine = QueryDict(query).get("mine") == "1"
    with planned_for_its_values():
        rows = _tasks(user, at, mine).order_by(F("due_at").asc(nulls_last=True), "pk")
        keys = list(rows.values_list("pk", flat=True)[: AT_MOST + 1])

    def read(some: Sequence[int]) -> Iterable[Sequence[Cell]]:
        now = timezone.now()
        found = {task.pk: task for task in _tasks(user, now, mine).filter(pk__in=list(some))}
        return _task_rows([found[key] for key in some if key in found], now)

    columns = [
        Column(_("案卷号"), 17), Column(_("内容"), 44), Column(_("单位"), 18), Column(_("主办或协办"), 12),
        Column(_("经办人"), 12), Column(_("地点"), 30), Column(_("区域"), 18), Column(_("类别"), 18),
        Column(_("派出时间"), 18), Column(_("签收时间"), 18), Column(_("时限"), 18), Column(_("超时"), 8),
        Column(_("要求"), 40),
    ]  # fmt: skip
    return Listing(columns, keys, read, _("我经办的") if mine else _("本单位"), notes())


def _tasks(user: User, at: datetime, mine: bool) -> "QuerySet[Task]":
    units = units_of(user, at, Permission.TASK_HANDLE)
    rows = Task.objects.filter(unit__in=units, state__in=OPEN_TASKS)
    rows = rows.filter(handler=user) if mine else rows
    return rows.select_related("case", "unit", "handler")


def _task_rows(tasks: list[Task], at: datetime) -> Iterator[Sequence[Cell]]:
    for task in tasks:
        case = task.case
        yield (
            case.number, without_numbers(case.title), task.unit.name,
            _("主办") if task.is_lead else _("协办"), task.handler.display_name if task.handler else "",
            without_numbers(case.address), names.short_area(case.area_path),
            names.category_title(case.category_id), task.dispatched_at, task.signed_at, task.due_at,
            _("是") if task.due_at and task.due_at < at else "", without_numbers(task.note),
        )  # fmt: skip
