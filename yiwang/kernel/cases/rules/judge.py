"""May this person make this move on this case now? One pure answer for buttons, API, phone and tests."""

from collections.abc import Callable
from dataclasses import dataclass

from yiwang.kernel.cases.rules.moves import EXTENSIONS_AT_MOST, Guard, Move, Subject
from yiwang.kernel.cases.rules.stages import (
    OPEN_TASKS,
    STAGE_NAMES,
    TaskRole,
    TaskState,
    level_above,
    level_below,
)
from yiwang.kernel.foundation.sentences import N_, Sentence


@dataclass(frozen=True)
class TaskFacts:
    """What the rules need to know of one unit's work."""

    id: int
    unit_id: int
    role: str
    state: str
    handler_id: int | None = None
    extensions: int = 0


@dataclass(frozen=True)
class RequestFacts:
    """An undecided request of a unit."""

    id: int
    kind: str
    task_id: int
    asked_by_id: int


@dataclass(frozen=True)
class CaseFacts:
    """What the rules need to know of a case."""

    stage: str
    level: str
    fixer_ids: frozenset[int] = frozenset()
    tasks: tuple[TaskFacts, ...] = ()
    requests: tuple[RequestFacts, ...] = ()
    supervised: bool = False
    suspended_before: bool = False
    reopened: int = 0


@dataclass(frozen=True)
class Person:
    """Who asks: the permissions that hold in the area of this case, and the units worked for.

    `stands_for`: people on leave whose place this person takes; what those did, this person did.
    The program itself (`kind` "system") acts only through moves that name no person.
    """

    kind: str
    id: int | None
    permissions: frozenset[str] = frozenset()
    units: frozenset[int] = frozenset()
    stands_for: frozenset[int] = frozenset()

    @property
    def hands(self) -> frozenset[int]:
        """Everybody whose work counts as this person's own."""
        return self.stands_for if self.id is None else self.stands_for | {self.id}


@dataclass(frozen=True)
class Refusal:
    """Why not. `hidden` says that the person has no business with this move at all."""

    why: Sentence
    hidden: bool = False


@dataclass(frozen=True)
class _Question:
    move: Move
    case: CaseFacts
    person: Person
    task: TaskFacts | None = None


def lead_of(case: CaseFacts) -> TaskFacts | None:
    """Return the open lead task, or the one that is done and waits for its check."""
    leads = [task for task in case.tasks if task.role == TaskRole.LEAD]
    alive = [task for task in leads if task.state in (*OPEN_TASKS, TaskState.DONE)]
    return alive[-1] if alive else None


def own_task(case: CaseFacts, person: Person, task_id: int | None) -> TaskFacts | None:
    """Return the open task the person's units may work on: the named one, else the lead, else the first."""
    mine = [t for t in case.tasks if t.state in OPEN_TASKS and t.unit_id in person.units]
    if task_id is not None:
        mine = [task for task in mine if task.id == task_id]
    mine.sort(key=lambda task: (task.role != TaskRole.LEAD, task.id))
    return mine[0] if mine else None


def _open_assists(case: CaseFacts) -> list[TaskFacts]:
    return [t for t in case.tasks if t.role == TaskRole.ASSIST and t.state in OPEN_TASKS]


def _not_the_fixer(q: _Question) -> bool:
    return q.person.hands.isdisjoint(q.case.fixer_ids)


def _assistance_done(q: _Question) -> bool:
    return q.task is None or q.task.role != TaskRole.LEAD or not _open_assists(q.case)


def _asked(kind: str) -> Callable[[_Question], bool]:
    return lambda q: any(
        r.kind == kind and r.asked_by_id not in q.person.hands for r in q.case.requests
    )


_GUARDS: dict[Guard, tuple[Callable[[_Question], bool], str]] = {
    Guard.NOT_THE_FIXER: (_not_the_fixer, N_("您参与了处置，须由他人核查")),
    Guard.ASSISTANCE_DONE: (_assistance_done, N_("还有协办单位未反馈，须领导说明理由后才能办结")),
    Guard.ASSISTANCE_OPEN: (lambda q: bool(_open_assists(q.case)), N_("没有未完成的协办")),
    Guard.NO_OPEN_REQUEST: (
        lambda q: not any(q.task and r.task_id == q.task.id for r in q.case.requests),
        N_("已有申请等待审批"),
    ),
    Guard.EXTENSIONS_LEFT: (
        lambda q: q.task is None or q.task.extensions < EXTENSIONS_AT_MOST,
        N_("延期最多两次"),
    ),
    Guard.NEVER_SUSPENDED: (lambda q: not q.case.suspended_before, N_("每件案卷只能挂账一次")),
    Guard.NEVER_REOPENED: (lambda q: q.case.reopened == 0, N_("每件案卷只能重办一次")),
    Guard.LEVEL_ABOVE: (lambda q: level_above(q.case.level) is not None, N_("已在最高层级")),
    Guard.LEVEL_BELOW: (lambda q: level_below(q.case.level) is not None, N_("已在最低层级")),
    Guard.NOT_SUPERVISED: (lambda q: not q.case.supervised, N_("已在督办中")),
    Guard.SUPERVISED: (lambda q: q.case.supervised, N_("没有督办")),
    Guard.TASK_OFFERED: (
        lambda q: bool(q.task and q.task.state == TaskState.OFFERED),
        N_("任务已签收"),
    ),
    Guard.TASK_WORKING: (
        lambda q: bool(q.task and q.task.state == TaskState.WORKING),
        N_("请先签收任务"),
    ),
    Guard.LEAD_TASK: (
        lambda q: bool(q.task and q.task.role == TaskRole.LEAD),
        N_("只有主办单位可以申请挂账"),
    ),
    Guard.EXTENSION_ASKED: (_asked("extension"), N_("没有等待您审批的延期申请")),
    Guard.SUSPENSION_ASKED: (_asked("suspension"), N_("没有等待您审批的挂账申请")),
}


def judge(
    move: Move, case: CaseFacts, person: Person, task_id: int | None = None
) -> Refusal | None:
    """Return why the move is refused, or None when it may be made.

    Order: permission, stage, the person's own task, guards. A person without the permission learns nothing else.
    """
    if person.kind != "system" and move.permission not in person.permissions:
        return Refusal(Sentence(N_("您没有办理这一步的权限"), {}), hidden=True)
    if case.stage not in move.sources:
        return Refusal(
            Sentence(
                N_("案卷现在是“%(stage)s”，不能办理这一步"), {"stage": STAGE_NAMES[case.stage]}
            ),
            hidden=True,
        )
    task = own_task(case, person, task_id) if move.subject == Subject.TASK else None
    if move.subject == Subject.TASK and task is None:
        return Refusal(Sentence(N_("这件任务不在您的单位"), {}), hidden=True)
    question = _Question(move, case, person, task)
    for guard in move.guards:
        holds, sentence = _GUARDS[guard]
        if not holds(question):
            return Refusal(Sentence(sentence, {}))
    return None
