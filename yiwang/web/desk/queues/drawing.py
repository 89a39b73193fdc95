"""Parts of the list as they are drawn, kept while what they say stays the same.

A desk looks at the same rows again and again. Everything a part says is in its key, the day too, since "today" is said; a
clock, which says something new every minute, is a part of its own that the row is put around. So nothing old is ever
shown, and fifty rows cost what the new ones among them cost.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any

from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from yiwang.kernel.cases.models import Case
from yiwang.web.desk.names import editions_of_names
from yiwang.web.desk.queues.filters import Filters
from yiwang.web.desk.queues.rows import row_of, unit_of
from yiwang.web.desk.queues.table import Queue
from yiwang.web.kit import say
from yiwang.web.kit.states import state_of
from yiwang.web.kit.templatetags.kit import clock

ROWS_KEPT, SHEETS_KEPT = 4_096, 128
CLOCK = mark_safe("\0")
"""Where a row's clock goes; no text that came into the database holds it."""


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
    look = state_of(case, at)
    ticks = case.is_open and case.clock_due_at is not None
    key = (
        case.pk, case.version, case.number, case.title, case.urgent, case.stage, case.channel,
        ticks, look, case.report_count, case.return_count, case.supervised_at, case.trust,
        case.place_confirmed, case.area_path, case.category_id, unit_of(case), of_all,
    )  # fmt: skip
    context = {
        "case": case,
        "at": at,
        "bulk": bulk,
        "alone": alone,
        "clock": CLOCK if ticks else "",
    }
    row = _row(_Part(key, context))
    if not ticks:
        return row
    # A clock has its own word for late and soon; a new case's clock simply runs.
    of_clock = "open" if look == "new" else look
    minute = at.replace(second=0, microsecond=0)
    told = (case.clock_due_at, case.clock_started_at, of_clock, minute, get_language())
    drawn = _clock(_Part(told, {"case": case, "at": at, "look": of_clock}))
    return mark_safe(row.replace(CLOCK, drawn))  # noqa: S308 - both were escaped when they were drawn


@lru_cache(ROWS_KEPT)
def _row(part: _Part) -> SafeString:
    row = row_of(part.context["case"], part.context["at"])
    return render_to_string("desk/queue/row.html", {**part.context, "row": row})


@lru_cache(ROWS_KEPT)
def _clock(part: _Part) -> str:
    """What is told in this minute, and drawn once for all minutes that tell the same."""
    case, look = part.context["case"], part.context["look"]
    told = clock(case.clock_due_at, part.context["at"], case.clock_started_at, look)
    return _drawn(_Part((*told.values(), get_language()), told))


@lru_cache(ROWS_KEPT)
def _drawn(part: _Part) -> str:
    return render_to_string("kit/parts/clock.html", part.context)


def draw_filters(
    filters: Filters, queue: Queue, kept_under: tuple[object, ...], choices: Mapping[str, object]
) -> SafeString:
    """The search box and the sheet of filters; `kept_under` says which choices these are."""
    context = {"filters": filters, "queue": queue, **choices}
    return _filters(_Part((filters, queue.key, *kept_under), context))


@lru_cache(SHEETS_KEPT)
def _filters(part: _Part) -> SafeString:
    return render_to_string("desk/queue/filters.html", part.context)
