"""`yiwang demo`: make the demo town, with a year of its history, in an empty database."""

import click

from yiwang.commands import prepare
from yiwang.demo import SEED


@click.command()
@click.option("--seed", default=SEED, show_default=True, help="The same seed makes the same town.")
@click.option("--small", is_flag=True, help="Only the matters of the last weeks, without the year.")
def demo(seed: int, small: bool) -> None:
    """Make 南城街道: generated boundaries, invented people, a year of matters and some in every state.

    Everything is one transaction: a start that is cut off leaves the database empty, and the next one makes the town.
    The year depends on the seed and the day; what is still open also on the hour, since it came in lately.
    """
    prepare()
    from django.utils import timezone
    from rich.console import Console
    from rich.progress import Progress

    from yiwang.demo.telling import LIVING, YEAR, make_town
    from yiwang.kernel.accounts.models import User
    from yiwang.kernel.territory.models import Division

    if Division.objects.exists() or User.objects.exists():
        raise click.ClickException(
            "The database already holds a town or people; the demo town needs an empty one."
        )
    year = 0 if small else YEAR
    with Progress(console=Console(stderr=True)) as bar:
        task = bar.add_task("Demo town", total=year + LIVING)
        now = timezone.localtime(timezone.now())
        make_town(seed, now, year=year, progress=lambda done: bar.update(task, completed=done))
