"""Split a division in several: it ends, and its parts begin, on one day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import gettext_lazy as _
from shapely.geometry.base import BaseGeometry

from yiwang.kernel.foundation import audit
from yiwang.kernel.foundation.actors import Actor
from yiwang.kernel.foundation.errors import Invalid
from yiwang.kernel.territory.actions.boundaries import must_take_boundary, neighbours_of
from yiwang.kernel.territory.actions.divisions import end, must_be_closable, must_fit
from yiwang.kernel.territory.actions.writing import (
    boundary_at,
    boundary_of,
    event,
    facts_of,
    fetch,
    next_ids,
    note,
    path_under,
    writing,
)
from yiwang.kernel.territory.land import day_of
from yiwang.kernel.territory.models import Boundary, Division
from yiwang.kernel.territory.rules.reading import Shape
from yiwang.kernel.territory.rules.survey import Parent, look_over


@dataclass(frozen=True)
class Part:
    """One part of a split: the shape in WGS-84 degrees."""

    name: str
    shape: BaseGeometry
    code: str = ""
    short_name: str = ""
    households: int | None = None


def split_division(
    division: Division, into: Sequence[Part], *, by: Actor, at: datetime, on: date | None = None
) -> list[Division]:
    """Close a division and open its parts under the same parent; together they are its land, exactly.

    Raises:
        Invalid: fewer than two parts, or they overlap, leave a gap or reach outside; the first finding is the sentence.
        Conflict: something beneath the division is still in force, or a name or code is taken.
    """
    day = on or day_of(at)
    with writing(by, at):
        found = fetch(division)
        must_be_closable(found, day)
        must_take_boundary(found, day)
        _must_tile(found, into, day)
        end(found, day)
        parts = [
            _open(found, part, day, key)
            for part, key in zip(into, next_ids(len(into)), strict=True)
        ]
        note(found, "division_split", by, at, {"into": [part.pk for part in parts]})
        events = [event(part, "division_created", by, at, facts_of(part)) for part in parts]
        audit.record_many(events, new=True)
    return parts


def _must_tile(division: Division, into: Sequence[Part], day: date) -> None:
    if len(into) < 2:
        raise Invalid(_("至少拆成两个"), field="into")
    boundary = boundary_at(division, day)
    if boundary is None:
        raise Invalid(_("“%(name)s”还没有边界，无法拆分") % {"name": division.name}, field="into")
    whole = Parent(division.pk, division.name, boundary.geometry)
    shapes = [
        Shape(n, part.name, part.code, "", None, part.shape) for n, part in enumerate(into, 1)
    ]
    survey = look_over(shapes, [whole] * len(shapes), neighbours_of([division], day))
    if survey.findings:
        raise Invalid(survey.findings[0].sentence.text(), field="into")


def _open(old: Division, part: Part, day: date, key: int) -> Division:
    new = Division(
        id=key,
        level=old.level,
        kind=old.kind,
        name=part.name.strip(),
        short_name=part.short_name.strip(),
        code=part.code.strip(),
        parent=old.parent,
        path=path_under(old.parent, key),
        households=part.households,
        sort_order=old.sort_order,
        is_town=old.is_town,
        valid_from=day,
    )
    must_fit(new)
    new.save(force_insert=True)
    before = Boundary.objects.filter(division=old).order_by("-valid_from").first()
    source, generated = (before.source, before.generated) if before else ("", False)
    boundary_of(new, part.shape, day, source, generated).save()
    return new
