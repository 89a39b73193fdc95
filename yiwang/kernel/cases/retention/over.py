"""Which cases are over for so long that what is known of their reporters has served its purpose."""

from datetime import datetime

from django.db.models import CharField, Exists, OuterRef, Q
from django.db.models.functions import Cast

from yiwang.kernel.cases.models import Case, Report
from yiwang.kernel.cases.models.case import CaseQuerySet
from yiwang.kernel.cases.rules.stages import ENDED_STAGES
from yiwang.kernel.foundation.audit.models import AuditEntry

_ENDINGS = ("case_refused", "case_voided")


def over_since(limit: datetime) -> CaseQuerySet:
    """The cases that ended before `limit` and were quiet since.

    Not among them: what was opened again, what owes an answer, and what a voice joined, rated or was answered in since.
    """
    voices = Report.objects.filter(case=OuterRef("pk"))
    quiet = ~Exists(
        voices.filter(
            Q(received_at__gt=limit)
            | Q(answered_at__gt=limit)
            | Q(rated_at__gt=limit)
            | Q(called_back_at__gt=limit)
            | Q(answered_at=None, answer_due_at__isnull=False)
        )
    )
    ended_since = AuditEntry.objects.filter(
        subject_type="case",
        subject_id=Cast(OuterRef("pk"), CharField()),
        verb__in=_ENDINGS,
        at__gt=limit,
    )
    over: CaseQuerySet = Case.objects.filter(
        Q(closed_at=None) | Q(closed_at__lte=limit), stage__in=ENDED_STAGES, opened_at__lte=limit
    )
    return over.filter(quiet).filter(~Exists(ended_since))


def held(cases: list[int], limit: datetime) -> list[int]:
    """Lock these cases and return those that are still over; who is at one just now keeps it until the next run."""
    locked = Case.objects.select_for_update(of=("self",), skip_locked=True).filter(pk__in=cases)
    ids = list(locked.order_by("pk").values_list("pk", flat=True))
    return list(over_since(limit).filter(pk__in=ids).values_list("pk", flat=True))
