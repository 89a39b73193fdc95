"""Which polygon a point lies in.

A raster says for each cell which polygon it lies in wholly, so that only points in cells crossed by a border are tested
against polygons.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import shapely

from yiwang.kernel.territory.rules.locator.raster import Ints, Raster, spread
from yiwang.kernel.territory.rules.plane import Floats, Geometries

NOWHERE: Final = -1
_OUTSIDE, _MIXED = -1, -2


class Insides:
    """First raster: the polygon of a point. Where polygons share a point, the first one wins."""

    def __init__(self, shapes: Geometries, size: int) -> None:
        self._shapes = shapes
        self._raster = Raster.over(shapely.total_bounds(shapes), size)
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
