"""`yiwang publish-year` and `yiwang explain-deadline`: the working calendar from the terminal."""

import csv
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from yiwang.commands import prepare

if TYPE_CHECKING:
    from yiwang.kernel.foundation.calendar import DayKind


@click.command()
@click.argument("year", type=int)
@click.option(
    "--days",
    "file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="CSV without heading: date, work or free, name. Left out: the days that came with the program.",
)
@click.option("--source", default="", help="The notice that published them.")
def publish_year(year: int, file: Path | None, source: str) -> None:
    """Declare the holidays of a year official; provisional deadlines are computed again."""
    prepare()
    from django.utils import timezone

    from yiwang.kernel.foundation.actors import SYSTEM
    from yiwang.kernel.foundation.calendar import actions
    from yiwang.kernel.foundation.errors import Refused
    from yiwang.kernel.foundation.viewer import speaking_as

    try:
        days = _read(file) if file else None
        with speaking_as(SYSTEM):
            actions.publish_year(year, days=days, source=source, by=SYSTEM, at=timezone.now())
    except (Refused, ValueError) as refusal:
        raise click.ClickException(str(refusal)) from refusal
    click.echo(f"{year} is published")


@click.command()
@click.argument("start", type=click.DateTime(["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"]))
@click.argument("limit")
def explain_deadline(start: datetime, limit: str) -> None:
    """Say when LIMIT (4小时, 5天, 2紧急工作时, 1紧急工作日) is over that begins at START (town time), and why."""
    prepare()
    from yiwang.kernel.foundation.calendar import Limit, compute_deadline, load

    calendar = load()
    try:
        wanted = Limit.parse(limit)
    except ValueError as error:
        raise click.ClickException(str(error)) from error
    deadline = compute_deadline(start.replace(tzinfo=calendar.zone), wanted, calendar)
    for sentence in deadline.trace:
        click.echo(sentence.text())


def _read(file: Path) -> "dict[date, tuple[DayKind, str]]":
    """Days of a CSV file.

    Raises:
        ValueError: naming the line.
    """
    from yiwang.kernel.foundation.calendar import DayKind

    days: dict[date, tuple[DayKind, str]] = {}
    with file.open(encoding="utf-8-sig", newline="") as lines:
        for number, row in enumerate(csv.reader(lines), start=1):
            try:
                days[date.fromisoformat(row[0].strip())] = (
                    DayKind(row[1].strip()),
                    row[2].strip() if len(row) > 2 else "",
                )
            except (ValueError, IndexError) as error:
                raise ValueError(
                    f"line {number}: expected date,work|free,name, got {row}"
                ) from error
    return days
