"""`yiwang run`: everything an office needs, in one command, until Ctrl-C."""

import contextlib
import http.client
import importlib
import importlib.util
import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path
from types import FrameType
from urllib.parse import quote, urlsplit, urlunsplit

import click
import psycopg

from yiwang.commands import COMMANDS, structure
from yiwang.commands.database_watch import DatabaseWatch
from yiwang.commands.installation import Installation, command, opened
from yiwang.commands.nightly import Nightly
from yiwang.commands.supervisor import Program, Supervisor
from yiwang.config import environment
from yiwang.outside.machine import ports, processes
from yiwang.outside.postgres import external, home
from yiwang.outside.postgres.locks import FileLock

LOCK = "run.lock"
EARLIER_START_ENDS_WITHIN = 25.0  # seconds: a killed start takes its programs along
DEATHS_BEFORE_FIRST_ANSWER = 3


@click.command()
@click.option("--without-demo", is_flag=True, help="Leave an empty database empty.")
def run(without_demo: bool) -> None:
    """Start database, web pages and background work; Ctrl-C ends all of it."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _interrupt)
    with contextlib.suppress(_AskedToEnd):
        _run(with_demo=not without_demo)
    click.echo("Everything has ended; the data is sound.")


class _AskedToEnd(BaseException):
    """Ctrl-C or a polite signal. Not KeyboardInterrupt: Python ends with a signal when one passes through `exec`."""

    ever = False


def _interrupt(_signal: int, _frame: FrameType | None) -> None:
    _AskedToEnd.ever = True
    raise _AskedToEnd


def _end_if_asked() -> None:
    """Raise again what somebody else's `except:` has swallowed, as a module may while it is being imported."""
    if _AskedToEnd.ever:
        raise _AskedToEnd


def _run(*, with_demo: bool) -> None:
    folder = Path(str(environment.read()["YIWANG_HOME"]))
    home.prepare(folder)
    with _only_start(folder) as lock:
        _refuse_taken_port(int(str(environment.read()["YIWANG_PORT"])))
        _choose_live_port()
        with opened(_say_step) as installation:
            _ready_database(installation, with_demo=with_demo)
            _serve(installation, lock)


@contextlib.contextmanager
def _only_start(folder: Path) -> Iterator[FileLock]:
    """Be the only start of this installation; wait for what a killed one leaves behind to end.

    The lock's file holds our process id. Programs that we start inherit the lock, so that it says when all have ended.

    Raises:
        ClickException: another start runs, or remains of an earlier one do not end.
    """
    lock = FileLock(folder / LOCK)
    end = time.monotonic() + EARLIER_START_ENDS_WITHIN
    while not lock.try_alone():
        words = (folder / LOCK).read_text().strip()
        if words.isdigit() and processes.is_alive(int(words)):
            raise click.ClickException(f"Yiwang already runs in {folder} (process {words}).")
        if time.monotonic() > end:
            raise click.ClickException(
                f"Programs of an earlier start still run in {folder}: end them."
            )
        time.sleep(0.1)
    (folder / LOCK).write_text(f"{os.getpid()}\n")
    try:
        yield lock
    finally:
        lock.close()


def _refuse_taken_port(port: int, name: str = "YIWANG_PORT") -> None:
    """Raise when the port cannot be had; a moment's patience for one that is being given back."""
    try:
        for _attempt in range(10):
            if ports.can_listen(port):
                return
            time.sleep(0.1)
    except (PermissionError, OverflowError) as error:
        raise click.ClickException(
            f"{name} ({port}) is not a port this account may use."
        ) from error
    raise click.ClickException(
        f"Port {port} is taken by another program: end that one, or set {name} to a free port."
    )


def _choose_live_port() -> None:
    """The port beside may be anybody's: unless it was asked for by name, any free one will do."""
    values = environment.read()
    if values["YIWANG_LIVE_PORT"] is not None:
        _refuse_taken_port(environment.live_port(values), "YIWANG_LIVE_PORT")
    elif not _is_free(environment.live_port(values)):
        os.environ["YIWANG_LIVE_PORT"] = str(ports.free_port())


def _is_free(port: int) -> bool:
    try:
        return ports.can_listen(port)
    except (PermissionError, OverflowError):
        return False


def _say_step(step: str) -> None:
    sentences = {
        "making": "PostgreSQL: making the database folder, about ten seconds …",
        "starting": "PostgreSQL: starting …",
    }
    click.echo(sentences[step])


def _ready_database(installation: Installation, *, with_demo: bool) -> None:
    """Check the server, bring its structure up to date, and fill an empty one with the demo town."""
    version = external.check(installation.program_url, installation.owner_url)
    click.echo(f"PostgreSQL {version} is there{_unusual_place(installation)}.")
    if not structure.is_current(installation):
        _step(installation, "Structure of the database …", "migrate")
        structure.remember(installation)
    if with_demo and "demo" in COMMANDS and _is_empty(installation):
        _step(
            installation, "Demo town: invented people, generated map, a year of matters …", "demo"
        )


def _unusual_place(installation: Installation) -> str:
    """Say where the data lie when that is not in YIWANG_HOME."""
    data = installation.home / "postgres"
    if not (installation.embedded and data.is_symlink()):
        return ""
    return f"; its data lie in {data.resolve()}, since its account cannot enter {installation.home}"


def _step(installation: Installation, sentence: str, *words: str) -> None:
    """Run one of our commands to its end.

    Raises:
        ClickException: it failed; it has said why.
    """
    click.echo(sentence)
    program = Program(f"yiwang {words[0]}", command(*words), installation.variables)
    program.start()
    assert program.process is not None
    try:
        code = program.process.wait()
    finally:
        program.stop()
    if code != 0:
        raise click.ClickException(f"`yiwang {' '.join(words)}` failed, see above.")


def _is_empty(installation: Installation) -> bool:
    with psycopg.connect(installation.program_url) as connection:
        row = connection.execute("SELECT EXISTS (SELECT FROM accounts_user)").fetchone()
    return not (row and row[0])


def _serve(installation: Installation, lock: FileLock) -> None:
    """Run the web pages, the background work and the live updates until interrupted."""
    people = _named_people() if _is_demo(installation) else []
    variables = {**installation.variables, "DATABASE_OWNER_URL": _nameless(installation.owner_url)}
    programs = [
        Program("The web process", command("serve"), variables, (lock.descriptor,)),
        Program("The background worker", command("worker"), variables, (lock.descriptor,)),
        Program("The live process", command("live"), variables, (lock.descriptor,)),
    ]
    watch, nightly = DatabaseWatch(installation, programs), Nightly(installation)
    supervisor = Supervisor(programs, (watch.look, nightly.look))
    try:
        supervisor.start()
        _await_first_answer(supervisor, installation.port)
        _greet(installation, people)
        while True:
            _end_if_asked()
            supervisor.tend()
            time.sleep(0.2)
    finally:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)
        click.echo("Ending …")
        nightly.stop()
        supervisor.stop()


def _nameless(owner_url: str) -> str:
    """Take the password out of the owner's URL: pages and background work never need it."""
    parts = urlsplit(owner_url)
    place = f"{quote(parts.username or '')}@{parts.hostname}:{parts.port or 5432}"
    return urlunsplit(parts._replace(netloc=place))


def _await_first_answer(supervisor: Supervisor, port: int) -> None:
    """Return when the web process answers.

    Raises:
        ClickException: it died several times without ever answering.
    """
    while not _answers(port):
        _end_if_asked()
        supervisor.tend()
        if supervisor.programs[0].deaths >= DEATHS_BEFORE_FIRST_ANSWER:
            raise click.ClickException(
                "The web process does not come up; its last words are above."
            )
        time.sleep(0.1)


def _answers(port: int) -> bool:
    connection = http.client.HTTPConnection(ports.LOOPBACK, port, timeout=10)
    try:
        connection.request("GET", "/")
        connection.getresponse()
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
    return True


def _greet(installation: Installation, people: list[str]) -> None:
    click.echo(f"\nYiwang 一网 is served on http://{ports.LOOPBACK}:{installation.port}/")
    for line in people:
        click.echo(f"  {line}")
    click.echo("Ctrl-C ends everything.\n")


def _is_demo(installation: Installation) -> bool:
    with psycopg.connect(installation.program_url) as connection:
        row = connection.execute("SELECT EXISTS (SELECT FROM territory_boundary WHERE generated)")
        return bool((row.fetchone() or [False])[0])


def _named_people() -> list[str]:
    """Return the lines about whom one can log in as in the demo town."""
    if importlib.util.find_spec("yiwang.demo.greeting") is None:
        return []
    lines: list[str] = importlib.import_module("yiwang.demo.greeting").lines()
    return lines
