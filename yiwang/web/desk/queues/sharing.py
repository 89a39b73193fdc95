"""The list and its numbers as a part that is drawn once for all desks that see the same: no form, no token, no name."""

from datetime import datetime

from django.http import QueryDict

from yiwang.kernel.accounts.models import User
from yiwang.web.desk.queues.counting import sizes
from yiwang.web.desk.queues.drawing import draw_rows
from yiwang.web.desk.queues.filters import Filters
from yiwang.web.desk.queues.listing import rows_of
from yiwang.web.desk.queues.pages import ROWS, bulk_moves, permissions_of
from yiwang.web.desk.queues.table import chosen, queues_for
from yiwang.web.kit import say
from yiwang.web.kit.live import Piece
from yiwang.web.kit.paging import PARAMETER


def counts(user: User, at: datetime, query: QueryDict) -> dict[str, str]:
    """The number of each queue, as it stands beside its name."""
    filters = Filters.read(query)
    by_words = not filters.numbers(say.local(at).date())
    counted = sizes(
        user, at, filters.narrowed(user, words=by_words), queues_for(permissions_of(user, at))
    )
    return {key: f"{size.count}{'+' if size.more else ''}" for key, size in counted.items()}


def rows(user: User, at: datetime, query: QueryDict) -> list[tuple[int, str]]:
    """The rows of the queue that is looked at."""
    filters, held = Filters.read(query), permissions_of(user, at)
    queues = queues_for(held)
    if not queues:
        return []
    here = chosen(queues, query.get("queue") or ("all" if filters.words else None))
    found = rows_of(user, at, here, filters, query.get(PARAMETER), ROWS)
    bulk = bool(bulk_moves(held, {case.stage for case in found.rows}))
    drawn = draw_rows(found.rows, at, bulk=bulk)
    return [(case.pk, row) for case, row in zip(found.rows, drawn, strict=True)]


PIECES = {"counts": Piece(counts, frozenset({"queue", PARAMETER})), "rows": Piece(rows)}
