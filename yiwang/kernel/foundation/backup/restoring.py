"""Bring a backup back into an empty database. The caller has found it whole (`find_faults`)."""

from pathlib import Path

import psycopg

from yiwang.kernel.foundation.backup import files, picture
from yiwang.kernel.foundation.backup.rules import (
    DUMP,
    FILES,
    BackupTrouble,
    Manifest,
    differences,
)
from yiwang.outside.postgres import dump

_OTHERS = """
SELECT count(*) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> ALL(ARRAY[pg_backend_pid(), %s]) AND usesysid IS NOT NULL
"""
# Who signed out since must not be signed in again by an old cookie.
_SESSIONS = ("django_session", "usersessions_usersession")
_AFTERWARDS = (
    "DELETE FROM procrastinate_workers",
    "REVOKE ALL ON ALL FUNCTIONS IN SCHEMA public FROM PUBLIC",  # they are for the program's role alone
)


def refuse_unfit(
    owner_url: str, manifest: Manifest, known_migrations: set[str], *, besides: int
) -> None:
    """See that the backup can come back here; `besides` is a connection to the database that is our own.

    Raises:
        BackupTrouble: the program or the server is too old, the database is not empty, or somebody works in it.
    """
    unknown = [each for each in manifest.picture.migrations if each not in known_migrations]
    if unknown:
        raise BackupTrouble(
            f"The backup was made by a newer program ({manifest.program}; {unknown[0]} is unknown here): "
            "bring the program up to date first."
        )
    with psycopg.connect(owner_url, connect_timeout=5) as connection:
        _refuse_older_server(connection, manifest)
        _refuse_others(connection, besides)
        if not picture.is_empty(connection):
            raise BackupTrouble(
                "The database is not empty, and a restore never overwrites: give DATABASE_URL and "
                "DATABASE_OWNER_URL an empty one, or, with the embedded server, move YIWANG_HOME/postgres away."
            )


def _refuse_older_server(connection: psycopg.Connection, manifest: Manifest) -> None:
    here = connection.info.server_version // 10000
    if here < manifest.server:
        raise BackupTrouble(
            f"The backup comes from PostgreSQL {manifest.server}, the server here is {here}: "
            f"bring it back into {manifest.server} or newer."
        )


def _refuse_others(connection: psycopg.Connection, besides: int) -> None:
    row = connection.execute(_OTHERS, [besides]).fetchone()
    if row and row[0]:
        raise BackupTrouble(
            f"{row[0]} programs are connected to the database: end the web process and the worker first."
        )


def bring_back(folder: Path, manifest: Manifest, owner_url: str, home: Path) -> list[str]:
    """Put files and database back; return what differs from what was saved, an empty list when nothing does.

    Rights of the program's role are given afterwards (`yiwang migrate`).

    Raises:
        BackupTrouble, DatabaseTrouble: the database is as empty as before.
    """
    bring_files_back(folder, home)
    with psycopg.connect(owner_url, connect_timeout=5) as connection:
        server = connection.info.server_version // 10000
    dump.load(owner_url, folder / DUMP, server=server)
    with psycopg.connect(owner_url, connect_timeout=5) as connection:
        found = differences(manifest.picture, picture.take(connection))
        for table in _SESSIONS:
            if table in manifest.picture.tables:
                connection.execute(f"DELETE FROM {table}".encode())  # noqa: S608 - our own names
        for statement in _AFTERWARDS:
            connection.execute(statement.encode())
        connection.commit()
        connection.autocommit = True
        connection.execute("ANALYZE")
    return found


def bring_files_back(folder: Path, home: Path) -> None:
    """Copy the files of a backup; one that is there and whole stays, one that is there and differs is replaced."""
    try:
        for place, digest in files.read_list(folder).items():
            target = home / FILES / place
            if target.exists() and files.digest_of(target).sha256 == digest:
                continue
            draft = target.with_name(f"{target.name}.part")
            draft.unlink(missing_ok=True)
            files.copy_one(folder / FILES / place, draft)
            draft.rename(target)
    except OSError as error:
        raise BackupTrouble(f"The files cannot be written to {home}: {error.strerror}.") from error
