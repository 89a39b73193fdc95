"""The land against the standard. Higher rooms add what they know: organisation says which grids are not staffed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date

import shapely

from yiwang.kernel.foundation.sentences import Sentence
from yiwang.kernel.territory.land import Drawn, Land, Place, day_of, land
from yiwang.kernel.territory.locating import Day
from yiwang.kernel.territory.models import Division
from yiwang.kernel.territory.rules.codes import Extent
from yiwang.kernel.territory.rules.findings import Finding, Problem
from yiwang.kernel.territory.rules.levels import Level
from yiwang.kernel.territory.rules.plane import Plane, array_of
from yiwang.kernel.territory.rules.shapes import Region, check, invalid_reason
from yiwang.kernel.territory.rules.standard import Node, NumberedGrid, check_node, check_numbers

Check = Callable[[Sequence[Place], date], Iterable[Finding]]
_registered: list[Check] = []


def register_check(check_places: Check) -> Check:
    """Let a higher room add findings about the divisions in force on a day; usable as a decorator."""
    if check_places not in _registered:
        _registered.append(check_places)
    return check_places


def check_territory(at: Day = None) -> list[Finding]:
    """Everything that is not as the standard wants it on a day; findings with `advice` break nothing."""
    ground, day = land(), day_of(at)
    places = [place for place in ground.places.values() if place.is_in_force(day)]
    findings = list(_check_nodes(places))
    findings.extend(_check_shapes(ground, places, day))
    findings.extend(_check_numbers(ground, places, day))
    for check_places in _registered:
        findings.extend(check_places(places, day))
    return findings


def _check_nodes(places: Sequence[Place]) -> Iterator[Finding]:
    grid_codes = dict(Division.objects.exclude(grid_code="").values_list("id", "grid_code"))
    nodes: dict[int, Node] = {}
    for place in sorted(places, key=lambda place: place.level.depth):
        above = nodes.get(place.parent_id or 0)
        node = Node(
            place.name,
            place.level,
            place.kind,
            place.code,
            grid_codes.get(place.id, ""),
            place.households,
            above,
        )
        nodes[place.id] = node
        yield from check_node(node)


def _check_shapes(ground: Land, places: Sequence[Place], day: date) -> Iterator[Finding]:
    """Each family of siblings against its parent, and grids without a boundary."""
    drawn = {d.place.id: d for d in ground.drawn if d.is_in_force(day)}
    families: dict[tuple[int, Level], list[Drawn]] = {}
    for place in places:
        if place.id in drawn:
            families.setdefault((place.parent_id or 0, place.level), []).append(drawn[place.id])
        elif place.level is Level.GRID:
            sentence = Sentence("“%(name)s”没有边界", {"name": place.name})
            yield Finding(Problem.NO_BOUNDARY, (place.name,), sentence)
    for (parent, _level), children in families.items():
        yield from _check_family(drawn.get(parent), children)


def _check_family(parent: Drawn | None, children: Sequence[Drawn]) -> Iterator[Finding]:
    shapes = array_of(*[shapely.from_wkb(child.shape) for child in children])
    plane = Plane.of(shapes)
    regions = []
    for child, shape in zip(children, plane.flatten(shapes), strict=True):
        reason = invalid_reason(shape)
        if reason is None:
            regions.append(Region(child.place.name, shape))
            continue
        sentence = Sentence(
            "“%(name)s”的边界无效：%(reason)s", {"name": child.place.name, "reason": reason[0]}
        )
        yield Finding(Problem.INVALID_RING, (child.place.name,), sentence)
    within = None
    if parent is not None:
        whole = plane.flatten_one(shapely.from_wkb(parent.shape))
        within = Region(parent.place.name, whole)
    yield from check(regions, plane, within=within)


def _check_numbers(ground: Land, places: Sequence[Place], day: date) -> Iterator[Finding]:
    names = {place.id: place.name for place in places}
    codes = dict(Division.objects.exclude(grid_code="").values_list("id", "grid_code"))
    the_map = ground.map_of(Level.GRID, day)
    communities: dict[int, list[NumberedGrid]] = {}
    for drawn, bounds in zip(the_map.drawn, shapely.bounds(the_map.shapes), strict=True):
        grid = NumberedGrid(drawn.place.name, codes.get(drawn.place.id, ""), Extent(*bounds))
        communities.setdefault(drawn.place.parent_id or 0, []).append(grid)
    for community, grids in communities.items():
        yield from check_numbers(names.get(community, ""), grids)
