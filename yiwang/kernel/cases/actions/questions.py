"""What a voice says after its report: a question to the desk, or that what was called solved is not."""

import uuid
from datetime import datetime

from yiwang.kernel.cases.actions.perform import perform
from yiwang.kernel.cases.models import Case, Report
from yiwang.kernel.cases.rules.intake import clean_text
from yiwang.kernel.cases.rules.moves import REASON_AT_MOST
from yiwang.kernel.cases.rules.stages import Stage
from yiwang.kernel.foundation import audit
from yiwang.kernel.foundation.actors import SYSTEM, Actor
from yiwang.kernel.foundation.audit.models import AuditEntry
from yiwang.kernel.foundation.errors import Conflict, Invalid, Missing, Stale
from yiwang.kernel.foundation.sentences import N_, Sentence
from yiwang.kernel.foundation.viewer import speaking_as
from yiwang.kernel.notices import enqueue

QUESTIONS_AT_MOST = 10
"""Questions of one voice on one matter; from then on the telephone is the better way."""


def ask(report_id: uuid.UUID, text: str, *, by: Actor, at: datetime) -> Case:
    """Put a question of one voice into the case's timeline and tell the desk.

    Raises:
        Invalid: nothing asked, or too long. Missing: no such report.
        Stale: the case has ended. Conflict: this voice has asked often enough.
    """
    words = _words(text, "question", N_("请写下您要问或要补充的话"))
    with speaking_as(by):
        case = _locked(report_id)
        if not case.is_open:
            raise Stale(Sentence(N_("这件事已经结束，有新情况请重新反映")), code="ended")
        if asked(report_id, case.pk) >= QUESTIONS_AT_MOST:
            raise Conflict(
                Sentence(
                    N_("您已经问过 %(most)s 次，请直接拨打街道电话"), {"most": QUESTIONS_AT_MOST}
                )
            )
        _note(case, report_id, "question_asked", by, at, question=words)
        enqueue("question_asked", "case", case.pk, at=at, report=str(report_id))
    return case


def say_unsolved(report_id: uuid.UUID, reason: str, *, by: Actor, at: datetime) -> Case:
    """The resident's own no, where the case waits for exactly that: back to whoever said it was done.

    Raises:
        Invalid: no reason. Missing: no such report. Stale: the case does not wait for the resident's word.
    """
    words = _words(reason, "reason", N_("请说明哪里没有解决"))
    with speaking_as(by):
        case = _locked(report_id)
        if case.stage != Stage.REPORTED_BACK or case.verify_by != "resident":
            raise Stale(Sentence(N_("这件事现在不需要您确认")))
        _note(case, report_id, "resident_denied", by, at, reason=words)
        return perform(case.pk, "fail_check", by=SYSTEM, at=at, reason=words)


def asked(report_id: uuid.UUID, case_id: int) -> int:
    """Return how often this voice has asked about this case."""
    rows = AuditEntry.objects.filter(subject_type="case", subject_id=str(case_id))
    return rows.filter(verb="question_asked", facts__report=str(report_id)).count()


def _words(text: str, field: str, missing: str) -> str:
    words = clean_text(text)
    if not words:
        raise Invalid(Sentence(missing), field=field)
    if len(words) > REASON_AT_MOST:
        raise Invalid(
            Sentence(N_("文字太长，最多 %(most)s 字"), {"most": REASON_AT_MOST}), field=field
        )
    return words


def _locked(report_id: uuid.UUID) -> Case:
    case_id = Report.objects.filter(pk=report_id).values_list("case", flat=True).first()
    if case_id is None:
        raise Missing(Sentence(N_("没有这条诉求")))
    return Case.objects.select_for_update().get(pk=case_id)


def _note(
    case: Case, report_id: uuid.UUID, verb: str, by: Actor, at: datetime, **texts: str
) -> None:
    audit.record(
        "case", str(case.pk), verb, by=by, at=at, facts={"report": str(report_id)}, texts=texts
    )
