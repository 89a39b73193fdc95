"""A database in figures, as one snapshot of the owner sees it. Plain SQL: it works before Django knows the database."""

import hashlib
from datetime import date
from typing import Any

import psycopg
from psycopg import sql

from yiwang.kernel.foundation.backup.rules import Picture

_TABLES = """
SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p') ORDER BY 1
"""
_HEADS = """
SELECT subject_type, subject_id, seq, hash FROM foundation_audithead
ORDER BY subject_type COLLATE "C", subject_id COLLATE "C"
"""
_SEAL = "SELECT day, hash FROM foundation_auditseal ORDER BY day DESC LIMIT 1"
_MIGRATIONS = "SELECT app || '.' || name FROM django_migrations ORDER BY 1"
# What guards the data, in words that no version of the server writes differently.
_STRUCTURE = {
    "policy": """
        SELECT tablename || '.' || policyname || ' ' || cmd || ' ' || permissive
        FROM pg_policies WHERE schemaname = 'public'""",
    "row-level security": """
        SELECT c.relname || CASE WHEN c.relforcerowsecurity THEN ' forced' ELSE '' END
        FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relrowsecurity""",
    "trigger": """
        SELECT c.relname || '.' || t.tgname || ' ' || t.tgenabled::text
        FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
        WHERE c.relnamespace = 'public'::regnamespace AND NOT t.tgisinternal""",
    "function": """
        SELECT p.proname || '(' || pg_get_function_identity_arguments(p.oid) || ') ' || md5(p.prosrc)
               || CASE WHEN p.prosecdef THEN ' as owner' ELSE '' END
        FROM pg_proc p WHERE p.pronamespace = 'public'::regnamespace""",
    "constraint": """
        SELECT c.relname || '.' || k.conname FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid
        WHERE c.relnamespace = 'public'::regnamespace AND k.contype IN ('c', 'f', 'p', 'u', 'x')""",
    "index": """
        SELECT c.relname FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
        WHERE c.relnamespace = 'public'::regnamespace AND i.indisvalid""",
}


def take(connection: psycopg.Connection) -> Picture:
    """The figures, from within the transaction the connection is in."""
    return Picture(
        tables=_counts(connection),
        heads=_digest_of_heads(connection),
        last_seal=_last_seal(connection),
        structure={kind: sorted(_column(connection, query)) for kind, query in _STRUCTURE.items()},
        migrations=_column(connection, _MIGRATIONS),
    )


def is_empty(connection: psycopg.Connection) -> bool:
    """Whether nobody has made anything in this database."""
    return not _column(connection, _TABLES)


def _counts(connection: psycopg.Connection) -> dict[str, int]:
    counts = {}
    for name in _column(connection, _TABLES):
        query = sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier("public", name))
        counts[name] = int(_row(connection.execute(query))[0])
    return counts


def _digest_of_heads(connection: psycopg.Connection) -> str:
    digest = hashlib.sha256()
    with connection.cursor(name="heads") as cursor:
        cursor.itersize = 5000
        cursor.execute(_HEADS)
        for subject_type, subject_id, seq, hashed in cursor:
            digest.update(f"{subject_type}\0{subject_id}\0{seq}\0{bytes(hashed).hex()}\n".encode())
    return digest.hexdigest()


def _last_seal(connection: psycopg.Connection) -> dict[str, str]:
    row = connection.execute(_SEAL).fetchone()
    if row is None:
        return {}
    day: date = row[0]
    return {"day": day.isoformat(), "hash": bytes(row[1]).hex()}


def _column(connection: psycopg.Connection, query: str) -> list[str]:
    return [str(row[0]) for row in connection.execute(query.encode()).fetchall()]


def _row(cursor: psycopg.Cursor[Any]) -> tuple[Any, ...]:
    row = cursor.fetchone()
    assert row is not None
    return tuple(row)
