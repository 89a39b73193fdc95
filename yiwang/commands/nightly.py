"""The backup that `yiwang run` makes once a day (YIWANG_BACKUP_AT); one that was missed is made at the next start.

Pages and background work never get the owner's password, so the worker cannot make it: this does.
"""

import time as clock
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import cast

import click

from yiwang.commands.installation import Installation, backups, command
from yiwang.commands.supervisor import Program
from yiwang.config import environment
from yiwang.kernel.foundation.calendar.rules import SHANGHAI

AFTER_A_FAILURE = 3600.0  # seconds


def due_since(at: time, now: datetime) -> datetime:
    """The last moment at which a backup was to be made."""
    today = datetime.combine(now.astimezone(SHANGHAI).date(), at, SHANGHAI)
    return today if today <= now else today - timedelta(days=1)


@dataclass
class Nightly:
    """Looks every second whether it is time, and starts `yiwang backup`."""

    installation: Installation
    program: Program | None = None
    not_before: float = 0.0

    def look(self) -> None:
        if self.program is not None:
            self._see_whether_done(self.program)
        elif self._is_due():
            click.echo("The nightly backup begins.")
            self.program = Program(
                "The nightly backup", command("backup"), self.installation.variables
            )
            self.program.start()

    def _is_due(self) -> bool:
        at = cast(time | None, environment.read()["YIWANG_BACKUP_AT"])
        if at is None or clock.monotonic() < self.not_before:
            return False
        self.not_before = clock.monotonic() + 60  # the folder is looked at once a minute
        since = due_since(at, datetime.now(SHANGHAI))
        return not any(moment >= since for moment in _moments(backups(self.installation.home)))

    def _see_whether_done(self, program: Program) -> None:
        if not program.has_died():
            return
        assert program.process is not None
        if program.process.returncode:
            click.echo("The nightly backup failed, see above; it is tried again in an hour.")
            self.not_before = clock.monotonic() + AFTER_A_FAILURE
        self.program = None

    def stop(self) -> None:
        if self.program is not None:
            self.program.stop()


def _moments(folder: Path) -> list[datetime]:
    from yiwang.kernel.foundation.backup import backups_in

    return [backup.moment for backup in backups_in(folder)]
