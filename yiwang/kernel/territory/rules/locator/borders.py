"""How far a point is from the nearest border.

A raster keeps for each cell the few border segments that can be nearest to a point of that cell. It is filled for the
cells that are asked for, so that a big map costs nothing where nobody looks.
"""

from __future__ import annotations

from threading import Lock

import numpy as np
import shapely

from yiwang.kernel.territory.rules.locator.raster import Flags, Ints, Raster, spread
from yiwang.kernel.territory.rules.plane import Floats, Geometries

# Below this many points the tree is asked directly: filling cells would cost more than it saves.
_FEW = 32
# Points of one batch that make a cell worth filling.
_CROWDED = 4
# Pairs of point and segment measured at a time: they stay in the processor's cache.
_PAIRS_AT_ONCE = 100_000
# Cells filled at a time: bounds the memory of their candidates.
_CELLS_AT_ONCE = 2000
_ROUNDING = 1 + 1e-9


class Segments:
    """Border segments on the plane, a border shared by two polygons once."""

    def __init__(self, shapes: Geometries) -> None:
        self._start, self._step = _segments(shapes)
        self._length2 = np.maximum((self._step**2).sum(axis=1), 1e-12)
        ends = np.stack([self._start, self._start + self._step], axis=1)
        lines: Geometries = np.asarray(shapely.linestrings(ends), dtype=object)
        self.tree = shapely.STRtree(lines)

    def __len__(self) -> int:
        return len(self._start)

    def squares(self, x: Floats, y: Floats, segment: Ints) -> Floats:
        """Squared distance of each point to the segment given for it."""
        step = self._step[segment]
        east, north = x - self._start[segment, 0], y - self._start[segment, 1]
        along = (east * step[:, 0] + north * step[:, 1]) / self._length2[segment]
        along = np.clip(along, 0.0, 1.0)
        square: Floats = (east - along * step[:, 0]) ** 2 + (north - along * step[:, 1]) ** 2
        return square

    def feet(self, x: Floats, y: Floats, segment: Ints) -> tuple[Floats, Floats]:
        """The point of each segment that is nearest to the point given for it."""
        start, step = self._start[segment], self._step[segment]
        along = ((x - start[:, 0]) * step[:, 0] + (y - start[:, 1]) * step[:, 1]) / self._length2[
            segment
        ]
        along = np.clip(along, 0.0, 1.0)
        return start[:, 0] + along * step[:, 0], start[:, 1] + along * step[:, 1]

    def nearest(self, x: Floats, y: Floats) -> tuple[Ints, Floats]:
        """The nearest segment of each point and its distance, from the tree."""
        found, distance = self.tree.query_nearest(
            shapely.points(x, y), return_distance=True, all_matches=False
        )
        return found[1].astype(np.int64), distance


class Borders:
    """Distances to the nearest border segment."""

    def __init__(self, shapes: Geometries) -> None:
        self._segments = Segments(shapes)
        size = int(np.clip(np.sqrt(len(self._segments)), 32, 128))
        self._raster = Raster.over(shapely.total_bounds(shapes), size)
        self._starts = np.zeros(size * size, dtype=np.int64)
        self._counts = np.full(size * size, -1, dtype=np.int64)
        self._entries = np.empty(0, dtype=np.int64)
        self._filling = Lock()

    def distance(self, x: Floats, y: Floats) -> Floats:
        """Metres to the nearest border, exact."""
        if len(x) < _FEW:
            return self._segments.nearest(x, y)[1]
        cells = self._raster.cells(x, y)
        self._fill(cells)
        filled = self._raster.covers(x, y) & (self._counts[cells] >= 0)
        result = np.empty(len(x))
        result[~filled] = self._segments.nearest(x[~filled], y[~filled])[1]
        result[filled] = self._ask_cells(x[filled], y[filled], cells[filled])
        return result

    def _ask_cells(self, x: Floats, y: Floats, cells: Ints) -> Floats:
        result = np.empty(len(x))
        load = np.cumsum(self._counts[cells])
        pieces = np.arange(_PAIRS_AT_ONCE, load[-1] if len(x) else 0, _PAIRS_AT_ONCE)
        for some in np.split(np.arange(len(x)), np.searchsorted(load, pieces)):
            if len(some):
                result[some] = self._measure(x[some], y[some], cells[some])
        return result

    def _measure(self, x: Floats, y: Floats, cells: Ints) -> Floats:
        counts = self._counts[cells]
        points, entries = spread(self._starts[cells], counts)
        squares = self._segments.squares(x[points], y[points], self._entries[entries])
        least: Floats = np.sqrt(np.minimum.reduceat(squares, np.cumsum(counts) - counts))
        return least

    def _fill(self, cells: Ints) -> None:
        """Find the candidates of each crowded cell that has none yet."""
        with self._filling:
            asked, often = np.unique(cells, return_counts=True)
            new = asked[(often >= _CROWDED) & (self._counts[asked] < 0)]
            for start in range(0, len(new), _CELLS_AT_ONCE):
                self._fill_some(new[start : start + _CELLS_AT_ONCE])

    def _fill_some(self, cells: Ints) -> None:
        rows, segments = self._within_reach(cells)
        rows, segments = self._can_be_nearest(cells, rows, segments)
        counts = np.bincount(rows, minlength=len(cells)).astype(np.int64)
        self._starts[cells] = len(self._entries) + np.cumsum(counts) - counts
        self._entries = np.concatenate([self._entries, segments])
        self._counts[cells] = counts

    def _within_reach(self, cells: Ints) -> tuple[Ints, Ints]:
        """Pairs of cell (position) and segment that distance alone does not rule out, ordered by cell.

        If the centre is d from the nearest segment, no point of the cell is further than d + h from it (h half the
        diagonal), and a segment nearest to such a point is within d + 2h of the centre.
        """
        x, y = self._raster.centres(cells)
        reach = (self._segments.nearest(x, y)[1] + 2 * self._raster.half_diagonal) * _ROUNDING
        centres = shapely.points(x, y)
        rows, segments = self._segments.tree.query(centres, predicate="dwithin", distance=reach)
        order = np.argsort(rows, kind="stable")
        return rows[order].astype(np.int64), segments[order].astype(np.int64)

    def _can_be_nearest(self, cells: Ints, rows: Ints, segments: Ints) -> tuple[Ints, Ints]:
        """The pairs that remain when segments that are everywhere beaten by one point of a border are left out.

        Tried for five points: those of the borders nearest to the centre of the cell and to each corner.
        """
        corners = self._raster.corners(cells)
        for x, y in (self._raster.centres(cells), *corners):
            kept = self._not_beaten(x, y, corners, rows, segments)
            rows, segments = rows[kept], segments[kept]
        return rows, segments

    def _not_beaten(
        self, x: Floats, y: Floats, corners: list[tuple[Floats, Floats]], rows: Ints, segments: Ints
    ) -> Flags:
        """Where a segment beats the border point q nearest to (x, y) somewhere in its cell.

        Nearer to point q than to point s is a half-plane, so a cell whose four corners are nearer to q than to every s
        of a segment is nearer to it everywhere.
        """
        foot_x, foot_y = self._segments.feet(x, y, self._best(x, y, rows, segments))
        kept = np.zeros(len(rows), dtype=bool)
        for cx, cy in corners:
            own = ((cx - foot_x) ** 2 + (cy - foot_y) ** 2) * _ROUNDING
            kept |= self._segments.squares(cx[rows], cy[rows], segments) <= own[rows]
        return kept

    def _best(self, x: Floats, y: Floats, rows: Ints, segments: Ints) -> Ints:
        """The nearest segment of one point for each cell, among the cell's own candidates."""
        firsts = np.flatnonzero(np.diff(rows, prepend=-1))
        squares = self._segments.squares(x[rows], y[rows], segments)
        least = np.minimum.reduceat(squares, firsts)
        hits = np.flatnonzero(squares == least[rows])
        best = np.empty(len(firsts), dtype=np.int64)
        best[rows[hits]] = segments[hits]
        return best


def _segments(shapes: Geometries) -> tuple[Floats, Floats]:
    """Start and step of each border segment, a border shared by two polygons once; both (n, 2) metres."""
    # Of a multipolygon `get_rings` alone returns nothing.
    rings = shapely.get_rings(shapely.get_parts(shapes))
    corners, ring = shapely.get_coordinates(rings, return_index=True)
    same_ring = ring[1:] == ring[:-1]
    start, end = corners[:-1][same_ring], corners[1:][same_ring]
    turn = (start[:, 0] > end[:, 0]) | ((start[:, 0] == end[:, 0]) & (start[:, 1] > end[:, 1]))
    start, end = np.where(turn[:, None], end, start), np.where(turn[:, None], start, end)
    once = np.unique(np.hstack([start, end]), axis=0)
    return once[:, :2].copy(), once[:, 2:] - once[:, :2]
