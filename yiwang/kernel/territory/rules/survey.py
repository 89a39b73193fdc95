"""Looking a file's shapes over before they are taken in: rings, duplicates, and how they fit each other and their parent."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from yiwang.kernel.foundation.sentences import Sentence
from yiwang.kernel.territory.rules.findings import Finding, Problem, shown_place
from yiwang.kernel.territory.rules.plane import Geometries, Plane, array_of
from yiwang.kernel.territory.rules.reading import Shape
from yiwang.kernel.territory.rules.shapes import (
    USUAL,
    Region,
    Tolerance,
    check,
    invalid_reason,
    mend,
    mend_ring,
)

# Metres around a group within which its neighbours are compared with it.
_NEAR_M = 10.0


@dataclass(frozen=True)
class Neighbour:
    """A division of the same level that is there already and not in the file; WGS-84 degrees."""

    name: str
    shape: BaseGeometry


@dataclass(frozen=True)
class Parent:
    """What shapes must lie in; `shape` is None where the parent has no boundary yet."""

    key: int
    name: str
    shape: BaseGeometry | None


@dataclass
class Survey:
    """Shapes after mending, what is wrong with them, and what was mended."""

    shapes: list[Shape]
    findings: list[Finding] = field(default_factory=list)
    changes: list[Finding] = field(default_factory=list)


def find_duplicates(shapes: Sequence[Shape], parents: Sequence[Parent | None]) -> Iterator[Finding]:
    """Codes that stand twice in the file, and names that stand twice under one parent."""
    codes = Counter(shape.code for shape in shapes if shape.code)
    for code in (code for code, times in codes.items() if times > 1):
        names = tuple(shape.name for shape in shapes if shape.code == code)
        says = {"code": code, "names": "、".join(names)}
        sentence = Sentence("代码 %(code)s 重复：%(names)s", says)
        yield Finding(Problem.DUPLICATE_CODE, names, sentence)
    pairs = zip(shapes, parents, strict=True)
    keyed = Counter((parent.key if parent else 0, shape.name) for shape, parent in pairs)
    for _key, name in (key for key, times in keyed.items() if times > 1 and key[1]):
        sentence = Sentence("名称“%(name)s”在同一上级下重复", {"name": name})
        yield Finding(Problem.DUPLICATE_NAME, (name,), sentence)


def look_over(
    shapes: Sequence[Shape],
    parents: Sequence[Parent | None],
    neighbours: Sequence[Neighbour],
    *,
    partial: bool = False,
    repair: bool = False,
    tolerance: Tolerance = USUAL,
) -> Survey:
    """Check each ring, then each group of shapes of one parent; with `repair`, mend what can be mended first."""
    survey = Survey(list(shapes))
    survey.findings.extend(find_duplicates(shapes, parents))
    for number, shape in enumerate(shapes):
        survey.shapes[number] = _look_at_ring(shape, repair, survey)
    for group in _groups(parents):
        solid = [number for number in group if survey.shapes[number].polygon.area > 0]
        if solid:
            parent = parents[solid[0]]
            _look_at_group(solid, parent, neighbours, survey, partial, repair, tolerance)
    return survey


def _groups(parents: Sequence[Parent | None]) -> list[list[int]]:
    groups: dict[int, list[int]] = {}
    for number, parent in enumerate(parents):
        groups.setdefault(parent.key if parent else 0, []).append(number)
    return list(groups.values())


def _look_at_ring(shape: Shape, repair: bool, survey: Survey) -> Shape:
    if shape.open_ring:
        sentence = Sentence("“%(name)s”的环没有闭合", {"name": shape.name})
        found = Finding(Problem.INVALID_RING, (shape.name,), sentence)
        (survey.changes if repair else survey.findings).append(found)
    reason = invalid_reason(shape.polygon)
    if reason is None:
        return shape
    plane = Plane.of(shape.polygon)
    mended, change = mend_ring(shape.name, plane.flatten_one(shape.polygon), plane)
    if repair and change and mended.area > 0:
        survey.changes.append(change)
    else:
        survey.findings.append(_invalid(shape, *reason))
    # Without repair too: the mended ring lets the remaining checks say all they have to say at once.
    return replace(shape, polygon=_degrees(mended, plane))


def _invalid(shape: Shape, reason: Sentence, at: tuple[float, float] | None) -> Finding:
    says: dict[str, str | Sentence] = {"name": shape.name, "reason": reason}
    sentence = Sentence("“%(name)s”的边界无效：%(reason)s", says)
    if at:
        says["place"] = shown_place(at)
        sentence = Sentence("“%(name)s”的边界无效：%(reason)s，位于 %(place)s", says)
    return Finding(Problem.INVALID_RING, (shape.name,), sentence, at=at)


def _look_at_group(
    group: list[int],
    parent: Parent | None,
    neighbours: Sequence[Neighbour],
    survey: Survey,
    partial: bool,
    repair: bool,
    tolerance: Tolerance,
) -> None:
    plane = Plane.of(array_of(*[survey.shapes[i].polygon for i in group]))
    own = [
        Region(survey.shapes[i].name, plane.flatten_one(survey.shapes[i].polygon)) for i in group
    ]
    regions = own + _near(own, neighbours, plane)
    within = _within(parent, plane)
    if repair:
        regions, changes = mend(regions, plane, within=within, partial=partial, tolerance=tolerance)
        survey.changes.extend(changes)
        _keep_mended(group, own, regions, plane, survey)
    found = check(regions, plane, within=within, partial=partial, tolerance=tolerance)
    survey.findings.extend(found)


def _near(own: Sequence[Region], neighbours: Sequence[Neighbour], plane: Plane) -> list[Region]:
    bounds = shapely.total_bounds(array_of(*[region.shape for region in own]))
    around = shapely.box(*bounds).buffer(_NEAR_M)
    flat = [Region(n.name, plane.flatten_one(n.shape), fixed=True) for n in neighbours]
    return [region for region in flat if region.shape.intersects(around)]


def _within(parent: Parent | None, plane: Plane) -> Region | None:
    if parent is None or parent.shape is None:
        return None
    return Region(parent.name, plane.flatten_one(parent.shape))


def _keep_mended(
    group: list[int], own: list[Region], regions: list[Region], plane: Plane, survey: Survey
) -> None:
    """Write mended shapes back; untouched ones keep the very coordinates of the file."""
    for place, before, after in zip(group, own, regions, strict=False):
        if after.shape is not before.shape:
            polygon = _degrees(after.shape, plane)
            survey.shapes[place] = replace(survey.shapes[place], polygon=polygon)


def _degrees(shape: BaseGeometry, plane: Plane) -> BaseGeometry:
    """Back to degrees, nine decimals (0.1 mm), so that mending the same file twice gives the same shape."""
    return shapely.transform(plane.unflatten_one(shape), lambda c: np.round(c, 9))


def best_parent(polygon: BaseGeometry, parents: Sequence[Parent]) -> Parent | None:
    """The parent that holds more than half of a polygon."""
    with_shape = [parent for parent in parents if parent.shape is not None]
    if not with_shape:
        return None
    shapes: Geometries = array_of(*[parent.shape for parent in with_shape if parent.shape])
    mended = polygon if polygon.is_valid else shapely.make_valid(polygon)
    shares = shapely.area(shapely.intersection(shapes, mended))
    best = int(np.argmax(shares))
    return with_shape[best] if shares[best] > mended.area / 2 else None
