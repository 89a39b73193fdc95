"""With its result a case owes every voice that left a number the question whether it is content."""

from datetime import datetime

from yiwang.kernel.cases.models import Case, Report, Reporter
from yiwang.kernel.cases.rules.stages import ReportKind, Stage
from yiwang.kernel.foundation.actors import SYSTEM
from yiwang.kernel.foundation.viewer import speaking_as


def after_move(case: Case, before: str, at: datetime) -> None:
    """Ask for the calls of a case that has just been closed; take them back when it is closed no longer."""
    if case.stage == before:
        return
    if case.stage == Stage.CLOSED:
        call_everybody(case, at)
    elif before == Stage.CLOSED:
        call_nobody(case)


def call_everybody(case: Case, at: datetime) -> None:
    """The case is closed: every voice that left a number is to be called, with three tries for this result.

    The system asks who left one: whoever closes a case need not be able to read that. Nobody who denounces is called.
    """
    with speaking_as(SYSTEM):
        left = Reporter.objects.filter(report__case=case, phone_index__isnull=False)
        reached = list(left.values_list("report", flat=True))
    if not reached:
        return
    voices = Report.objects.filter(pk__in=reached).exclude(kind=ReportKind.DENOUNCE)
    voices.update(
        call_next_at=at, call_back_count=0, call_outcome="", called_back_at=None,
        called_back_by=None, call_held_by=None, call_held_until=None,
    )  # fmt: skip


def call_nobody(case: Case) -> None:
    """The case is no longer closed: there is no result to ask about."""
    Report.objects.filter(case=case, call_next_at__isnull=False).update(
        call_next_at=None, call_held_by=None, call_held_until=None
    )
