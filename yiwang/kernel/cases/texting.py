"""What a resident is told by short message, and how their telephone is reached when it goes.

Only who left a telephone with us, for a matter of their own: nobody who denounced, nobody of a matter about staff, and
no number that another system passed on. The number is opened in the worker at the moment of sending, as the system
under the policy of the table, and that is written down with the case.
"""

import uuid
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db.models import QuerySet

from yiwang.kernel.cases.models import Case, Report, Reporter
from yiwang.kernel.cases.rules.stages import Channel, ReportKind
from yiwang.kernel.foundation import audit
from yiwang.kernel.foundation.actors import SYSTEM
from yiwang.kernel.foundation.viewer import speaking_as
from yiwang.kernel.notices import (
    Event,
    Reached,
    Voice,
    register_guard,
    register_opener,
    register_residents,
)
from yiwang.kernel.notices.models import Sending
from yiwang.kernel.notices.registry import address_of

PREFIX = "report"
LEFT_WITH_US = (Channel.WEB, Channel.PHONE, Channel.COUNTER, Channel.GRID_WORKER)
A_DAY, PER_NUMBER = (
    timedelta(days=1),
    5,
)  # a stranger's number typed in again and again is not rung up


def register_all() -> None:
    """Register what residents hear of, and how they are reached."""
    register_residents("case_reported", "report_received", _received)
    register_residents("report_joined", "report_received", _received)
    register_residents("case_closed", "report_closed", _closed)
    register_opener(PREFIX, reach)
    register_guard("case", _may_leave)


def _may_leave(case_id: str) -> bool:
    """A case that turned out to be about staff since stays within the house."""
    return Case.objects.filter(pk=case_id, confidential=False).exists()


def _received(event: Event) -> Iterable[Voice]:
    said = str(event.ids.get("report", ""))
    return _voices(Report.objects.filter(pk=said)) if _is_id(said) else ()


def _closed(event: Event) -> Iterable[Voice]:
    return _voices(Report.objects.filter(case__id=event.subject_id))


def _voices(reports: QuerySet[Report]) -> list[Voice]:
    rows = reports.filter(channel__in=LEFT_WITH_US, case__confidential=False)
    rows = rows.exclude(kind=ReportKind.DENOUNCE)
    rows = rows.filter(reporter__phone_index__isnull=False).select_related("case")
    return [Voice(f"{PREFIX}:{row.pk}", {"number": row.case.number}) for row in rows]


def reach(ref: str, at: datetime) -> Reached:
    """Open the telephone of one reporter, and write down that it was opened to send them a message."""
    said = ref.partition(":")[2]
    with speaking_as(SYSTEM):
        report = Report.objects.filter(pk=said).first() if _is_id(said) else None
        if report is None:
            return Reached(reason="nobody_opens")
        case = Case.objects.select_for_update().get(pk=report.case_id)
        reporter = Reporter.objects.filter(report=report).first()
        if case.confidential or report.kind == ReportKind.DENOUNCE:
            return Reached(reason="no_address")
        if reporter is None or not reporter.phone:
            return Reached(reason="no_address")
        if _had_enough(reporter, at):
            return Reached(reason="too_many")
        audit.record(
            "case", str(case.pk), "reporter_texted", by=SYSTEM, at=at,
            facts={"report": str(report.pk)},
        )  # fmt: skip
        return Reached(
            reporter.phone, address_of("follow_code", report.follow_code), language=report.language
        )


def _had_enough(reporter: Reporter, at: datetime) -> bool:
    """Whether this number, in whatever reports it stands, has had its share of a day."""
    same = Reporter.objects.filter(phone_index=reporter.phone_index)
    refs = [f"{PREFIX}:{key}" for key in same.values_list("report_id", flat=True)[:500]]
    sent = Sending.objects.filter(recipient__in=refs, sent_at__gt=at - A_DAY, digest=None)
    return sent.count() >= PER_NUMBER


def _is_id(said: str) -> bool:
    try:
        uuid.UUID(said)
    except ValueError:
        return False
    return True
