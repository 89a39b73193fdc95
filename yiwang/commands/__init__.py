"""The `yiwang` command line. One file per subject; each command is loaded when it is called.

A command that needs the database is written in a file whose functions import models inside the function body,
after `prepare()` has set Django up.
"""

import importlib
import os

import click

# command name → (module, attribute)
COMMANDS: dict[str, str] = {
    "migrate": "migrate:migrate",
    "compile-messages": "messages:compile_messages",
    "messages": "messages:messages",
}


def prepare() -> None:
    """Set Django up, once."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yiwang.config.settings")
    import django

    django.setup()


class LazyGroup(click.Group):
    """A group that imports the file of a command only when the command is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module, _, attribute = COMMANDS[cmd_name].partition(":")
        command: click.Command = getattr(
            importlib.import_module(f"yiwang.commands.{module}"), attribute
        )
        return command


@click.group(cls=LazyGroup)
def main() -> None:
    """Yiwang 一网: the everyday governance of a subdistrict office."""
