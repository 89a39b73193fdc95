"""Add to the record, one by one or in bulk; erase a text lawfully."""

import json
import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext as _
from psycopg.types.json import Jsonb

from yiwang.kernel.foundation import permits, secrets
from yiwang.kernel.foundation.actors import Actor
from yiwang.kernel.foundation.audit import rules
from yiwang.kernel.foundation.audit.models import AuditEntry
from yiwang.kernel.foundation.errors import Conflict, Stale
from yiwang.kernel.foundation.shelf import standing

BATCH = 2000
SALT = 16  # bytes
TEXT_CONTEXT = "foundation.audittext.body"

_ADD = """
WITH head AS (
    SELECT seq, hash FROM foundation_audithead
    WHERE subject_type = %(subject_type)s AND subject_id = %(subject_id)s
), place AS (
    SELECT coalesce((SELECT seq FROM head), 0)::bigint + 1 AS seq,
           coalesce((SELECT hash FROM head), ''::bytea) AS previous
), entry AS (
    INSERT INTO foundation_auditentry (subject_type, subject_id, seq, at, actor_kind, actor_id,
        actor_name, verb, facts, digests, previous, hash)
    SELECT %(subject_type)s, %(subject_id)s, seq, %(at)s, %(actor_kind)s, %(actor_id)s,
        %(actor_name)s, %(verb)s, %(facts)s, %(digests)s, previous,
        sha256(previous || int8send(seq) || %(payload)s)
    FROM place
    RETURNING id, seq, previous, hash
), personal AS (
    INSERT INTO foundation_audittext (entry_id, salt, body)
    SELECT id, %(salt)s, %(body)s FROM entry WHERE %(body)s::bytea IS NOT NULL
)
SELECT id, seq, previous, hash FROM entry
"""

_COLUMNS = (
    "id, subject_type, subject_id, seq, at, actor_kind, actor_id, actor_name, verb, facts, digests, "
    "previous, hash"
)
_COPY_ENTRIES = f"COPY foundation_auditentry ({_COLUMNS}) FROM STDIN"
_COPY_TEXTS = "COPY foundation_audittext (entry_id, salt, body) FROM STDIN"
_TAKE_IDS = (
    "SELECT nextval(pg_get_serial_sequence('foundation_auditentry', 'id')) "
    "FROM generate_series(1, %s)"
)

Facts = Mapping[str, Any]
Texts = Mapping[str, str]
Heads = dict[tuple[str, str], tuple[int, bytes]]  # subject → last place and hash


@dataclass(frozen=True)
class Event:
    """One row to be: what `record` takes, as a value."""

    subject_type: str
    subject_id: str | int
    verb: str
    by: Actor
    at: datetime
    facts: Facts
    texts: Texts | None = None


def record(
    subject_type: str,
    subject_id: str | int,
    verb: str,
    *,
    by: Actor,
    at: datetime,
    facts: Facts | None = None,
    texts: Texts | None = None,
) -> AuditEntry:
    """Add one row to the chain of a subject, in one statement.

    The caller holds the lock of the subject's row, or has just created it. `facts` are ids, codes and stages;
    a person's words go into `texts`, which lie apart and can be erased. What a stand-in does by another's right gets
    the fact `for`: the ids of those on leave.

    Raises:
        Stale: somebody added to the same chain at the same moment.
    """
    event = Event(
        subject_type, subject_id, verb, by, at, _with_for_whom(facts or {}, by, at), texts
    )
    if shelf := standing():
        shelf.note("record", event)
        return AuditEntry()
    row = _row_of(event)
    stored = row | {"facts": Jsonb(row["facts"]), "digests": Jsonb(row["digests"])}
    with _chain_kept(), connection.cursor() as cursor:
        cursor.execute(_ADD, stored)
        key, seq, previous, hashed = cursor.fetchone()
    left_out = {"payload", "salt", "body"}
    said = {name: value for name, value in row.items() if name not in left_out}
    return AuditEntry(id=key, seq=seq, previous=previous, hash=hashed, **said)


def _with_for_whom(facts: Facts, by: Actor, at: datetime) -> Facts:
    people = permits.for_whom(by, at) if by.actor_kind == "staff" and "for" not in facts else ()
    return {**facts, "for": list(people)} if people else facts


def record_many(events: Iterable[Event], *, new: bool = False) -> int:
    """Add many rows, in the order given; returns how many. A few statements for each batch of rows.

    `new=True` promises that none of the subjects had a row before this call, and spares the look at their heads.
    """
    total = 0
    stream = iter(events)
    heads: Heads = {}
    while batch := list(islice(stream, BATCH)):
        if not new:
            heads = _heads([(event.subject_type, str(event.subject_id)) for event in batch])
        total += _add_batch([_row_of(event) for event in batch], heads)
    return total


@transaction.atomic
def erase(entry: AuditEntry, *, by: Actor, at: datetime, reason: str) -> AuditEntry:
    """Erase the personal texts of an entry for good; this too is a row of the chain, which stays whole.

    `reason` is a code ("person_asked", "purpose_ended" …), not a text about a person.

    Raises:
        Conflict: the entry has no text, or it is erased already.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT yiwang_audit_erase(%s)", [entry.pk])
        if not cursor.fetchone()[0]:
            raise Conflict(_("这条记录没有可清除的文字"))
    return record(
        entry.subject_type,
        entry.subject_id,
        "text_erased",
        by=by,
        at=at,
        facts={"seq": entry.seq, "reason": reason},
    )


def _row_of(event: Event) -> dict[str, Any]:
    """Everything of a row but its place in the chain."""
    by, subject_id = event.by, str(event.subject_id)
    salt = os.urandom(SALT) if event.texts else None
    facts = rules.plain(event.facts)
    digests = rules.text_digests(event.texts, salt) if event.texts and salt else {}
    actor = (by.actor_kind, by.actor_id, by.actor_name[:60])
    return {
        "subject_type": event.subject_type,
        "subject_id": subject_id,
        "at": event.at,
        "actor_kind": actor[0],
        "actor_id": actor[1],
        "actor_name": actor[2],
        "verb": event.verb,
        "facts": facts,
        "digests": digests,
        "payload": rules.payload_of(
            event.subject_type, subject_id, event.at, actor, event.verb, facts, digests
        ),
        "salt": salt,
        "body": _sealed(event.texts) if event.texts else None,
    }


def _sealed(texts: Texts) -> bytes:
    return secrets.seal(json.dumps(dict(texts), ensure_ascii=False), context=TEXT_CONTEXT)


def _add_batch(rows: list[dict[str, Any]], heads: Heads) -> int:
    """Write rows onto their heads, and move the heads on."""
    for row in rows:
        subject = (row["subject_type"], row["subject_id"])
        seq, previous = heads.get(subject, (0, rules.GENESIS))
        hashed = rules.chained(previous, seq + 1, row["payload"])
        row |= {"seq": seq + 1, "previous": previous, "hash": hashed}
        heads[subject] = (seq + 1, hashed)
    with _chain_kept(), connection.cursor() as cursor:
        cursor.execute(_TAKE_IDS, [len(rows)])
        for row, (key,) in zip(rows, cursor.fetchall(), strict=True):
            row["id"] = key
        _copy(cursor, _COPY_ENTRIES, map(_entry_columns, rows))
        texts = [(row["id"], row["salt"], row["body"]) for row in rows if row["body"]]
        if texts:
            _copy(cursor, _COPY_TEXTS, texts)
    return len(rows)


def _entry_columns(row: dict[str, Any]) -> tuple[Any, ...]:
    """In the order of _COLUMNS."""
    return (
        row["id"],
        row["subject_type"],
        row["subject_id"],
        row["seq"],
        row["at"],
        row["actor_kind"],
        row["actor_id"],
        row["actor_name"],
        row["verb"],
        rules.canonical(row["facts"]).decode() if row["facts"] else "{}",
        rules.canonical(row["digests"]).decode() if row["digests"] else "{}",
        row["previous"],
        row["hash"],
    )


def _copy(cursor: Any, statement: str, rows: Iterable[tuple[Any, ...]]) -> None:
    """Write rows the fast way."""
    with connection.wrap_database_errors, cursor.copy(statement) as copy:
        for row in rows:
            copy.write_row(row)


def _heads(subjects: list[tuple[str, str]]) -> Heads:
    """Last sequence number and hash of each subject that has any."""
    wanted = list(dict.fromkeys(subjects))
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT subject_type, subject_id, seq, hash FROM foundation_audithead "
            "JOIN unnest(%s::text[], %s::text[]) AS wanted (subject_type, subject_id) "
            "USING (subject_type, subject_id)",
            [[kind for kind, _id in wanted], [key for _kind, key in wanted]],
        )
        return {(kind, key): (seq, bytes(hashed)) for kind, key, seq, hashed in cursor.fetchall()}


@contextmanager
def _chain_kept() -> Iterator[None]:
    """Turn a lost race for a place in a chain into a refusal."""
    try:
        yield
    except IntegrityError as error:
        if "audit_one_row_per_place" not in str(error):
            raise
        raise Stale(_("刚刚有人处理了同一事项，请刷新后再试")) from error
