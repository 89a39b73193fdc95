"""`yiwang worker`: background work and what happens by the clock."""

import asyncio

import click

from yiwang.commands import prepare

SECONDS_TO_FINISH = 10  # for work in hand when the worker is asked to end
SIDE_BY_SIDE = 2


@click.command()
def worker() -> None:
    """Do background work until ended (part of `yiwang run`)."""
    prepare()
    asyncio.run(_work())


async def _work() -> None:
    from procrastinate.contrib.django import app
    from procrastinate.contrib.django.django_connector import DjangoConnector

    assert isinstance(app.connector, DjangoConnector)
    with app.replace_connector(app.connector.get_worker_connector()):
        async with app.open_async():
            await app.run_worker_async(
                concurrency=SIDE_BY_SIDE,
                shutdown_graceful_timeout=SECONDS_TO_FINISH,
                delete_jobs="successful",
            )
