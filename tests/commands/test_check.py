"""`yiwang check` refuses what an office must not run with, each with the mend."""

import base64
import json
import os
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.db import connection

from tests.database import OwnDatabase
from tests.house.start.office import ROOT
from tests.town.small import MORNING, Town, build
from yiwang.commands.installation import Installation
from yiwang.commands.questions import Answer, Doubt, Question, Wrong, answered, database, office
from yiwang.commands.questions import settings as asked
from yiwang.kernel.foundation import audit

RANDOM = base64.b64encode(bytes(range(7, 207, 5))[:32]).decode()
GOOD = {
    "YIWANG_HOME": Path("/nowhere"),
    "YIWANG_DEBUG": False,
    "YIWANG_HOSTS": ["yiwang.example.cn"],
    "YIWANG_HTTPS": True,
    "YIWANG_HSTS_DAYS": 365,
    "YIWANG_SECOND_FACTOR": ["administrator"],
}
KEYS = {"YIWANG_SECRET_KEY": "Zk3-9qLmXw7_vT2bRr8YcE1sHnJpU5aD", "YIWANG_DATA_KEY": RANDOM}


def states(values: dict[str, Any], keys: dict[str, str]) -> dict[str, Answer]:
    return {answer.name: answer for answer in map(answered, asked.questions(values, keys))}


def test_good_settings_pass() -> None:
    assert {answer.state for answer in states(GOOD, KEYS).values()} == {"ok"}


@pytest.mark.parametrize(
    ("change", "name"),
    [
        ({"YIWANG_SECRET_KEY": "not-set-yet"}, "secret key"),
        ({"YIWANG_SECRET_KEY": "tests"}, "secret key"),
        ({"YIWANG_SECRET_KEY": "short"}, "secret key"),
        ({"YIWANG_SECRET_KEY": "a" * 64}, "secret key"),
        ({"YIWANG_SECRET_KEY": ""}, "secret key"),
        ({"YIWANG_DATA_KEY": ""}, "data key"),
        ({"YIWANG_DATA_KEY": "dGhlIGtleSBvZiB0aGUgdGVzdHMsIG5vIHNlY3JldCE="}, "data key"),
        ({"YIWANG_DATA_KEY": base64.b64encode(b"\0" * 32).decode()}, "data key"),
        ({"YIWANG_DATA_KEY": "c2hvcnQ="}, "data key"),
        ({"YIWANG_DEBUG": True}, "debug"),
        ({"YIWANG_HOSTS": ["127.0.0.1", "localhost"]}, "hosts"),
        ({"YIWANG_HOSTS": ["*"]}, "hosts"),
        ({"YIWANG_HTTPS": False}, "cookies and TLS"),
    ],
)
def test_a_setting_for_trying_things_out_is_refused_with_its_mend(
    change: dict[str, Any], name: str
) -> None:
    values = {**GOOD, **change}
    answers = states(values, {**KEYS, **{k: v for k, v in change.items() if k in KEYS}})
    assert [each for each, answer in answers.items() if answer.state == "wrong"] == [name]
    assert answers[name].mend
    assert str(change.get("YIWANG_SECRET_KEY") or "?") not in answers[name].says


def test_an_administrator_without_a_second_factor_is_worth_a_word() -> None:
    with pytest.raises(Doubt, match="password alone"):
        asked.second_factor([])


def test_the_key_of_development_is_no_key(tmp_path: Path) -> None:
    from yiwang.kernel.foundation.secrets import DEVELOPMENT_KEY

    with pytest.raises(Wrong):
        asked.data_key(base64.b64encode(DEVELOPMENT_KEY).decode())


def test_secrets_that_others_may_read_are_refused(tmp_path: Path) -> None:
    made = tmp_path / "secrets.json"
    made.write_text("{}")
    made.chmod(0o640)
    with pytest.raises(Wrong, match="open to other accounts"):
        asked.home(tmp_path)
    made.chmod(0o600)
    assert "closed" in asked.home(tmp_path)


@pytest.fixture
def own(own_database: OwnDatabase) -> OwnDatabase:
    return own_database


def here(own: OwnDatabase, **change: str) -> Installation:
    return Installation(Path("/nowhere"), 8000, False, {**own.environment, **change})


def test_a_sound_database_passes(own: OwnDatabase) -> None:
    answers = [answered(each) for each in database.questions(here(own))]
    assert [answer.state for answer in answers] == ["ok"] * 4, answers


def test_a_role_with_too_much_power_is_refused(own: OwnDatabase) -> None:
    """The owner in the program's place: it owns the tables, so that no policy binds it."""
    with pytest.raises(Wrong, match="owns tables") as refusal:
        database.server(here(own, DATABASE_URL=own.owner_url))
    assert "NOSUPERUSER NOBYPASSRLS" in refusal.value.mend


def test_rights_given_by_hand_are_found(own: OwnDatabase) -> None:
    with psycopg.connect(own.owner_url, autocommit=True) as owner:
        owner.execute("GRANT DELETE ON foundation_auditentry TO yiwang_app")
        with pytest.raises(Wrong, match="foundation_auditentry"):
            database.rights()
        owner.execute("ALTER TABLE cases_reporter DISABLE ROW LEVEL SECURITY")
        with pytest.raises(Wrong, match="row-level security is off on cases_reporter"):
            database.rights()


def test_a_missing_migration_is_found(own: OwnDatabase) -> None:
    with psycopg.connect(own.owner_url, autocommit=True) as owner:
        owner.execute("DELETE FROM django_migrations WHERE app = 'cases'")
    with pytest.raises(Wrong, match="changes are missing") as refusal:
        database.structure()
    assert "yiwang migrate" in refusal.value.mend


@pytest.mark.django_db
def test_a_missing_worker_is_found() -> None:
    with pytest.raises(Wrong, match="no clock runs"):
        office.worker()
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now())")
    assert office.worker() == "1 at work"


@pytest.mark.django_db
def test_a_night_without_a_seal_is_found() -> None:
    today = date(2026, 11, 23)
    assert office.seal(today) == "nothing has happened yet"
    audit.record("case", 1, "case_reported", by=_system(), at=MORNING)
    with pytest.raises(Wrong, match="never been sealed"):
        office.seal(today)
    audit.seal_day(date(2026, 11, 20), at=MORNING)
    with pytest.raises(Wrong, match="2026-11-20"):
        office.seal(today)
    audit.seal_missing(date(2026, 11, 22), at=MORNING)
    assert "2026-11-22" in office.seal(today)


def _system() -> Any:
    from yiwang.kernel.foundation.actors import SYSTEM

    return SYSTEM


def test_an_old_backup_is_found(tmp_path: Path) -> None:
    now = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
    with pytest.raises(Wrong, match="there is none"):
        office.backup(tmp_path, now)
    (tmp_path / "2026-11-22T023000Z").mkdir()
    with pytest.raises(Wrong, match="there is none"):
        office.backup(tmp_path, now)  # never finished
    (tmp_path / "2026-11-22T023000Z" / "manifest.json").write_text("{}")
    with pytest.raises(Wrong, match="30 hours old"):
        office.backup(tmp_path, now)
    assert "1 in" in office.backup(tmp_path, now - timedelta(hours=10))


def test_a_full_disk_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        office.shutil,
        "disk_usage",
        lambda _path: type("Usage", (), {"free": 10**8, "total": 10**12}),
    )
    with pytest.raises(Wrong, match=r"0\.1 GB left"):
        office.disk(tmp_path, tmp_path)


@pytest.mark.django_db
def test_the_holidays_of_next_year_are_asked_for_in_time() -> None:
    from yiwang.kernel.foundation.calendar.models import PublishedYear

    with pytest.raises(Wrong, match="2026 are missing"):
        office.calendar(date(2026, 11, 23))
    PublishedYear.objects.create(year=2026, source="国办", at=MORNING)
    assert "2026" in office.calendar(date(2026, 5, 1))
    with pytest.raises(Doubt, match="2027 are missing"):
        office.calendar(date(2026, 11, 23))


@pytest.mark.django_db
def test_a_demo_town_is_no_office(town: Town) -> None:
    with pytest.raises(Wrong, match="demo town"):
        office.town()
    assert office.administrator(date(2026, 11, 23)) == "1 posted"
    with pytest.raises(Wrong, match="nobody"):
        office.administrator(date(2020, 1, 1))


def test_an_answer_keeps_its_mend() -> None:
    def ask() -> str:
        raise Doubt("it rains", "take an umbrella")

    answer = answered(Question("weather", ask))
    assert (answer.state, answer.says, answer.mend) == ("doubt", "it rains", "take an umbrella")


@pytest.mark.slow
def test_the_whole_list_as_json(own: OwnDatabase, tmp_path: Path) -> None:
    build()
    done = subprocess.run(
        [sys.executable, "-m", "yiwang.commands", "check", "--json"],
        env={**os.environ, **own.environment, "YIWANG_HOME": str(tmp_path), "YIWANG_DEBUG": "yes"},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1, done.stderr
    report = json.loads(done.stdout)
    wrong = {each["name"] for each in report["answers"] if each["state"] == "wrong"}
    assert report["fit"] is False
    assert {"secret key", "data key", "debug", "hosts", "cookies and TLS", "worker"} <= wrong
    assert {"backup", "town"} <= wrong
    assert all(each["mend"] for each in report["answers"] if each["state"] != "ok")


@pytest.mark.slow
def test_a_server_that_does_not_answer_is_one_line(own: OwnDatabase, tmp_path: Path) -> None:
    nobody: Callable[[str], str] = lambda url: url.replace(own.server.address, "127.0.0.1:1")  # noqa: E731
    done = subprocess.run(
        [sys.executable, "-m", "yiwang.commands", "check"],
        env={
            **os.environ,
            **own.environment,
            "DATABASE_URL": nobody(own.program_url),
            "DATABASE_OWNER_URL": nobody(own.owner_url),
            "YIWANG_HOME": str(tmp_path),
        },
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert "no PostgreSQL answers at 127.0.0.1:1" in done.stdout
