"""Taking in a report: one voice becomes a case, or joins the one it is about."""

from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError

from yiwang.kernel import catalogue
from yiwang.kernel.accounts.models import User
from yiwang.kernel.accounts.rules import LANGUAGES
from yiwang.kernel.cases.actions import clocks, kinds, place
from yiwang.kernel.cases.actions.inserting import insert_case
from yiwang.kernel.cases.lookups import reword
from yiwang.kernel.cases.models import Case, CasePhoto, Report, Reporter
from yiwang.kernel.cases.rules.intake import NewReport, clean_text, faults, fingerprint, title_of
from yiwang.kernel.cases.rules.stages import CaseLevel, Channel, ClockStage, ReportKind
from yiwang.kernel.cases.uploads import check_uploaded
from yiwang.kernel.catalogue.rules.words import Stage as LimitStage
from yiwang.kernel.foundation import audit
from yiwang.kernel.foundation.actors import Actor
from yiwang.kernel.foundation.calendar import load as load_calendar
from yiwang.kernel.foundation.calendar.rules import compute_deadline
from yiwang.kernel.foundation.errors import Conflict, Invalid
from yiwang.kernel.foundation.numbering import follow_code, next_number
from yiwang.kernel.foundation.secrets import blind_index
from yiwang.kernel.foundation.sentences import N_, Sentence, as_json
from yiwang.kernel.foundation.viewer import speaking_as
from yiwang.kernel.notices import enqueue
from yiwang.kernel.organisation.permissions import use
from yiwang.kernel.organisation.rules import Permission

RESERVE_SHARE = 0.2
"""The inner due time of an order that brings its own is the outer one less this share (domain.md section 3)."""


@dataclass(frozen=True)
class Receipt:
    """What the reporter is told: the code to follow, the case number, and whether it was known already."""

    report_id: str
    case_id: int
    case_number: str
    follow_code: str
    repeated: bool


def take_report(new: NewReport, *, by: Actor, at: datetime) -> Receipt:
    """Take one report in, once, however often it is sent.

    Raises:
        Invalid: something keeps it from being taken; the field is named.
        Conflict: the same id was sent before with another content, or the outer number is taken.
    """
    for field, sentence in faults(new):
        raise Invalid(sentence, field=field)
    try:
        with speaking_as(by):
            return _take(new, by, at)
    except IntegrityError as error:
        known = _known(new)
        if known is None:
            raise _conflict(new, error) from error
        return known


def _known(new: NewReport) -> Receipt | None:
    """Return the receipt of a report sent before; refuse when its content differs."""
    report = Report.objects.select_related("case").filter(pk=new.id).first()
    if report is None:
        return None
    if bytes(report.content) != fingerprint(new):
        raise Conflict(
            Sentence(N_("这个编号的诉求已经收到，内容不同，请重新填写后提交")), code="other_content"
        )
    return _receipt(report, report.case, repeated=True)


def _conflict(new: NewReport, error: IntegrityError) -> Exception:
    if new.outer_number and "outer_number" in str(error):
        return Conflict(
            Sentence(N_("外部编号 %(number)s 已经登记过"), {"number": new.outer_number}),
            field="outer_number",
            code="outer_number_taken",
        )
    if "follow_code" in str(error):
        return Conflict(Sentence(N_("查询码重复，请重新提交")), code="follow_code_taken")
    return error


def _take(new: NewReport, by: Actor, at: datetime) -> Receipt:
    check_uploaded(new.photo_ids, by=by)
    use(by, Permission.REPORT_TAKE, at=at)
    report = _report(new, by, at)
    followed = _followed(new, by, at) if new.follows else None
    if followed:
        case = followed
        report.case = report.first_case = case
        report.save(force_insert=True)
        _join(case)
        reword(case)
    else:
        case = _open_case(new, report, at)
    _keep_reporter(new, report, case)
    _keep_photos(new, report, by, at)
    _note(report, case, joined=followed is not None, by=by, at=at)
    return _receipt(report, case, repeated=False)


def _note(report: Report, case: Case, *, joined: bool, by: Actor, at: datetime) -> None:
    """Write the row of the record; tell the desk of a new case, and the voice that it was heard."""
    facts: dict[str, object] = {
        "report": str(report.pk), "channel": report.channel, "kind": report.kind, "case": case.number,
    }  # fmt: skip
    verb = "report_joined" if joined else "case_reported"
    if not joined:
        facts |= {"area": case.area_id, "trust": case.trust, "category": case.category_id}
    enqueue(verb, "case", case.pk, at=at, report=str(report.pk))
    texts = {"text": report.text}
    audit.record("case", str(case.pk), verb, by=by, at=at, facts=facts, texts=texts)


def _followed(new: NewReport, by: Actor, at: datetime) -> Case:
    """The case it is about: one that anybody may see, or one that the member of staff who takes it may read."""
    cases = Case.objects.select_for_update(of=("self",)).filter(number=new.follows).open()
    case = None
    if isinstance(by, User):
        case = cases.visible_to(by, at=at).filter(confidential=False).first()
    case = case or cases.public().first()
    if case is None:
        raise Invalid(Sentence(N_("这件事已经办结或不再公开，请作为新的诉求提交")), field="follows")
    return case


def _join(case: Case) -> None:
    case.report_count += 1
    case.version += 1
    case.save(update_fields=["report_count", "version"])


def _open_case(new: NewReport, report: Report, at: datetime) -> Case:
    case = Case(
        title=title_of(new.text),
        opened_at=at,
        channel=new.channel,
        taken_by_id=report.taken_by_id,
        level=CaseLevel.GRID if new.channel == Channel.GRID_WORKER else CaseLevel.SUBDISTRICT,
    )
    spot = place.Spot(new.lon, new.lat, new.accuracy_m, new.address, new.chosen_area_id)
    place.put(case, spot, at)
    _file(case, new)
    limit = catalogue.book().limit_for(LimitStage.ACCEPT)
    clock = clocks.new_clock(case, ClockStage.ACCEPT, limit, at)
    clocks.show(case, clock)
    case.number = next_number("case", at=at)
    insert_case(case, clock, report)
    return case


def _file(case: Case, new: NewReport) -> None:
    """File under the category the reporter chose; else keep the best guess as a suggestion, not as a fact."""
    if new.category_id is None:
        kinds.suggest_unit(case)
        return
    entry, condition = kinds.chosen(new.category_id, None)
    kinds.file_under(case, entry, condition)
    if new.kind == ReportKind.DENOUNCE:
        case.public = False


def _report(new: NewReport, by: Actor, at: datetime) -> Report:
    due, source, why = answer_due(new, at)
    return Report(
        id=new.id,
        content=fingerprint(new),
        follow_code=new.follow_code or follow_code(),
        channel=new.channel,
        kind=new.kind,
        text=clean_text(new.text),
        outer_number=new.outer_number,
        language=new.language if new.language in LANGUAGES else LANGUAGES[0],
        received_at=at,
        taken_by=by if isinstance(by, User) else None,
        answer_due_at=due,
        answer_due_source=source,
        answer_why=why,
    )


def answer_due(new: NewReport, at: datetime) -> tuple[datetime, str, list[dict[str, object]]]:
    """Return when the answer is owed, who says so, and why."""
    if new.outer_due is not None:
        inner = new.outer_due - (new.outer_due - at) * RESERVE_SHARE
        why = Sentence(
            N_("%(source)s 要求 %(outer)s 前答复，内部预留 %(share)s%%"),
            {
                "source": new.outer_source,
                "outer": new.outer_due.isoformat(),
                "share": int(RESERVE_SHARE * 100),
            },
        )
        return inner, new.outer_source, as_json([why])
    limit = catalogue.book().limit_for(LimitStage.ANSWER)
    deadline = compute_deadline(at, limit, load_calendar())
    return deadline.due, "", as_json(deadline.trace)


def _keep_reporter(new: NewReport, report: Report, case: Case) -> None:
    name, phone = new.name.strip(), new.phone.strip()
    if not (name or phone or new.for_whom):
        return
    digits = "".join(character for character in phone if character.isdigit())
    Reporter(
        report=report,
        name=name,
        phone=phone,
        phone_index=blind_index(digits, "cases.reporter.phone") if digits else None,
        for_whom=new.for_whom,
        concerned=(new.concerned.strip() or None) if new.for_whom else None,
        area_path=readable_under(case, report),
    ).save(force_insert=True)


def readable_under(case: Case, report: Report) -> str:
    """Return the path whose duties may read the reporter: the case's, or none for who denounces (举报)."""
    hidden = case.confidential or report.kind == ReportKind.DENOUNCE
    return "" if hidden else case.area_path


def _keep_photos(new: NewReport, report: Report, by: Actor, at: datetime) -> None:
    if new.photo_ids:
        CasePhoto.objects.bulk_create(
            CasePhoto(
                case=report.case, report=report, file_id=photo, purpose="before", added_at=at,
                added_by=by if isinstance(by, User) else None,
            )
            for photo in new.photo_ids
        )  # fmt: skip


def _receipt(report: Report, case: Case, *, repeated: bool) -> Receipt:
    return Receipt(str(report.pk), case.pk, case.number, report.follow_code, repeated)
