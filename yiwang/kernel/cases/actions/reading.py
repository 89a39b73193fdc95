"""Reading who reported: one at a time, with a reason, and written down."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from yiwang.kernel.accounts.models import User
from yiwang.kernel.cases.models import Case, Report, Reporter
from yiwang.kernel.cases.permissions import person_of
from yiwang.kernel.cases.rules.intake import clean_text
from yiwang.kernel.cases.rules.moves import REASON_AT_MOST
from yiwang.kernel.foundation import audit
from yiwang.kernel.foundation.errors import Forbidden, Invalid, Missing
from yiwang.kernel.foundation.sentences import N_, Sentence
from yiwang.kernel.foundation.viewer import speaking_as
from yiwang.kernel.organisation.rules import Permission


@dataclass(frozen=True)
class Contact:
    """Who reported, unmasked: what they said of themselves, which may be nothing."""

    name: str
    phone: str


def read_reporter(report_id: uuid.UUID, *, reason: str, by: User, at: datetime) -> Contact:
    """Return the name and telephone of one reporter, and keep on record who asked and why.

    Raises:
        Missing: no such report, or it gave neither. Forbidden: no duty over this place may read it.
        Invalid: no reason.
    """
    words = clean_text(reason)
    if not words:
        raise Invalid(Sentence(N_("请写明查看的理由")), field="reason")
    if len(words) > REASON_AT_MOST:
        raise Invalid(Sentence(N_("最多 %(most)s 字"), {"most": REASON_AT_MOST}), field="reason")
    with speaking_as(by):
        report = Report.objects.filter(pk=report_id).first()
        if report is None:
            raise Missing(Sentence(N_("没有这条诉求")))
        case = Case.objects.select_for_update().get(pk=report.case_id)
        if Permission.REPORTER_READ not in person_of(by, case, at=at).permissions:
            raise Forbidden(Sentence(N_("您没有查看反映人信息的权限")))
        reporter = Reporter.objects.filter(report=report).first()
        if reporter is None:
            raise Missing(Sentence(N_("反映人没有留下姓名和电话")))
        audit.record(
            "case", str(case.pk), "reporter_read", by=by, at=at,
            facts={"report": str(report.pk)}, texts={"reason": words},
        )  # fmt: skip
    return Contact(reporter.name, reporter.phone)
