"""Keeps a few programs of ours running: started in order, started again when they die, stopped in reverse."""

import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import click

from yiwang.outside.machine import processes

FIRST_PAUSE, LONGEST_PAUSE = 0.5, 30.0  # seconds before a dead program is started again
CALM = 60.0  # seconds of life after which a death no longer counts as one of a row
PATIENCE = 15.0  # seconds a program has to end by itself


@dataclass
class Program:
    """One supervised program: `name` as shown to people, `command` and `environment` to start it with."""

    name: str
    command: list[str]
    environment: Mapping[str, str]
    keeps: tuple[int, ...] = ()  # file descriptors that it and its children hold open
    process: subprocess.Popen[bytes] | None = None
    started_at: float = 0.0
    start_again_at: float = 0.0
    deaths: int = 0

    def start(self) -> None:
        self.started_at = time.monotonic()
        self.process = subprocess.Popen(  # noqa: S603 - ourselves
            self.command,
            stdin=subprocess.DEVNULL,
            env={**os.environ, **self.environment},
            start_new_session=True,  # Ctrl-C reaches only the supervisor, which keeps the order
            pass_fds=self.keeps,
            preexec_fn=lambda: processes.end_with_parent(signal.SIGTERM),
        )

    def has_died(self) -> bool:
        return self.process is not None and self.process.poll() is not None

    def bury(self) -> str:
        """Clear away what is left of a dead program; return how it ended, for people."""
        assert self.process is not None
        code = self.process.returncode
        self._kill_group()
        self.process = None
        calm = time.monotonic() - self.started_at >= CALM
        self.deaths = 1 if calm else self.deaths + 1
        pause = min(FIRST_PAUSE * 2 ** (self.deaths - 1), LONGEST_PAUSE)
        self.start_again_at = time.monotonic() + pause
        how = f"killed by {signal.Signals(-code).name}" if code < 0 else f"exit code {code}"
        return f"{self.name} ended ({how}); it is started again in {pause:g} s"

    def stop(self) -> None:
        """Ask it to end; force it when it does not."""
        if self.process is None:
            return
        processes.send(self.process.pid, signal.SIGTERM)
        try:
            self.process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            click.echo(f"{self.name} does not end by itself and is killed.")
        self._kill_group()
        self.process.wait()
        self.process = None

    def _kill_group(self) -> None:
        """Kill whatever the program itself has started and left."""
        assert self.process is not None
        try:
            os.killpg(self.process.pid, signal.SIGKILL)
        except (ProcessLookupError, PermissionError):
            return


@dataclass
class Supervisor:
    """Runs programs until it is told to stop. Each of `also` is called about every second."""

    programs: list[Program]
    also: Sequence[Callable[[], None]] = ()
    _last_look: float = field(default=0.0)

    def start(self) -> None:
        for program in self.programs:
            program.start()

    def tend(self) -> None:
        """Look once after every program; start again what has died and waited its pause."""
        for program in self.programs:
            if program.has_died():
                click.echo(f"{program.bury()}.")
            elif program.process is None and time.monotonic() >= program.start_again_at:
                program.start()
        if time.monotonic() - self._last_look >= 1:
            self._last_look = time.monotonic()
            for look in self.also:
                look()

    def stop(self) -> None:
        for program in self.programs:
            program.stop()
