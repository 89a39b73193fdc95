"""The first page of a list, which is what a desk looks at: its SQL is kept (foundation.statements), its rows are short."""

from collections.abc import Callable
from datetime import datetime

from django.db.models import QuerySet, Value
from django.db.models.functions import Coalesce

from yiwang.kernel.accounts.models import User
from yiwang.kernel.cases.edges import Span, edge
from yiwang.kernel.cases.models import Case, CaseQuerySet
from yiwang.kernel.cases.reading import Narrowed, history, near, reach
from yiwang.kernel.foundation.statements import ask
from yiwang.kernel.organisation.duties import duties_of
from yiwang.web.kit import say

SHOWN = frozenset({
    "id", "number", "version", "title", "stage", "urgent", "channel", "area_path", "category_id",
    "clock_due_at", "clock_started_at", "supervised_at", "opened_at", "closed_at",
    "report_count", "return_count", "trust", "place_confirmed",
})  # fmt: skip
"""What a row of a list shows of a case, beside the name of its unit."""

FIELDS = [field.attname for field in Case._meta.concrete_fields if field.attname in SHOWN]


def as_rows(cases: CaseQuerySet) -> "QuerySet[Case]":
    """What a row of a list shows, no more."""
    return _with_unit(cases).only(*SHOWN)


def of_queue(
    user: User, at: datetime, narrowed: Narrowed, queue: str, build: "Callable[[], QuerySet[Case]]"
) -> list[Case]:
    """The first cases of a queue that is open; `build` makes the list for the first time."""
    return _cases(("queue", queue, user.pk, duties_of(user, at), narrowed), (at,), build)


def of_history(
    user: User, at: datetime, narrowed: Narrowed, span: Span, since: datetime | None, size: int
) -> list[Case]:
    """The newest cases of a history."""
    newest = edge(span, near(narrowed))
    if newest is not None and since is not None and newest <= since:
        newest = None
    months = tuple(f"{say.local(each):%Y%m}" for each in (at, since) if each is not None)
    asks = (user.pk, duties_of(user, at), *reach(user, at))
    key = ("history", span, size, newest is None, months, asks, narrowed)
    moments = tuple(each for each in (since, newest) if each is not None)
    return _cases(
        key,
        moments,
        lambda: history(user, at, narrowed, span=span, since=since, size=size, edge=newest),
    )


def _cases(
    key: tuple[object, ...], moments: tuple[datetime, ...], build: "Callable[[], QuerySet[Case]]"
) -> list[Case]:
    rows = ask(key, moments, lambda: _with_unit(build()).values_list(*FIELDS, "unit_name"))
    return [_case(row) for row in rows]


def _case(row: tuple[object, ...]) -> Case:
    case = Case.from_db("default", FIELDS, row[:-1])
    case.unit_name = row[-1]  # type: ignore[attr-defined]  # as an annotation gives it
    return case


def _with_unit(cases: "QuerySet[Case]") -> "QuerySet[Case]":
    return cases.annotate(unit_name=Coalesce("lead_unit__name", "suggested_unit__name", Value("")))
