"""Cells over a plane, and ragged rows of them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from yiwang.kernel.territory.rules.plane import Floats, Geometries

Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class Raster:
    """Cells over bounds in metres: `size` columns and rows."""

    west: float
    south: float
    width: float
    height: float
    size: int

    @classmethod
    def over(cls, bounds: Floats, size: int) -> Raster:
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

    def corners(self, cells: Ints) -> list[tuple[Floats, Floats]]:
        """The four corners of each cell."""
        x, y = self.centres(cells)
        w, h = self.width / 2, self.height / 2
        return [(x + i * w, y + j * h) for i in (-1, 1) for j in (-1, 1)]

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
