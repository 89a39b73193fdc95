"""Parts of the list as they are drawn, kept while what they say stays the same.

A desk looks at the same rows again and again. Everything a part says is in its key, the time to the minute, since that is
how a clock is told; so nothing old is ever shown, and fifty rows cost what the new ones among them cost.
"""

from datetime import datetime
from functools import lru_cache

from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from yiwang.web.desk.queues.filters import Filters
from yiwang.web.desk.queues.rows import Row

ROWS_KEPT, SHEETS_KEPT = 4_096, 128


class _Part:
    """What is drawn, behind the key it is kept under."""

    __slots__ = ("context", "key")

    def __init__(self, key: tuple[object, ...], context: dict[str, object]) -> None:
        self.key, self.context = key, context

    def __hash__(self) -> int:
        return hash(self.key)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Part) and self.key == other.key


def draw_row(row: Row, at: datetime, *, bulk: bool = False, alone: bool = False) -> SafeString:
    """One case of a list. `alone`: not beside a pane. `bulk`: with a box to tick."""
    case = row.case
    key = (
        case.pk, case.version, case.title, case.urgent, case.stage, case.clock_due_at,
        case.clock_started_at, case.report_count, case.return_count, case.supervised_at, row.look,
        row.stage, row.number, row.area, row.category, row.unit, row.channel, row.address,
        row.doubtful, bulk, alone, get_language(), at.replace(second=0, microsecond=0),
    )  # fmt: skip
    context: dict[str, object] = {"row": row, "now": at, "bulk": bulk, "alone": alone}
    return _row(_Part(key, context))


@lru_cache(ROWS_KEPT)
def _row(part: _Part) -> SafeString:
    return render_to_string("desk/queue/row.html", part.context)


def draw_filters(
    filters: Filters, queue: object, key: str, choices: dict[str, object]
) -> SafeString:
    """The search box and the sheet of filters; the choices are tuples all through."""
    context = {"filters": filters, "queue": queue, **choices}
    return _filters(_Part((filters, key, get_language(), *choices.values()), context))


@lru_cache(SHEETS_KEPT)
def _filters(part: _Part) -> SafeString:
    return render_to_string("desk/queue/filters.html", part.context)
