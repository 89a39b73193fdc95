"""Parts of the list as they are drawn, kept while what they say stays the same.

A desk looks at the same rows again and again. Everything a part says is in its key: the day, since "today" is said, and
where a clock runs the minute, since that is how a clock is told. So nothing old is ever shown, and fifty rows cost what
the new ones among them cost.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any

from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from yiwang.kernel.cases.models import Case
from yiwang.web.desk.names import editions_of_names
from yiwang.web.desk.queues.filters import Filters
from yiwang.web.desk.queues.rows import row_of, unit_of
from yiwang.web.desk.queues.table import Queue
from yiwang.web.kit import say
from yiwang.web.kit.states import state_of

ROWS_KEPT, SHEETS_KEPT = 4_096, 128


class _Part:
    """What is drawn, behind the key it is kept under."""

    __slots__ = ("context", "key")

    def __init__(self, key: tuple[object, ...], context: dict[str, Any]) -> None:
        self.key, self.context = key, context

    def __hash__(self) -> int:
        return hash(self.key)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Part) and self.key == other.key


def draw_rows(
    cases: Iterable[Case], at: datetime, *, bulk: bool = False, alone: bool = False
) -> list[SafeString]:
    """The cases of a list. `alone`: not beside a pane. `bulk`: with boxes to tick."""
    of_all = (bulk, alone, get_language(), say.local(at).date(), *editions_of_names())
    return [_draw(case, at, of_all, bulk=bulk, alone=alone) for case in cases]


def _draw(
    case: Case, at: datetime, of_all: tuple[object, ...], *, bulk: bool, alone: bool
) -> SafeString:
    ticks = case.is_open and case.clock_due_at is not None
    key = (
        at.replace(second=0, microsecond=0) if ticks else None,
        case.pk, case.version, case.number, case.title, case.urgent, case.stage, case.channel,
        case.clock_due_at, case.clock_started_at, state_of(case, at), case.report_count,
        case.return_count, case.supervised_at, case.trust, case.place_confirmed, case.area_path,
        case.category_id, unit_of(case), of_all,
    )  # fmt: skip
    return _row(_Part(key, {"case": case, "now": at, "bulk": bulk, "alone": alone}))


@lru_cache(ROWS_KEPT)
def _row(part: _Part) -> SafeString:
    case, at = part.context["case"], part.context["now"]
    return render_to_string("desk/queue/row.html", {**part.context, "row": row_of(case, at)})


def draw_filters(
    filters: Filters, queue: Queue, kept_under: tuple[object, ...], choices: Mapping[str, object]
) -> SafeString:
    """The search box and the sheet of filters; `kept_under` says which choices these are."""
    context = {"filters": filters, "queue": queue, **choices}
    return _filters(_Part((filters, queue.key, *kept_under), context))


@lru_cache(SHEETS_KEPT)
def _filters(part: _Part) -> SafeString:
    return render_to_string("desk/queue/filters.html", part.context)
