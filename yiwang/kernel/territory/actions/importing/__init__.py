"""Take a GeoJSON file of one level in: everything or nothing, with one clear report."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from yiwang.kernel.foundation import versions
from yiwang.kernel.foundation.actors import Actor
from yiwang.kernel.territory.actions.importing.matching import match, misfits, parent_of, prepare
from yiwang.kernel.territory.actions.importing.options import ImportOptions, ImportReport, Run
from yiwang.kernel.territory.actions.importing.storing import write
from yiwang.kernel.territory.actions.writing import alone
from yiwang.kernel.territory.land import VERSION
from yiwang.kernel.territory.models import Division
from yiwang.kernel.territory.rules.findings import Problem
from yiwang.kernel.territory.rules.reading import Shape, read
from yiwang.kernel.territory.rules.survey import Neighbour, Parent, Survey, look_over

__all__ = ["ImportOptions", "ImportReport", "import_shapes"]


def import_shapes(
    content: bytes, options: ImportOptions, *, by: Actor, at: datetime
) -> ImportReport:
    """Import a GeoJSON FeatureCollection; the same file again changes nothing, a changed shape begins on the day given."""
    reading = read(content, options.fields, options.crs)
    report = ImportReport(read=len(reading.shapes), findings=list(reading.findings))
    if not reading.shapes:
        return report
    with alone(by, at):
        run = prepare(options, by, at, report)
        parents = [parent_of(run, shape) for shape in reading.shapes]
        if any(finding.problem is Problem.MISSING_PARENT for finding in report.findings):
            return report
        pairs = zip(reading.shapes, parents, strict=True)
        matches = [match(run, shape, parent) for shape, parent in pairs]
        looked = survey(run, reading.shapes, parents, matches)
        report.findings.extend(looked.findings)
        report.mended.extend(looked.changes)
        if not report.refused:
            write(run, looked.shapes, parents, matches)
            versions.bump(VERSION)
    return report


def survey(
    run: Run,
    shapes: Sequence[Shape],
    parents: Sequence[Parent | None],
    matches: Sequence[Division | None],
) -> Survey:
    run.report.findings.extend(misfits(run, shapes, parents, matches))
    mine = {division.pk for division in matches if division}
    neighbours = [
        Neighbour(division.name, run.boundaries[division.pk].geometry)
        for division in run.there
        if division.pk in run.boundaries and division.pk not in mine
    ]
    options = run.options
    return look_over(shapes, parents, neighbours, partial=options.partial, repair=options.repair)
