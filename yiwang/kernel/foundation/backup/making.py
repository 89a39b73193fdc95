"""Make a backup while the office works.

One transaction fixes a snapshot; pg_dump, the counts and the list of files are all of this snapshot. Files are copied
after it is fixed: the bytes of a file are on the disk before its row is committed, so everything the snapshot names is
there, and what comes later is not asked for. A file that was erased meanwhile has lost its row too, and is left out.

A film as it was sent goes away when the worker has made it ready, and its row then names another file. Such files are
copied at once; where one was faster all the same, a new snapshot is taken.
"""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import psycopg

from yiwang.kernel.foundation.backup import files, picture
from yiwang.kernel.foundation.backup.keeping import backups_in
from yiwang.kernel.foundation.backup.rules import (
    DUMP,
    FILES,
    MANIFEST,
    UNFINISHED,
    BackupTrouble,
    Manifest,
    Office,
    Picture,
    name_for,
    written,
)
from yiwang.outside.postgres import dump
from yiwang.outside.postgres.locks import FileLock

_LOCK = "backup.lock"
# What the files of a row are called by: their content, or the row's id until they have been made ready.
_NAMES = """
SELECT DISTINCT coalesce(nullif(sha256, ''), replace(id::text, '-', '')) FROM foundation_storedfile
"""
_SNAPSHOTS = 5
Say = Callable[[str], object]


def make(
    office: Office, into: Path, *, at: datetime, say: Say = lambda _step: None
) -> tuple[Path, Manifest]:
    """Make a backup beneath `into` and return its folder and what it holds.

    Raises:
        BackupTrouble, DatabaseTrouble: nothing was made; one sentence says why.
    """
    try:
        with _alone(into):
            return _make(office, into, at, say)
    except OSError as error:
        raise BackupTrouble(f"The backup cannot be written to {into}: {error.strerror}.") from error


@contextmanager
def _alone(into: Path) -> Iterator[None]:
    into.mkdir(mode=0o700, parents=True, exist_ok=True)
    lock = FileLock(into / _LOCK)
    try:
        if not lock.try_alone():
            raise BackupTrouble(f"Another backup is being made in {into}.")
        for left in into.glob(f"*{UNFINISHED}"):
            shutil.rmtree(left)
        yield
    finally:
        lock.close()


def _make(office: Office, into: Path, at: datetime, say: Say) -> tuple[Path, Manifest]:
    final = into / name_for(at)
    if final.exists():
        raise BackupTrouble(f"{final} is there already.")
    draft = into / f"{final.name}{UNFINISHED}"
    draft.mkdir(mode=0o700)
    try:
        manifest = _fill(draft, office, _before(into), at, say)
        _write_whole(draft / MANIFEST, written(manifest, office.keys))
        draft.rename(final)
        _sync(into)
    except BaseException:
        shutil.rmtree(draft, ignore_errors=True)
        raise
    return final, manifest


def _before(into: Path) -> Path | None:
    """The newest backup, to share files with."""
    found = backups_in(into)
    return found[0].folder if found else None


def _fill(draft: Path, office: Office, before: Path | None, at: datetime, say: Say) -> Manifest:
    for _attempt in range(_SNAPSHOTS):
        with _snapshot(office.owner_url) as (connection, snapshot):
            names = {row[0] for row in connection.execute(_NAMES.encode())}
            sent = {name for name in names if len(name) != files.DIGEST}
            early = files.copy_named(sent, office.home / FILES, draft / FILES, None)
            if early.absent - _named_now(office.owner_url, early.absent):
                shutil.rmtree(draft / FILES, ignore_errors=True)
                continue
            say("database")
            server = connection.info.server_version // 10000
            dump.dump(office.owner_url, draft / DUMP, server=server, snapshot=snapshot)
            found = picture.take(connection)
        say("files")
        copied = files.copy_named(names - sent, office.home / FILES, draft / FILES, before)
        copied.add(early)
        return _manifest(draft, office, server, found, copied, at)
    raise BackupTrouble("Too many films are being made ready at this moment: try again.")


def _manifest(
    draft: Path, office: Office, server: int, found: Picture, copied: files.Copied, at: datetime
) -> Manifest:
    return Manifest(
        made_at=at.isoformat(),
        program=office.program,
        server=server,
        data_keys=office.keys.data_prints,
        secret_key=office.keys.secret_print,
        database=files.digest_of(draft / DUMP),
        list_of_files=files.write_list(draft, copied.parts),
        files=len(copied.parts),
        bytes_of_files=copied.size,
        picture=found,
        lost=sorted(_named_now(office.owner_url, copied.absent)),
        damaged=sorted(copied.damaged),
    )


@contextmanager
def _snapshot(owner_url: str) -> Iterator[tuple[psycopg.Connection, str]]:
    """A transaction that sees one moment, and the name under which pg_dump sees the same."""
    with psycopg.connect(owner_url, connect_timeout=5) as connection:
        connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        connection.read_only = True
        row = connection.execute("SELECT pg_export_snapshot()").fetchone()
        assert row is not None
        yield connection, row[0]


def _named_now(owner_url: str, names: set[str]) -> set[str]:
    """Those of some names that a row has even now. Where nothing is on the disk, the bytes are lost."""
    if not names:
        return set()
    with psycopg.connect(owner_url, connect_timeout=5) as connection:
        return names & {row[0] for row in connection.execute(_NAMES.encode())}


def _write_whole(path: Path, text: str) -> None:
    """Write a file that is there with all its content or not at all, also after a power cut."""
    draft = path.with_suffix(UNFINISHED)
    with files.new_file(draft) as file:
        file.write(text.encode())
        file.flush()
        os.fsync(file.fileno())
    draft.rename(path)
    _sync(path.parent)


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
