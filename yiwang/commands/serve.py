"""`yiwang serve`: the web process."""

import os

import click

from yiwang.commands import installation
from yiwang.config import environment

# A request that hangs does not hold up a stop for longer than this.
SECONDS_TO_FINISH = 3
THREADS = 4  # of each web process: while one waits for the disk, another computes


@click.command()
def serve() -> None:
    """Serve the pages on the loopback address (part of `yiwang run`)."""
    installation.enter()
    settings = environment.read()
    from granian.constants import Interfaces
    from granian.log import LogLevels
    from granian.server import Server

    os.environ["YIWANG_SERVED_BY"] = str(os.getpid())
    Server(
        "yiwang.config.wsgi:application",
        address="127.0.0.1",
        port=int(str(settings["YIWANG_PORT"])),
        interface=Interfaces.WSGI,
        workers=max(1, int(str(settings["YIWANG_WORKERS"]))),
        websockets=False,
        blocking_threads=THREADS,
        respawn_failed_workers=True,
        workers_kill_timeout=SECONDS_TO_FINISH,
        log_level=LogLevels.warning,
    ).serve()
