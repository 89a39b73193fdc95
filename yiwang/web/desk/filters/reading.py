"""What a kept query means today: its address, how many cases it finds, or why it finds none any more."""

from dataclasses import dataclass
from datetime import datetime

from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _

from yiwang.kernel import catalogue
from yiwang.kernel.accounts.models import User
from yiwang.kernel.cases.models import SavedFilter
from yiwang.kernel.cases.reading import planned_for_its_values
from yiwang.kernel.territory.land import day_of, land
from yiwang.web.desk import names
from yiwang.web.desk.queues.filters import Filters
from yiwang.web.desk.queues.listing import waiting
from yiwang.web.desk.queues.table import Queue

COUNTED = 100
"""Beyond them it reads "99+"; what is closed is not counted."""
KEPT = ("queue", "unit", "area", "category", "channel", "mine", "q")


@dataclass(frozen=True)
class Kept:
    """A filter as the list beside the queues shows it; `problem` says why it is of no use any more."""

    id: int
    name: str
    address: str
    count: int | None
    problem: str
    own: bool
    by: str
    shared: bool
    said: str

    @property
    def many(self) -> bool:
        return self.count is not None and self.count >= COUNTED


def clean(query: str) -> str:
    """Return what is worth keeping of a query string: the queue and the filters, not the page one stands on."""
    given, kept = QueryDict(query[:2000]), QueryDict(mutable=True)
    for name in KEPT:
        if value := given.get(name, "").replace("\x00", "").strip():
            kept[name] = value
    return kept.urlencode()


def kept_of(saved: SavedFilter, user: User, at: datetime, queues: list[Queue]) -> Kept:
    """What a saved filter means for this person; one statement where there is something to count."""
    given = QueryDict(saved.query)
    filters, here = Filters.read(given), _queue(given, queues)
    problem = problem_of(filters, here)
    return Kept(
        id=saved.pk,
        name=saved.name,
        address=f"{reverse('desk:queue')}?{saved.query}",
        count=None if problem or here is None else _count(user, at, filters, here),
        problem=problem,
        own=saved.owner_id == user.pk,
        by=saved.owner.display_name,
        shared=saved.unit_id is not None,
        said=said(filters, here),
    )


def _queue(given: QueryDict, queues: list[Queue]) -> Queue | None:
    first = queues[0].key if queues else ""
    key = given.get("queue") or ("all" if given.get("q") else first)
    return next((queue for queue in queues if queue.key == key), None)


def problem_of(filters: Filters, here: Queue | None) -> str:
    """Why nothing can be found by it any more; "" where it is as good as ever."""
    if here is None:
        return _("这个队列现在不在您的职责内")
    place = land().places.get(filters.area) if filters.area else None
    if filters.area and (place is None or not place.is_in_force(day_of(None))):
        return _("其中的社区或网格已经撤销")
    entry = catalogue.book().category(filters.category) if filters.category else None
    if filters.category and (entry is None or not entry.published):
        return _("其中的类别已经停用")
    if filters.unit and filters.unit not in dict(names.working_units()):
        return _("其中的单位已经不再承办")
    return ""


def _count(user: User, at: datetime, filters: Filters, here: Queue) -> int | None:
    """How many, up to a hundred; of what is open only."""
    if here.span != "open":
        return None
    cases = waiting(user, at, here, filters.narrowed(user))
    with planned_for_its_values():
        return cases.order_by()[:COUNTED].count()


def said(filters: Filters, here: Queue | None) -> str:
    """The queue and what narrows it, in words."""
    parts = [str(here.name)] if here else []
    if filters.unit:
        parts.append(dict(names.working_units()).get(filters.unit, "?"))
    place = land().places.get(filters.area) if filters.area else None
    if filters.area:
        parts.append(place.name if place else "?")
    if filters.category:
        parts.append(names.category_title(filters.category) or "?")
    if filters.channel:
        from yiwang.web.desk.looks import channel_of

        parts.append(channel_of(filters.channel).name)
    if filters.mine:
        parts.append(_("只看我经手的"))
    if filters.words:
        parts.append(f"“{filters.words}”")
    return " · ".join(parts)
