"""What happened to a subject, to be read by people."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from yiwang.kernel.foundation.audit.models import AuditEntry


@dataclass(frozen=True)
class Entry:
    """One row of a timeline. `texts` is empty and `erased` true where a lawful erasure took the words."""

    seq: int
    at: datetime
    actor_kind: str
    actor_id: int | None
    actor_name: str
    verb: str
    facts: dict[str, Any]
    texts: dict[str, str]
    erased: bool


def timeline(subject_type: str, subject_id: str | int) -> list[Entry]:
    """All rows of a subject, oldest first, in one query."""
    rows = (
        AuditEntry.objects.filter(subject_type=subject_type, subject_id=str(subject_id))
        .select_related("personal")
        .order_by("seq")
    )
    return [_entry(row) for row in rows]


def _entry(row: AuditEntry) -> Entry:
    personal = getattr(row, "personal", None)
    body = personal.body if personal else None
    return Entry(
        seq=row.seq,
        at=row.at,
        actor_kind=row.actor_kind,
        actor_id=row.actor_id,
        actor_name=row.actor_name,
        verb=row.verb,
        facts=row.facts,
        texts=json.loads(body) if body else {},
        erased=bool(row.digests) and body is None,
    )
