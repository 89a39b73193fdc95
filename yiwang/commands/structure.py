"""Whether the database's structure is that of this very code, told without loading the program.

After a migration a stamp in YIWANG_HOME remembers the code and the database it was for. When either has changed,
be it by an update or a restored backup, the stamp no longer fits and `yiwang migrate` has its say again.
"""

import hashlib

import psycopg

from yiwang.commands.installation import ROOT, Installation

_STAMP = "structure"
_KINDS = {".py", ".sql", ".toml"}


def is_current(installation: Installation) -> bool:
    """Say whether nothing has changed since the last migration of this installation."""
    stamp = installation.home / _STAMP
    return stamp.exists() and stamp.read_text() == _describe(installation)


def remember(installation: Installation) -> None:
    """Note that the database has just been migrated."""
    (installation.home / _STAMP).write_text(_describe(installation))


def _describe(installation: Installation) -> str:
    return f"{_code()} {_database(installation.program_url)}"


def _code() -> str:
    """Return a digest of names, sizes and times of all files that may bear on the structure."""
    digest = hashlib.sha256()
    lock = ROOT / "requirements.lock"
    files = (path for path in (ROOT / "yiwang").rglob("*") if path.suffix in _KINDS)
    for path in sorted([*files, lock] if lock.exists() else files):
        status = path.stat()
        digest.update(f"{path} {status.st_size} {status.st_mtime_ns}\n".encode())
    return digest.hexdigest()[:16]


def _database(url: str) -> str:
    """Return what tells this database from another, and from itself before a migration."""
    question = "SELECT count(*), max(applied) FROM django_migrations"
    where = psycopg.conninfo.conninfo_to_dict(url).get("dbname")
    try:
        with psycopg.connect(url) as connection:
            row = connection.execute(question).fetchone()
    except (psycopg.errors.UndefinedTable, psycopg.errors.InsufficientPrivilege):
        return "new"
    return f"{where} {row}"
