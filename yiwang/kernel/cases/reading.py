"""Lists of cases that cost the same after a hundred thousand of them as after a hundred.

What is open is little, however long the history: it is read in the order of its clocks and narrowed as it comes; its
words are found by the index. History is read newest first, in three legs. The first walks back from the newest until
the page is full, some thousand rows at most (edges.py); whatever is not rare is found there. The others ask `Lookup`,
where words and marks stand in one index: for the months before, then for all of it. A leg runs only when the legs
before it have not filled the page, and what was rare in one is few in the next. So neither a filter that fits
everything nor one that fits ten cases of long ago reads many rows.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.contrib.postgres.search import SearchQuery, SearchVectorField
from django.db import connection
from django.db.models import DateTimeField, Exists, ExpressionWrapper, F, Func, OuterRef, Q
from django.utils import timezone

from yiwang.kernel.accounts.models import User
from yiwang.kernel.cases import edges
from yiwang.kernel.cases.edges import Span
from yiwang.kernel.cases.models import Case, CaseQuerySet, Lookup, Report, Task
from yiwang.kernel.cases.rules.numbers import Numbers
from yiwang.kernel.cases.rules.stages import OPEN_STAGES, OPEN_TASKS, Channel, Stage
from yiwang.kernel.cases.rules.words import OPEN_MARK
from yiwang.kernel.organisation.duties import areas_of, units_of
from yiwang.kernel.organisation.rules import Permission
from yiwang.kernel.territory.land import land

MONTHS = 2
"""Months back from where a page begins, for the leg between the near one and all of it."""

Place = tuple[datetime | None, int]
"""Where a page begins: the moment its order goes by, and the id, of the last row before it."""


@dataclass(frozen=True)
class Narrowed:
    """What a list is narrowed to. `query` is a tsquery of rules.words, `person` who took it in or works on it."""

    unit: int | None = None
    area_path: str = ""
    category_path: str = ""
    channel: str = ""
    person: int | None = None
    query: str = ""
    nothing: bool = False

    def condition(self) -> Q:
        """The same on the case's own columns, without the words."""
        found = Q(pk__in=[]) if self.nothing else Q()
        if self.unit:
            found &= Q(lead_unit=self.unit) | Q(lead_unit=None, suggested_unit=self.unit)
        if self.area_path:
            found &= Q(area_path__startswith=self.area_path)
        if self.category_path:
            found &= Q(category_path__startswith=self.category_path)
        if self.channel:
            found &= Q(channel=self.channel)
        if self.person:
            found &= Q(taken_by=self.person) | Q(fixer_ids__contains=[self.person])
        return found

    def cases(self, cases: CaseQuerySet) -> CaseQuerySet:
        """These cases, narrowed; of few cases, or where an index gives their order."""
        found = cases.filter(self.condition())
        return found.filter(said(self.query)) if self.query else found

    def open_condition(self) -> Q:
        """The same for open cases: a person's are also those this person works on now."""
        if not self.person:
            return self.condition()
        at_work = Task.objects.filter(
            case=OuterRef("pk"), handler=self.person, state__in=OPEN_TASKS
        )
        others = Narrowed(self.unit, self.area_path, self.category_path, self.channel)
        own = Q(taken_by=self.person) | Q(fixer_ids__contains=[self.person]) | Exists(at_work)
        return others.condition() & own & (Q(pk__in=[]) if self.nothing else Q())

    def marks(self) -> list[str]:
        """The same as marks of `Lookup`."""
        found = [f"u{self.unit}"] if self.unit else []
        found += [f"a{_last(self.area_path)}"] if self.area_path else []
        found += [f"c{_last(self.category_path)}"] if self.category_path else []
        found += [f"h{self.channel}"] if self.channel else []
        return found + ([f"p{self.person}"] if self.person else [])


EVERYTHING = Narrowed()


class Plain(SearchQuery):
    """A tsquery as it stands: pairs of signs and marks are no text to be cut again."""

    def __init__(self, query: str) -> None:
        super().__init__(query, config="simple")
        self.query = query

    def as_sql(self, *given: Any, **more: Any) -> Any:
        return "%s::tsquery", [self.query]


def said(query: str) -> Exists:
    """Return the condition of cases whose words fit, for few cases: each is looked at, the index is not asked.

    A word that stands in every tenth case of the history would be slow to ask for, and five thousand are soon looked at.
    """
    held = Func(F("words"), template="(%(expressions)s || ''::tsvector)", output_field=_VECTOR)
    rows = Lookup.objects.annotate(held=held).filter(held=Plain(query))
    return Exists(rows.filter(case=OuterRef("pk")))


_VECTOR = SearchVectorField()


@contextmanager
def planned_for_its_values() -> Iterator[None]:
    """Let the server plan each statement for the values it brings: a plan for any value would be one for none.

    What fits everything and what fits ten cases want different plans; the program's statements are otherwise planned
    once and kept.
    """
    connection.ensure_connection()
    server = connection.connection
    kept, server.prepare_threshold = server.prepare_threshold, None
    try:
        yield
    finally:
        server.prepare_threshold = kept


def open_cases(
    user: User,
    at: datetime,
    narrowed: Narrowed = EVERYTHING,
    stages: Iterable[Stage] = OPEN_STAGES,
) -> CaseQuerySet:
    """Return the open cases a person may read, narrowed; also only those of some open stages."""
    cases = Case.objects.visible_to(user, at=at).filter(stage__in=tuple(stages))
    found = cases.filter(narrowed.open_condition())
    return _asked(found, narrowed, [OPEN_MARK]) if narrowed.query else found


def history(
    user: User,
    at: datetime,
    narrowed: Narrowed = EVERYTHING,
    *,
    span: Span = Span.ALL,
    since: datetime | None = None,
    after: Place | None = None,
    size: int = 50,
    edge: datetime | None = None,
) -> CaseQuerySet:
    """Return the newest `size` cases of a span that a person may read, beyond `after`, newest first.

    Args:
        since: nothing earlier than this moment of the span.
        edge: where the newest part begins, if that is known.
    """
    moment, key = after if after else (None, 0)
    mine = _stretch(Case.objects.visible_to(user, at=at), span, since).filter(narrowed.condition())
    close = mine.filter(said(narrowed.query)) if narrowed.query else mine
    if moment:
        close = close.filter(_before(span, moment, key))
    order = (f"-{span}", "-pk")
    marks = [*narrowed.marks(), *reach(user, at)]
    narrow = bool(marks or narrowed.query)
    if narrow and edge is None:
        rows = near(narrowed)
        edge = edges.edge_before(span, (moment, key), rows) if moment else edges.edge(span, rows)
    if not narrow or edge is None or (since and edge <= since):
        return close.order_by(*order)[:size]
    newest = close.filter(**{f"{span}__gte": edge}).order_by(*order).values("pk")[:size]
    rest = mine.filter(**{f"{span}__lt": edge})
    # Ordered by what no index has, or the server would walk the history in the hope to meet one soon.
    late_first = ExpressionWrapper(F(span) + timedelta(), DateTimeField()).desc()
    far = [
        leg.order_by(late_first, "-pk").values("pk")[:size]
        for leg in _legs(rest, narrowed, marks, span, moment or at, since)
    ]
    return Case.objects.filter(pk__in=newest.union(*far, all=True)[:size]).order_by(*order)


def near(narrowed: Narrowed) -> int:
    """Return how many rows of the history are looked through before the index is asked."""
    return edges.NEAR_WITH_WORDS if narrowed.query else edges.NEAR


def by_number(user: User, at: datetime, numbers: Numbers, size: int = 50) -> CaseQuerySet:
    """Return the cases a person may read with one of these numbers, newest first."""
    named = Case.objects.none().values("pk")
    if numbers.whole or numbers.beginning:
        whole = Q(number__in=numbers.whole)
        named = Case.objects.filter(
            whole | Q(number__startswith=numbers.beginning) if numbers.beginning else whole
        ).values("pk")
    voices = Report.objects.none()
    if numbers.outer:
        # The index begins with the channel, of which there are few.
        voices = Report.objects.filter(channel__in=list(Channel), outer_number=numbers.outer)
    coded = Report.objects.filter(follow_code=numbers.code) if numbers.code else voices.none()
    ids = named.order_by("-number")[:size].union(
        voices.values("case")[:size], coded.values("case")[:size], all=True
    )
    mine = Case.objects.visible_to(user, at=at)
    return mine.filter(pk__in=ids).order_by("-opened_at", "-pk")[:size]


def _stretch(cases: CaseQuerySet, span: Span, since: datetime | None) -> CaseQuerySet:
    of_span = cases.filter(stage=Stage.CLOSED) if span is Span.CLOSED else cases
    return of_span.filter(**{f"{span}__gte": since}) if since else of_span


def _before(span: Span, moment: Any, key: Any) -> Q:
    """(moment, key) of a row lies before these; the first part alone lets an index begin there."""
    same = Q(**{f"{span}": moment, "pk__lt": key})
    return Q(**{f"{span}__lte": moment}) & (Q(**{f"{span}__lt": moment}) | same)


def _legs(
    rest: CaseQuerySet, narrowed: Narrowed, marks: list[str], span: Span, begin: datetime,
    since: datetime | None,
) -> list[CaseQuerySet]:  # fmt: skip
    """The legs beyond the near one: some months, and all before them unless the span ends there."""
    months = list(_months_back(begin, MONTHS))
    if since is not None:
        months = list(_months_between(begin, since))
    letter = "k" if span is Span.CLOSED else "m"
    # Words alone may fit thousands in a month, and a month more is soon asked for.
    groups = [[month] for month in months] if narrowed.query and since is None else [months]
    legs = [
        _asked(rest, narrowed, [*marks, _any(f"{letter}{month}" for month in group)])
        for group in groups
    ]
    if since is None:
        earlier = Q(**{f"{span}__lt": _first_of(months[-1])})
        legs.append(_asked(rest, narrowed, marks).filter(earlier))
    return legs


def _asked(rest: CaseQuerySet, narrowed: Narrowed, marks: list[str]) -> CaseQuerySet:
    """What the index says of these words and marks, each asked for by itself: so it skips along the shortest list."""
    asked = Q()
    for term in narrowed.query.split(" & ") if narrowed.query else ():
        asked &= Q(lookup__words=Plain(term))
    for mark in marks:
        asked &= Q(lookup__marks=Plain(mark))
    return rest.filter(asked)


def _months_between(begin: datetime, since: datetime) -> Iterator[str]:
    first = f"{timezone.localtime(since):%Y%m}"
    for month in _months_back(begin, 600):
        yield month
        if month <= first:
            return


def _any(marks: Iterator[str]) -> str:
    return f"({' | '.join(marks)})"


def _months_back(begin: datetime, count: int) -> Iterator[str]:
    local = timezone.localtime(begin)
    number = local.year * 12 + local.month - 1
    for back in range(count):
        year, month = divmod(number - back, 12)
        yield f"{year:04d}{month + 1:02d}"


def _first_of(month: str) -> datetime:
    zone = timezone.get_default_timezone()
    return datetime(int(month[:4]), int(month[4:]), 1, tzinfo=zone)


def reach(user: User, at: datetime) -> list[str]:
    """Return what a person may read as one mark, or none for the whole town; the rows are judged again themselves."""
    paths = {
        *areas_of(user, Permission.CASE_VIEW, at),
        *areas_of(user, Permission.INSPECT_VIEW, at),
    }
    town = land().town()
    if town is None or any(town.path.startswith(path) for path in paths):
        return []
    marks = [f"a{_last(path)}" for path in sorted(paths)]
    marks += [f"w{unit}" for unit in units_of(user, at, Permission.TASK_HANDLE)]
    return [_any(iter(marks))] if marks else []


def _last(path: str) -> str:
    """The id at the end of a path: /1/7/9/ → 9."""
    return path.strip("/").rpartition("/")[2]
