"""The polygons of the demo town, made up by a seeded procedure: streets first, then blocks, communities, grids.

No free boundaries of 南城's communities and grids exist, so the demo town draws its own: names and numbers are real, every
line is generated. A lattice of streets is bent and thinned, cut out by an irregular outline and turned into blocks; the
blocks are divided by one straight cut after another, each along streets, into 14 communities and then into 40 grids. All
areas are unions of the same blocks, so that neighbours share their vertices exactly.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from random import Random

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from yiwang.kernel.territory.rules.codes import Extent, reading_order
from yiwang.kernel.territory.rules.levels import Level
from yiwang.kernel.territory.rules.plane import Geometries, Plane, array_of
from yiwang.kernel.territory.rules.reading import Fields

TOWN = "南城街道"
# Official order, and how many grids each has: 40 together.
COMMUNITIES = {
    "双井": 3,
    "中山": 3,
    "新兴": 3,
    "曹州": 4,
    "中意": 3,
    "双阳": 3,
    "中岳": 3,
    "中和": 2,
    "马堤口": 3,
    "程堤口": 3,
    "侯店": 2,
    "黄口": 3,
    "张楼": 2,
    "郭大千": 3,
}
# The town itself has its parent from elsewhere.
FIELDS = Fields(name="name", parent="parent", households="households", short_name="short_name")
CENTRE = Plane.around(115.47, 35.23)
AREA_M2 = 12_500_000.0
HOUSEHOLDS = (310, 490)

_BLOCK_M = 215.0
_MAIN_EVERY = 4
_DIGITS = "一二三四五六七八九十"
_ANGLES = 18


@dataclass(frozen=True)
class Area:
    """A generated division: `parent` is a name, `number` its place in the parent, the shape WGS-84 degrees."""

    level: Level
    name: str
    short_name: str
    parent: str
    number: int
    households: int
    shape: BaseGeometry


@dataclass(frozen=True)
class Street:
    """A generated street, WGS-84 degrees; minor ones have no name."""

    name: str
    line: BaseGeometry


@dataclass(frozen=True)
class TownPlan:
    """The whole generated town: the subdistrict, 14 communities in official order, 40 grids, and streets."""

    areas: tuple[Area, ...]
    streets: tuple[Street, ...]

    def level(self, level: Level) -> list[Area]:
        return [area for area in self.areas if area.level is level]

    def geojson(self, level: Level) -> bytes:
        """A level as a file for `territory.import_shapes`, with the properties of `FIELDS`."""
        features = [
            {
                "type": "Feature",
                "properties": {
                    "name": area.name,
                    "short_name": area.short_name,
                    "parent": area.parent,
                    "households": area.households,
                },
                "geometry": json.loads(shapely.to_geojson(area.shape)),
            }
            for area in self.level(level)
        ]
        whole = {"type": "FeatureCollection", "features": features}
        return json.dumps(whole, ensure_ascii=False).encode()


def generate(seed: int = 371702003) -> TownPlan:
    """Draw the town; the same seed draws the same town."""
    chance = Random(seed)  # noqa: S311 - drawing, not guarding
    outline = _outline(chance)
    lattice = _Lattice(chance)
    blocks = _blocks(outline, lattice.segments(chance))
    return TownPlan(tuple(_areas(blocks, chance)), tuple(lattice.streets(outline)))


def _outline(chance: Random) -> BaseGeometry:
    """An irregular closed line around the middle, metres, of about the town's area."""
    waves = [
        (k, chance.uniform(0.02, 0.11) / k**0.5, chance.uniform(0, math.tau)) for k in range(2, 9)
    ]
    corners = []
    for step in range(96):
        angle = math.tau * step / 96
        radius = 1 + sum(size * math.cos(k * angle + phase) for k, size, phase in waves)
        radius *= 1 + chance.uniform(-0.008, 0.008)
        corners.append((radius * math.cos(angle), radius * math.sin(angle)))
    shape = shapely.Polygon(corners)
    grow = math.sqrt(AREA_M2 / shape.area)
    return shapely.transform(shape, lambda c: c * grow)


class _Lattice:
    """Crossings of streets: rows from west to east, columns from south to north, bent and jittered, metres."""

    def __init__(self, chance: Random) -> None:
        self.half = 13
        self._bend = [chance.uniform(0, math.tau) for _ in range(4)]
        self._turn = math.radians(chance.uniform(-6, 6))
        self._across = self._steps(chance)
        self._along = self._steps(chance)
        span = range(2 * self.half + 1)
        self.crossings = {(i, j): self._crossing(i, j, chance) for i in span for j in span}

    def _steps(self, chance: Random) -> list[float]:
        """Distances of parallel streets from the middle: no two blocks are the same."""
        gaps = [_BLOCK_M * chance.uniform(0.72, 1.3) for _ in range(2 * self.half + 1)]
        places = np.cumsum(gaps)
        return [float(place - places[self.half]) for place in places]

    def _crossing(self, i: int, j: int, chance: Random) -> tuple[float, float]:
        x, y = self._across[i], self._along[j]
        loose = 0.05 if i % _MAIN_EVERY == 0 or j % _MAIN_EVERY == 0 else 0.16
        x += 90 * math.sin(y / 900 + self._bend[0]) + 40 * math.sin(y / 380 + self._bend[1])
        y += 90 * math.sin(x / 950 + self._bend[2]) + 40 * math.sin(x / 420 + self._bend[3])
        x += _BLOCK_M * chance.uniform(-loose, loose)
        y += _BLOCK_M * chance.uniform(-loose, loose)
        cos, sin = math.cos(self._turn), math.sin(self._turn)
        return x * cos - y * sin, x * sin + y * cos

    def segments(self, chance: Random) -> list[BaseGeometry]:
        """One line between neighbouring crossings; some minor ones are left out, which joins blocks."""
        lines: list[BaseGeometry] = []
        for (i, j), here in self.crossings.items():
            for ahead, main in (
                ((i + 1, j), j % _MAIN_EVERY == 0),
                ((i, j + 1), i % _MAIN_EVERY == 0),
            ):
                there = self.crossings.get(ahead)
                if there and (main or chance.random() > 0.16):
                    lines.append(shapely.LineString([here, there]))
        return lines

    def streets(self, outline: BaseGeometry) -> Iterable[Street]:
        """The main streets within the outline: 街 run west to east, 路 south to north."""
        span = range(2 * self.half + 1)
        mains = [k for k in span if k % _MAIN_EVERY == 0]
        rows = [("街", [self.crossings[i, j] for i in span]) for j in reversed(mains)]
        columns = [("路", [self.crossings[i, j] for j in span]) for i in mains]
        for lines in (rows, columns):
            kept = [
                (kind, shapely.intersection(shapely.LineString(line), outline))
                for kind, line in lines
            ]
            for number, (kind, line) in enumerate((k, x) for k, x in kept if not x.is_empty):
                yield Street(f"示例{_DIGITS[number]}{kind}", _degrees(line))


def _blocks(outline: BaseGeometry, segments: Sequence[BaseGeometry]) -> Geometries:
    """Faces between streets within the outline, metres; together they are the outline exactly."""
    inside = shapely.intersection(array_of(*segments), outline)
    noded = shapely.unary_union([*inside, outline.boundary])
    faces = shapely.get_parts(shapely.polygonize([noded]))
    return array_of(*[face for face in faces if face.area > 0])


@dataclass(frozen=True)
class _Heap:
    """A set of blocks to be divided: which they are, and the whole they belong to."""

    whole: _Whole
    members: tuple[int, ...]

    @cached_property
    def shape(self) -> BaseGeometry:
        return shapely.coverage_union_all(self.whole.blocks[list(self.members)])

    @cached_property
    def area(self) -> float:
        return float(self.whole.areas[list(self.members)].sum())

    def divide(self, shares: Sequence[int]) -> list[_Heap]:
        """Cut into one heap for each share, with areas in proportion, by halves."""
        if len(shares) == 1:
            return [self]
        middle = len(shares) // 2
        part = sum(shares[:middle]) / sum(shares)
        first, second = self._best_cut(part)
        return first.divide(shares[:middle]) + second.divide(shares[middle:])

    def _best_cut(self, part: float) -> tuple[_Heap, _Heap]:
        """Of straight cuts in many directions, the one with both sides in one piece and the shortest new border."""
        cuts = [self._cut(math.pi * step / _ANGLES, part) for step in range(2 * _ANGLES)]
        return min(cuts, key=lambda cut: self._cost(cut, part))

    def _cost(self, cut: tuple[_Heap, _Heap], part: float) -> tuple[int, float]:
        pieces = sum(heap.pieces for heap in cut)
        unequal = abs(cut[0].area / self.area - part)
        border = (cut[0].shape.length + cut[1].shape.length) / math.sqrt(self.area)
        return pieces, border + 12 * unequal

    def _cut(self, angle: float, part: float) -> tuple[_Heap, _Heap]:
        """The blocks furthest in one direction, up to the wanted part of the area, and the rest."""
        ahead = self.whole.centres @ np.array([math.cos(angle), math.sin(angle)])
        order = sorted(self.members, key=lambda i: float(ahead[i]))
        grown = np.cumsum(self.whole.areas[order]) / self.area
        split = int(np.clip(np.abs(grown - part).argmin() + 1, 1, len(order) - 1))
        return _Heap(self.whole, tuple(order[:split])), _Heap(self.whole, tuple(order[split:]))

    @cached_property
    def pieces(self) -> int:
        return len(shapely.get_parts(self.shape)) + sum(
            len(part.interiors) for part in shapely.get_parts(self.shape)
        )

    @property
    def extent(self) -> Extent:
        return Extent(*self.shape.bounds)


class _Whole:
    """All blocks of the town."""

    def __init__(self, blocks: Geometries) -> None:
        self.blocks = blocks
        self.areas = shapely.area(blocks)
        self.centres = shapely.get_coordinates(shapely.centroid(blocks))

    def everything(self) -> _Heap:
        return _Heap(self, tuple(range(len(self.blocks))))


def _areas(blocks: Geometries, chance: Random) -> Iterable[Area]:
    """The subdistrict, its communities in official order, and their grids numbered left to right, top to bottom."""
    town = _Whole(blocks).everything()
    communities = dict(zip(COMMUNITIES, town.divide(list(COMMUNITIES.values())), strict=True))
    grids = {
        name: _numbered(heap.divide([1] * COMMUNITIES[name])) for name, heap in communities.items()
    }
    homes = {name: [chance.randint(*HOUSEHOLDS) for _ in some] for name, some in grids.items()}
    total = sum(map(sum, homes.values()))
    yield Area(Level.SUBDISTRICT, TOWN, "南城", "", 1, total, _degrees(town.shape))
    for number, (name, heap) in enumerate(communities.items(), start=1):
        shape = _degrees(heap.shape)
        yield Area(Level.COMMUNITY, f"{name}社区", name, TOWN, number, sum(homes[name]), shape)
    for name, some in grids.items():
        for number, (heap, households) in enumerate(zip(some, homes[name], strict=True), start=1):
            yield Area(
                Level.GRID,
                f"{name}社区第{_DIGITS[number - 1]}网格",
                f"{name}{number}",
                f"{name}社区",
                number,
                households,
                _degrees(heap.shape),
            )


def _numbered(heaps: Sequence[_Heap]) -> list[_Heap]:
    return [heaps[i] for i in reading_order([heap.extent for heap in heaps])]


def _degrees(shape: BaseGeometry) -> BaseGeometry:
    """Metres to degrees with seven decimals (a centimetre): vertices that were one stay one."""
    return shapely.transform(CENTRE.unflatten_one(shape), lambda c: np.round(c, 7))
