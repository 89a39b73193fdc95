"""The land in memory: every division and boundary as of each day, ready to locate in. Kept until the territory changes."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime

import numpy as np
import shapely
from django.db.models import F
from django.utils import timezone
from numpy.typing import NDArray

from yiwang.kernel.foundation import versions
from yiwang.kernel.territory.models import Boundary, DefaultPoint, Division
from yiwang.kernel.territory.rules.levels import Level
from yiwang.kernel.territory.rules.locator import KnownPoint, Locator
from yiwang.kernel.territory.rules.plane import Geometries

VERSION = "territory"


@dataclass(frozen=True)
class Place:
    """A division as it is kept in memory."""

    id: int
    level: Level
    kind: str
    name: str
    short_name: str
    code: str
    parent_id: int | None
    path: str
    households: int | None
    sort_order: int
    is_town: bool
    valid_from: date
    valid_to: date | None

    def is_in_force(self, day: date) -> bool:
        return self.valid_from <= day and (self.valid_to is None or day < self.valid_to)


@dataclass(frozen=True)
class Drawn:
    """A boundary as it is kept in memory: `shape` is WKB in WGS-84 degrees."""

    place: Place
    shape: bytes
    generated: bool
    valid_from: date
    valid_to: date | None

    def is_in_force(self, day: date) -> bool:
        begun = self.valid_from <= day and self.place.is_in_force(day)
        return begun and (self.valid_to is None or day < self.valid_to)


@dataclass(frozen=True)
class LevelMap:
    """The divisions of one level that have a boundary on a day; arrays and `drawn` share positions."""

    drawn: tuple[Drawn, ...]
    shapes: Geometries
    locator: Locator
    ids: NDArray[np.int64]
    paths: NDArray[np.object_]


@dataclass
class Land:
    """Everything the table of divisions says, on any day."""

    places: dict[int, Place]
    drawn: tuple[Drawn, ...]
    known: tuple[KnownPoint, ...]
    _changes: list[date] = field(init=False)
    _maps: dict[tuple[Level, int], LevelMap] = field(init=False, default_factory=dict)
    # Finished map layers of `maps.as_geojson`, dropped with the land they were drawn from.
    layers: dict[object, dict[str, object]] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        self._changes = sorted(set(self._days()))

    def _days(self) -> Iterator[date]:
        things: list[Place | Drawn] = [*self.places.values(), *self.drawn]
        for thing in things:
            yield thing.valid_from
            if thing.valid_to:
                yield thing.valid_to

    def era(self, day: date) -> int:
        """Number of the stretch of days without any change that holds `day`."""
        return bisect_right(self._changes, day)

    def map_of(self, level: Level, day: date) -> LevelMap:
        """The map of a level on a day; made at first use."""
        key = level, self.era(day)
        if key not in self._maps:
            self._maps[key] = self._draw(level, day)
        return self._maps[key]

    def _draw(self, level: Level, day: date) -> LevelMap:
        drawn = tuple(d for d in self.drawn if d.place.level is level and d.is_in_force(day))
        shapes: Geometries = np.asarray(shapely.from_wkb([d.shape for d in drawn]), dtype=object)
        paths = np.array([d.place.path for d in drawn], dtype=object)
        ids = np.array([d.place.id for d in drawn], dtype=np.int64)
        return LevelMap(drawn, shapes, Locator(shapes, self.known), ids, paths)

    @property
    def is_generated(self) -> bool:
        """Whether this land, or a part of it, was made up for a demonstration."""
        return any(drawn.generated for drawn in self.drawn)

    def town(self) -> Place | None:
        """The highest division this installation serves."""
        flagged = [place for place in self.places.values() if place.is_town]
        return min(flagged, key=lambda place: (place.level.depth, place.id), default=None)


def land() -> Land:
    """The land as it is stored now; read again after a change."""
    return versions.cached(VERSION, _load)


def day_of(at: date | datetime | None) -> date:
    """The day in the office's time zone; today when nothing is given."""
    if at is None:
        return timezone.localdate()
    return timezone.localtime(at).date() if isinstance(at, datetime) else at


_COLUMNS = (
    "id",
    "level",
    "kind",
    "name",
    "short_name",
    "code",
    "parent_id",
    "path",
    "households",
    "sort_order",
    "is_town",
    "valid_from",
    "valid_to",
)


def _load() -> Land:
    places = {}
    for row in Division.objects.order_by("sort_order", "id").values(*_COLUMNS):
        row["level"] = Level(row["level"])
        places[row["id"]] = Place(**row)
    known = DefaultPoint.objects.order_by("id").values_list("lon", "lat", "radius_m", "name")
    return Land(places, tuple(_drawn(places)), tuple(KnownPoint(*row) for row in known))


def _drawn(places: dict[int, Place]) -> Iterator[Drawn]:
    rows = Boundary.objects.order_by(F("division__sort_order"), "division_id", "valid_from")
    for key, shape, generated, valid_from, valid_to in rows.values_list(
        "division_id", "shape", "generated", "valid_from", "valid_to"
    ):
        yield Drawn(places[key], bytes(shape), generated, valid_from, valid_to)
