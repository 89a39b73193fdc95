"""Using the embedded server: whoever comes first starts it, whoever leaves last stops it."""

import contextlib
import os
import signal
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import yiwang
from yiwang.outside.machine import processes
from yiwang.outside.machine.ports import LOOPBACK
from yiwang.outside.postgres import home as folder
from yiwang.outside.postgres import roles, secrets, state
from yiwang.outside.postgres.binaries import CURRENT
from yiwang.outside.postgres.cluster import SUPERUSER
from yiwang.outside.postgres.locks import FileLock
from yiwang.outside.postgres.trouble import DatabaseTrouble
from yiwang.outside.postgres.tuning import Kind

_STOP_PATIENCE = 90.0  # seconds
_ATTEMPTS = 5  # keepers that may end without a word, as one does that found another at work


@dataclass(frozen=True)
class Database:
    """A server that takes connections on the loopback address."""

    port: int
    secrets: secrets.Secrets

    def url(self, role: str, password: str, name: str = roles.DATABASE) -> str:
        return f"postgres://{role}:{password}@{LOOPBACK}:{self.port}/{name}"

    @property
    def owner_url(self) -> str:
        return self.url(roles.OWNER, self.secrets.owner_password)

    @property
    def program_url(self) -> str:
        return self.url(roles.PROGRAM, self.secrets.program_password)

    @property
    def superuser_url(self) -> str:
        return self.url(SUPERUSER, self.secrets.superuser_password)


@contextlib.contextmanager
def hold(
    home: Path,
    *,
    kind: Kind = "office",
    version: int = CURRENT,
    say: Callable[[str], None] = lambda _step: None,
) -> Iterator[Database]:
    """Have the server running for the length of the block. `say` hears `making` or `starting` while one waits.

    Raises:
        DatabaseTrouble: the folder or the server cannot be used; one sentence says why.
    """
    home = home.resolve()
    folder.prepare(home)
    users = FileLock(home / state.USERS)
    users.share()
    try:
        port = _await_server(home, kind, version, say)
        yield Database(port, secrets.load_or_make(home))
    finally:
        _leave(home, users)


def revive(home: Path, *, kind: Kind = "office", version: int = CURRENT) -> Database:
    """Have the server running again, for one who holds it already; does nothing while it runs.

    Raises:
        DatabaseTrouble: it does not come back.
    """
    home = home.resolve()
    port = _await_server(home, kind, version, lambda _step: None)
    return Database(port, secrets.load_or_make(home))


def _await_server(home: Path, kind: Kind, version: int, say: Callable[[str], None]) -> int:
    """Return the port of the running server, started by us if need be."""
    keeper: _Keeper | None = None
    starts, told = 0, ""
    while True:
        if keeper is None and not _is_kept(home):
            keeper, starts = _start_keeper(home, kind, version), starts + 1
        now = state.read(home)
        if now.step == "ready" and _is_kept(home) and processes.is_alive(now.pid):
            return now.port
        if now.step != told and now.step in {"making", "starting"} and processes.is_alive(now.pid):
            told = now.step
            say(told)
        if keeper is not None and keeper.has_ended():
            _explain_failure(home, keeper, last=starts == _ATTEMPTS)
            keeper = None
        time.sleep(0.02)


def _is_kept(home: Path) -> bool:
    """Say whether a keeper runs."""
    lock = FileLock(home / state.KEEPER)
    try:
        return not lock.try_share()
    finally:
        lock.close()


@dataclass
class _Keeper:
    """A keeper that we started. It may outlive us, when others use the server: nobody must wait for its end."""

    pid: int
    exit_code: int | None = None

    def has_ended(self) -> bool:
        if self.exit_code is None:
            try:
                pid, status = os.waitpid(self.pid, os.WNOHANG)
            except ChildProcessError:  # somebody else of this process has waited for it
                pid, status = self.pid, 0
            if pid:
                self.exit_code = os.waitstatus_to_exitcode(status)
        return self.exit_code is not None


def _start_keeper(home: Path, kind: Kind, version: int) -> _Keeper:
    command = [
        sys.executable,
        "-m",
        "yiwang.outside.postgres.keeper",
        str(home),
        kind,
        str(version),
    ]
    nothing = os.open(os.devnull, os.O_RDONLY)
    log = os.open(home / "postgres.log", os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        pid = os.posix_spawn(
            sys.executable,
            command,
            {**os.environ, "PYTHONPATH": _where_we_are_found()},
            file_actions=[
                (os.POSIX_SPAWN_DUP2, nothing, 0),
                (os.POSIX_SPAWN_DUP2, log, 1),
                (os.POSIX_SPAWN_DUP2, log, 2),
            ],
            setsid=True,  # Ctrl-C at the terminal must not reach it before the others
        )
    finally:
        os.close(nothing)
        os.close(log)
    return _Keeper(pid)


def _where_we_are_found() -> str:
    """Return a search path with this very program first, whatever folder we were started in."""
    ours = str(Path(yiwang.__path__[0]).parent)
    return os.pathsep.join(filter(None, [ours, os.environ.get("PYTHONPATH")]))


def _explain_failure(home: Path, keeper: _Keeper, *, last: bool) -> None:
    """Raise what the ended keeper left as its reason; an orderly end (another one was first) has none."""
    if keeper.exit_code == 0 and not last:
        return
    said = state.read(home)
    if said.pid == keeper.pid and said.step == "failed":
        raise DatabaseTrouble(said.sentence)
    raise DatabaseTrouble(f"PostgreSQL could not be started; see {home / 'postgres.log'}.")


def _leave(home: Path, users: FileLock) -> None:
    """Give the server up; as the last one, wait until it has stopped."""
    try:
        if users.try_alone() and _is_kept(home):
            processes.send(state.read(home).pid, signal.SIGTERM)
            end = time.monotonic() + _STOP_PATIENCE
            while _is_kept(home) and time.monotonic() < end:
                time.sleep(0.02)
    finally:
        users.close()
