"""Walk every chain and every seal and say what does not fit. Streams: memory does not grow with the record."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from typing import NamedTuple

from django.db import connection, transaction

from yiwang.kernel.foundation import secrets
from yiwang.kernel.foundation.audit import rules
from yiwang.kernel.foundation.audit.actions import TEXT_CONTEXT
from yiwang.kernel.foundation.audit.models import AuditEntry, AuditSeal
from yiwang.kernel.foundation.audit.rules import Finding, Wrong
from yiwang.kernel.foundation.audit.seals import count_lines

Progress = Callable[[int, int], object]
REPORT_EVERY = 1000  # rows between two calls of `progress`

_ROWS = """
SELECT e.subject_type, e.subject_id, e.seq, e.at, e.actor_kind, e.actor_id, e.actor_name, e.verb,
       e.facts, e.digests, e.previous, e.hash, t.entry_id IS NOT NULL, t.salt, t.body, h.seq, h.hash
FROM foundation_auditentry e
LEFT JOIN foundation_audittext t ON t.entry_id = e.id
LEFT JOIN foundation_audithead h USING (subject_type, subject_id)
ORDER BY e.subject_type, e.subject_id, e.seq
"""
_EMPTIED = """
SELECT subject_type, subject_id FROM foundation_audithead h WHERE NOT EXISTS (
    SELECT FROM foundation_auditentry e
    WHERE e.subject_type = h.subject_type AND e.subject_id = h.subject_id)
"""
_UNLIKE_SEALED = """
SELECT DISTINCT l.subject_type, l.subject_id, l.seq
FROM foundation_auditsealline l
LEFT JOIN foundation_auditentry e USING (subject_type, subject_id, seq)
WHERE e.hash IS DISTINCT FROM l.hash
"""
_UNSEALED_LINES = """
SELECT DISTINCT day FROM foundation_auditsealline l
WHERE NOT EXISTS (SELECT FROM foundation_auditseal s WHERE s.day = l.day)
"""


class Row(NamedTuple):
    """One entry with its text and its subject's head, as the query gives them."""

    subject_type: str
    subject_id: str
    seq: int
    at: datetime
    actor_kind: str
    actor_id: int | None
    actor_name: str
    verb: str
    facts: str  # JSON
    digests: str  # JSON
    previous: bytes
    hash: bytes
    has_text: bool
    salt: bytes | None
    body: bytes | None
    head_seq: int | None
    head_hash: bytes | None


def verify(progress: Progress | None = None) -> list[Finding]:
    """Everything that is wrong with the record; an empty list when it is whole.

    `progress(done, total)` is called now and then with rows.
    """
    with transaction.atomic():
        return [
            *_chains(progress or (lambda done, total: None)),
            *_told(_EMPTIED, Wrong.MISSING_LAST),
            *_told(_UNLIKE_SEALED, Wrong.SEAL_DISAGREES),
            *_seals(),
        ]


def _chains(progress: Progress) -> Iterator[Finding]:
    total = AuditEntry.objects.count()
    rows = _counted(_rows(), total, progress)
    for (subject_type, subject_id), chain in groupby(rows, lambda row: row[:2]):
        walk = _Walk(subject_type, subject_id)
        for row in chain:
            yield from walk.step(row)
        yield from walk.end()


def _rows() -> Iterator[Row]:
    with connection.chunked_cursor() as cursor:
        cursor.execute(_ROWS)
        for row in cursor:
            yield Row(*row)


def _counted(rows: Iterator[Row], total: int, progress: Progress) -> Iterator[Row]:
    done = 0
    for row in rows:
        yield row
        done += 1
        if done % REPORT_EVERY == 0:
            progress(done, max(total, done))
    progress(done, done)


@dataclass
class _Walk:
    """The state of walking one subject's chain."""

    subject_type: str
    subject_id: str
    expected: int = 1
    last: Row | None = None
    emptied: set[int] = field(default_factory=set)
    erasures: set[int] = field(default_factory=set)

    def finding(self, wrong: Wrong, seq: int) -> Finding:
        return Finding(wrong, self.subject_type, self.subject_id, seq)

    def step(self, row: Row) -> Iterator[Finding]:
        for seq in range(self.expected, row.seq):
            yield self.finding(Wrong.REMOVED, seq)
        if _hash_of(row) != row.hash:
            yield self.finding(Wrong.CHANGED, row.seq)
        elif row.seq == self.expected and row.previous != self._hash_before():
            # the row is whole, so the one before was changed together with its hash
            yield self.finding(Wrong.CHANGED, max(row.seq - 1, 1))
        yield from self._text(row)
        if row.verb == "text_erased":
            self.erasures.add(json.loads(row.facts).get("seq", 0))
        self.expected, self.last = row.seq + 1, row

    def end(self) -> Iterator[Finding]:
        for seq in sorted(self.emptied - self.erasures):
            yield self.finding(Wrong.ERASED_UNRECORDED, seq)
        if self.last is None:
            return
        head_seq = self.last.head_seq or 0
        if head_seq > self.last.seq:
            yield self.finding(Wrong.MISSING_LAST, self.last.seq + 1)
        elif head_seq < self.last.seq:
            yield self.finding(Wrong.INSERTED, head_seq + 1)
        elif self.last.head_hash != self.last.hash:
            yield self.finding(Wrong.CHANGED, self.last.seq)

    def _hash_before(self) -> bytes:
        return self.last.hash if self.last else rules.GENESIS

    def _text(self, row: Row) -> Iterator[Finding]:
        digests = json.loads(row.digests)
        if not digests:
            return
        if not row.has_text:
            yield self.finding(Wrong.TEXT_MISSING, row.seq)
        elif row.body is None or row.salt is None:
            self.emptied.add(row.seq)
        elif _digests_of(row.body, row.salt) != digests:
            yield self.finding(Wrong.TEXT_CHANGED, row.seq)


def _hash_of(row: Row) -> bytes:
    actor = (row.actor_kind, row.actor_id, row.actor_name)
    facts, digests = json.loads(row.facts), json.loads(row.digests)
    payload = rules.payload_of(
        row.subject_type, row.subject_id, row.at, actor, row.verb, facts, digests
    )
    return rules.chained(row.previous, row.seq, payload)


def _digests_of(body: bytes, salt: bytes) -> dict[str, str]:
    try:
        texts = json.loads(secrets.open_sealed(body, context=TEXT_CONTEXT))
    except secrets.CannotOpen:
        return {}
    return rules.text_digests(texts, salt)


def _told(query: str, wrong: Wrong) -> Iterator[Finding]:
    with connection.chunked_cursor() as cursor:
        cursor.execute(query)
        for row in cursor:
            yield Finding(wrong, *row)


def _seals() -> Iterator[Finding]:
    before = rules.GENESIS
    for seal in AuditSeal.objects.order_by("day").iterator():
        if not _seal_holds(seal, before):
            yield Finding(Wrong.SEAL_BROKEN, "day", seal.day.isoformat())
        before = bytes(seal.hash)
    with connection.cursor() as cursor:
        cursor.execute(_UNSEALED_LINES)
        for (day,) in cursor.fetchall():
            yield Finding(Wrong.SEAL_BROKEN, "day", day.isoformat())


def _seal_holds(seal: AuditSeal, before: bytes) -> bool:
    """Whether a seal fits its lines, its own hash, and the seal before."""
    root, previous = bytes(seal.root), bytes(seal.previous)
    return (
        count_lines(seal.day) == (seal.heads, seal.entries, root)
        and rules.seal_of(seal.day, seal.heads, seal.entries, root, previous) == bytes(seal.hash)
        and previous == before
    )
