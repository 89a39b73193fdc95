"""`yiwang serve`: the web process."""

import os
from pathlib import Path

import click

from yiwang.commands import installation
from yiwang.config import environment

# An open stream of events does not hold up a stop for longer than this.
SECONDS_TO_FINISH = 3
A_YEAR = 365 * 24 * 3600  # built files carry their content in their name


@click.command()
def serve() -> None:
    """Serve the pages on the loopback address (part of `yiwang run`)."""
    installation.enter()
    settings = environment.read()
    from granian.server import Server

    os.environ["YIWANG_SERVED_BY"] = str(os.getpid())
    Server(
        "yiwang.config.asgi:application",
        address="127.0.0.1",
        port=int(str(settings["YIWANG_PORT"])),
        interface="asginl",
        workers=max(1, int(str(settings["YIWANG_WORKERS"]))),
        websockets=False,
        respawn_failed_workers=True,
        workers_kill_timeout=SECONDS_TO_FINISH,
        log_level="warning",
        **_static_files(installation.ROOT / "browser" / "dist"),
    ).serve()


def _static_files(built: Path) -> dict[str, object]:
    """Return the server's arguments for the built browser parts, which it serves itself."""
    if not built.is_dir():
        return {}
    return {
        "static_path_route": ["/static"],
        "static_path_mount": [built],
        "static_path_expires": A_YEAR,
    }
