"""Give one division a boundary from a day on."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from django.utils.translation import gettext_lazy as _
from shapely.geometry.base import BaseGeometry

from yiwang.kernel.foundation.actors import Actor
from yiwang.kernel.foundation.errors import Conflict, Invalid
from yiwang.kernel.territory.actions.writing import (
    boundary_at,
    boundary_facts,
    boundary_of,
    fetch,
    note,
    replace_boundary,
    writing,
)
from yiwang.kernel.territory.land import day_of
from yiwang.kernel.territory.models import Boundary, Division
from yiwang.kernel.territory.rules.findings import Finding
from yiwang.kernel.territory.rules.reading import Shape
from yiwang.kernel.territory.rules.survey import Neighbour, Parent, look_over


def set_boundary(
    division: Division,
    shape: BaseGeometry,
    *,
    by: Actor,
    at: datetime,
    valid_from: date | None = None,
    source: str = "",
    generated: bool = False,
) -> Boundary:
    """Let a polygon (WGS-84 degrees) be the boundary of a division from a day on; the one before ends that day.

    Gaps are allowed here, since neighbours are drawn one after the other; `check_territory` shows them.

    Raises:
        Invalid: not a valid polygon, or it overlaps a neighbour or leaves its parent; the first finding is the sentence.
        Conflict: a boundary that begins later is there already, or the division is not in force that day.
    """
    day = valid_from or day_of(at)
    with writing(by, at):
        found = fetch(division)
        must_take_boundary(found, day)
        findings = look_at(found.name, shape, parent_of(found, day), neighbours_of([found], day))
        if findings:
            raise Invalid(findings[0].sentence.text(), field="shape")
        new = boundary_of(found, shape, day, source, generated)
        replace_boundary(boundary_at(found, day), new)
        note(found, "boundary_set", by, at, boundary_facts(new))
    return new


def must_take_boundary(division: Division, day: date) -> None:
    in_force = division.valid_from <= day and (division.valid_to is None or day < division.valid_to)
    if not in_force:
        raise Conflict(_("“%(name)s”在那一天不在用") % {"name": division.name}, field="valid_from")
    if division.boundaries.filter(valid_from__gt=day).exists():
        raise Conflict(
            _("“%(name)s”已有更晚开始的边界") % {"name": division.name}, field="valid_from"
        )


def look_at(
    name: str, shape: BaseGeometry, parent: Parent | None, neighbours: list[Neighbour]
) -> list[Finding]:
    """What is wrong with one shape where it should go."""
    one = Shape(1, name, "", "", None, shape)
    return look_over([one], [parent], neighbours, partial=True).findings


def as_parent(division: Division, day: date) -> Parent:
    boundary = boundary_at(division, day)
    return Parent(division.pk, division.name, boundary.geometry if boundary else None)


def parent_of(division: Division, day: date) -> Parent | None:
    return as_parent(division.parent, day) if division.parent else None


def neighbours_of(divisions: Iterable[Division], day: date) -> list[Neighbour]:
    """Everything with a boundary on the level of the divisions, themselves excepted."""
    some = list(divisions)
    others = Boundary.objects.at(day).filter(division__level=some[0].level)
    return [
        Neighbour(boundary.division.name, boundary.geometry)
        for boundary in others.exclude(division__in=some).select_related("division")
    ]
