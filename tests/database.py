"""One migrated database for a test session; the program's role inside the tests, as in a real office."""

import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass

import psycopg
import pytest

OWNER, PROGRAM = ("yiwang_owner", "owner"), ("yiwang_app", "app")


@dataclass(frozen=True)
class Server:
    """A PostgreSQL server for tests: host:port with the two roles."""

    address: str

    def url(self, role: tuple[str, str], name: str) -> str:
        return f"postgres://{role[0]}:{role[1]}@{self.address}/{name}"

    def create(self, name: str, template: str = "template0") -> None:
        with psycopg.connect(self.url(OWNER, "postgres"), autocommit=True) as connection:
            connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
            connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')

    def environment(self, name: str) -> dict[str, str]:
        return {
            "DATABASE_OWNER_URL": self.url(OWNER, name),
            "DATABASE_URL": self.url(PROGRAM, name),
        }


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    address = os.environ.get("YIWANG_TEST_SERVER")
    assert address, "the embedded test server is not wired yet: set YIWANG_TEST_SERVER"
    yield Server(address)


def migrate(server: Server, name: str) -> None:
    """Migrate as the owner in a process of its own, since settings choose the role at import."""
    subprocess.run(
        [sys.executable, "-m", "django", "migrate", "--verbosity", "0"],
        env={
            **os.environ,
            **server.environment(name),
            "YIWANG_AS_OWNER": "1",
            "DJANGO_SETTINGS_MODULE": "yiwang.config.settings",
        },
        check=True,
    )
    subprocess.run(
        [
            sys.executable,
            "-c",
            "import django; django.setup(); from yiwang.kernel.foundation.database import grant_to_program; grant_to_program('yiwang_app')",
        ],
        env={
            **os.environ,
            **server.environment(name),
            "YIWANG_AS_OWNER": "1",
            "DJANGO_SETTINGS_MODULE": "yiwang.config.settings",
        },
        check=True,
    )


@pytest.fixture(scope="session")
def django_db_setup(server: Server, django_db_blocker: pytest.FixtureRequest) -> Iterator[None]:
    from django.db import connections

    worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
    name = f"test_{os.environ.get('YIWANG_TEST_NAME', 'all')}_{worker}"
    server.create(name)
    migrate(server, name)
    settings = connections["default"].settings_dict
    settings.update(NAME=name, USER=PROGRAM[0], PASSWORD=PROGRAM[1])
    settings["HOST"], settings["PORT"] = server.address.split(":")
    settings["OPTIONS"] = {}
    yield
    connections.close_all()
