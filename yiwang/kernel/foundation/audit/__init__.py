"""The one record of what happened: append-only, chained per subject, sealed daily into one chain of the town.

Nouns: AuditEntry, AuditText (personal words, apart and erasable), AuditHead, AuditSeal. Promise: a row that was changed,
removed, inserted or cut off the end is found by `verify`; a lawful erasure is an event and breaks nothing.
"""

from yiwang.kernel.foundation.audit.actions import Event, erase, record, record_many
from yiwang.kernel.foundation.audit.checking import verify
from yiwang.kernel.foundation.audit.reading import Entry, timeline
from yiwang.kernel.foundation.audit.rules import Finding, Wrong
from yiwang.kernel.foundation.audit.seals import seal_day, seal_missing

__all__ = [
    "Entry",
    "Event",
    "Finding",
    "Wrong",
    "erase",
    "record",
    "record_many",
    "seal_day",
    "seal_missing",
    "timeline",
    "verify",
]
