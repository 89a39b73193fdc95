"""What residents said, cut to what the reader may know: names and telephones masked, one at a time on request."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from yiwang.kernel.cases.models import Report
from yiwang.kernel.cases.rules.calling import OUTCOME_NAMES
from yiwang.kernel.cases.rules.intake import FOR_WHOM_NAMES
from yiwang.kernel.cases.rules.rating import may_rate
from yiwang.kernel.cases.rules.stages import KIND_NAMES, RATING_NAMES, Stage
from yiwang.kernel.foundation.numbering.rules import grouped_follow_code
from yiwang.kernel.foundation.secrets import mask_name, mask_phone
from yiwang.kernel.organisation.leave.reading import stood_in_for
from yiwang.kernel.organisation.rules import Permission
from yiwang.web.desk.case.sight import Sight
from yiwang.web.desk.looks import ChannelLook, channel_of

if TYPE_CHECKING:
    from datetime import datetime

    from yiwang.kernel.cases.actions.reading import Contact


@dataclass
class Voice:
    """One report as the page shows it. `name` and `phone` are masked; "" where none was left or none may be known."""

    report: Report
    kind: str
    channel: ChannelLook
    rating: str
    code: str = ""
    name: str = ""
    phone: str = ""
    for_whom: str = ""
    concerned: str = ""
    contact: "Contact | None" = None
    may_answer: bool = False
    may_call: bool = False
    may_split: bool = False
    answer_late: bool = False
    may_open: bool = False
    opened: int = 0
    outcome: str = ""


def voices_of(sight: Sight) -> list[Voice]:
    """Every report of the case, oldest first: one query, and one more for who spoke."""
    return [_voice(report, sight) for report in sight.reports]


def _voice(report: Report, sight: Sight) -> Voice:
    reporter = sight.reporters.get(report.pk)
    ended = sight.case.stage in (Stage.MERGED, Stage.VOID)
    due: datetime | None = report.answer_due_at
    return Voice(
        report=report,
        kind=_(KIND_NAMES[report.kind]),
        channel=channel_of(report.channel),
        rating=_(RATING_NAMES[report.rating]) if report.rating else "",
        code=grouped_follow_code(report.follow_code) if sight.may(Permission.REPORTER_READ) else "",
        name=mask_name(reporter.name) if reporter else "",
        phone=mask_phone(reporter.phone) if reporter else "",
        for_whom=_(FOR_WHOM_NAMES[reporter.for_whom]) if reporter and reporter.for_whom else "",
        concerned=mask_name(reporter.concerned or "") if reporter else "",
        may_answer=sight.may(Permission.REPORT_ANSWER) and not report.answered_at and not ended,
        may_call=_may_call(report, sight),
        may_split=sight.may(Permission.CASE_MERGE) and sight.case.report_count > 1 and not ended,
        answer_late=bool(due and due < sight.at and not report.answered_at),
        may_open=report.pk in sight.to_call,
        opened=sight.to_call.get(report.pk, 0),
        outcome=_(OUTCOME_NAMES[report.call_outcome]) if report.call_outcome else "",
    )


def _may_call(report: Report, sight: Sight) -> bool:
    """Shown where the kernel would let it happen; it decides again."""
    case = sight.case
    return (
        sight.may(Permission.REPORT_CALL_BACK)
        and may_rate(case.stage, case.closed_at, report.rated_at)
        and {sight.user.pk, *stood_in_for(sight.user, sight.at)}.isdisjoint(case.fixer_ids)
        and not report.call_outcome
    )
