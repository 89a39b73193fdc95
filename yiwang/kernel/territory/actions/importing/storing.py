"""Write an import that has no finding: new divisions, changed ones, boundaries that begin; one audit row for each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import shapely
from shapely.geometry.base import BaseGeometry

from yiwang.kernel.foundation import audit
from yiwang.kernel.foundation.sentences import Sentence
from yiwang.kernel.territory.actions.importing.options import Run
from yiwang.kernel.territory.actions.writing import (
    boundary_facts,
    boundary_of,
    event,
    facts_of,
    next_ids,
    path_under,
    replace_boundary,
    save_new,
)
from yiwang.kernel.territory.models import Boundary, Division
from yiwang.kernel.territory.rules.findings import shown_names
from yiwang.kernel.territory.rules.levels import Kind, Level
from yiwang.kernel.territory.rules.reading import Shape
from yiwang.kernel.territory.rules.survey import Parent

# Degrees within which a vertex counts as unmoved: a tenth of a millimetre.
_SAME = 1e-9


def write(
    run: Run,
    shapes: Sequence[Shape],
    parents: Sequence[Parent | None],
    matches: Sequence[Division | None],
) -> None:
    rows = list(zip(shapes, parents, matches, strict=True))
    _create(run, [(shape, parent) for shape, parent, division in rows if division is None])
    events = [
        said
        for shape, _parent_, division in rows
        if division is not None
        for said in _update(run, shape, division)
    ]
    audit.record_many(events)
    run.report.notes.extend(_notes(run, matches))


def _create(run: Run, rows: Sequence[tuple[Shape, Parent | None]]) -> None:
    parents = {division.pk: division for division in run.above}
    new = [
        _division(run, shape, parents[parent.key] if parent else None, key)
        for (shape, parent), key in zip(rows, next_ids(len(rows)), strict=True)
    ]
    save_new(new)
    drawn = [
        _boundary(run, division, shape) for division, (shape, _p) in zip(new, rows, strict=True)
    ]
    Boundary.objects.bulk_create(drawn, batch_size=200)
    pairs = zip(new, drawn, strict=True)
    said = [
        (division, facts_of(division) | {"boundary": boundary_facts(b)}) for division, b in pairs
    ]
    events = [
        event(division, "division_created", run.by, run.at, facts) for division, facts in said
    ]
    audit.record_many(events, new=True)
    run.report.created.extend(division.name for division in new)


def _division(run: Run, shape: Shape, parent: Division | None, key: int) -> Division:
    level = run.options.level
    return Division(
        id=key,
        level=level.value,
        kind=(shape.kind or Kind.GENERAL.value) if level is Level.GRID else "",
        name=shape.name,
        short_name=shape.short_name,
        code=shape.code,
        grid_code=_grid_code(level, shape.code),
        parent=parent,
        path=path_under(parent, key),
        households=shape.households,
        sort_order=shape.number,
        valid_from=run.day,
    )


def _grid_code(level: Level, code: str) -> str:
    """The code of a grid when it is one of CJ/T 349; a town may use its own instead."""
    return code if level is Level.GRID and len(code) == 20 and code.isdecimal() else ""


def _boundary(run: Run, division: Division, shape: Shape) -> Boundary:
    options = run.options
    return boundary_of(division, shape.polygon, run.day, options.source, options.generated)


def _update(run: Run, shape: Shape, division: Division) -> Iterator[audit.Event]:
    """Write what a shape changes of its division, and say it."""
    facts = _changes(run, shape, division)
    if facts:
        division.save(update_fields=list(facts))
        run.report.changed.append(division.name)
        yield event(division, "division_changed", run.by, run.at, facts)
    old = run.boundaries.get(division.pk)
    if old is None or not _is_same(old.geometry, shape.polygon):
        new = _boundary(run, division, shape)
        replace_boundary(old, new)
        run.report.redrawn.append(division.name)
        yield event(division, "boundary_set", run.by, run.at, boundary_facts(new))
    elif not facts:
        run.report.unchanged += 1


def _changes(run: Run, shape: Shape, division: Division) -> dict[str, Any]:
    """Set what the file says otherwise; old and new value of each field."""
    said: dict[str, str | int] = {"name": shape.name, "code": shape.code or division.code}
    if shape.households is not None:
        said["households"] = shape.households
    if shape.short_name:
        said["short_name"] = shape.short_name
    if shape.kind and run.options.level is Level.GRID:
        said["kind"] = shape.kind
    if grid_code := _grid_code(run.options.level, shape.code):
        said["grid_code"] = grid_code
    facts = {}
    for name, value in said.items():
        old = getattr(division, name)
        if old != value:
            setattr(division, name, value)
            facts[name] = [old, value]
    return facts


def _is_same(old: BaseGeometry, new: BaseGeometry) -> bool:
    return bool(shapely.equals_exact(old, new, tolerance=_SAME, normalize=True))


def _notes(run: Run, matches: Sequence[Division | None]) -> Iterator[Sentence]:
    """What the file says nothing about."""
    mine = {division.pk for division in matches if division}
    left = [d.name for d in run.there if d.pk not in mine and d.pk in run.boundaries]
    if left:
        yield Sentence(
            "文件中没有提到的 %(count)s 个同级区划保持不变：%(names)s",
            {"count": len(left), "names": shown_names(tuple(left))},
        )
