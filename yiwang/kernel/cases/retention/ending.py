"""What is done when time is over: one batch each, returning how many rows it ended."""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db import connection
from django.db.models import CharField, QuerySet
from django.db.models.functions import Cast

from yiwang.kernel.cases.models import Case, CasePhoto, Opening, Report, Reporter
from yiwang.kernel.cases.models.undo import Undo
from yiwang.kernel.cases.retention.over import held, over_since
from yiwang.kernel.cases.rules.stages import Stage
from yiwang.kernel.foundation import audit
from yiwang.kernel.foundation.actors import SYSTEM
from yiwang.kernel.foundation.audit.actions import Event
from yiwang.kernel.foundation.audit.models import AuditEntry
from yiwang.kernel.foundation.files.rules import Kind
from yiwang.kernel.foundation.retention import BATCH
from yiwang.kernel.foundation.viewer import speaking_as


def contacts(limit: datetime) -> "QuerySet[Reporter]":
    """Names and numbers of cases that are over."""
    return Reporter.objects.filter(report__case__in=over_since(limit))


def end_contacts(limit: datetime, at: datetime) -> int:
    """Erase who it was: name, number, on whose behalf. What was said and what was done stays, as nobody's."""
    with speaking_as(SYSTEM):
        cases = held(_some(contacts(limit), "report__case_id"), limit)
        rows = Reporter.objects.filter(report__case__in=cases)
        reports = dict(rows.values_list("report_id", "report__case_id"))
        _erase(reports, at, "purpose_ended")
    return len(reports)


def forget(follow_code: str, *, at: datetime) -> bool:
    """Erase who reported this, because they ask; say whether there was anything. The matter goes on."""
    with speaking_as(SYSTEM):
        reports = dict(Report.objects.filter(follow_code=follow_code).values_list("pk", "case_id"))
        list(Case.objects.select_for_update().filter(pk__in=reports.values()))
        known = set(Reporter.objects.filter(pk__in=reports).values_list("pk", flat=True))
        _erase({pk: case for pk, case in reports.items() if pk in known}, at, "person_asked")
    return bool(known)


def undoings(limit: datetime) -> "QuerySet[Undo]":
    """What was kept so that a click could be taken back."""
    return Undo.objects.filter(at__lt=limit)


def end_undoings(limit: datetime, at: datetime) -> int:
    """Drop what nobody can take back any more."""
    with speaking_as(SYSTEM):
        return undoings(limit).delete()[0]


def _erase(reports: dict[UUID, int], at: datetime, reason: str) -> None:
    """Reports with their cases: the reporter goes, nobody is to be called, the record says so."""
    Report.objects.filter(pk__in=reports, call_next_at__isnull=False).update(
        call_next_at=None, call_held_by=None, call_held_until=None
    )
    Reporter.objects.filter(pk__in=reports).delete()
    audit.record_many(
        Event("case", case, "contact_erased", SYSTEM, at, {"report": str(pk), "reason": reason})
        for pk, case in reports.items()
    )


def voices(limit: datetime) -> "QuerySet[CasePhoto]":
    """Recorded voices of cases that are over: a voice says who it is."""
    return CasePhoto.objects.filter(file__kind=Kind.VOICE, case__in=over_since(limit))


def end_voices(limit: datetime, at: datetime) -> int:
    """Let go of the recordings."""
    return _let_go(voices(limit), limit, at)


def refused_attachments(limit: datetime) -> "QuerySet[CasePhoto]":
    """What came with matters the office did not take on."""
    return CasePhoto.objects.filter(case__in=over_since(limit).filter(stage=Stage.REFUSED))


def end_refused_attachments(limit: datetime, at: datetime) -> int:
    """Let go of photos, films and papers of refused matters."""
    return _let_go(refused_attachments(limit), limit, at)


def _let_go(wanted: "QuerySet[CasePhoto]", limit: datetime, at: datetime) -> int:
    """Take files off their cases; the nightly sweep removes the bytes nobody refers to."""
    with speaking_as(SYSTEM):
        cases = held(_some(wanted, "case_id"), limit)
        rows = dict(wanted.filter(case__in=cases).values_list("pk", "case_id"))
        CasePhoto.objects.filter(pk__in=rows).delete()
        audit.record_many(_let_go_events(rows.values(), at))
    return len(rows)


def _let_go_events(cases: Iterable[int], at: datetime) -> Iterable[Event]:
    for case, count in sorted(Counter(cases).items()):
        yield Event("case", case, "attachments_erased", SYSTEM, at, {"count": count})


def texts(limit: datetime) -> "QuerySet[AuditEntry]":
    """People's words as the record keeps them, of cases that are over."""
    over = over_since(limit).annotate(key=Cast("pk", CharField())).values("key")
    return AuditEntry.objects.filter(
        subject_type="case", at__lte=limit, personal__body__isnull=False, subject_id__in=over
    )


def end_texts(limit: datetime, at: datetime) -> int:
    """Erase the words from the record; its rows stay, and the chain stays whole."""
    with speaking_as(SYSTEM):
        found = [int(key) for key in _some(texts(limit), "subject_id")]
        cases = [str(case) for case in held(found, limit)]
        rows = list(texts(limit).filter(subject_id__in=cases).order_by("pk")[: BATCH * 5])
        for row in rows:
            audit.erase(row, by=SYSTEM, at=at, reason="purpose_ended")
    return len(rows)


def openings(limit: datetime) -> "QuerySet[Opening]":
    """Who opened whose number, long ago."""
    return Opening.objects.filter(at__lte=limit)


def end_openings(limit: datetime, at: datetime) -> int:
    """Forget who opened a number; the record of the case still says that somebody did.

    The database does it, and only what is three years old by its own clock.
    """
    with speaking_as(SYSTEM), connection.cursor() as cursor:
        cursor.execute("SELECT yiwang_end_openings(%s, %s)", [limit, BATCH * 5])
        return int(cursor.fetchone()[0])


def _some(
    rows: "QuerySet[CasePhoto] | QuerySet[Reporter] | QuerySet[AuditEntry]", name: str
) -> list[int]:
    """Some of the cases these rows belong to."""
    return list(rows.order_by(name).values_list(name, flat=True).distinct()[:BATCH])
