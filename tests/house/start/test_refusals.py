"""What the program says when it cannot start: one sentence, no traceback, and an exit code."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import psycopg
import pytest

from tests.database import OwnDatabase, Server
from tests.house.start.office import Office, patiently
from yiwang.commands.supervisor import Program
from yiwang.outside.machine.accounts import Account
from yiwang.outside.postgres import Database, DatabaseTrouble, external, hold, home, room, secrets
from yiwang.outside.postgres.cluster import Cluster
from yiwang.outside.postgres.roles import PROGRAM

pytestmark = pytest.mark.timeout(240)


def refusal(office: Office) -> str:
    """Start, and return the one sentence that comes instead."""
    answer = office.command("run")
    assert answer.returncode != 0
    assert "Traceback" not in answer.stdout
    *steps, sentence = answer.stdout.splitlines()
    assert sentence.startswith("Error: "), answer.stdout
    assert all(not step.startswith("Error") for step in steps)
    assert office.is_quiet()
    return sentence.removeprefix("Error: ")


@pytest.mark.slow
def test_a_taken_port_is_named(new_office: Office):
    with socket.socket() as other:
        other.bind(("127.0.0.1", new_office.port))
        other.listen()
        assert refusal(new_office) == (
            f"Port {new_office.port} is taken by another program: "
            "end that one, or set YIWANG_PORT to a free port."
        )


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("YIWANG_PORT", "http", "YIWANG_PORT ('http'): "),
        ("YIWANG_PORT", "99999", "YIWANG_PORT (99999) is not a port"),
        ("YIWANG_DEBUG", "perhaps", "YIWANG_DEBUG ('perhaps'): expected yes or no"),
        ("DATABASE_URL", "mysql://a@b/c", "DATABASE_URL: expected postgres://"),
        ("DATABASE_URL", "postgres://a@b/c", "DATABASE_URL and DATABASE_OWNER_URL must be set"),
    ],
)
def test_a_wrong_variable_is_named(new_office: Office, name: str, value: str, sentence: str):
    new_office.settings[name] = value
    assert refusal(new_office).startswith(sentence)


@pytest.mark.slow
def test_a_home_that_cannot_be_written_is_named(new_office: Office):
    obstacle = new_office.home / "a file"
    obstacle.write_text("")
    new_office.settings["YIWANG_HOME"] = str(obstacle)
    assert refusal(new_office) == f"YIWANG_HOME ({obstacle}) cannot be written: File exists."


def test_a_full_disk_is_named_before_anything_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(home.shutil, "disk_usage", lambda _path: SimpleNamespace(free=7 * 1024**2))
    with pytest.raises(DatabaseTrouble, match=r"has 7 MB left, 500 MB are needed"):
        home.prepare(tmp_path)
    (tmp_path / "postgres").mkdir()
    with pytest.raises(DatabaseTrouble, match=r"has 7 MB left, 100 MB are needed"):
        home.prepare(tmp_path)


def test_data_that_the_servers_account_can_no_longer_reach_are_named(tmp_path: Path):
    door = tmp_path / "door"
    (door / "home" / "postgres").mkdir(parents=True)
    door.chmod(0o700)
    stranger = Account("stranger", 54321, 54321)
    with pytest.raises(DatabaseTrouble, match=r"account stranger cannot enter .*: set YIWANG_HOME"):
        room.settle(door / "home", stranger)


def test_lost_secrets_are_named(tmp_path: Path):
    (tmp_path / "postgres").mkdir()
    with pytest.raises(DatabaseTrouble, match=r"secrets.json is missing, but the database beside"):
        secrets.load_or_make(tmp_path)


def test_damaged_secrets_are_named(tmp_path: Path):
    (tmp_path / "secrets.json").write_text('{"secret_key": "x"')
    with pytest.raises(DatabaseTrouble, match=r"secrets.json is damaged"):
        secrets.load_or_make(tmp_path)


def test_secrets_are_made_once_and_belong_to_the_owner_alone(tmp_path: Path):
    made = secrets.load_or_make(tmp_path)
    assert secrets.load_or_make(tmp_path) == made
    assert (tmp_path / "secrets.json").stat().st_mode & 0o077 == 0
    assert made.secret_key not in repr(made)


def test_a_database_of_another_version_is_named(new_office: Office):
    data = new_office.home / "postgres"
    data.mkdir()
    (data / "PG_VERSION").write_text("14\n")
    with pytest.raises(DatabaseTrouble, match="was made by PostgreSQL 14, this program brings 18"):
        Cluster(new_office.home, "test", 18).start()


class TestAnotherServer:
    """A server of the operator's own, named by DATABASE_URL and DATABASE_OWNER_URL."""

    def test_fit_roles_are_accepted(self, empty: OwnDatabase):
        version = external.check(empty.program_url, empty.owner_url)
        assert int(version.split(".")[0]) >= 16

    def test_nobody_answering_is_named(self):
        with pytest.raises(DatabaseTrouble, match=r"DATABASE_OWNER_URL: no PostgreSQL answers at"):
            external.check("postgres://a:b@127.0.0.1:9/x", "postgres://a:b@127.0.0.1:9/x")

    def test_a_wrong_password_is_named_and_not_shown(self, empty: OwnDatabase):
        wrong = f"postgres://{PROGRAM}:guess@{empty.server.address}/{empty.name}"
        with pytest.raises(
            DatabaseTrouble, match=f"DATABASE_URL: .* password of role {PROGRAM}"
        ) as no:
            external.check(wrong, empty.owner_url)
        assert "guess" not in str(no.value)

    def test_a_missing_database_is_named(self, empty: OwnDatabase):
        with pytest.raises(DatabaseTrouble, match='database "nowhere" does not exist'):
            external.check(empty.server.program_url("nowhere"), empty.owner_url)

    def test_an_old_server_is_named(self, empty: OwnDatabase, monkeypatch: pytest.MonkeyPatch):
        monkeypatch.setattr(external, "OLDEST", 99)
        with pytest.raises(DatabaseTrouble, match=r"is PostgreSQL \d+\.\d+; 99 or newer is needed"):
            external.check(empty.program_url, empty.owner_url)

    def test_the_owner_as_program_is_refused(self, empty: OwnDatabase):
        with pytest.raises(DatabaseTrouble, match="owns the database: the program must run as"):
            external.check(empty.owner_url, empty.owner_url)

    def test_an_owner_without_rights_is_refused(self, empty: OwnDatabase):
        with pytest.raises(
            DatabaseTrouble, match=f"{PROGRAM} of DATABASE_OWNER_URL may not create"
        ):
            external.check(empty.program_url, empty.program_url)


@pytest.fixture
def empty(server: Server) -> Iterator[OwnDatabase]:
    """A database without a table, on the server of the tests."""
    own = OwnDatabase(server, f"test_empty_{os.getpid()}")
    server.create(own.name)
    yield own
    server.drop(own.name)


@pytest.fixture(scope="module")
def sixteen() -> Iterator[Database]:
    """PostgreSQL 16, as a server that somebody else runs."""
    from tests.house.start.conftest import _folder

    folder = _folder()
    with hold(folder, kind="test", version=16) as database:
        yield database
    subprocess.run(["rm", "-r", str(folder)], check=True)


@pytest.mark.slow
def test_an_office_on_another_server_is_served(new_office: Office, sixteen: Database):
    new_office.settings.update(
        DATABASE_URL=sixteen.program_url, DATABASE_OWNER_URL=sixteen.owner_url
    )
    new_office.start()
    new_office.await_served()
    assert "PostgreSQL 16." in new_office.output
    assert not (new_office.home / "postgres").exists()
    patiently(lambda: "worker: 1 at work" in new_office.command("check").stdout)
    assert new_office.end() == 0
    with psycopg.connect(sixteen.program_url) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)


@pytest.mark.slow
def test_a_superuser_as_program_is_refused(new_office: Office, sixteen: Database):
    new_office.settings.update(
        DATABASE_URL=sixteen.superuser_url, DATABASE_OWNER_URL=sixteen.owner_url
    )
    assert refusal(new_office).startswith("The role postgres of DATABASE_URL is a superuser")


@pytest.mark.slow
def test_a_role_that_bypasses_policies_is_refused(new_office: Office, sixteen: Database):
    with psycopg.connect(sixteen.superuser_url, autocommit=True) as connection:
        connection.execute(f"ALTER ROLE {PROGRAM} BYPASSRLS")
    try:
        new_office.settings.update(
            DATABASE_URL=sixteen.program_url, DATABASE_OWNER_URL=sixteen.owner_url
        )
        assert "bypasses row-level security" in refusal(new_office)
    finally:
        with psycopg.connect(sixteen.superuser_url, autocommit=True) as connection:
            connection.execute(f"ALTER ROLE {PROGRAM} NOBYPASSRLS")


def test_a_program_that_keeps_dying_is_started_ever_more_rarely():
    program = Program("The test", [sys.executable, "-c", "raise SystemExit(3)"], {})
    pauses = []
    for _death in range(4):
        program.start()
        patiently(program.has_died)
        told = program.bury()
        assert told.startswith("The test ended (exit code 3); it is started again in ")
        pauses.append(told.split()[-2])
    assert pauses == ["0.5", "1", "2", "4"]
