"""A backup is made while the office works; what was touched or cut off is found; what comes back is what was saved."""

import errno
import io
import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.db import connection
from django.test import Client
from PIL import Image

from tests.database import TEST_DATA_KEY, OwnDatabase, Server
from tests.house.start.office import ROOT, patiently
from tests.town.small import MORNING, Town
from yiwang.kernel.cases.models import Report
from yiwang.kernel.foundation import audit, backup
from yiwang.kernel.foundation.actors import RESIDENT
from yiwang.kernel.foundation.backup import BackupTrouble, Keys, Office
from yiwang.kernel.foundation.backup.picture import take
from yiwang.kernel.foundation.backup.rules import DUMP, LIST, MANIFEST, differences
from yiwang.kernel.foundation.files import store_photo
from yiwang.kernel.foundation.secrets import keys_in

pytestmark = [
    pytest.mark.timeout(240),
    pytest.mark.slow,
]  # the programs of the server, in processes of their own
KEYS = Keys(keys_in(TEST_DATA_KEY), "tests")
NIGHT = datetime(2026, 10, 22, 2, 30, tzinfo=UTC)


@dataclass
class Living:
    """An office with a database that commits, a home of its own, and a folder for its backups."""

    town: Town
    own: OwnDatabase
    home: Path
    backups: Path

    @property
    def office(self) -> Office:
        return Office(self.own.owner_url, self.home, KEYS, "0.1.0")

    def save(self, at: datetime = NIGHT) -> tuple[Path, backup.Manifest]:
        return backup.make(self.office, self.backups, at=at)

    def report_with_photo(self, colour: str) -> str:
        """Return the report's id; bytes first, then rows, as in every intake."""
        store_photo(picture(colour), by=RESIDENT, at=MORNING)
        return str(self.town.report().report_id)


def picture(colour: str) -> io.BytesIO:
    out = io.BytesIO()
    Image.new("RGB", (64, 48), colour).save(out, "JPEG")
    out.seek(0)
    return out


@pytest.fixture
def living(own_town: tuple[OwnDatabase, Town], settings: Any, tmp_path: Path) -> Living:
    settings.YIWANG_HOME = tmp_path / "home"
    own, town = own_town
    office = Living(town, own, tmp_path / "home", tmp_path / "backups")
    office.town.closed()
    office.report_with_photo("red")
    audit.seal_day(MORNING.date(), at=MORNING)
    return office


@pytest.fixture
def empty(server: Server) -> Iterator[OwnDatabase]:
    """A database nobody has touched."""
    own = OwnDatabase(server, f"test_empty_{os.getpid()}")
    server.create(own.name)
    yield own
    own.drop()


def command(own: OwnDatabase, home: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "yiwang.commands", *words],
        env={**os.environ, **own.environment, "YIWANG_HOME": str(home), "PYTHONPATH": str(ROOT)},
        cwd=home,
        capture_output=True,
        text=True,
        check=False,
    )


def test_what_was_saved_comes_back_and_its_record_is_whole(
    living: Living, empty: OwnDatabase, tmp_path: Path
) -> None:
    Client().force_login(living.town.wang_fang)
    folder, manifest = living.save()
    assert manifest.picture.tables["django_session"] == 1
    assert backup.find_faults(folder, manifest) == []
    there = tmp_path / "there"
    there.mkdir()
    done = command(empty, there, "restore", str(folder))
    assert done.returncode == 0, done.stdout + done.stderr
    assert "2 cases" in done.stdout
    assert "the record is whole, roles and policies hold" in done.stdout
    verified = command(empty, there, "verify-audit", "--json")
    assert json.loads(verified.stdout)["whole"] is True
    with psycopg.connect(empty.program_url) as program:
        assert program.execute("SELECT count(*) FROM cases_reporter").fetchone() == (0,)
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            program.execute("DELETE FROM foundation_auditentry")
    with psycopg.connect(empty.owner_url) as owner:
        photo = owner.execute("SELECT sha256 FROM foundation_storedfile").fetchone()
        assert owner.execute("SELECT count(*) FROM django_session").fetchone() == (0,)
    assert photo is not None
    assert [path.name for path in (there / "files").rglob(f"{photo[0]}.full.jpg")]
    again = command(empty, there, "restore", str(folder))
    assert again.returncode == 1
    assert "not empty" in again.stderr


def test_nothing_that_was_acknowledged_before_a_backup_is_missing_in_it(
    living: Living, empty: OwnDatabase, tmp_path: Path
) -> None:
    stop, told = threading.Event(), list[str]()
    senders = [
        threading.Thread(target=_send, args=(living, number, told, stop)) for number in range(2)
    ]
    for sender in senders:
        sender.start()
    patiently(lambda: len(told) > 10)
    before = set(told)
    folder, manifest = living.save()
    during = set(told) - before
    stop.set()
    for sender in senders:
        sender.join()
    assert during, "nothing was reported while the backup was made: this test shows nothing"
    assert (manifest.lost, manifest.damaged) == ([], [])
    assert backup.bring_back(folder, manifest, empty.owner_url, tmp_path / "there") == []
    with psycopg.connect(empty.owner_url) as owner:
        rows = owner.execute("SELECT id::text FROM cases_report").fetchall()
        contents = owner.execute("SELECT sha256 FROM foundation_storedfile").fetchall()
    assert before <= {row[0] for row in rows}
    kept = {path.name for path in (tmp_path / "there" / "files").rglob("*.jpg")}
    assert {f"{row[0]}.full.jpg" for row in contents} <= kept


def _send(living: Living, number: int, told: list[str], stop: threading.Event) -> None:
    """Report with a photo of its own each time, until told to stop."""
    try:
        for count in range(5000):
            if stop.is_set():
                return
            told.append(
                living.report_with_photo(f"#{number * 99:02x}{count % 256:02x}{count // 256:02x}")
            )
    finally:
        connection.close()


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-100])


def flip(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def photo_in(folder: Path) -> Path:
    return next(folder.rglob("*.full.jpg"))


@pytest.mark.parametrize(
    ("sabotage", "named"),
    [
        (lambda folder: flip(folder / DUMP), "database.dump: changed"),
        (lambda folder: cut(folder / DUMP), "database.dump: cut off"),
        (lambda folder: (folder / DUMP).unlink(), "database.dump: missing"),
        (lambda folder: flip(photo_in(folder)), ".full.jpg: changed"),
        (lambda folder: cut(photo_in(folder)), ".full.jpg: changed"),
        (lambda folder: photo_in(folder).unlink(), ".full.jpg: missing"),
        (lambda folder: flip(folder / LIST), "files.sha256: changed"),
        (lambda folder: (folder / LIST).write_text(""), "files.sha256: cut off"),
    ],
)
def test_a_touched_part_is_named(
    living: Living, sabotage: Callable[[Path], None], named: str
) -> None:
    folder, manifest = living.save()
    sabotage(folder)
    faults = backup.find_faults(folder, manifest)
    assert len(faults) == 1
    assert named in faults[0]
    refused = command(living.own, living.home, "restore", str(folder))
    assert refused.returncode == 1
    assert named in refused.stderr
    assert "nothing was changed" in refused.stderr


@pytest.mark.parametrize(
    ("edit", "sentence"),
    [
        (lambda text: text.replace('"cases_case": 2', '"cases_case": 1'), "its seal does not fit"),
        (lambda text: text[:-200], "damaged"),
        (lambda text: "{}", "damaged"),
        (lambda text: "[]", "damaged"),
        (lambda text: text.replace('"format": 1', '"format": 9'), "newer program"),
    ],
)
def test_a_manifest_edited_by_hand_is_refused(
    living: Living, edit: Callable[[str], str], sentence: str
) -> None:
    folder, _manifest = living.save()
    path = folder / MANIFEST
    assert edit(path.read_text()) != path.read_text()
    path.write_text(edit(path.read_text()))
    with pytest.raises(BackupTrouble, match=sentence):
        backup.open_manifest(folder, KEYS)


def test_a_backup_needs_the_key_it_was_sealed_with(living: Living) -> None:
    folder, _manifest = living.save()
    other = replace(KEYS, data=(b"k" * 32,))
    with pytest.raises(BackupTrouble, match=r"sealed with key .*put back the secrets\.json"):
        backup.open_manifest(folder, other)
    assert backup.open_manifest(folder, replace(KEYS, data=(b"k" * 32, *KEYS.data)))


def test_no_key_and_no_password_lies_in_a_backup(living: Living) -> None:
    folder, _manifest = living.save()
    content = b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())
    for secret in (
        TEST_DATA_KEY,
        keys_in(TEST_DATA_KEY)[0].hex(),
        living.own.server.owner_password,
    ):
        assert secret.encode() not in content
    assert all(path.stat().st_mode & 0o077 == 0 for path in [folder, *folder.rglob("*")])


def test_a_backup_killed_half_way_is_none(living: Living) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "yiwang.commands", "backup", "--to", str(living.backups)],
        env={**os.environ, **living.own.environment, "YIWANG_HOME": str(living.home)},
        cwd=ROOT,
    )
    patiently(lambda: list(living.backups.glob("*.part/database.dump")))
    process.send_signal(signal.SIGKILL)
    process.wait()
    (left,) = living.backups.glob("*.part")
    with pytest.raises(BackupTrouble, match="never finished"):
        backup.open_manifest(left, KEYS)
    patiently(lambda: not _dumping(living.own))
    folder, _manifest = living.save()
    assert backup.backups_in(living.backups) == [backup.Backup(folder, NIGHT)]
    assert not left.exists()


def _dumping(own: OwnDatabase) -> bool:
    with psycopg.connect(own.owner_url) as owner:
        found = owner.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'pg_dump'"
        ).fetchone()
    return bool(found and found[0])


def test_only_the_newest_stay_and_share_their_files(living: Living) -> None:
    folders = [living.save(NIGHT + timedelta(days=day))[0] for day in range(4)]
    assert photo_in(folders[0]).stat().st_ino == photo_in(folders[3]).stat().st_ino
    gone = backup.rotate(living.backups, keep=2)
    assert [each.folder for each in gone] == [folders[1], folders[0]]
    left = backup.backups_in(living.backups)
    assert [each.folder for each in left] == [folders[3], folders[2]]
    assert backup.find_faults(folders[3], backup.open_manifest(folders[3], KEYS)) == []
    assert sorted(path.name for path in living.backups.iterdir()) == [
        "2026-10-24T023000Z",
        "2026-10-25T023000Z",
        "backup.lock",
    ]


def test_a_photo_the_office_has_lost_is_named_and_stops_nothing(living: Living) -> None:
    blue = store_photo(picture("blue"), by=RESIDENT, at=MORNING)
    for path in (living.home / "files").rglob(f"{blue.sha256}.*"):
        path.unlink()
    folder, manifest = living.save()
    assert manifest.lost == [blue.sha256]
    assert manifest.files == 2  # two sizes of the photo that is there
    assert backup.find_faults(folder, manifest) == []


def test_a_photo_that_rots_on_the_disk_is_named(living: Living) -> None:
    whole = photo_in(living.home)
    flip(whole)
    _folder, manifest = living.save()
    assert manifest.damaged == [whole.name.partition(".")[0]]


def test_nothing_is_brought_back_while_programs_are_connected(
    living: Living, empty: OwnDatabase
) -> None:
    _folder, manifest = living.save()
    known = set(manifest.picture.migrations)
    with psycopg.connect(empty.program_url), pytest.raises(BackupTrouble, match="end the web"):
        backup.refuse_unfit(empty.owner_url, manifest, known, besides=0)
    with pytest.raises(BackupTrouble, match="newer program"):
        backup.refuse_unfit(empty.owner_url, manifest, known - {"cases.0001_initial"}, besides=0)
    backup.refuse_unfit(empty.owner_url, manifest, known, besides=0)
    newer = replace(manifest, server=99)
    with pytest.raises(BackupTrouble, match="PostgreSQL 99"):
        backup.refuse_unfit(empty.owner_url, newer, known, besides=0)


def test_nothing_is_brought_back_beneath_a_running_office(
    living: Living, empty: OwnDatabase
) -> None:
    from yiwang.commands.run import LOCK
    from yiwang.outside.postgres.locks import FileLock

    folder, _manifest = living.save()
    lock = FileLock(living.home / LOCK)
    assert lock.try_alone()
    done = command(empty, living.home, "restore", str(folder))
    lock.close()
    assert done.returncode == 1
    assert f"Yiwang runs in {living.home}: end it first" in done.stderr


def test_a_full_disk_is_one_sentence_and_leaves_nothing_half(
    living: Living, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_words: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("yiwang.kernel.foundation.backup.files.copy_one", full)
    with pytest.raises(BackupTrouble, match=r"cannot be written .* No space left"):
        living.save()
    assert [path.name for path in living.backups.iterdir()] == ["backup.lock"]


def test_two_backups_at_once_are_refused(living: Living) -> None:
    from yiwang.outside.postgres.locks import FileLock

    living.backups.mkdir()
    lock = FileLock(living.backups / "backup.lock")
    assert lock.try_alone()
    with pytest.raises(BackupTrouble, match="Another backup"):
        living.save()
    lock.close()


@pytest.mark.parametrize(
    ("statement", "named"),
    [
        ("DROP POLICY reporter_read ON cases_reporter", "policy missing: cases_reporter"),
        ("ALTER TABLE cases_reporter DISABLE ROW LEVEL SECURITY", "row-level security missing"),
        ("DROP TRIGGER audit_heads_follow ON foundation_auditentry", "trigger missing"),
        ("DELETE FROM foundation_storedfile", "table foundation_storedfile has 0 rows"),
        ("UPDATE foundation_audithead SET seq = seq + 1", "the last rows of the record differ"),
        ("DELETE FROM foundation_auditseal", "the last daily seal differs"),
    ],
)
def test_what_came_back_otherwise_is_named(living: Living, statement: str, named: str) -> None:
    with psycopg.connect(living.own.owner_url) as owner:
        saved = take(owner)
        owner.execute(statement.encode())
        assert any(named in line for line in differences(saved, take(owner)))
        owner.rollback()


def test_a_rehearsal_leaves_nothing_behind(living: Living, tmp_path: Path) -> None:
    folder, _manifest = living.save()
    before = set(Path("/tmp").glob("yiwang-rehearsal-*"))
    done = command(living.own, living.home, "restore", str(folder), "--rehearse")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "can be relied on" in done.stdout
    assert set(Path("/tmp").glob("yiwang-rehearsal-*")) <= before
    assert Report.objects.count() == 2


def test_the_command_says_what_it_saved_and_what_it_thinks_of_it(living: Living) -> None:
    made = command(living.own, living.home, "backup", "--to", str(living.backups), "--json")
    assert made.returncode == 0, made.stderr
    said = json.loads(made.stdout)
    assert (said["cases"], said["files"], said["data_keys"]) == (2, 2, KEYS.data_prints)
    good = command(living.own, living.home, "backup", "--verify", said["folder"])
    assert good.returncode == 0
    assert "The backup is whole." in good.stdout
    flip(Path(said["folder"]) / DUMP)
    bad = command(living.own, living.home, "backup", "--verify", said["folder"])
    assert bad.returncode == 1
    assert "database.dump: changed" in bad.stdout
