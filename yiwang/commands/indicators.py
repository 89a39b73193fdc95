"""`yiwang indicators rebuild`: count the figures of all days that are over anew."""

import click

from yiwang.commands import prepare


@click.group()
def indicators() -> None:
    """What figures are read from."""


@indicators.command()
def rebuild() -> None:
    """Count the rollups of every day that is over anew; safe to break off and to run beside the office."""
    prepare()
    from django.utils import timezone

    from yiwang.kernel.indicators import rollups

    days = rollups.rebuild(
        timezone.now(), lambda done, total: click.echo(f"\r{done} of {total} days", nl=False)
    )
    click.echo(f"\r{days} days are counted anew.      ")
