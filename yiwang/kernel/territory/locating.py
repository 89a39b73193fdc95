"""Locating: the grid of a point on a day, or why not to trust it. One by one, and in bulk."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

import numpy as np
from numpy.typing import NDArray

from yiwang.kernel.foundation.sentences import Sentence
from yiwang.kernel.territory.land import Land, LevelMap, day_of, land
from yiwang.kernel.territory.rules.levels import Level
from yiwang.kernel.territory.rules.locator import NOWHERE, Located, Locator
from yiwang.kernel.territory.rules.plane import Floats
from yiwang.kernel.territory.rules.trust import TRUST_CODE, UNPLACED, Location, Point, Trust

Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]
Day = date | datetime | None

_TRUST_OF = list(Trust)


@dataclass(frozen=True)
class LocatedMany:
    """Answers for n points, arrays of length n.

    division_id: 0 where geometry finds nothing · path: "" there · distance_m: metres to the nearest border, nan where
    not measured · trust: codes of `TRUST_CODE` (0 is trusted) · known: position of the default point hit, or -1.
    """

    division_id: Ints
    path: NDArray[np.object_]
    distance_m: Floats
    trust: NDArray[np.uint8]
    known: Ints


def locator(at: Day = None, level: Level | str = Level.GRID) -> Locator:
    """The bare geometry of a level on a day."""
    return land().map_of(Level(level), day_of(at)).locator


def locate_many(
    lon: Floats,
    lat: Floats,
    at: Day = None,
    level: Level | str = Level.GRID,
    accuracy: Floats | None = None,
    *,
    chosen: Ints | None = None,
    distances: bool = True,
) -> LocatedMany:
    """Locate n points of one day, at some millions of points a second.

    Args:
        lon, lat: WGS-84 degrees, float64; nan where there is no point.
        accuracy: radius in metres the true place lies in, 0 or nan where unknown.
        chosen: ids of the divisions (of any level) the reporters chose, 0 where none.
        distances: False measures the distance to the border only where an accuracy is given.
    """
    ground = land()
    the_map = ground.map_of(Level(level), day_of(at))
    found = _find(ground, the_map, lon, lat, accuracy, chosen, distances)
    ids, paths = _named(the_map, found)
    return LocatedMany(ids, paths, found.distance_m, found.trust, found.known)


def _find(
    ground: Land,
    the_map: LevelMap,
    lon: Floats,
    lat: Floats,
    accuracy: Floats | None,
    chosen: Ints | None,
    distances: bool = True,
) -> Located:
    def disagrees(index: Ints) -> Flags:
        return _disagree(ground, the_map, index, chosen)

    asked = disagrees if chosen is not None else None
    return the_map.locator.locate_many(lon, lat, accuracy, asked, distances)


def _named(the_map: LevelMap, found: Located) -> tuple[Ints, NDArray[np.object_]]:
    """Ids and paths of what geometry found; a default point is no place, wherever it lies."""
    index = np.where(found.trust == TRUST_CODE[Trust.DEFAULT_POINT], NOWHERE, found.index)
    # The extra last entry is what position -1 reads.
    ids, paths = np.append(the_map.ids, 0), np.append(the_map.paths, "")
    return ids[index], paths[index]


def _disagree(ground: Land, the_map: LevelMap, index: Ints, chosen: Ints | None) -> Flags:
    """Where a division was chosen that the point does not lie in; each pair is compared once."""
    assert chosen is not None
    choices, choice = np.unique(chosen, return_inverse=True)
    pairs, where = np.unique((index + 1) * len(choices) + choice, return_inverse=True)
    found, choice = np.divmod(pairs, len(choices))
    paths = np.append(the_map.paths, "")[found - 1]
    other = [
        _is_other(ground, str(path), int(choices[number]))
        for path, number in zip(paths, choice, strict=True)
    ]
    return np.array(other, dtype=bool)[where]


def _is_other(ground: Land, path: str, choice: int) -> bool:
    place = ground.places.get(choice)
    if not choice or not path or place is None:
        return False
    return not (path.startswith(place.path) or place.path.startswith(path))


def locate(
    points: Sequence[Point | None],
    at: Day = None,
    *,
    level: Level | str = Level.GRID,
    chosen: Sequence[int | None] | None = None,
) -> list[Location]:
    """Locate points of one day; `chosen` are the divisions the reporters chose, one for each point."""
    ground = land()
    the_map = ground.map_of(Level(level), day_of(at))
    choices = [choice or 0 for choice in chosen] if chosen else [0] * len(points)
    found = _find(
        ground,
        the_map,
        np.array([point.lon if point else np.nan for point in points], dtype=np.float64),
        np.array([point.lat if point else np.nan for point in points], dtype=np.float64),
        np.array([_radius(point) for point in points], dtype=np.float64),
        np.array(choices, dtype=np.int64) if any(choices) else None,
    )
    return [
        _location(ground, the_map, found, row, points[row], choices[row])
        for row in range(len(points))
    ]


def locate_one(
    point: Point | None,
    at: Day = None,
    *,
    level: Level | str = Level.GRID,
    chosen: int | None = None,
) -> Location:
    """Locate one point; None means that there is none."""
    return locate([point], at, level=level, chosen=[chosen])[0]


def _radius(point: Point | None) -> float:
    return point.accuracy_m or 0.0 if point else 0.0


def _location(
    ground: Land, the_map: LevelMap, found: Located, row: int, point: Point | None, choice: int
) -> Location:
    trust = _TRUST_OF[found.trust[row]]
    place = ground.places.get(choice) or ground.town()
    if trust not in UNPLACED:
        place = the_map.drawn[found.index[row]].place
    distance = None if trust is Trust.NO_POINT else float(found.distance_m[row])
    return Location(
        place.id if place else None,
        place.path if place else "",
        distance,
        trust,
        tuple(_reasons(ground, the_map, found, row, _radius(point), choice)),
    )


def _reasons(
    ground: Land, the_map: LevelMap, found: Located, row: int, radius: float, choice: int
) -> list[Sentence]:
    trust = _TRUST_OF[found.trust[row]]
    if trust is Trust.NO_POINT:
        return [Sentence("没有给出地点")]
    if trust is Trust.DEFAULT_POINT:
        name = ground.known[found.known[row]].name
        return [Sentence("坐标是默认点“%(name)s”，不代表真实地点", {"name": name})]
    if trust is Trust.OUTSIDE:
        return [_outside(found.distance_m[row])]
    return _placed(ground, the_map.drawn[found.index[row]].place.name, found, row, radius, choice)


def _outside(distance: float) -> Sentence:
    if not np.isfinite(distance):
        return Sentence("还没有可用来定位的边界")
    return Sentence(
        "坐标在所有边界之外，距最近的边界 %(metres)s 米", {"metres": f"{distance:,.0f}"}
    )


def _placed(
    ground: Land, name: str, found: Located, row: int, radius: float, choice: int
) -> list[Sentence]:
    distance = found.distance_m[row]
    reasons = []
    if found.trust[row] == TRUST_CODE[Trust.DISAGREES]:
        says = {"name": name, "chosen": ground.places[choice].name}
        reasons.append(Sentence("坐标在“%(name)s”内，上报时选的是“%(chosen)s”", says))
    if radius >= distance:
        says = {"radius": f"{radius:,.0f}", "metres": f"{distance:,.0f}", "name": name}
        reasons.append(
            Sentence("定位误差 %(radius)s 米，而“%(name)s”的边界只有 %(metres)s 米远", says)
        )
    says = {"metres": f"{distance:,.0f}", "name": name}
    return reasons or [Sentence("坐标在“%(name)s”内，距边界 %(metres)s 米", says)]
