"""What is owed to each voice: an answer, the chance to rate; and taking a report out again."""

import uuid
from datetime import datetime

from yiwang.kernel import catalogue
from yiwang.kernel.accounts.models import User
from yiwang.kernel.cases.actions import clocks
from yiwang.kernel.cases.actions.perform import perform
from yiwang.kernel.cases.lookups import reword
from yiwang.kernel.cases.models import Case, CasePhoto, Report
from yiwang.kernel.cases.permissions import person_of, readable
from yiwang.kernel.cases.rules.intake import TEXT_AT_MOST, clean_text, title_of
from yiwang.kernel.cases.rules.moves import REASON_AT_MOST
from yiwang.kernel.cases.rules.rating import asked_by_telephone, has_rated
from yiwang.kernel.cases.rules.stages import ClockStage, Rating, Stage
from yiwang.kernel.catalogue.rules.words import Stage as LimitStage
from yiwang.kernel.foundation import audit, files
from yiwang.kernel.foundation.actors import SYSTEM, Actor
from yiwang.kernel.foundation.errors import Conflict, Forbidden, Invalid, Missing, Stale
from yiwang.kernel.foundation.numbering import next_number
from yiwang.kernel.foundation.sentences import N_, Sentence
from yiwang.kernel.foundation.viewer import speaking_as
from yiwang.kernel.notices import enqueue
from yiwang.kernel.organisation.permissions import use
from yiwang.kernel.organisation.rules import Permission


def locked(report_id: uuid.UUID, by: Actor, at: datetime, permission: Permission) -> Report:
    """Lock the report's case, then the report; refuse who may not do this there.

    Raises:
        Missing: no such report, or not this person's business. Forbidden: the permission does not reach the case.
    """
    case_id = Report.objects.filter(pk=report_id).values_list("case", flat=True).first()
    if case_id is None:
        raise Missing(Sentence(N_("没有这条诉求")))
    case = Case.objects.select_for_update().get(pk=case_id)
    if isinstance(by, User) and not readable(by, case, at=at):
        raise Missing(Sentence(N_("没有这条诉求")))
    report = Report.objects.select_for_update().get(pk=report_id)
    if report.case_id != case_id:
        raise Stale(Sentence(N_("这条诉求刚被合并或拆分，请看过最新情况再办")))
    report.case = case
    if by.actor_kind == "staff" and permission not in person_of(by, case, at=at).permissions:
        raise Forbidden(Sentence(N_("您没有办理这一步的权限")))
    use(by, permission, at=at, area_path=case.area_path)
    return report


def note(
    report: Report,
    verb: str,
    by: Actor,
    at: datetime,
    more: dict[str, object] | None = None,
    **texts: str,
) -> None:
    facts: dict[str, object] = {"report": str(report.pk), **(more or {})}
    case = str(report.case_id)
    audit.record("case", case, verb, by=by, at=at, facts=facts, texts=texts)


def answer(report_id: uuid.UUID, text: str, *, by: User, at: datetime) -> Report:
    """Give one voice its answer, once.

    Raises:
        Invalid: no text or too long. Stale: somebody has answered meanwhile.
    """
    words = clean_text(text)
    if not words:
        raise Invalid(Sentence(N_("请填写答复")), field="answer")
    _refuse_long(words, TEXT_AT_MOST, "answer")
    with speaking_as(by):
        report = locked(report_id, by, at, Permission.REPORT_ANSWER)
        if report.answered_at is not None:
            raise Stale(Sentence(N_("这条诉求已经答复过")))
        report.answer, report.answered_at, report.answered_by = words, at, by
        report.save(update_fields=["answer", "answered_at", "answered_by"])
        note(report, "report_answered", by, at, answer=words)
        enqueue("report_answered", "case", report.case_id, at=at, report=str(report.pk))
    return report


def _refuse_long(words: str, most: int, field: str) -> None:
    if len(words) > most:
        raise Invalid(Sentence(N_("文字太长，最多 %(most)s 字"), {"most": most}), field=field)


def answer_all(case_id: int, text: str, *, by: User, at: datetime) -> int:
    """Give every voice of a case that still waits the same answer; return how many."""
    waiting = list(
        Report.objects.filter(case=case_id, answered_at=None).values_list("pk", flat=True)
    )
    with speaking_as(by):
        for report_id in waiting:
            answer(report_id, text, by=by, at=at)
    return len(waiting)


def refuse_fixer(case: Case, by: Actor, at: datetime) -> None:
    if not person_of(by, case, at=at).hands.isdisjoint(case.fixer_ids):
        raise Forbidden(Sentence(N_("您参与了处置，须由他人回访")), code="fixer")


_OF_A_RATING = (
    "rating", "rating_reason", "rated_at", "call_next_at", "call_outcome", "call_held_by",
    "call_held_until",
)  # fmt: skip


def rate(report_id: uuid.UUID, rating: str, *, by: Actor, at: datetime, reason: str = "") -> Report:
    """Keep what one voice says of the result; dissatisfied reopens the case, once.

    Raises:
        Invalid: an unknown rating, or dissatisfied without a reason.
        Stale: the case is not closed, or this voice has rated.
        Forbidden: the one who asks fixed it, or whoever fixed it has held this voice's code.
    """
    words = clean_text(reason)
    _refuse_long(words, REASON_AT_MOST, "reason")
    if rating not in list(Rating):
        raise Invalid(Sentence(N_("请选择满意程度")), field="rating")
    if rating == Rating.DISSATISFIED and not words:
        raise Invalid(Sentence(N_("请说明哪里不满意，我们好改进")), field="reason")
    with speaking_as(by):
        report = locked(report_id, by, at, Permission.REPORT_CALL_BACK)
        refuse_fixer(report.case, by, at)
        case = report.case
        if has_rated(case.stage, case.closed_at, report.rated_at):
            raise Stale(Sentence(N_("您已经评价过，谢谢")), code="rated")
        if case.stage != Stage.CLOSED:
            raise Stale(Sentence(N_("办结之后才能评价")), code="not_closed")
        if not isinstance(by, User) and asked_by_telephone(report.taken_by_id, case.fixer_ids):
            raise Forbidden(
                Sentence(N_("这件事由登记的人自己处置，评价由受理台打电话来问")), code="fixer"
            )
        report.rating, report.rating_reason, report.rated_at = rating, words, at
        # Whoever has rated is not called any more, and is neither unreachable nor unwilling.
        report.call_next_at, report.call_outcome = None, ""
        report.call_held_by, report.call_held_until = None, None
        report.save(update_fields=_OF_A_RATING)
        note(report, "case_rated", by, at, {"rating": rating}, reason=words)
        enqueue("case_rated", "case", report.case_id, at=at, report=str(report.pk))
        if rating == Rating.DISSATISFIED and report.case.reopen_count == 0:
            perform(report.case_id, "reopen", by=SYSTEM, at=at, reason=words)
    return report


def confirm_solved(report_id: uuid.UUID, *, by: Actor, at: datetime) -> Case:
    """The resident's own yes closes a case that waits for exactly that (`verify_by` resident).

    Raises:
        Stale: the case does not wait for the resident's word.
    """
    with speaking_as(by):
        report = locked(report_id, by, at, Permission.CASE_VERIFY)
        case = report.case
        if case.stage != Stage.REPORTED_BACK or case.verify_by != "resident":
            raise Stale(Sentence(N_("这件事现在不需要您确认")))
        note(report, "resident_confirmed", by, at)
        return perform(case.pk, "pass_check", by=SYSTEM, at=at)


def split(report_id: uuid.UUID, *, by: User, at: datetime, reason: str) -> Case:
    """Take one voice out of a case into a case of its own, since it is another matter after all.

    Raises:
        Invalid: no reason. Conflict: it is the case's only voice.
    """
    if not reason.strip():
        raise Invalid(Sentence(N_("请写明理由")), field="reason")
    with speaking_as(by):
        report = locked(report_id, by, at, Permission.CASE_MERGE)
        origin = report.case
        if origin.report_count < 2:
            raise Conflict(Sentence(N_("案卷里只有这一条诉求，不能拆出")))
        case = _case_of_its_own(report, origin, at)
        origin.report_count -= 1
        origin.version += 1
        origin.save(update_fields=["report_count", "version"])
        facts: dict[str, object] = {"report": str(report.pk), "case": case.number}
        texts = {"reason": reason.strip()}
        audit.record(
            "case", str(origin.pk), "report_split_off", by=by, at=at, facts=facts, texts=texts
        )
        facts = {"report": str(report.pk), "from": origin.number, "to": Stage.REPORTED}
        audit.record(
            "case",
            str(case.pk),
            "case_split_off",
            by=by,
            at=at,
            facts=facts,
            texts=texts,
        )
        enqueue("case_reported", "case", case.pk, at=at)
    return case


_TAKEN_ALONG = (
    "level", "category_id", "condition_id", "category_path", "urgent", "public", "confidential",
    "lon", "lat", "accuracy_m", "address", "area_id", "area_path", "trust", "trust_why",
    "suggested_unit_id", "routing_why", "verify_by",
)  # fmt: skip


def _case_of_its_own(report: Report, origin: Case, at: datetime) -> Case:
    """Open a case with the place and kind of the old one and this one voice."""
    case = Case(
        title=title_of(report.text), opened_at=report.received_at, channel=report.channel,
        number=next_number("case", at=at), taken_by_id=report.taken_by_id, **{name: getattr(origin, name) for name in _TAKEN_ALONG},
    )  # fmt: skip
    case.save(force_insert=True)
    limit = catalogue.book().limit_for(LimitStage.ACCEPT)
    clocks.start(case, ClockStage.ACCEPT, limit, at)
    case.save(update_fields=["clock_stage", "clock_started_at", "clock_due_at", "late"])
    report.case = report.first_case = case
    report.call_next_at = None
    report.save(update_fields=["case", "first_case", "call_next_at"])
    CasePhoto.objects.filter(report=report).update(case=case)
    reword(origin, case)
    return case


def publish_photo(photo_id: int, *, by: User, at: datetime, publish: bool = True) -> CasePhoto:
    """Let the public see a photo, film or document of a case, or take it back.

    Raises:
        Missing: there is none where this person may publish. Invalid: it is not to be published.
    """
    with speaking_as(by):
        photo = (
            CasePhoto.objects.select_for_update(of=("self",))
            .select_related("case", "file")
            .filter(pk=photo_id)
            .first()
        )
        if (
            photo is None
            or Permission.PHOTO_PUBLISH not in person_of(by, photo.case, at=at).permissions
        ):
            raise Missing(Sentence(N_("没有这张照片")))
        use(by, Permission.PHOTO_PUBLISH, at=at, area_path=photo.case.area_path)
        if publish:
            files.publish(photo.file, by=by, at=at)
        else:
            files.withdraw(photo.file, by=by, at=at)
        photo.published_at, photo.published_by = (at, by) if publish else (None, None)
        photo.save(update_fields=["published_at", "published_by"])
        verb = f"{photo.file.kind}_{'published' if publish else 'withdrawn'}"
        audit.record("case", str(photo.case_id), verb, by=by, at=at, facts={"photo": photo.pk})
    return photo
