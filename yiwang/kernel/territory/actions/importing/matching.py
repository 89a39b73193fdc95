"""Which parent and which division each shape of a file is about, and what contradicts the divisions that are there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from yiwang.kernel.foundation.actors import Actor
from yiwang.kernel.foundation.sentences import Sentence
from yiwang.kernel.territory.actions.importing.options import ImportOptions, ImportReport, Run
from yiwang.kernel.territory.land import day_of
from yiwang.kernel.territory.models import Boundary, Division
from yiwang.kernel.territory.rules.findings import Finding, Problem
from yiwang.kernel.territory.rules.levels import Level
from yiwang.kernel.territory.rules.reading import Shape
from yiwang.kernel.territory.rules.survey import Parent, best_parent


def prepare(options: ImportOptions, by: Actor, at: datetime, report: ImportReport) -> Run:
    day = options.valid_from or day_of(at)
    levels = [level.value for level in Level if level.is_above(options.level)]
    above = Division.objects.at(day).filter(level__in=levels).in_order()
    there = Division.objects.filter(valid_to=None).level(options.level).in_order()
    boundaries = {
        boundary.division_id: boundary
        for boundary in Boundary.objects.at(day).filter(
            division__level__in=[*levels, options.level]
        )
    }
    return Run(options, day, by, at, report, list(above), list(there), boundaries)


def find(run: Run, asked: str) -> list[Division]:
    """Divisions above the level, by code or else by name; of one name, the nearest level counts."""
    by_code = [division for division in run.above if division.code == asked]
    by_name = [d for d in run.above if asked in (d.name, d.short_name)]
    found = by_code or by_name
    deepest = max((Level(division.level).depth for division in found), default=0)
    return [division for division in found if Level(division.level).depth == deepest]


def as_parent(run: Run, division: Division) -> Parent:
    boundary = run.boundaries.get(division.pk)
    return Parent(division.pk, division.name, boundary.geometry if boundary else None)


def parent_of(run: Run, shape: Shape) -> Parent | None:
    asked = shape.parent if run.options.fields.parent else run.options.parent
    if not asked:
        return None if run.options.fields.parent else parent_by_place(run, shape)
    found = find(run, asked)
    if len(found) == 1:
        return as_parent(run, found[0])
    says = {"name": shape.name, "parent": asked}
    sentence = (
        Sentence("“%(name)s”的上级“%(parent)s”不存在", says)
        if not found
        else Sentence("“%(name)s”的上级“%(parent)s”不止一个，请用代码", says)
    )
    run.report.findings.append(Finding(Problem.MISSING_PARENT, (shape.name,), sentence))
    return None


def parent_by_place(run: Run, shape: Shape) -> Parent | None:
    for level in reversed([level for level in Level if level.is_above(run.options.level)]):
        drawn = [d for d in run.above if d.level == level and d.pk in run.boundaries]
        best = best_parent(shape.polygon, [as_parent(run, division) for division in drawn])
        if best is not None:
            return best
    return None


def match(run: Run, shape: Shape, parent: Parent | None) -> Division | None:
    """The division a shape is about: the one with its code, else the one of its name under its parent."""
    key = parent.key if parent else None
    for division in run.there:
        if shape.code and division.code == shape.code:
            return division
    for division in run.there:
        codes_agree = not shape.code or not division.code
        if codes_agree and division.name == shape.name and division.parent_id == key:
            return division
    return None


def misfits(
    run: Run,
    shapes: Sequence[Shape],
    parents: Sequence[Parent | None],
    matches: Sequence[Division | None],
) -> Iterator[Finding]:
    """What contradicts the divisions that are there already."""
    codes = {d.code: d for d in Division.objects.filter(valid_to=None).exclude(code="")}
    later = set(
        Boundary.objects.filter(valid_from__gt=run.day).values_list("division_id", flat=True)
    )
    yield from _name_clashes(run, shapes, parents, matches)
    for shape, parent, division in zip(shapes, parents, matches, strict=True):
        says = {"name": shape.name, "code": shape.code}
        holder = codes.get(shape.code)
        if holder and holder != division:
            sentence = Sentence("代码 %(code)s 已属于“%(holder)s”", {**says, "holder": holder.name})
            yield Finding(Problem.DUPLICATE_CODE, (shape.name, holder.name), sentence)
        if division and division.parent_id != (parent.key if parent else None):
            sentence = Sentence("“%(name)s”已在另一个上级之下", says)
            yield Finding(Problem.WRONG_PARENT, (shape.name,), sentence)
        if division and (division.pk in later or division.valid_from > run.day):
            sentence = Sentence(
                "“%(name)s”已有在 %(day)s 之后开始的边界", {**says, "day": run.day.isoformat()}
            )
            yield Finding(Problem.LATER_BOUNDARY, (shape.name,), sentence)


def _name_clashes(
    run: Run,
    shapes: Sequence[Shape],
    parents: Sequence[Parent | None],
    matches: Sequence[Division | None],
) -> Iterator[Finding]:
    """Shapes that mean one division, and names that another division under the same parent has today."""
    named = {(division.parent_id, division.name): division for division in run.there}
    taken: set[int] = set()
    for shape, parent, division in zip(shapes, parents, matches, strict=True):
        holder = named.get((parent.key if parent else None, shape.name))
        twice = division is not None and division.pk in taken
        if twice or (holder is not None and holder != division):
            sentence = Sentence("名称“%(name)s”在同一上级下重复", {"name": shape.name})
            yield Finding(Problem.DUPLICATE_NAME, (shape.name,), sentence)
        taken.update({division.pk} if division else ())
