"""Mending: rings that cross themselves, and slivers between neighbours. Says what it changed.

A sliver outside the parent is cut off; one that two shapes claim, or that nobody claims, goes to the neighbour with the
longest shared border. Whatever is wider than a sliver is left for a person to decide.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

import shapely
from shapely.geometry.base import BaseGeometry

from yiwang.kernel.foundation.sentences import Sentence
from yiwang.kernel.territory.rules.findings import (
    Finding,
    Problem,
    shown_area,
    shown_place,
)
from yiwang.kernel.territory.rules.plane import Plane
from yiwang.kernel.territory.rules.shapes.topology import (
    TOUCHING_M,
    USUAL,
    Piece,
    Region,
    Tolerance,
    find_gaps,
    find_outside,
    find_overlaps,
    invalid_reason,
    place_of,
    polygonal,
)


def mend_ring(name: str, shape: BaseGeometry, plane: Plane) -> tuple[BaseGeometry, Finding | None]:
    """A valid polygon of the same outline (metres), and what was changed, None when nothing had to be."""
    reason = invalid_reason(shape)
    if reason is None:
        return shape, None
    mended = polygonal(shapely.make_valid(shape, method="structure", keep_collapsed=False))
    change = mended.area - shape.area
    sentence = Sentence(
        "“%(name)s”的边界已修正：%(reason)s，面积变化 %(area)s 平方米",
        {"name": name, "reason": reason[0], "area": shown_area(change)},
    )
    at = reason[1] and place_of(shapely.Point(reason[1]).buffer(TOUCHING_M), plane)
    return mended, Finding(Problem.INVALID_RING, (name,), sentence, abs(change), at)


def mend(
    regions: Sequence[Region],
    plane: Plane,
    *,
    within: Region | None = None,
    partial: bool = False,
    tolerance: Tolerance = USUAL,
) -> tuple[list[Region], list[Finding]]:
    """Regions with their slivers mended, and one finding for each change."""
    mended, changes = list(regions), list[Finding]()
    for piece in _slivers(find_outside(mended, within, tolerance), tolerance):
        changes.append(_cut(mended, piece, plane, within))
    for piece in _slivers(find_overlaps(mended, tolerance), tolerance):
        changes.append(_settle(mended, piece, plane))
    for piece in _slivers(find_gaps(mended, within, partial, tolerance), tolerance):
        change = _fill(mended, piece, plane)
        changes.extend([change] if change else [])
    return mended, changes


def _slivers(pieces: Iterable[Piece], tolerance: Tolerance) -> list[Piece]:
    return [piece for piece in pieces if tolerance.is_sliver(piece.shape)]


def _take(region: Region, piece: BaseGeometry) -> Region:
    return replace(region, shape=polygonal(shapely.difference(region.shape, piece)))


def _give(region: Region, piece: BaseGeometry) -> Region:
    return replace(region, shape=polygonal(shapely.union(region.shape, piece)))


def _shared_border(piece: BaseGeometry, shape: BaseGeometry) -> float:
    """Metres of the piece's outline that lie along a shape; the shape is widened, since overlays round."""
    return float(shapely.intersection(piece.boundary, shapely.buffer(shape, TOUCHING_M)).length)


def _cut(regions: list[Region], piece: Piece, plane: Plane, within: Region | None) -> Finding:
    (number,) = piece.owners
    regions[number] = _take(regions[number], piece.shape)
    says = {"name": regions[number].name, "parent": within.name if within else ""}
    return _change(
        piece,
        plane,
        Sentence("已裁去“%(name)s”在上级“%(parent)s”之外的部分", says),
        (regions[number].name,),
    )


def _settle(regions: list[Region], piece: Piece, plane: Plane) -> Finding:
    """Give an overlap to the region whose remaining land borders it longest; a fixed region keeps its own."""
    rest = {i: _take(regions[i], piece.shape) for i in piece.owners}
    winner = max(
        piece.owners,
        key=lambda i: (regions[i].fixed, _shared_border(piece.shape, rest[i].shape), -i),
    )
    for loser in set(piece.owners) - {winner}:
        regions[loser] = rest[loser]
    names = tuple(regions[i].name for i in piece.owners)
    says = {"first": names[0], "second": names[1], "winner": regions[winner].name}
    return _change(
        piece,
        plane,
        Sentence("“%(first)s”与“%(second)s”重叠的部分划归“%(winner)s”", says),
        names,
    )


def _fill(regions: list[Region], piece: Piece, plane: Plane) -> Finding | None:
    """Give a gap to the neighbour with the longest shared border; None when only fixed regions touch it."""
    free = [i for i in piece.owners if not regions[i].fixed]
    if not free:
        return None
    winner = max(free, key=lambda i: (_shared_border(piece.shape, regions[i].shape), -i))
    regions[winner] = _give(regions[winner], piece.shape)
    names = tuple(regions[i].name for i in piece.owners)
    return _change(
        piece,
        plane,
        Sentence("空隙划归“%(winner)s”", {"winner": regions[winner].name}),
        names,
    )


def _change(piece: Piece, plane: Plane, what: Sentence, names: tuple[str, ...]) -> Finding:
    at = place_of(piece.shape, plane)
    sentence = Sentence(
        "%(what)s：%(area)s 平方米，位于 %(place)s",
        {"what": what, "area": shown_area(piece.shape.area), "place": shown_place(at)},
    )
    return Finding(piece.problem, names, sentence, piece.shape.area, at)
