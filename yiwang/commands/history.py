"""`yiwang import-cases`: the history of another system, by a mapping."""

import csv
import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from yiwang.commands import prepare

if TYPE_CHECKING:
    from yiwang.kernel.cases.importing.figures import Figures
    from yiwang.kernel.cases.importing.reading import BadRow

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command()
@click.argument("mapping", type=_FILE)
@click.argument("file", type=_FILE)
@click.option("--json", "as_json", is_flag=True, help="Print the figures as one JSON object.")
@click.option(
    "--errors",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Where lines that cannot be taken go, with line and reason. Default: FILE.errors.csv here.",
)
def import_cases(mapping: Path, file: Path, as_json: bool, errors: Path | None) -> None:
    """Bring in the history of another system from FILE (.csv, or a .zip with one .csv) by MAPPING (.toml).

    Running it again adds nothing that is there already.
    """
    prepare()
    from django.utils import timezone
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TimeRemainingColumn

    from yiwang.kernel.cases.importing import bringing, reading
    from yiwang.kernel.cases.importing import mapping as mappings
    from yiwang.kernel.foundation.errors import Refused

    console = Console(stderr=True)
    try:
        told = mappings.read(mapping)
        with reading.opened(file, told) as stream:
            lines = sum(1 for _ in stream) - 1
        with Progress(
            "导入", BarColumn(), MofNCompleteColumn(), TimeRemainingColumn(), console=console
        ) as bar:
            task = bar.add_task("rows", total=lines)
            figures, bad = bringing.bring_in(
                told,
                file,
                at=timezone.now(),
                progress=lambda rows: bar.advance(task, rows),
                say=console.print,
            )
            bar.update(task, total=figures.rows, completed=figures.rows)
    except (mappings.WrongMapping, Refused, UnicodeDecodeError, csv.Error) as error:
        raise click.ClickException(str(error)) from error
    if bad:
        _write_errors(errors or Path(f"{file.name}.errors.csv"), bad)
    click.echo(json.dumps(figures.as_json()) if as_json else _table(figures))


def _write_errors(path: Path, bad: "list[BadRow]") -> None:
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(["line", "number", "reason"])
        writer.writerows((row.line, row.number, row.reason) for row in bad)
    click.echo(f"{len(bad)} lines could not be taken: {path}", err=True)


def _table(figures: "Figures") -> str:
    def shown(value: int | float | None) -> str:
        return "—" if value is None else f"{value:,}" if isinstance(value, int) else f"{value:.4f}"

    rows = {**figures.as_json(), "known": figures.known}
    return "\n".join(f"{name:>18}  {shown(value)}" for name, value in rows.items())
