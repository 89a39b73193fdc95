"""Overlaps, gaps and what lies outside the parent, found on a plane in metres."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from shapely import Polygon
from shapely.geometry.base import BaseGeometry

from yiwang.kernel.foundation.sentences import Sentence
from yiwang.kernel.territory.rules.findings import (
    Finding,
    Problem,
    shown_area,
    shown_names,
    shown_place,
)
from yiwang.kernel.territory.rules.plane import Geometries, Plane, array_of

# Two shapes nearer than this touch.
TOUCHING_M = 0.01


@dataclass(frozen=True)
class Tolerance:
    """How clean a set of polygons must be.

    area_m2, width_m: an overlap, gap or overhang smaller than this, or thinner on average, is the rounding of written
    coordinates (six decimals are 0.1 m) and is let pass. sliver_m: up to this mean width it is a drawing error that
    repair may mend; wider, and a person must decide whose land it is. channel_m: an open slit between two shapes that
    is narrower than this is a gap even where shapes need not fill their parent.
    """

    area_m2: float = 1.0
    width_m: float = 0.05
    sliver_m: float = 5.0
    channel_m: float = 0.5

    def is_noise(self, piece: BaseGeometry) -> bool:
        return piece.area <= self.area_m2 or mean_width(piece) <= self.width_m

    def is_sliver(self, piece: BaseGeometry) -> bool:
        return mean_width(piece) <= self.sliver_m


USUAL = Tolerance()


@dataclass(frozen=True)
class Region:
    """A named polygon in metres. A fixed one was there before: it is compared with, never changed."""

    name: str
    shape: BaseGeometry
    fixed: bool = False


@dataclass(frozen=True)
class Piece:
    """A polygon that should not be: `owners` are the positions of the regions concerned."""

    problem: Problem
    shape: BaseGeometry
    owners: tuple[int, ...]


def mean_width(piece: BaseGeometry) -> float:
    """Width of the strip of the same area and perimeter, metres."""
    return 2 * piece.area / piece.length if piece.length else 0.0


def polygons_of(geometry: BaseGeometry) -> list[Polygon]:
    """The polygons of any geometry; points and lines that an overlay leaves behind are dropped."""
    parts = shapely.get_parts(shapely.get_parts(geometry))
    return [part for part in parts if isinstance(part, Polygon) and part.area > 0]


def polygonal(geometry: BaseGeometry) -> BaseGeometry:
    """The polygons of a geometry as one Polygon or MultiPolygon."""
    parts = polygons_of(geometry)
    return parts[0] if len(parts) == 1 else shapely.MultiPolygon(parts)


def shapes_of(regions: Sequence[Region]) -> Geometries:
    return array_of(*[region.shape for region in regions])


def find_overlaps(regions: Sequence[Region], tolerance: Tolerance) -> Iterator[Piece]:
    shapes = shapes_of(regions)
    left, right = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    once = left < right
    left, right = left[once], right[once]
    for i, j, common in zip(
        left, right, shapely.intersection(shapes[left], shapes[right]), strict=True
    ):
        if regions[i].fixed and regions[j].fixed:
            continue
        for piece in polygons_of(common):
            if not tolerance.is_noise(piece):
                yield Piece(Problem.OVERLAP, piece, (int(i), int(j)))


def find_gaps(
    regions: Sequence[Region], within: Region | None, partial: bool, tolerance: Tolerance
) -> Iterator[Piece]:
    """Land that belongs to nobody.

    With a parent to be filled: whatever of it is not covered. Otherwise: holes in the covered land, of which
    `partial` lets the wide ones pass, and narrow slits between two regions.
    """
    shapes = shapes_of(regions)
    union = shapely.union_all(shapes)
    if within is not None and not partial:
        empty = polygons_of(shapely.difference(within.shape, union))
    else:
        holes = [hole for hole in _holes(union) if not partial or tolerance.is_sliver(hole)]
        empty = holes + list(_slits(union, shapes, tolerance))
    tree = shapely.STRtree(shapes)
    for piece in empty:
        if not tolerance.is_noise(piece):
            near = tree.query(piece, predicate="dwithin", distance=TOUCHING_M)
            owners = tuple(sorted(int(i) for i in near))
            if not owners or not all(regions[i].fixed for i in owners):
                yield Piece(Problem.GAP, piece, owners)


def _holes(union: BaseGeometry) -> list[Polygon]:
    rings = [ring for part in polygons_of(union) for ring in part.interiors]
    return [Polygon(ring) for ring in rings]


def _slits(union: BaseGeometry, shapes: Geometries, tolerance: Tolerance) -> Iterator[Polygon]:
    """Open slits: what closing by half the channel width fills between two regions."""
    half = tolerance.channel_m / 2
    closed = shapely.buffer(shapely.buffer(union, half, quad_segs=2), -half, quad_segs=2)
    holes = shapely.union_all(_holes(union))
    tree = shapely.STRtree(shapes)
    for piece in polygons_of(shapely.difference(shapely.difference(closed, union), holes)):
        if tolerance.is_noise(piece):
            continue
        if len(tree.query(piece, predicate="dwithin", distance=TOUCHING_M)) > 1:
            yield piece


def find_outside(
    regions: Sequence[Region], within: Region | None, tolerance: Tolerance
) -> Iterator[Piece]:
    if within is None:
        return
    for number, region in enumerate(regions):
        if region.fixed:
            continue
        for piece in polygons_of(shapely.difference(region.shape, within.shape)):
            if not tolerance.is_noise(piece):
                yield Piece(Problem.OUTSIDE_PARENT, piece, (number,))


def find_pieces(
    regions: Sequence[Region], within: Region | None, partial: bool, tolerance: Tolerance
) -> list[Piece]:
    """Everything that is wrong, largest first within each kind."""
    if not regions:
        return []
    pieces = [
        *find_outside(regions, within, tolerance),
        *find_overlaps(regions, tolerance),
        *find_gaps(regions, within, partial, tolerance),
    ]
    order = {Problem.OUTSIDE_PARENT: 0, Problem.OVERLAP: 1, Problem.GAP: 2}
    return sorted(pieces, key=lambda piece: (order[piece.problem], -piece.shape.area))


def check(
    regions: Sequence[Region],
    plane: Plane,
    *,
    within: Region | None = None,
    partial: bool = False,
    tolerance: Tolerance = USUAL,
) -> list[Finding]:
    """Findings about valid regions that should tile `within` (or, when partial, lie in it side by side)."""
    pieces = find_pieces(regions, within, partial, tolerance)
    return [describe(piece, regions, plane, within) for piece in pieces]


def describe(
    piece: Piece, regions: Sequence[Region], plane: Plane, within: Region | None
) -> Finding:
    names = tuple(regions[i].name for i in piece.owners)
    at = place_of(piece.shape, plane)
    says = {"area": shown_area(piece.shape.area), "place": shown_place(at)}
    return Finding(
        piece.problem, names, _sentence(piece, names, says, within), piece.shape.area, at
    )


def _sentence(
    piece: Piece, names: tuple[str, ...], says: dict[str, str], within: Region | None
) -> Sentence:
    if piece.problem is Problem.OVERLAP:
        return Sentence(
            "“%(first)s”与“%(second)s”重叠 %(area)s 平方米，位于 %(place)s",
            {**says, "first": names[0], "second": names[1]},
        )
    if piece.problem is Problem.OUTSIDE_PARENT:
        parent = within.name if within else ""
        return Sentence(
            "“%(name)s”有 %(area)s 平方米在上级“%(parent)s”之外，位于 %(place)s",
            {**says, "name": names[0], "parent": parent},
        )
    return Sentence(
        "“%(names)s”旁有 %(area)s 平方米不属于任何一个，位于 %(place)s",
        {**says, "names": shown_names(names)},
    )


def place_of(shape: BaseGeometry, plane: Plane) -> tuple[float, float]:
    """A point of a shape in metres, as degrees."""
    point = plane.unflatten_one(shapely.point_on_surface(shape))
    return float(shapely.get_x(point)), float(shapely.get_y(point))


_REASONS = {
    "Self-intersection": Sentence("边界自相交"),
    "Ring Self-intersection": Sentence("边界在一点上与自己相接"),
    "Hole lies outside shell": Sentence("内环在外环之外"),
    "Holes are nested": Sentence("内环互相嵌套"),
    "Nested shells": Sentence("一部分在另一部分之内"),
    "Interior is disconnected": Sentence("内部被切断"),
    "Duplicate Rings": Sentence("有重复的环"),
    "Too few points in geometry component": Sentence("环的点太少"),
}
_REASON_AT = re.compile(r"^(?P<reason>.*?)\[(?P<x>\S+) (?P<y>\S+)\]$")


def invalid_reason(geometry: BaseGeometry) -> tuple[Sentence, tuple[float, float] | None] | None:
    """Why a polygon is not valid and where (its own coordinates), None when it is valid and has an area."""
    if geometry.is_valid:
        return None if geometry.area > 0 else (Sentence("面积为零"), None)
    found = _REASON_AT.match(shapely.is_valid_reason(geometry))
    if not found:
        return Sentence("边界无效"), None
    at = float(found["x"]), float(found["y"])
    reason = _REASONS.get(found["reason"], Sentence("边界无效"))
    return reason, at if np.isfinite(at).all() else None
