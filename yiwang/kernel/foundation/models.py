"""Tables of this app; each group lives beside its rules and actions."""

from yiwang.kernel.foundation.audit.models import (
    AuditEntry,
    AuditHead,
    AuditSeal,
    AuditSealLine,
    AuditText,
)
from yiwang.kernel.foundation.calendar.models import CalendarDay, PublishedYear, WorkingHours
from yiwang.kernel.foundation.exports.models import Export
from yiwang.kernel.foundation.files.models import StoredFile
from yiwang.kernel.foundation.numbering.models import Counter, DayStart
from yiwang.kernel.foundation.versions import Version

__all__ = [
    "AuditEntry",
    "AuditHead",
    "AuditSeal",
    "AuditSealLine",
    "AuditText",
    "CalendarDay",
    "Counter",
    "DayStart",
    "Export",
    "PublishedYear",
    "StoredFile",
    "Version",
    "WorkingHours",
]
