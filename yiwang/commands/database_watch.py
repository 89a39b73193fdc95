"""Brings the embedded server back when its keeper was killed, for as long as the office runs."""

import time
from dataclasses import dataclass

import click

from yiwang.commands.installation import Installation, urls_of
from yiwang.commands.supervisor import FIRST_PAUSE, LONGEST_PAUSE, Program
from yiwang.outside.postgres import DatabaseTrouble, revive


@dataclass
class DatabaseWatch:
    """Looks after the database of `programs`, which are told of a new port by a new start."""

    installation: Installation
    programs: list[Program]
    pause: float = FIRST_PAUSE
    next_look: float = 0.0

    def look(self) -> None:
        """Have the server running; when it cannot be had, say why and try again after an ever longer pause."""
        if not self.installation.embedded or time.monotonic() < self.next_look:
            return
        try:
            url = urls_of(revive(self.installation.home))["DATABASE_URL"]
        except DatabaseTrouble as trouble:
            self.pause = min(self.pause * 2, LONGEST_PAUSE)
            self.next_look = time.monotonic() + self.pause
            click.echo(f"{trouble} Trying again in {self.pause:g} s.")
            return
        self.pause = FIRST_PAUSE
        for program in self.programs:
            if program.environment["DATABASE_URL"] != url:
                program.stop()
                program.environment = {**program.environment, "DATABASE_URL": url}
