"""Calling voices back for their rating: who is next, the number, and what came of the call."""

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import reduce
from operator import or_

from django.db.models import Count, Q, QuerySet

from yiwang.kernel.accounts.models import User
from yiwang.kernel.cases.actions.answers import locked, note, rate, refuse_fixer
from yiwang.kernel.cases.models import Opening, Report
from yiwang.kernel.cases.rules.calling import (
    CallOutcome,
    Heard,
    after_nobody,
    begin_of,
    half_day,
    next_half_day,
)
from yiwang.kernel.cases.rules.intake import clean_text
from yiwang.kernel.cases.rules.moves import REASON_AT_MOST
from yiwang.kernel.cases.rules.rating import may_rate
from yiwang.kernel.cases.rules.stages import Rating, ReportKind, Stage
from yiwang.kernel.foundation.calendar import load as load_calendar
from yiwang.kernel.foundation.errors import Conflict, Invalid, Stale
from yiwang.kernel.foundation.sentences import N_, Sentence
from yiwang.kernel.foundation.viewer import speaking_as
from yiwang.kernel.organisation.duties import areas_of
from yiwang.kernel.organisation.leave.reading import stood_in_for
from yiwang.kernel.organisation.rules import Permission

HELD_FOR = timedelta(minutes=15)
"""So long a report served to one person is served to nobody else."""


@dataclass(frozen=True)
class Waiting:
    """Voices one person may call: now, and booked for later."""

    now: int
    later: int


def to_call(by: User, at: datetime) -> QuerySet[Report]:
    """Return the voices a person may call: on their land, nothing they or those they stand in for have fixed."""
    land = [
        Q(case__area_path__startswith=path)
        for path in areas_of(by, Permission.REPORT_CALL_BACK, at)
    ]
    hands = [by.pk, *stood_in_for(by, at)]
    return (
        Report.objects.filter(
            reduce(or_, land) if land else Q(pk__in=[]),
            call_next_at__isnull=False,
            case__stage=Stage.CLOSED,
            case__confidential=False,
        )
        .exclude(kind=ReportKind.DENOUNCE)
        .exclude(case__fixer_ids__overlap=hands)
    )


def waiting_calls(by: User, at: datetime) -> Waiting:
    """Count what waits now and what is booked for a later half-day; one query."""
    counted = to_call(by, at).aggregate(
        now=Count("pk", filter=Q(call_next_at__lte=at)),
        later=Count("pk", filter=Q(call_next_at__gt=at)),
    )
    return Waiting(**counted)


def held_call(by: User, at: datetime) -> Report | None:
    """Return the voice this person has before them."""
    mine = to_call(by, at).filter(call_held_by=by, call_held_until__gt=at)
    return mine.select_related("case__lead_unit").order_by("call_next_at", "id").first()


def next_call(*, by: User, at: datetime) -> Report | None:
    """Hold the voice that has waited longest for this person and return it; the one already held comes first.

    Two people at two telephones are never served the same.
    """
    with speaking_as(by):
        held = held_call(by, at)
        if held is not None:
            return held
        free = Q(call_held_until=None) | Q(call_held_until__lte=at) | Q(call_held_by=by)
        due = to_call(by, at).filter(free, call_next_at__lte=at)
        found = (
            due.select_for_update(skip_locked=True, of=("self",))
            .select_related("case__lead_unit")
            .order_by("call_next_at", "id")
            .first()
        )
        if found is not None:
            found.call_held_by, found.call_held_until = by, at + HELD_FOR
            found.save(update_fields=["call_held_by", "call_held_until"])
        return found


def call_back(
    report_id: uuid.UUID,
    *,
    said: str,
    by: User,
    at: datetime,
    reason: str = "",
    words: str = "",
    seen: str | None = None,
) -> Report:
    """Write a call down: one of the four ratings, or a `Heard`; `words` are the caller's own notes.

    Args:
        said: a `Rating`, "not_reached", "refused" or "later". reason: why dissatisfied.
        seen: the voice's `call_state` when the call began; a later one means that somebody else has called.

    Raises:
        Invalid: nothing chosen, no reason, too long. Forbidden: the caller fixed it.
        Stale: not closed, rated already, or somebody called meanwhile. Conflict: nobody is to be called any more, or
        nobody can have been called because the number was not opened.
    """
    notes = clean_text(words)
    if said not in (*Rating, *Heard):
        raise Invalid(Sentence(N_("请选择满意程度")), field="rating")
    if len(notes) > REASON_AT_MOST:
        raise Invalid(Sentence(N_("最多 %(most)s 字"), {"most": REASON_AT_MOST}), field="note")
    with speaking_as(by):
        report = locked(report_id, by, at, Permission.REPORT_CALL_BACK)
        refuse_fixer(report.case, by, at)
        _still_to_call(report, seen)
        if said == Heard.NOBODY:
            return _nobody(report, notes, by, at)
        if said == Heard.LATER:
            return _another_time(report, notes, by, at)
        if said == Heard.REFUSED:
            return _refused(report, notes, by, at)
        report.call_back_count += 1
        _called(report, by, at, "call_back_count")
        texts = {"note": notes} if notes else {}
        note(report, "report_called_back", by, at, None, **texts)
        return rate(report_id, said, reason=reason, by=by, at=at)


def call_state(report: Report) -> str:
    """What a page sends back to say which state of the calls it has shown."""
    last = report.called_back_at
    return f"{report.call_back_count}:{last.timestamp() if last else 0:.3f}"


def _still_to_call(report: Report, seen: str | None) -> None:
    case = report.case
    if not may_rate(case.stage, case.closed_at, report.rated_at):
        closed = case.stage == Stage.CLOSED
        sentence = N_("诉求人已经评价过，不用再回访") if closed else N_("办结之后才能评价")
        raise Stale(Sentence(sentence), code="rated" if closed else "not_closed")
    if seen is not None and seen != call_state(report):
        raise Stale(Sentence(N_("刚有人回访过这条诉求，请看过最新情况再记")), code="called")
    if report.call_outcome == CallOutcome.UNREACHABLE:
        raise Conflict(Sentence(N_("三次没有接通，已记为联系不上，不再回访")), code="unreachable")
    if report.call_outcome == CallOutcome.REFUSED:
        raise Conflict(Sentence(N_("诉求人不愿评价，不再回访")), code="refused")


def _nobody(report: Report, notes: str, by: User, at: datetime) -> Report:
    """Nobody answered: one of the three tries, if it is the first of this half-day."""
    calendar = load_calendar()
    since = begin_of(half_day(at, calendar), calendar)
    if not Opening.objects.filter(report=report, user=by, at__gte=since, at__lte=at).exists():
        raise Conflict(
            Sentence(N_("请先打开号码拨打，再记“没有接通”")), field="rating", code="not_opened"
        )
    tried = after_nobody(report.call_back_count, report.called_back_at, at, calendar)
    report.call_back_count, report.call_next_at = tried.tries, tried.next_at
    report.call_outcome = tried.outcome or ""
    _called(report, by, at, "call_back_count", "call_next_at", "call_outcome")
    facts: dict[str, object] = {"try": tried.tries, "counted": tried.counted}
    texts = {"note": notes} if notes else {}
    note(report, "reporter_not_reached", by, at, facts, **texts)
    if tried.outcome:
        note(report, "reporter_unreachable", by, at, {"try": tried.tries})
    return report


def _another_time(report: Report, notes: str, by: User, at: datetime) -> Report:
    """Somebody answered and asks to be called another time: no try, and booked for the next half-day."""
    report.call_next_at = next_half_day(at, load_calendar())
    report.call_held_by, report.call_held_until = None, None
    report.save(update_fields=["call_next_at", "call_held_by", "call_held_until"])
    texts = {"note": notes} if notes else {}
    note(report, "call_put_off", by, at, None, **texts)
    return report


def _refused(report: Report, notes: str, by: User, at: datetime) -> Report:
    """Reached, and will not rate: an outcome of its own, which counts for nothing."""
    report.call_outcome, report.call_next_at = CallOutcome.REFUSED, None
    report.call_back_count += 1
    _called(report, by, at, "call_back_count", "call_next_at", "call_outcome")
    texts = {"note": notes} if notes else {}
    note(report, "rating_refused", by, at, None, **texts)
    return report


def _called(report: Report, by: User, at: datetime, *fields: str) -> None:
    report.called_back_at, report.called_back_by = at, by
    report.call_held_by, report.call_held_until = None, None
    report.save(
        update_fields=[
            *fields, "called_back_at", "called_back_by", "call_held_by", "call_held_until",
        ]
    )  # fmt: skip


def release_call(*, by: User, at: datetime) -> None:
    """Put back what this person holds, for anybody to call."""
    with speaking_as(by):
        held = to_call(by, at).filter(call_held_by=by, call_held_until__gt=at).values("pk")
        Report.objects.filter(pk__in=held).update(call_held_by=None, call_held_until=None)
