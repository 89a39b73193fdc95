"""Which polygon a point lies in, how far it is from a border, and whether that can be trusted; in bulk.

Two rasters over the bounds make it fast. The first says for each cell which polygon it lies in wholly, so that only
points in cells crossed by a border are tested against polygons. The second keeps for each cell the few border segments
that can be nearest to a point of that cell; it is filled for the cells that are asked for.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock
from typing import Final

import numpy as np
import shapely
from numpy.typing import NDArray

from yiwang.kernel.territory.rules.plane import Floats, Geometries, Plane
from yiwang.kernel.territory.rules.trust import TRUST_CODE, Trust

Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]
NOWHERE: Final = -1
_OUTSIDE, _MIXED = -1, -2
# Below this many points the tree is asked directly: filling cells would cost more than it saves.
_FEW = 32
# Points of one batch that make a cell worth filling.
_CROWDED = 4
# Pairs of point and segment measured at a time: bounds the memory of a batch to about 200 MB.
_PAIRS_AT_ONCE = 2_000_000


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


@dataclass(frozen=True)
class _Raster:
    """Cells over bounds in metres: `size` columns and rows."""

    west: float
    south: float
    width: float
    height: float
    size: int

    @classmethod
    def over(cls, bounds: Floats, size: int) -> _Raster:
        west, south, east, north = (float(v) for v in bounds)
        return cls(west, south, max(east - west, 1.0) / size, max(north - south, 1.0) / size, size)

    def cells(self, x: Floats, y: Floats) -> Ints:
        """Cell of each point; points outside the bounds get the nearest cell."""
        column = np.clip((x - self.west) / self.width, 0, self.size - 1).astype(np.int64)
        row = np.clip((y - self.south) / self.height, 0, self.size - 1).astype(np.int64)
        return column * self.size + row

    def covers(self, x: Floats, y: Floats) -> Flags:
        east, north = self.west + self.width * self.size, self.south + self.height * self.size
        return (x >= self.west) & (x <= east) & (y >= self.south) & (y <= north)

    def centres(self, cells: Ints) -> tuple[Floats, Floats]:
        column, row = np.divmod(cells, self.size)
        return self.west + (column + 0.5) * self.width, self.south + (row + 0.5) * self.height

    def boxes(self) -> Geometries:
        x, y = self.centres(np.arange(self.size * self.size))
        w, h = self.width / 2, self.height / 2
        boxes: Geometries = shapely.box(x - w, y - h, x + w, y + h)
        return boxes

    @property
    def half_diagonal(self) -> float:
        return float(np.hypot(self.width, self.height)) / 2


def spread(starts: Ints, counts: Ints) -> tuple[Ints, Ints]:
    """Expand ragged rows: for each row i and each k below counts[i], (i, starts[i] + k)."""
    rows = np.repeat(np.arange(len(counts)), counts)
    before = np.cumsum(counts) - counts
    return rows, np.arange(len(rows)) - np.repeat(before - starts, counts)


class _Insides:
    """First raster: the polygon of a point. Where polygons share a point, the first one wins."""

    def __init__(self, shapes: Geometries, size: int) -> None:
        self._shapes = shapes
        self._raster = _Raster.over(shapely.total_bounds(shapes), size)
        boxes = self._raster.boxes()
        tree = shapely.STRtree(boxes)
        touched = tree.query(shapes, predicate="intersects")
        whole = tree.query(shapes, predicate="contains")
        self._read_cells(touched.astype(np.int64), whole.astype(np.int64))

    def _read_cells(self, touched: Ints, whole: Ints) -> None:
        cells = self._raster.size**2
        counts = np.bincount(touched[1], minlength=cells)
        self._label = np.where(counts > 0, _MIXED, _OUTSIDE).astype(np.int64)
        alone = counts[whole[1]] == 1
        self._label[whole[1][alone]] = whole[0][alone]
        order = np.argsort(touched[1], kind="stable")
        self._counts = counts.astype(np.int64)
        self._starts = np.cumsum(self._counts) - self._counts
        self._polygons = touched[0][order]

    def find(self, x: Floats, y: Floats) -> Ints:
        cells = self._raster.cells(x, y)
        found: Ints = np.where(self._raster.covers(x, y), self._label[cells], _OUTSIDE)
        mixed = np.flatnonzero(found == _MIXED)
        if len(mixed):
            found[mixed] = self._test(x[mixed], y[mixed], cells[mixed])
        return found

    def _test(self, x: Floats, y: Floats, cells: Ints) -> Ints:
        """Test points against each polygon of their cell."""
        points, entries = spread(self._starts[cells], self._counts[cells])
        polygons = self._polygons[entries]
        order = np.argsort(polygons, kind="stable")
        points, polygons = points[order], polygons[order]
        numbers, begins = np.unique(polygons, return_index=True)
        found = np.full(len(x), NOWHERE, dtype=np.int64)
        # From the last polygon to the first, so that the first one is what stays.
        for number, some in reversed(list(zip(numbers, np.split(points, begins[1:]), strict=True))):
            inside = shapely.intersects_xy(self._shapes[number], x[some], y[some])
            found[some[inside]] = number
        return found


class _Borders:
    """Second raster: the distance to the nearest border segment."""

    def __init__(self, shapes: Geometries) -> None:
        self._from, self._step = _segments(shapes)
        self._length2 = np.maximum((self._step**2).sum(axis=1), 1e-12)
        ends = np.stack([self._from, self._from + self._step], axis=1)
        lines: Geometries = np.asarray(shapely.linestrings(ends), dtype=object)
        self._tree = shapely.STRtree(lines)
        size = int(np.clip(2 * np.sqrt(len(self._from)), 16, 256))
        self._raster = _Raster.over(shapely.total_bounds(shapes), size)
        self._starts = np.zeros(size * size, dtype=np.int64)
        self._counts = np.full(size * size, NOWHERE, dtype=np.int64)
        self._entries = np.empty(0, dtype=np.int64)
        self._filling = Lock()

    def distance(self, x: Floats, y: Floats) -> Floats:
        """Metres to the nearest border, exact."""
        if len(x) < _FEW:
            return self._ask_tree(x, y)
        cells = self._raster.cells(x, y)
        self._fill(cells)
        filled = self._raster.covers(x, y) & (self._counts[cells] >= 0)
        result = np.empty(len(x))
        result[~filled] = self._ask_tree(x[~filled], y[~filled])
        result[filled] = self._ask_cells(x[filled], y[filled], cells[filled])
        return result

    def _ask_tree(self, x: Floats, y: Floats) -> Floats:
        found, distance = self._tree.query_nearest(
            shapely.points(x, y), return_distance=True, all_matches=False
        )
        result = np.full(len(x), np.inf)
        result[found[0]] = distance
        return result

    def _ask_cells(self, x: Floats, y: Floats, cells: Ints) -> Floats:
        result = np.empty(len(x))
        if not len(x):
            return result
        load = np.cumsum(self._counts[cells])
        pieces = np.arange(_PAIRS_AT_ONCE, load[-1], _PAIRS_AT_ONCE)
        for some in np.split(np.arange(len(x)), np.searchsorted(load, pieces)):
            if len(some):
                result[some] = self._measure(x[some], y[some], cells[some])
        return result

    def _fill(self, cells: Ints) -> None:
        """Find the segments that can be nearest within each crowded cell not filled before.

        If the centre is d from the nearest segment, no point of the cell is further than d + h from it (h half the
        diagonal), and a segment nearest to such a point is within d + 2h of the centre.
        """
        with self._filling:
            asked, often = np.unique(cells, return_counts=True)
            new = asked[(often >= _CROWDED) & (self._counts[asked] < 0)]
            if len(new):
                self._fill_new(new)

    def _fill_new(self, new: Ints) -> None:
        centres = shapely.points(*self._raster.centres(new))
        nearest = self._tree.query_nearest(centres, return_distance=True, all_matches=False)[1]
        reach = (nearest + 2 * self._raster.half_diagonal) * (1 + 1e-9)
        rows, segments = self._tree.query(centres, predicate="dwithin", distance=reach)
        counts = np.bincount(rows, minlength=len(new)).astype(np.int64)
        self._starts[new] = len(self._entries) + np.cumsum(counts) - counts
        self._entries = np.concatenate([self._entries, segments[np.argsort(rows, kind="stable")]])
        self._counts[new] = counts

    def _measure(self, x: Floats, y: Floats, cells: Ints) -> Floats:
        counts = self._counts[cells]
        points, entries = spread(self._starts[cells], counts)
        segment = self._entries[entries]
        step = self._step[segment]
        east = x[points] - self._from[segment, 0]
        north = y[points] - self._from[segment, 1]
        along = (east * step[:, 0] + north * step[:, 1]) / self._length2[segment]
        along = np.clip(along, 0.0, 1.0)
        square = (east - along * step[:, 0]) ** 2 + (north - along * step[:, 1]) ** 2
        least: Floats = np.sqrt(np.minimum.reduceat(square, np.cumsum(counts) - counts))
        return least


def _segments(shapes: Geometries) -> tuple[Floats, Floats]:
    """Start and step of each border segment, a border shared by two polygons once; both (n, 2) metres."""
    rings = shapely.get_rings(shapes)
    corners, ring = shapely.get_coordinates(rings, return_index=True)
    same_ring = ring[1:] == ring[:-1]
    start, end = corners[:-1][same_ring], corners[1:][same_ring]
    turn = (start[:, 0] > end[:, 0]) | ((start[:, 0] == end[:, 0]) & (start[:, 1] > end[:, 1]))
    start, end = np.where(turn[:, None], end, start), np.where(turn[:, None], start, end)
    once = np.unique(np.hstack([start, end]), axis=0)
    return once[:, :2].copy(), once[:, 2:] - once[:, :2]


class Locator:
    """Locates points in a set of polygons (degrees, WGS-84). Answers carry positions in the given array."""

    def __init__(self, shapes: Geometries, known: tuple[KnownPoint, ...] = ()) -> None:
        self.known = known
        self._plane = Plane.of(shapes)
        flat = self._plane.flatten(shapes)
        shapely.prepare(flat)
        size = int(np.clip(4 * np.sqrt(len(flat)) + 32, 32, 256))
        self._insides = _Insides(flat, size) if len(flat) else None
        self._borders = _Borders(flat) if len(flat) else None

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
