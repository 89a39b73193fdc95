"""One data folder and the server on it: made, started, stopped, and mended after a kill."""

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from yiwang.outside.machine import processes
from yiwang.outside.machine.accounts import Account, unprivileged
from yiwang.outside.machine.ports import can_listen, free_port
from yiwang.outside.postgres import home, room, tuning
from yiwang.outside.postgres.trouble import DatabaseTrouble

SUPERUSER = "postgres"
_POSTMASTER = "postmaster.pid"
_LINE_OF_STATUS = 7
LOG_LIMIT = 10 * 1024 * 1024


@dataclass
class Cluster:
    """The server of one installation. All paths lie below `home`; `account` is who runs it when we are root."""

    home: Path
    kind: tuning.Kind
    version: int

    def __post_init__(self) -> None:
        self.account: Account | None = unprivileged(self.home / "postgres")
        self.data = room.settle(self.home, self.account)
        self.programs = room.programs(self.data, self.account, self.version)
        self.process: subprocess.Popen[bytes] | None = None
        self.port = 0

    @property
    def log(self) -> Path:
        return self.home / "postgres.log"

    def is_made(self) -> bool:
        return (self.data / "PG_VERSION").exists()

    def make(self, password: str) -> None:
        """Run initdb beside the final place and move the result there, so that a kill leaves nothing half made.

        Raises:
            DatabaseTrouble: initdb failed; the sentence ends with its last words.
        """
        draft = self.data.with_name("postgres.new")
        shutil.rmtree(draft, ignore_errors=True)
        draft.mkdir(mode=0o700)
        home.give(draft, self.account)
        with tempfile.NamedTemporaryFile("w", prefix="yiwang") as password_file:
            password_file.write(password)
            password_file.flush()
            home.give(Path(password_file.name), self.account)
            self._initdb(draft, password_file.name)
        with (draft / "postgresql.conf").open("a") as file:
            file.write("\ninclude 'yiwang.conf'\n")
        (draft / "pg_hba.conf").write_text("host all all 127.0.0.1/32 scram-sha-256\n")
        draft.rename(self.data)

    def _initdb(self, draft: Path, password_file: str) -> None:
        arguments = ["-D", str(draft), "-U", SUPERUSER, f"--pwfile={password_file}"]
        arguments += ["--auth=scram-sha-256", "--data-checksums", "--encoding=UTF8", "--locale=C"]
        if self.version >= 17:
            arguments += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        if self.kind == "test":
            arguments.append("--no-sync")
        done = self._run("initdb", arguments)
        if done.returncode != 0:
            raise DatabaseTrouble(_last_words("PostgreSQL could not make its folder", done.stdout))

    def _run(self, name: str, arguments: list[str]) -> subprocess.CompletedProcess[str]:
        return subprocess.run(  # noqa: S603 - our own program and words
            [self.programs / name, *arguments],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
            cwd="/",
            env=_environment(),
            user=self.account.uid if self.account else None,
            group=self.account.gid if self.account else None,
            extra_groups=self._groups,
        )

    @property
    def _groups(self) -> list[int] | None:
        """Return no further groups for the account we change to; None leaves ours."""
        return [] if self.account else None

    def start(self) -> None:
        """Start the server and wait until it takes connections, however long recovery takes.

        Raises:
            DatabaseTrouble: it did not come up; the sentence says why.
        """
        self._refuse_other_version()
        self.end_leftovers()
        self.port = self._choose_port()
        self._write_configuration()
        with self._open_log() as log:
            offset = log.tell()
            self.process = self._launch(log)
        self._await_ready(offset)

    def _refuse_other_version(self) -> None:
        made_by = (self.data / "PG_VERSION").read_text().strip()
        if made_by != str(self.version):
            raise DatabaseTrouble(
                f"The database in {self.data} was made by PostgreSQL {made_by}, this program brings {self.version}: "
                "it must be carried over with pg_dump first."
            )

    def end_leftovers(self) -> None:
        """End every process that a killed start left on this data folder, gently first.

        The server's own lock file stays: PostgreSQL itself judges whether shared memory is still in use.
        """
        for how, patience in ((signal.SIGINT, 30), (signal.SIGQUIT, 10), (signal.SIGKILL, 5)):
            if not self._leftovers():
                break
            for pid in self._leftovers():
                processes.send(pid, how)
            _wait_until(lambda: not self._leftovers(), patience)
        self._drop_lock_of_a_stranger()

    def _leftovers(self) -> list[int]:
        return processes.working_in(self.data)

    def _drop_lock_of_a_stranger(self) -> None:
        """Remove the lock file when its process id meanwhile belongs to another program."""
        lock = self.data / _POSTMASTER
        if lock.exists() and Path("/proc/self/cwd").exists():
            lock.unlink()

    def _choose_port(self) -> int:
        """Keep the port of the last start, so that tools find the server again; take another when it is taken."""
        memory = self.home / "postgres.port"
        remembered = memory.read_text().strip() if memory.exists() else ""
        port = int(remembered) if remembered.isdigit() else 0
        if not port or not can_listen(port):
            port = free_port()
            memory.write_text(f"{port}\n")
        return port

    def _write_configuration(self) -> None:
        lines = [
            f"{name} = '{value}'"
            for name, value in tuning.settings(self.kind, self.port, self.version).items()
        ]
        (self.data / "yiwang.conf").write_text("\n".join(lines) + "\n")

    def _open_log(self) -> IO[bytes]:
        if self.log.exists() and self.log.stat().st_size > LOG_LIMIT:
            self.log.replace(self.log.with_suffix(".log.1"))
        return self.log.open("ab")

    def _launch(self, log: IO[bytes]) -> subprocess.Popen[bytes]:
        return subprocess.Popen(  # noqa: S603 - our own program and words
            [self.programs / "postgres", "-D", str(self.data)],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            cwd="/",
            env=_environment(),
            # Runs after the change of account, which would clear it: a fast and clean stop when we die.
            preexec_fn=lambda: processes.end_with_parent(signal.SIGINT),
            user=self.account.uid if self.account else None,
            group=self.account.gid if self.account else None,
            extra_groups=self._groups,
        )

    def _await_ready(self, offset: int) -> None:
        assert self.process is not None
        while self._status() != "ready":
            if self.process.poll() is not None:
                raise DatabaseTrouble(
                    _last_words("PostgreSQL did not start", self._log_since(offset))
                )
            time.sleep(0.02)

    def _status(self) -> str:
        try:
            lines = (self.data / _POSTMASTER).read_text().splitlines()
        except OSError:
            return ""
        return lines[_LINE_OF_STATUS].strip() if len(lines) > _LINE_OF_STATUS else ""

    def _log_since(self, offset: int) -> str:
        with self.log.open("rb") as file:
            file.seek(offset)
            return file.read().decode(errors="replace")

    def has_ended(self) -> bool:
        return self.process is None or self.process.poll() is not None

    def stop(self) -> None:
        """Stop the server: clients are sent home, everything is written; by force only when that hangs."""
        if self.process is None:
            return
        for how, patience in ((signal.SIGINT, 60), (signal.SIGQUIT, 10), (signal.SIGKILL, 5)):
            if self.process.poll() is None:
                processes.send(self.process.pid, how)
                try:
                    self.process.wait(patience)
                except subprocess.TimeoutExpired:
                    continue
        self.process = None


def _environment() -> dict[str, str]:
    """Return an environment without the settings, and keys, of the program that starts the server."""
    kept = ("PATH", "LD_LIBRARY_PATH", "TMPDIR")
    return {name: os.environ[name] for name in kept if name in os.environ} | {"LC_ALL": "C"}


def _wait_until(happened: Callable[[], bool], seconds: float) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end and not happened():
        time.sleep(0.02)


def _last_words(sentence: str, output: str) -> str:
    """Turn a failed program's output into one sentence."""
    if "No space left on device" in output:
        return f"{sentence}: the disk is full."
    lines = [line for line in output.splitlines() if "FATAL" in line or "error" in line.lower()]
    words = (lines or output.splitlines() or ["it said nothing"])[-1].strip()
    return f"{sentence}: {words}"
