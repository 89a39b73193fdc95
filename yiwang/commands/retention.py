"""`yiwang retention`: end what was kept long enough, or say what would be ended. The worker does it every night."""

import json
from typing import TYPE_CHECKING

import click

from yiwang.commands import prepare

if TYPE_CHECKING:
    from yiwang.kernel.foundation.retention import Rule


@click.command()
@click.option("--dry-run", is_flag=True, help="Count what is over, and change nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object of counts.")
@click.option("--forget", "code", default="", help="A follow code: erase who reported it, now.")
def retention(dry_run: bool, as_json: bool, code: str) -> None:
    """Erase names, numbers, voices and texts whose time is over; the rules are those of the privacy notice."""
    prepare()
    if code:
        _forget(code)
        return
    from django.utils import timezone, translation

    from yiwang.kernel.foundation.retention import due, run, table

    at = timezone.now()
    outcomes = due(at=at) if dry_run else run(at=at)
    counts = {outcome.rule.key: outcome.rows for outcome in outcomes}
    if as_json:
        click.echo(json.dumps({"dry_run": dry_run, "rows": counts}))
        return
    with translation.override("en"):
        for rule in table():
            click.echo(_line(rule, counts.get(rule.key), dry_run))


def _forget(code: str) -> None:
    """Erase the name and number behind a follow code, as its owner asked."""
    from django.utils import timezone

    from yiwang.kernel.cases.retention import ending
    from yiwang.kernel.foundation.numbering.rules import normalise_follow_code

    if not ending.forget(normalise_follow_code(code) or code, at=timezone.now()):
        raise click.ClickException("nobody left a name or number with this follow code")
    click.echo("Name and number are erased; the matter goes on.")


def _line(rule: "Rule", rows: int | None, dry_run: bool) -> str:
    from django.utils.translation import gettext as _

    what = f"{_(rule.what)}: {rule.how_long} {_(rule.after)}"
    if rows is None:
        by = f"ended by {rule.task}" if rule.task else "stays"
        return f"       -  {what} ({by})"
    return f"{rows:8}  {what} ({'would be ended' if dry_run else 'ended'})"
