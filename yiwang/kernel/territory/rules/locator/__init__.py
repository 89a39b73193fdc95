"""Points in polygons in bulk: which one, how far from a border, and whether that can be trusted."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from yiwang.kernel.territory.rules.locator.borders import Borders
from yiwang.kernel.territory.rules.locator.insides import NOWHERE, Insides
from yiwang.kernel.territory.rules.locator.raster import Flags, Ints
from yiwang.kernel.territory.rules.plane import Floats, Geometries, Plane
from yiwang.kernel.territory.rules.trust import TRUST_CODE, Trust

__all__ = ["NOWHERE", "KnownPoint", "Located", "Locator", "is_point"]


@dataclass(frozen=True)
class KnownPoint:
    """A point that means "no place known": degrees, and how far around it (metres)."""

    lon: float
    lat: float
    radius_m: float
    name: str


@dataclass(frozen=True)
class Located:
    """Answers for n points, each array of length n.

    index: of the polygon, NOWHERE (-1) when in none · distance_m: to the nearest border, inf without polygons, nan
    without a point · trust: codes of `TRUST_CODE` · known: index of the default point hit, or NOWHERE.
    """

    index: Ints
    distance_m: Floats
    trust: NDArray[np.uint8]
    known: Ints


class Locator:
    """Locates points in a set of polygons (degrees, WGS-84). Answers carry positions in the given array."""

    def __init__(self, shapes: Geometries, known: tuple[KnownPoint, ...] = ()) -> None:
        self.known = known
        self._plane = Plane.of(shapes)
        flat = self._plane.flatten(shapes)
        shapely.prepare(flat)
        size = int(np.clip(4 * np.sqrt(len(flat)) + 32, 32, 256))
        self._insides = Insides(flat, size) if len(flat) else None
        self._borders = Borders(flat) if len(flat) else None

    def find(self, lon: Floats, lat: Floats) -> Ints:
        """Position of the polygon of each point, NOWHERE when in none."""
        if self._insides is None:
            return np.full(len(lon), NOWHERE, dtype=np.int64)
        return self._insides.find(self._plane.x(lon), self._plane.y(lat))

    def distance(self, lon: Floats, lat: Floats) -> Floats:
        """Metres to the nearest border of any polygon, from inside or outside."""
        if self._borders is None:
            return np.full(len(lon), np.inf)
        return self._borders.distance(self._plane.x(lon), self._plane.y(lat))

    def locate_many(
        self,
        lon: Floats,
        lat: Floats,
        accuracy_m: Floats | None = None,
        disagrees: Callable[[Ints], Flags] | None = None,
        distances: bool = True,
    ) -> Located:
        """Locate n points.

        Args:
            lon, lat: degrees; NaN, out of range or exactly (0, 0) counts as no point.
            accuracy_m: radius the true place lies in, 0 or NaN when unknown.
            disagrees: given the polygons found, says where the reporter chose another one.
            distances: False measures only points with an accuracy, and leaves nan elsewhere.
        """
        there = is_point(lon, lat)
        index = np.full(len(lon), NOWHERE, dtype=np.int64)
        index[there] = self.find(lon[there], lat[there])
        distance = np.full(len(lon), np.nan)
        radius = np.zeros(len(lon)) if accuracy_m is None else np.nan_to_num(accuracy_m, nan=0.0)
        measured = there if distances else there & (radius > 0)
        distance[measured] = self.distance(lon[measured], lat[measured])
        known = self._known_points(lon, lat)
        other = np.zeros(len(lon), dtype=bool) if disagrees is None else disagrees(index)
        trust = _judge(there, known, index, radius >= distance, other)
        return Located(index, distance, trust, known)

    def _known_points(self, lon: Floats, lat: Floats) -> Ints:
        """Position of the default point each point lies near, NOWHERE when near none."""
        hit = np.full(len(lon), NOWHERE, dtype=np.int64)
        for number, point in enumerate(self.known):
            plane = Plane.around(point.lon, point.lat)
            hit[np.hypot(plane.x(lon), plane.y(lat)) <= point.radius_m] = number
        return hit


def is_point(lon: Floats, lat: Floats) -> Flags:
    """Whether a pair can be a place at all: finite, on the globe, and not the (0, 0) of an empty form."""
    on_globe = (np.abs(lon) <= 180) & (np.abs(lat) <= 90)
    return np.asarray(on_globe & ~((lon == 0) & (lat == 0)), dtype=bool)


def _judge(
    there: Flags, known: Ints, index: Ints, near_border: Flags, disagrees: Flags
) -> NDArray[np.uint8]:
    """The strongest reason against each location: what is written later overrides."""
    trust = np.full(len(index), TRUST_CODE[Trust.TRUSTED], dtype=np.uint8)
    trust[near_border] = TRUST_CODE[Trust.NEAR_BORDER]
    trust[disagrees] = TRUST_CODE[Trust.DISAGREES]
    trust[index == NOWHERE] = TRUST_CODE[Trust.OUTSIDE]
    trust[known != NOWHERE] = TRUST_CODE[Trust.DEFAULT_POINT]
    trust[~there] = TRUST_CODE[Trust.NO_POINT]
    return trust
