"""What whoever holds the follow code may know: how far the matter is, the answer, the published photos.

Nothing here names a person or repeats anybody's words but the office's answer: a code may be read over a shoulder, and
a case may have been reported by somebody else first. Doors for residents read this and nothing else of a case.
"""

import uuid
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from yiwang.kernel.cases.models import Case, CasePhoto, Report
from yiwang.kernel.cases.rules.rating import asked_by_telephone, may_rate
from yiwang.kernel.cases.rules.stages import Stage
from yiwang.kernel.foundation.errors import Missing
from yiwang.kernel.foundation.files.rules import SUFFIXES
from yiwang.kernel.foundation.sentences import N_, Sentence


class Step(StrEnum):
    """How far a matter is, in the five words a resident is told."""

    RECEIVED = "received"
    ACCEPTED = "accepted"
    HANDLING = "handling"
    CHECKING = "checking"
    CLOSED = "closed"


STEPS = tuple(Step)
_STEP_OF: dict[str, Step] = {
    Stage.REPORTED: Step.RECEIVED,
    Stage.ACCEPTED: Step.ACCEPTED,
    Stage.DISPATCHED: Step.HANDLING,
    Stage.HANDLING: Step.HANDLING,
    Stage.SUSPENDED: Step.HANDLING,
    Stage.REPORTED_BACK: Step.CHECKING,
    Stage.CLOSED: Step.CLOSED,
}


class WhoEnded(StrEnum):
    """Why a matter has no further step although nobody solved it."""

    NOBODY = ""
    REFUSED = "refused"
    VOID = "void"


@dataclass(frozen=True)
class FollowedPhoto:
    """Something published; `purpose` is before, after or check, `kind` photo, video or document.

    `name` is what the public saves it as: what the sender called it stays inside.
    """

    id: int
    purpose: str
    kind: str = "photo"
    name: str = ""
    seconds: int = 0


@dataclass(frozen=True)
class Followed:
    """One voice's view of its case. `reached` holds a moment for every step up to `step`, None where none is known.

    `step` is None once the case was refused or voided. `work_due_at` is the running clock's end. The three
    `may_…` say what this voice may still do.
    """

    report_id: uuid.UUID
    code: str
    case_number: str
    step: Step | None
    ended: WhoEnded
    reached: tuple[datetime | None, ...]
    received_at: datetime
    answer_due_at: datetime | None
    work_due_at: datetime | None
    suspended_until: date | None
    reopened: bool
    shared_by: int
    category_id: int | None
    area: str
    unit: str
    answer: str
    answered_at: datetime | None
    result: str
    rating: str
    rated_at: datetime | None
    photos: tuple[FollowedPhoto, ...]
    may_rate: bool
    may_confirm: bool
    may_ask: bool


def find(code: str) -> Report:
    """Return the report with this follow code (normalised), with its case, area and unit; one query.

    Raises:
        Missing: no report has it.
    """
    rows = Report.objects.select_related("case__area", "case__lead_unit")
    report = rows.filter(follow_code=code).first() if code else None
    if report is None:
        raise Missing(
            Sentence(N_("没有找到这个查询码，请核对后再试")), field="code", code="no_code"
        )
    return report


def follow(code: str) -> Followed:
    """Return what the holder of the code may know; two queries.

    Raises:
        Missing: no report has it.
    """
    report = find(code)
    case = report.case
    step = step_of(case)
    return Followed(
        report_id=report.pk,
        code=report.follow_code,
        case_number=case.number,
        step=step,
        ended=WhoEnded(case.stage) if case.stage in list(WhoEnded) else WhoEnded.NOBODY,
        reached=_reached(report, case, step),
        received_at=report.received_at,
        answer_due_at=report.answer_due_at if report.answered_at is None else None,
        work_due_at=case.clock_due_at,
        suspended_until=case.suspended_until,
        reopened=case.reopen_count > 0 and case.stage != Stage.CLOSED,
        shared_by=case.report_count,
        category_id=case.category_id,
        area=case.area.name if case.area else "",
        unit=case.lead_unit.name if case.lead_unit else "",
        answer=report.answer,
        answered_at=report.answered_at,
        result=case.result if case.stage == Stage.CLOSED else "",
        rating=report.rating,
        rated_at=report.rated_at,
        photos=published_photos(case.pk),
        may_rate=may_rate(case.stage, case.closed_at, report.rated_at)
        and not asked_by_telephone(report.taken_by_id, case.fixer_ids),
        may_confirm=case.stage == Stage.REPORTED_BACK and case.verify_by == "resident",
        may_ask=case.is_open,
    )


def step_of(case: Case) -> Step | None:
    """How far a case is; None once it was refused, merged or voided."""
    return _STEP_OF.get(case.stage)


def published_photos(case_id: int) -> tuple[FollowedPhoto, ...]:
    """Return what of a case is published, oldest first; one query."""
    rows = CasePhoto.objects.filter(case=case_id, published_at__isnull=False).order_by("id")
    return tuple(_published(row) for row in rows.select_related("file"))


def _published(row: CasePhoto) -> FollowedPhoto:
    file = row.file
    name = f"{row.pk}.{SUFFIXES[file.mime]}"
    return FollowedPhoto(
        row.pk, row.purpose, file.kind, name, round((file.duration_ms or 0) / 1000)
    )


def _reached(report: Report, case: Case, step: Step | None) -> tuple[datetime | None, ...]:
    """Return the moments of the steps up to `step`. A reopened case is back at an earlier step: later moments wait."""
    moments = (
        report.received_at,
        case.accepted_at,
        case.dispatched_at,
        case.reported_back_at,
        case.closed_at,
    )
    return moments[: STEPS.index(step) + 1] if step else moments[:1]
