"""Databases for tests: migrated once as the owner, cloned for each worker, used as the program's role.

Without `YIWANG_TEST_SERVER` the embedded server runs for as long as any test session needs it, in memory where there
is room. With
`YIWANG_TEST_SERVER=host:port` that server is used (roles yiwang_owner/owner and yiwang_app/app; other passwords
stand before it, `owner:app@host:port`), and `YIWANG_TEST_NAME` keeps several people on it apart.

Fixtures: `server` (for tests of the platform) and `own_database`, for a test that commits: a fresh clone of the
migrated database for it alone. Where all other tests stand is in `tests/grounds.py`.
"""

import contextlib
import hashlib
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
import pytest

from yiwang.outside.machine.processes import is_alive
from yiwang.outside.postgres import hold
from yiwang.outside.postgres.roles import OWNER, PROGRAM

ROOT = Path(__file__).resolve().parents[1]
TEST_DATA_KEY = "dGhlIGtleSBvZiB0aGUgdGVzdHMsIG5vIHNlY3JldCE="  # 32 bytes, guarding nothing
MEMORY, ENOUGH_MEMORY = Path("/dev/shm"), 2 * 1024**3
TEMPLATES_KEPT = 4  # other sessions may still clone an older state
# What a migrated database depends on.
STRUCTURE = (
    "yiwang/**/migrations/**/*.py",
    "yiwang/**/models.py",
    "yiwang/**/models/**/*.py",
    "yiwang/**/permissions.py",
    "yiwang/**/rules.py",
    "yiwang/kernel/organisation/**/*.py",
    "yiwang/kernel/foundation/*.py",
    "yiwang/config/settings.py",
    "yiwang/commands/migrate.py",
    "requirements.lock",
)


@dataclass(frozen=True)
class Server:
    """A PostgreSQL server for tests: host:port and the passwords of the two roles."""

    address: str
    owner_password: str
    program_password: str

    @classmethod
    def at(cls, place: str) -> "Server":
        """Return the server that `YIWANG_TEST_SERVER` names."""
        passwords, _, address = place.rpartition("@")
        owner, _, program = (passwords or "owner:app").partition(":")
        return cls(address, owner, program)

    @property
    def place(self) -> str:
        """What to put into `YIWANG_TEST_SERVER` for a session within the session."""
        return f"{self.owner_password}:{self.program_password}@{self.address}"

    @property
    def host(self) -> str:
        return self.address.rpartition(":")[0]

    @property
    def port(self) -> str:
        return self.address.rpartition(":")[2]

    def owner_url(self, name: str) -> str:
        return f"postgres://{OWNER}:{self.owner_password}@{self.address}/{name}"

    def program_url(self, name: str) -> str:
        return f"postgres://{PROGRAM}:{self.program_password}@{self.address}/{name}"

    def environment(self, name: str) -> dict[str, str]:
        """Return the settings for a program of ours that uses database `name`."""
        return {
            "DATABASE_OWNER_URL": self.owner_url(name),
            "DATABASE_URL": self.program_url(name),
            "YIWANG_DATA_KEY": TEST_DATA_KEY,
            "YIWANG_SECRET_KEY": "tests",
        }

    def as_owner(self) -> psycopg.Connection:
        return psycopg.connect(self.owner_url("postgres"), autocommit=True)

    def drop(self, name: str) -> None:
        with self.as_owner() as connection:
            connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    def create(self, name: str, template: str = "template0") -> None:
        self.drop(name)
        with self.as_owner() as connection:
            connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}" STRATEGY FILE_COPY')


@dataclass(frozen=True)
class OwnDatabase:
    """A migrated database of one test; `environment` is for programs that the test starts."""

    server: Server
    name: str

    @property
    def owner_url(self) -> str:
        return self.server.owner_url(self.name)

    @property
    def program_url(self) -> str:
        return self.server.program_url(self.name)

    @property
    def environment(self) -> dict[str, str]:
        return self.server.environment(self.name)

    def drop(self) -> None:
        """Drop it, waiting a moment for programs that have just ended to let go of it."""
        for _attempt in range(20):
            with contextlib.suppress(psycopg.errors.InsufficientPrivilege):
                return self.server.drop(self.name)
            time.sleep(0.25)
        return self.server.drop(self.name)


def pytest_configure() -> None:
    from django.conf import settings

    settings.YIWANG_DATA_KEY = settings.YIWANG_DATA_KEY or TEST_DATA_KEY
    os.environ.setdefault("YIWANG_DATA_KEY", settings.YIWANG_DATA_KEY)


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    """A server for the session; the embedded one is shared by all workers and stops with the last."""
    if place := os.environ.get("YIWANG_TEST_SERVER"):
        yield Server.at(place)
        return
    with hold(_folder(), kind="test") as database:
        known = database.secrets
        yield Server(f"127.0.0.1:{database.port}", known.owner_password, known.program_password)


def _folder() -> Path:
    """Return the folder of this checkout's test server: outside the tree, ours alone, kept for the next session."""
    checkout = hashlib.sha256(str(ROOT).encode()).hexdigest()[:8]
    name = f"yiwang-tests-{os.getuid()}-{checkout}"
    folder = (MEMORY if (MEMORY / name).exists() else quick_place()) / name
    folder.mkdir(mode=0o711, exist_ok=True)
    if folder.stat().st_uid != os.getuid():
        raise RuntimeError(f"{folder} belongs to somebody else")
    return folder


def quick_place() -> Path:
    """Return where to put a database server: some thousand small files, which memory makes faster than disks."""
    roomy = (
        MEMORY.is_dir()
        and os.access(MEMORY, os.W_OK)
        and shutil.disk_usage(MEMORY).free >= ENOUGH_MEMORY
    )
    return MEMORY if roomy else Path(tempfile.gettempdir())


def _prefix() -> str:
    return f"test_{os.environ.get('YIWANG_TEST_NAME', 'all')}"


def migrated_template(server: Server) -> str:
    """Return the name of a migrated database to clone; built once for each state of the structure."""
    name = f"{_prefix()}_template_{_structure()}"
    with server.as_owner() as connection:
        connection.execute("SELECT pg_advisory_lock(hashtext(%s))", [_prefix()])
        _drop_leftovers(server, keep=name)
        found = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
        if not found.fetchone():
            draft = f"{_prefix()}_draft"
            server.create(draft)
            migrate(server, draft)
            connection.execute(f'ALTER DATABASE "{draft}" RENAME TO "{name}"')
    return name


def _structure() -> str:
    """Return a short digest of every file that a migrated database depends on."""
    digest = hashlib.sha256()
    for path in sorted({path for pattern in STRUCTURE for path in ROOT.glob(pattern)}):
        digest.update(str(path.relative_to(ROOT)).encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


def _drop_leftovers(server: Server, *, keep: str) -> None:
    """Drop databases of sessions that were killed, and templates that have had their day."""
    with server.as_owner() as connection:
        rows = connection.execute("SELECT datname FROM pg_database ORDER BY oid DESC").fetchall()
    templates = [name for (name,) in rows if name.startswith(f"{_prefix()}_template_")]
    of_sessions = [
        name
        for (name,) in rows
        if (left := re.fullmatch(re.escape(_prefix()) + r"_(\d+)(?:_\d+)?", name))
        and not is_alive(int(left[1]))
    ]
    for name in {*templates[TEMPLATES_KEPT:], *of_sessions} - {keep}:
        with contextlib.suppress(psycopg.Error):  # somebody clones it this very moment
            server.drop(name)


def migrate(server: Server, name: str) -> None:
    """Migrate as the owner, as an office does, in a process of its own: settings choose the role at import."""
    program = "from yiwang.commands import main; main()"
    done = subprocess.run(
        [sys.executable, "-c", program, "migrate", "--without-starters"],
        env={**os.environ, **server.environment(name)},
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        pytest.fail(f"the test database could not be migrated:\n{done.stdout}", pytrace=False)


@pytest.fixture(scope="session")
def template(server: Server) -> str:
    return migrated_template(server)


@pytest.fixture
def own_database(
    request: pytest.FixtureRequest,
    server: Server,
    template: str,
    django_db_setup: None,
    django_db_blocker: Any,
) -> Iterator[OwnDatabase]:
    """A migrated database for one test that commits, starts threads or processes; Django is pointed at it."""
    own = clone(server, template)
    with django_db_blocker.unblock(), pointed_at(own):
        yield own
    own.drop()


@pytest.fixture(scope="module")
def common_database(server: Server, template: str, django_db_setup: None) -> Iterator[OwnDatabase]:
    """A migrated database for the tests of one file that commit and begin by emptying what they use."""
    own = clone(server, template)
    yield own
    own.drop()


def clone(server: Server, template: str) -> OwnDatabase:
    """Make a fresh copy of the migrated database; whoever asks for it drops it."""
    own = OwnDatabase(server, f"{_prefix()}_{os.getpid()}_{next(_serial)}")
    server.create(own.name, template)
    return own


@contextlib.contextmanager
def pointed_at(own: OwnDatabase) -> Iterator[None]:
    """Let Django speak with this database for as long as the block lasts."""
    shared = _django()["NAME"]
    point_django_at(own.server, own.name)
    try:
        yield
    finally:
        point_django_at(own.server, shared)


_serial = iter(range(1, 1_000_000))


def _django() -> dict[str, Any]:
    from django.db import connections

    settings: dict[str, Any] = connections["default"].settings_dict
    return settings


def point_django_at(server: Server, name: str) -> None:
    """Make every later connection of this process go to `name`, without a pool."""
    disconnect()
    _django().update(
        NAME=name,
        USER=PROGRAM,
        PASSWORD=server.program_password,
        HOST=server.host,
        PORT=server.port,
        OPTIONS={"server_side_binding": True},
    )
    forget_versions()


def disconnect() -> None:
    from django.db import connections

    connections.close_all()


def forget_versions() -> None:
    """Drop what the process has cached of another database."""
    from yiwang.kernel.foundation import versions

    versions.forget()
