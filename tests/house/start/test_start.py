"""Starting, ending, and everything that can be killed in between."""

import json
import os
import shutil
import signal
import stat

import psycopg
import pytest

from tests.house.start.office import Office, patiently
from yiwang.outside.postgres import hold

pytestmark = [pytest.mark.slow, pytest.mark.timeout(240)]


def test_a_first_start_is_served_and_ctrl_c_ends_everything(new_office: Office):
    new_office.start()
    new_office.await_served()
    patiently(lambda: f"http://127.0.0.1:{new_office.port}/" in new_office.output)
    assert new_office.end() == 0
    assert new_office.is_quiet()
    assert "Traceback" not in new_office.output
    assert stat.S_IMODE((new_office.home / "secrets.json").stat().st_mode) == 0o600


def test_a_second_start_does_nothing_twice(office: Office):
    office.start()
    office.await_served()
    patiently(lambda: "is served on" in office.output)
    assert "Structure of the database" not in office.output
    assert "making" not in office.output


def test_a_database_brought_back_from_before_is_migrated_again(office: Office):
    with hold(office.home) as database, psycopg.connect(database.owner_url) as connection:
        connection.execute("UPDATE django_migrations SET applied = applied - interval '1 day'")
    office.start()
    office.await_served()
    assert "Structure of the database" in office.output


def test_a_home_behind_a_closed_door_is_served_all_the_same(new_office: Office):
    """As root in /root, where the server's account cannot go; for an ordinary user nothing is special here."""
    door = new_office.home / "door"
    door.mkdir(mode=0o700)
    new_office.home = door / "home"
    new_office.home.mkdir(mode=0o700)
    new_office.start()
    new_office.await_served()
    data = (new_office.home / "postgres").resolve()
    assert new_office.end() == 0
    new_office.start()
    new_office.await_served()
    assert new_office.end() == 0
    assert (new_office.home / "postgres").resolve() == data
    assert door.stat().st_mode & 0o077 == 0
    assert (data.parent == new_office.home) == (os.geteuid() != 0)
    if data.parent != new_office.home:
        shutil.rmtree(data.parent)


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_every_polite_signal_ends_everything(office: Office, how: signal.Signals):
    office.start()
    office.await_served()
    assert office.end(how) == 0
    assert office.is_quiet()
    assert "the data is sound" in office.output


def test_an_end_in_the_middle_of_the_first_start_leaves_nothing_half_made(new_office: Office):
    new_office.start()
    patiently(lambda: (new_office.home / "postgres.new").exists())
    new_office.end(signal.SIGKILL)
    patiently(new_office.is_quiet)
    new_office.start()
    new_office.await_served()


@pytest.mark.parametrize("part", ["postgres", "keeper", " serve", " worker"])
def test_what_is_killed_comes_back(office: Office, part: str):
    office.start()
    office.await_served()
    before = patiently(lambda: office.pid_of(part))
    assert isinstance(before, int)
    os.kill(before, signal.SIGKILL)
    patiently(lambda: _other_pid(office, part, before))
    office.await_served()
    assert office.end() == 0
    assert office.is_quiet()


def _other_pid(office: Office, part: str, before: int) -> bool:
    try:
        return office.pid_of(part) != before
    except (OSError, IndexError, ValueError):
        return False


def test_a_killed_start_takes_everything_along(office: Office):
    office.start()
    office.await_served()
    office.end(signal.SIGKILL)
    patiently(office.is_quiet)


def test_a_start_right_after_a_kill_is_served(office: Office):
    office.start()
    office.await_served()
    office.end(signal.SIGKILL)
    said = len(office.output)
    office.start()
    patiently(
        lambda: "is served on" in office.output[said:], 120
    )  # not by what is left of the first
    assert office.is_served()


def test_a_start_after_everything_was_killed_is_served(office: Office):
    office.start()
    office.await_served()
    office.kill_everything()
    office.start()
    office.await_served()


def test_a_second_start_beside_the_first_is_refused(office: Office):
    office.start()
    office.await_served()
    second = office.command("run")
    assert second.returncode != 0
    assert second.stdout.startswith("Error: Yiwang already runs in ")
    assert second.stdout.count("\n") == 1


def test_a_command_works_beside_a_running_office_and_leaves_it_running(office: Office):
    office.start()
    office.await_served()
    patiently(lambda: "worker: 1 at work" in office.command("check").stdout)
    assert office.is_served()


def test_a_command_works_alone_and_leaves_nothing_running(office: Office):
    answer = office.command("check").stdout
    assert "ok  database: PostgreSQL 18" in answer
    assert "ok  structure: up to date" in answer
    assert "NO  worker" in answer
    assert office.is_quiet()


def test_a_lock_file_with_the_number_of_a_stranger_is_no_obstacle(office: Office):
    stranger = os.getpid()
    lock = office.home / "postgres" / "postmaster.pid"
    lock.write_text(f"{stranger}\n{office.home}/postgres\n0\n5432\n\n127.0.0.1\n  1  1\nready\n")
    os.chown(lock, *_owner_of(office))
    office.start()
    office.await_served()


def _owner_of(office: Office) -> tuple[int, int]:
    status = (office.home / "postgres").stat()
    return status.st_uid, status.st_gid


def test_what_was_acknowledged_survives_a_killed_server(office: Office):
    with hold(office.home) as database:
        with psycopg.connect(database.owner_url, autocommit=True) as connection:
            connection.execute("CREATE TABLE promises (number int)")
        acknowledged = _write_until_killed(office, database.owner_url)
    with hold(office.home) as database, psycopg.connect(database.owner_url) as connection:
        kept = {number for (number,) in connection.execute("SELECT number FROM promises")}
    assert set(range(acknowledged)) <= kept


def _write_until_killed(office: Office, url: str) -> int:
    """Return how many single-row commits were acknowledged before the server was gone."""
    done = 0
    with pytest.raises(psycopg.OperationalError), psycopg.connect(url, autocommit=True) as writer:
        while True:
            writer.execute("INSERT INTO promises VALUES (%s)", [done])
            done += 1
            if done == 200:
                os.kill(office.pid_of("postgres"), signal.SIGKILL)
    return done


def test_the_server_stays_for_as_long_as_anybody_holds_it(office: Office):
    with hold(office.home) as first:
        with hold(office.home) as second:
            assert second.port == first.port
        with psycopg.connect(first.program_url) as connection:
            assert connection.execute("SELECT 1").fetchone() == (1,)
    assert office.is_quiet()


def test_the_program_owns_nothing_and_bypasses_nothing(office: Office):
    with hold(office.home) as database, psycopg.connect(database.program_url) as connection:
        row = connection.execute(
            "SELECT rolsuper, rolbypassrls, rolcreaterole, rolcreatedb, "
            "EXISTS (SELECT FROM pg_class WHERE relowner = pg_roles.oid) "
            "FROM pg_roles WHERE rolname = current_user"
        ).fetchone()
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("CREATE TABLE mine ()")
    assert row == (False,) * 5


def test_the_pages_do_not_know_the_owners_password(office: Office):
    office.start()
    office.await_served()
    password = json.loads((office.home / "secrets.json").read_text())["owner_password"]
    for part in (" serve", " worker"):
        with open(f"/proc/{office.pid_of(part)}/environ", "rb") as file:  # noqa: PTH123
            assert password.encode() not in file.read()
