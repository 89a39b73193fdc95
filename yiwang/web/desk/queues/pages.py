"""The desk page: two queries count every queue, one reads the rows, names come from memory."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from itertools import groupby

from django.http import HttpRequest, HttpResponse
from django.utils.http import urlencode
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from yiwang.kernel import catalogue
from yiwang.kernel.accounts.models import User
from yiwang.kernel.cases.rules.moves import MOVES, Move
from yiwang.kernel.cases.rules.stages import CHANNEL_NAMES
from yiwang.kernel.organisation.duties import duties_of
from yiwang.kernel.organisation.rules import Permission
from yiwang.web.desk import names
from yiwang.web.desk.needs import AT_THE_DESK
from yiwang.web.desk.queues.counting import Size, sizes
from yiwang.web.desk.queues.drawing import draw_filters, draw_rows
from yiwang.web.desk.queues.filters import Filters
from yiwang.web.desk.queues.listing import rows_of
from yiwang.web.desk.queues.table import GROUPS, Queue, chosen, queues_for
from yiwang.web.kit import say
from yiwang.web.kit.access import now, page, signed_in
from yiwang.web.kit.fragments import show
from yiwang.web.kit.paging import PARAMETER

ROWS = 50


@dataclass(frozen=True)
class Entry:
    """A queue in the left pane."""

    queue: Queue
    size: Size | None
    address: str
    here: bool

    @property
    def count(self) -> int | None:
        return self.size.count if self.size else None


@page(AT_THE_DESK, methods=("GET", "HEAD"))
def queue(request: HttpRequest) -> HttpResponse:
    """Three panes; for htmx only the first two, so that the case beside them stays."""
    user, at = signed_in(request), now(request)
    filters = Filters.read(request.GET)
    held = permissions_of(user, at)
    queues = queues_for(held)
    here = chosen(queues, request.GET.get("queue") or ("all" if filters.words else None))
    found = rows_of(user, at, here, filters, request.GET.get(PARAMETER), ROWS)
    by_words = not filters.numbers(say.local(at).date())
    counted = sizes(user, at, filters.narrowed(user, words=by_words), queues)
    bulk = bulk_moves(held, {case.stage for case in found.rows})
    kept_under = (*names.editions_of_names(), get_language(), say.local(at).date())
    choices = _choices(kept_under)
    context: dict[str, object] = {
        "groups": _groups(_entries(queues, here, counted, request)),
        "queue": here,
        "filters": filters,
        "page": found,
        "drawn": draw_rows(found.rows, at, bulk=bool(bulk)),
        "sheet": draw_filters(filters, here, kept_under, choices),
        "bulk": bulk,
        "may_enter": Permission.REPORT_TAKE in held,
        "here": request.get_full_path(),
        **choices,
    }
    return show(request, "desk/queue.html", "desk/queue/board.html", context)


def permissions_of(user: User, at: datetime) -> frozenset[Permission]:
    """Everything the person may do somewhere; what may be done to one case the kernel says."""
    return frozenset(p for duty in duties_of(user, at) for p in duty.permissions)


def bulk_moves(held: frozenset[Permission], stages: Iterable[str]) -> list[Move]:
    """The moves that go for many at once, from a stage on the list, that this person may make somewhere."""
    here = set(stages)
    return [
        move
        for move in MOVES
        if move.bulk and Permission(move.permission) in held and here & set(move.sources)
    ]


def _entries(
    queues: list[Queue], here: Queue, counted: dict[str, Size], request: HttpRequest
) -> list[Entry]:
    kept = [
        (name, str(value))
        for name, value in request.GET.items()
        if name not in ("queue", PARAMETER) and value
    ]
    return [
        Entry(
            queue=queue,
            size=counted.get(queue.key),
            address=f"{request.path}?{urlencode([('queue', queue.key), *kept])}",
            here=queue is here,
        )
        for queue in queues
    ]


def _groups(entries: Iterable[Entry]) -> list[tuple[object, list[Entry]]]:
    return [(GROUPS[key], list(some)) for key, some in groupby(entries, lambda e: e.queue.group)]


@lru_cache(16)
def _choices(_kept_under: tuple[object, ...]) -> Mapping[str, object]:
    """What the filters offer, all from memory: names in one language, on one day."""
    book = catalogue.book()
    return {
        "units": tuple(names.working_units()),
        "areas": tuple((area, tuple(names.grids_of(area))) for area in names.communities()),
        "headings": tuple(
            (module, tuple(child for child in book.children(module.id) if child.published))
            for module in book.children(None)
            if module.published
        ),
        "channels": tuple((key, _(name)) for key, name in CHANNEL_NAMES.items()),
    }


__all__ = ["bulk_moves", "permissions_of", "queue"]
