"""Is every grid looked after? What organisation adds to `yiwang check-territory`."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import TYPE_CHECKING

from yiwang.kernel.foundation.sentences import Sentence
from yiwang.kernel.organisation.models import Posting
from yiwang.kernel.organisation.rules import GridDuty, Role
from yiwang.kernel.territory.rules.findings import Finding, Problem
from yiwang.kernel.territory.rules.levels import Level

if TYPE_CHECKING:
    from yiwang.kernel.territory import Place


def check_staffing(places: Sequence["Place"], day: date) -> Iterable[Finding]:
    """Find the grids in force without a grid worker on that day; one query however many grids."""
    grids = {place.id: place.name for place in places if place.level is Level.GRID}
    duties: dict[int, set[str]] = {}
    postings = Posting.objects.own().on(day).filter(role=Role.GRID_WORKER.value)
    active = postings.filter(user__is_active=True, area_id__in=list(grids))
    for area_id, duty in active.values_list("area_id", "duty"):
        duties.setdefault(area_id, set()).add(duty)
    for grid_id, name in grids.items():
        yield from _of_grid(name, duties.get(grid_id, set()))


def _of_grid(name: str, duties: set[str]) -> Iterator[Finding]:
    """A guide advises and does not walk the grid; a grid without a head has nobody to answer for it."""
    if not duties - {GridDuty.GUIDE.value}:
        sentence = Sentence("“%(name)s”没有网格员", {"name": name})
        yield Finding(Problem.STAFFING, (name,), sentence)
    elif GridDuty.GRID_HEAD.value not in duties:
        sentence = Sentence("“%(name)s”没有网格长", {"name": name})
        yield Finding(Problem.STAFFING, (name,), sentence, advice=True)
