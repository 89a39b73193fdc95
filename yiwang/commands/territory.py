"""`yiwang import-territory`, `yiwang check-territory`: the land from the terminal."""

import json
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from yiwang.commands import prepare

if TYPE_CHECKING:
    from yiwang.kernel.territory import Finding, ImportOptions, ImportReport

_LEVELS = ["province", "city", "county", "subdistrict", "community", "grid", "micro_grid"]


@click.command("import-territory")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--level", required=True, type=click.Choice(_LEVELS), help="Level of every shape.")
@click.option("--name-field", required=True, help="Property with the name.")
@click.option("--code-field", default="", help="Property with the official code, if published.")
@click.option("--parent-field", default="", help="Property with the parent's code or name.")
@click.option("--parent", default="", help="Code or name of one parent for all.")
@click.option("--households-field", default="", help="Property with the number of households.")
@click.option("--short-name-field", default="", help="Property with a short name for maps.")
@click.option("--kind-field", default="", help="Property that says general or dedicated of grids.")
@click.option(
    "--crs",
    default="wgs84",
    show_default=True,
    type=click.Choice(["wgs84", "cgcs2000", "gcj02", "bd09"], case_sensitive=False),
    help="Coordinates of the file.",
)
@click.option("--partial", is_flag=True, help="The shapes need not fill their parent.")
@click.option("--repair", is_flag=True, help="Mend rings and slivers, and say what was changed.")
@click.option(
    "--valid-from", type=click.DateTime(["%Y-%m-%d"]), help="First day of the shapes; today."
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def import_territory(
    file: Path,
    level: str,
    name_field: str,
    code_field: str,
    parent_field: str,
    parent: str,
    households_field: str,
    short_name_field: str,
    kind_field: str,
    crs: str,
    partial: bool,
    repair: bool,
    valid_from: datetime | None,
    as_json: bool,
) -> None:
    """Take in the GeoJSON FILE: all of it, or nothing when a shape is wrong.

    Refused, naming the shapes: overlaps and gaps of more than 1 square metre that are wider than 5 cm on average, land
    outside the parent, invalid rings, codes that stand twice, missing fields. --repair mends rings, and slivers up to
    5 m wide. Without a parent named, each shape goes under the division above it that holds most of it. The same file
    again changes nothing; a changed shape begins on the day given and ends the one before.
    """
    if parent and parent_field:
        raise click.UsageError("give --parent or --parent-field, not both")
    prepare()
    from yiwang.kernel.territory import Crs, Fields, ImportOptions, Level

    fields = Fields(
        name_field, code_field, parent_field, households_field, short_name_field, kind_field
    )
    options = ImportOptions(
        Level(level),
        fields,
        Crs(crs.lower()),
        parent,
        partial,
        repair,
        valid_from.date() if valid_from else None,
        file.name,
    )
    report = _import(file, options)
    if as_json:
        click.echo(json.dumps(_report_json(report), ensure_ascii=False))
    else:
        _tell(file, report)
    if report.refused:
        raise SystemExit(1)


def _import(file: Path, options: "ImportOptions") -> "ImportReport":
    from django.utils import timezone

    from yiwang.kernel.foundation.actors import SYSTEM
    from yiwang.kernel.territory import import_shapes

    return import_shapes(file.read_bytes(), options, by=SYSTEM, at=timezone.now())


def _tell(file: Path, report: "ImportReport") -> None:
    _table("Mended" if not report.refused else "Would be mended", report.mended)
    _table("Refused", report.findings)
    for note in report.notes:
        click.echo(note.text())
    if report.refused:
        click.echo(
            f"{file.name}: {len(report.findings)} findings in {report.read} shapes, nothing written"
        )
        return
    click.echo(
        f"{file.name}: {report.read} shapes, {len(report.created)} created, "
        f"{len(report.redrawn)} redrawn, {len(report.changed)} changed, {report.unchanged} unchanged"
    )


def _table(title: str, findings: "Iterable[Finding]") -> None:
    """Print findings, one a row; nothing when there are none."""
    from rich.console import Console
    from rich.table import Table

    table = Table(title=title, title_justify="left")
    for column in ("problem", "what (m², longitude, latitude)"):
        table.add_column(column, overflow="fold")
    for finding in findings:
        table.add_row(finding.problem.value, finding.sentence.text())
    if table.row_count:
        Console().print(table)


def _report_json(report: "ImportReport") -> dict[str, object]:
    return {
        "refused": report.refused,
        "read": report.read,
        "created": report.created,
        "redrawn": report.redrawn,
        "changed": report.changed,
        "unchanged": report.unchanged,
        "findings": [_finding_json(finding) for finding in report.findings],
        "mended": [_finding_json(finding) for finding in report.mended],
        "notes": [note.text() for note in report.notes],
    }


def _finding_json(finding: "Finding") -> dict[str, object]:
    return {
        "problem": finding.problem.value,
        "shapes": list(finding.names),
        "area_m2": finding.area_m2 and round(finding.area_m2, 2),
        "at": finding.at,
        "sentence": finding.sentence.text(),
        "advice": finding.advice,
    }


@click.command("check-territory")
@click.option("--on", type=click.DateTime(["%Y-%m-%d"]), help="The day to look at; today.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def check_territory(on: datetime | None, as_json: bool) -> None:
    """Compare the land with the standard: households, one community for each grid, staff, codes, clean borders.

    Ends with an error when something is broken; what should only be looked at does not count as broken.
    """
    prepare()
    from yiwang.kernel import territory

    day = on.date() if on else None
    findings = territory.check_territory(day)
    broken = [finding for finding in findings if not finding.advice]
    if as_json:
        click.echo(
            json.dumps({"findings": [_finding_json(f) for f in findings]}, ensure_ascii=False)
        )
    else:
        _table("Broken", broken)
        _table("To be looked at", [finding for finding in findings if finding.advice])
        grids, communities = (len(territory.places(level, day)) for level in ("grid", "community"))
        click.echo(
            f"{communities} communities, {grids} grids: {len(broken)} broken, "
            f"{len(findings) - len(broken)} to be looked at"
        )
    if broken:
        raise SystemExit(1)
