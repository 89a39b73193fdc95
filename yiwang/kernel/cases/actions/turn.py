"""One move being made: the locked case, what was given, and what will be written about it."""

import uuid
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TypedDict

from yiwang.kernel.accounts.models import User
from yiwang.kernel.cases.models import Case, Request, Task
from yiwang.kernel.cases.permissions import facts_of, person_of
from yiwang.kernel.cases.rules.intake import clean_text
from yiwang.kernel.cases.rules.judge import CaseFacts, Person, own_task
from yiwang.kernel.cases.rules.moves import REASON_AT_MOST, Move, Need
from yiwang.kernel.cases.rules.stages import ClockStage, TaskRole
from yiwang.kernel.foundation.actors import Actor
from yiwang.kernel.foundation.errors import Invalid
from yiwang.kernel.foundation.sentences import N_, Param, Sentence


class Given(TypedDict, total=False):
    """What a person may give with a move. Doors hand over what was typed; `Turn` refuses what is missing."""

    reason: str
    note: str
    category_id: int
    condition_id: int
    unit_id: int
    handler_id: int
    target: str
    until: date
    lon: float
    lat: float
    address: str
    photo_ids: list[uuid.UUID]
    task_id: int


@dataclass
class Turn:
    """One move on one locked case. `facts` and `texts` go to the audit trail, `events` to the notices."""

    case: Case
    tasks: list[Task]
    requests: list[Request]
    move: Move
    by: Actor
    at: datetime
    given: Given
    facts: dict[str, object] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)
    events: list[tuple[str, dict[str, int]]] = field(default_factory=list)
    to: str | None = None
    starts_instead: ClockStage | None = None

    @property
    def starts(self) -> ClockStage | None:
        """The clock the move starts: the table's, unless the effect chose another."""
        return self.starts_instead or self.move.starts

    @property
    def user(self) -> User | None:
        return self.by if isinstance(self.by, User) else None

    @property
    def staff(self) -> User:
        """The member of staff who makes a move that only staff can make."""
        assert isinstance(self.by, User), self.move.name
        return self.by

    @property
    def case_facts(self) -> CaseFacts:
        return facts_of(self.case, self.tasks, self.requests)

    @property
    def person(self) -> Person:
        return person_of(self.by, self.case, at=self.at)

    @property
    def reason(self) -> str:
        return clean_text(self.given.get("reason", ""))

    @property
    def note(self) -> str:
        return clean_text(self.given.get("note", ""))

    @property
    def lead(self) -> Task | None:
        return self.case.open_lead(self.tasks)

    @property
    def task(self) -> Task:
        """The task of the person's own unit that this move is about."""
        facts = own_task(self.case_facts, self.person, self.given.get("task_id"))
        assert facts is not None, "judge() has found it before"
        return next(task for task in self.tasks if task.pk == facts.id)

    def open_assists(self) -> list[Task]:
        return [task for task in self.tasks if task.role == TaskRole.ASSIST and task.is_open]

    def tell(self, event: str, **ids: int) -> None:
        """Let `event` be told once the move is written."""
        self.events.append((event, ids))


def refuse_field(name: str, msgid: str, **params: Param) -> Invalid:
    """Return the refusal that stands beside one field."""
    return Invalid(Sentence(msgid, params), field=name)


def check_needs(turn: Turn) -> None:
    """Refuse a move that lacks what the table asks for.

    Raises:
        Invalid: naming the field. Evidence, units and categories are checked by the move's own effect.
    """
    for name, words in (("reason", turn.reason), ("note", turn.note)):
        if len(words) > REASON_AT_MOST:
            raise refuse_field(name, N_("最多 %(most)s 字"), most=REASON_AT_MOST)
    if Need.REASON in turn.move.needs and not turn.reason:
        raise refuse_field("reason", N_("请写明理由"))
    if Need.NOTE in turn.move.needs and not turn.note:
        raise refuse_field("note", N_("请写明处置结果"))
    if Need.UNTIL in turn.move.needs and "until" not in turn.given:
        raise refuse_field("until", N_("请选择日期"))
    if Need.UNIT in turn.move.needs and "unit_id" not in turn.given:
        raise refuse_field("unit_id", N_("请选择单位"))
    if Need.CASE in turn.move.needs and not turn.given.get("target", "").strip():
        raise refuse_field("target", N_("请填写要并入的案卷号"))
    if Need.HANDLER in turn.move.needs and "handler_id" not in turn.given:
        raise refuse_field("handler_id", N_("请选择经办人"))
