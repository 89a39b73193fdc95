"""The one way a case moves: lock it, judge the move by the table, make it, write it down, tell the people."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Unpack

from yiwang.kernel import catalogue
from yiwang.kernel.accounts.models import User
from yiwang.kernel.cases.actions import clocks, owing_a_call
from yiwang.kernel.cases.actions.effects import EFFECTS
from yiwang.kernel.cases.actions.turn import Given, Turn, check_needs
from yiwang.kernel.cases.models import Case, Request, Task
from yiwang.kernel.cases.permissions import acted_for, facts_of, person_of
from yiwang.kernel.cases.rules.judge import judge
from yiwang.kernel.cases.rules.moves import BY_NAME, MOVES, Move, Subject
from yiwang.kernel.cases.rules.stages import STAGE_NAMES, ClockStage
from yiwang.kernel.catalogue.rules.words import Stage as LimitStage
from yiwang.kernel.foundation import audit
from yiwang.kernel.foundation.actors import Actor
from yiwang.kernel.foundation.errors import Forbidden, Missing, Refused, Stale
from yiwang.kernel.foundation.sentences import N_, Sentence
from yiwang.kernel.foundation.viewer import speaking_as
from yiwang.kernel.notices import enqueue
from yiwang.kernel.organisation.leave.reading import stood_in_for
from yiwang.kernel.organisation.permissions import used

_LIMITS = {
    ClockStage.ACCEPT: LimitStage.ACCEPT,
    ClockStage.DISPATCH: LimitStage.DISPATCH,
    ClockStage.VERIFY: LimitStage.VERIFY,
}


@dataclass(frozen=True)
class Offer:
    """A move a person may make on a case, or why not just now."""

    move: Move
    refusal: Sentence | None = None

    @property
    def allowed(self) -> bool:
        return self.refusal is None


@dataclass(frozen=True)
class Outcome:
    """What became of one case of a bulk move."""

    case_id: int
    refused: Refused | None = None


def perform(
    case_id: int,
    move: str,
    *,
    by: Actor,
    at: datetime,
    version: int | None = None,
    **given: Unpack[Given],
) -> Case:
    """Make one move and return the case as it is now.

    Raises:
        Missing: there is no such case or move, or the person may not read the case.
        Stale: the case has moved since `version`, or its stage no longer allows the move; carries the state now.
        Forbidden: the person has no business with this move, or a rule keeps this person from it.
        Invalid: something the move needs is missing or wrong; the field is named.
    """
    with speaking_as(by):
        turn = _begin(case_id, move, by, at, given)
        _check_version(turn, version)
        _check_rules(turn)
        check_needs(turn)
        return make(turn)


def perform_many(
    case_ids: Iterable[int], move: str, *, by: Actor, at: datetime, **given: Unpack[Given]
) -> list[Outcome]:
    """Make the same move on several cases, each for itself; a refusal of one does not touch the others."""
    outcomes = []
    for case_id in case_ids:
        try:
            perform(case_id, move, by=by, at=at, **given)
            outcomes.append(Outcome(case_id))
        except Refused as refused:
            outcomes.append(Outcome(case_id, refused))
    return outcomes


def offers(
    case: Case, tasks: list[Task], requests: list[Request], *, by: Actor, at: datetime
) -> list[Offer]:
    """Return the moves to show this person on this case, in the order of the table; no query but duties."""
    facts, person = facts_of(case, tasks, requests), person_of(by, case, at=at)
    verdicts = [(move, judge(move, facts, person)) for move in MOVES]
    return [
        Offer(move, refusal.why if refusal else None)
        for move, refusal in verdicts
        if refusal is None or not refusal.hidden
    ]


def make(turn: Turn) -> Case:
    """Make a judged move: clocks, effect, case, audit row, notices."""
    case, move = turn.case, turn.move
    before = case.stage
    _say_for_whom(turn)
    clocks.stop(case, move.stops, turn.at)
    EFFECTS[move.name](turn)
    case.stage = turn.to or move.to or case.stage
    _start(turn)
    case.version += 1
    case.save()
    owing_a_call.after_move(case, before, turn.at)
    turn.facts |= {"from": before, "to": case.stage, "move": move.name}
    if turn.reason:
        turn.texts["reason"] = turn.reason
    if turn.note:
        turn.texts["note"] = turn.note
    audit.record(
        "case", str(case.pk), move.verb, by=turn.by, at=turn.at, facts=turn.facts, texts=turn.texts
    )
    for event, ids in [(move.verb, {}), *turn.events]:
        enqueue(event, "case", case.pk, at=turn.at, **ids)
    return case


def _say_for_whom(turn: Turn) -> None:
    """A stand-in who acts by another's right says so in the record: `for` holds the ids of those on leave."""
    if turn.user is None or not stood_in_for(turn.user, turn.at):
        return
    unit_id = turn.task.unit_id if turn.move.subject == Subject.TASK else None
    people = acted_for(turn.by, turn.case, turn.move.permission, unit_id, at=turn.at)
    used(turn.by, people, at=turn.at)
    if people:
        turn.facts["for"] = list(people)


def _begin(case_id: int, move: str, by: Actor, at: datetime, given: Given) -> Turn:
    if move not in BY_NAME:
        raise Missing(Sentence(N_("没有这一步")))
    found = Case.objects.filter(pk=case_id)
    if isinstance(by, User):
        found = found.visible_to(by, at=at)
    case = found.select_for_update().first()
    if case is None:
        raise Missing(Sentence(N_("没有这件案卷")))
    tasks = list(Task.objects.filter(case=case).order_by("id"))
    requests = list(Request.objects.filter(case=case, state="asked").order_by("id"))
    for task in tasks:
        task.case = case
    return Turn(case, tasks, requests, BY_NAME[move], by, at, given)


def _state(case: Case) -> dict[str, object]:
    return {"number": case.number, "stage": case.stage, "version": case.version}


def _check_version(turn: Turn, version: int | None) -> None:
    if version is not None and version != turn.case.version:
        raise Stale(
            Sentence(
                N_("这件案卷刚被他人办理过，现在是“%(stage)s”，请看过最新情况再办"),
                {"stage": Sentence(STAGE_NAMES[turn.case.stage])},
            ),
            current=_state(turn.case),
        )


def _check_rules(turn: Turn) -> None:
    """Refuse by the table: no permission is 403, a stage that has moved on is 409, a rule is 403."""
    refusal = judge(turn.move, turn.case_facts, turn.person, turn.given.get("task_id"))
    if refusal is None:
        return
    allowed = turn.person.kind == "system" or turn.move.permission in turn.person.permissions
    if allowed and turn.case.stage not in turn.move.sources:
        raise Stale(refusal.why, current=_state(turn.case))
    raise Forbidden(refusal.why)


def _start(turn: Turn) -> None:
    stage = turn.starts
    if stage is not None and stage in _LIMITS:
        clocks.start(turn.case, stage, catalogue.book().limit_for(_LIMITS[stage]), turn.at)
