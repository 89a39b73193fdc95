"""`yiwang live`: the process that tells open desks what changes elsewhere."""

import os

import click

from yiwang.commands import installation
from yiwang.config import environment

# Streams are open when it is asked to end: they are not waited for any longer.
SECONDS_TO_FINISH = 2


@click.command()
def live() -> None:
    """Serve the streams of live updates on the loopback address (part of `yiwang run`)."""
    installation.enter()
    settings = environment.read()
    from granian.constants import Interfaces
    from granian.log import LogLevels
    from granian.server import Server

    os.environ["YIWANG_SERVED_BY"] = str(os.getpid())
    Server(
        "yiwang.config.live:application",
        address="127.0.0.1",
        port=environment.live_port(settings),
        interface=Interfaces.ASGI,
        workers=1,  # everybody listens to the same one: it holds in memory who has which case
        websockets=False,
        respawn_failed_workers=True,
        workers_kill_timeout=SECONDS_TO_FINISH,
        log_level=LogLevels.warning,
    ).serve()
