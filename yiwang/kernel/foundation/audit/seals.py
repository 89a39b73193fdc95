"""Seal the heads of a day into one chain of the town."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from django.db import connection, transaction
from django.utils.translation import gettext as _

from yiwang.kernel.foundation.audit import rules
from yiwang.kernel.foundation.audit.models import AuditSeal
from yiwang.kernel.foundation.errors import Conflict

_TAKE_HEADS = """
INSERT INTO foundation_auditsealline (day, subject_type, subject_id, seq, hash)
SELECT %s, subject_type, subject_id, seq, hash FROM foundation_audithead WHERE seq > sealed_seq
"""
_LINES = """
SELECT subject_type, subject_id, seq, hash FROM foundation_auditsealline WHERE day = %s
ORDER BY subject_type COLLATE "C", subject_id COLLATE "C"
"""


@transaction.atomic
def seal_day(day: date, *, at: datetime) -> AuditSeal:
    """Seal every head that changed since the last seal, under the name of a day.

    What is committed later belongs to the next seal, whatever its date. Run once a day; a day left out is covered by
    the next one.

    Raises:
        Conflict: this day or a later one is sealed.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('yiwang seal'))")
        last = AuditSeal.objects.order_by("day").last()
        if last is not None and last.day >= day:
            raise Conflict(_("%(day)s 已经封存") % {"day": day})
        cursor.execute(_TAKE_HEADS, [day])
    heads, entries, root = count_lines(day)
    previous = bytes(last.hash) if last else rules.GENESIS
    return AuditSeal.objects.create(
        day=day,
        heads=heads,
        entries=entries,
        root=root,
        previous=previous,
        hash=rules.seal_of(day, heads, entries, root, previous),
        at=at,
    )


def seal_missing(until: date, *, at: datetime) -> list[AuditSeal]:
    """Seal every day after the last sealed one, so that no day has a gap; the very first seal is that of `until`.

    The first of several days takes all that changed meanwhile, the others are empty and keep the chain of days.
    """
    last = AuditSeal.objects.order_by("day").last()
    if last is None:
        return [seal_day(until, at=at)]
    days = range(1, (until - last.day).days + 1)
    return [seal_day(last.day + timedelta(days=number), at=at) for number in days]


def count_lines(day: date) -> tuple[int, int, bytes]:
    """Heads, entries beneath them, and root of the lines kept for a day; streams, so a long day costs no memory."""
    heads = entries = 0

    def lines() -> Iterator[bytes]:
        nonlocal heads, entries
        with connection.chunked_cursor() as cursor:
            cursor.execute(_LINES, [day])
            for subject_type, subject_id, seq, hashed in cursor:
                heads, entries = heads + 1, entries + seq
                yield rules.line_of(subject_type, subject_id, seq, bytes(hashed))

    root = rules.root_of(lines())
    return heads, entries, root
