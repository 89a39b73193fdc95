"""The catalogue on the command line: out to Excel, in from Excel, and the starter lists."""

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from yiwang.commands import prepare

if TYPE_CHECKING:
    from yiwang.kernel.catalogue.actions import ImportResult


@click.command("export-catalogue")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def export_catalogue(file: Path) -> None:
    """Write categories, conditions, routing rules and stage limits to one Excel FILE."""
    prepare()
    from yiwang.kernel.catalogue.excel.stored import export_excel

    file.write_bytes(export_excel())
    click.echo(f"{file}: written")


@click.command("import-catalogue")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Say what would change; change nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def import_catalogue(file: Path, dry_run: bool, as_json: bool) -> None:
    """Take in the Excel FILE that export-catalogue writes: all of it, or nothing when a cell is wrong."""
    prepare()
    from django.utils import timezone

    from yiwang.kernel.catalogue import actions
    from yiwang.kernel.foundation.actors import SYSTEM
    from yiwang.kernel.foundation.errors import Refused

    try:
        with file.open("rb") as stream:
            result = actions.import_excel(stream, by=SYSTEM, at=timezone.now(), dry_run=dry_run)
    except Refused as refused:
        raise click.ClickException(str(refused.sentence)) from refused
    if as_json:
        click.echo(json.dumps(result.as_json(), ensure_ascii=False))
    else:
        _tell(result)
    if result.errors:
        raise SystemExit(1)


def _tell(result: "ImportResult") -> None:
    for problem in result.errors:
        place = problem.cell or str(problem.row)
        click.echo(f"{problem.sheet} {place} {problem.column}: {problem.sentence.text()}", err=True)
    for change in result.changes:
        columns = f" ({'、'.join(change.columns)})" if change.columns else ""
        click.echo(f"{change.what}: {change.sheet} {change.subject}{columns}")
    state = "applied" if result.applied else "nothing written"
    click.echo(
        f"{result.rows} rows, {result.changed} changes, {len(result.errors)} errors: {state}"
    )


@click.command("sync-catalogue")
def sync_catalogue() -> None:
    """Load the starter lists of the topics. What the town changed stays as it is."""
    prepare()
    from django.utils import timezone

    from yiwang.kernel.catalogue import actions
    from yiwang.kernel.foundation.actors import SYSTEM

    result = actions.sync_topics(by=SYSTEM, at=timezone.now())
    click.echo(
        f"{result.created} created, {result.updated} updated, "
        f"{result.unchanged} unchanged, {result.kept} kept as the town has them"
    )
