"""`yiwang demo-town`: found the demo town in an empty database."""

import click

from yiwang.commands import prepare

SMALL, SMALL_DAYS = 300, 45
SEED = 371702003


@click.command()
@click.option("--seed", default=SEED, show_default=True, help="The same seed founds the same town.")
@click.option(
    "--small",
    is_flag=True,
    help=f"{SMALL} cases of the last {SMALL_DAYS} days (the only size yet).",
)
def demo_town(seed: int, small: bool) -> None:
    """Found 南城街道 with generated boundaries, invented people and cases in every state."""
    prepare()
    from django.utils import timezone
    from rich.console import Console
    from rich.progress import Progress

    from yiwang.demo.founding import found
    from yiwang.demo.stories import tell
    from yiwang.kernel.foundation.actors import SYSTEM
    from yiwang.kernel.foundation.viewer import speaking_as
    from yiwang.kernel.territory.models import Division

    if Division.objects.exists():
        raise click.ClickException(
            "the database already holds a town; the demo town needs an empty one"
        )
    now = timezone.localtime(timezone.now())
    with Progress(console=Console(stderr=True)) as bar:
        task = bar.add_task("demo town", total=SMALL + 1)
        # One transaction: land without people would be a town nobody can log in to.
        with speaking_as(SYSTEM):
            town = found(seed, now)
        bar.advance(task)
        tell(
            town, seed=seed, now=now, count=SMALL, days=SMALL_DAYS,
            progress=lambda done: bar.update(task, completed=done + 1),
        )  # fmt: skip
