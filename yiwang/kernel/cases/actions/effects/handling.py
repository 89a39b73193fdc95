"""What a unit and a grid worker do: sign, give back, pass on, report back, solve on the spot."""

from yiwang.kernel import catalogue
from yiwang.kernel.cases.actions import clocks, kinds
from yiwang.kernel.cases.actions.evidence import attach
from yiwang.kernel.cases.actions.turn import Turn, refuse_field
from yiwang.kernel.cases.models import Task
from yiwang.kernel.cases.rules.stages import ClockStage, Stage, TaskRole, TaskState
from yiwang.kernel.foundation.sentences import N_
from yiwang.kernel.organisation.duties import duties_of, people_in
from yiwang.kernel.organisation.rules import Permission


def sign(turn: Turn) -> None:
    """The unit takes the task; who signs handles it until it is passed on."""
    task = turn.task
    task.state = TaskState.WORKING
    task.signed_at = turn.at
    task.handler = turn.staff
    task.save(update_fields=["state", "signed_at", "handler"])
    turn.facts |= {"task": task.pk, "unit": task.unit_id}
    if task.is_lead:
        turn.to = Stage.HANDLING


def give_back(turn: Turn) -> None:
    """退单. The lead's return sends the case to the desk; an assisting unit's return ends only its own task."""
    task = turn.task
    clocks.stop_task(task, turn.at)
    task.state = TaskState.RETURNED
    task.reason = turn.reason
    task.save(update_fields=["state", "reason"])
    task.requests.filter(state="asked").update(state="lapsed", decided_at=turn.at)
    turn.facts |= {"task": task.pk, "unit": task.unit_id}
    turn.case.return_count += 1
    if task.is_lead:
        turn.case.lead_unit = None
        turn.to = Stage.ACCEPTED
        turn.starts_instead = ClockStage.DISPATCH


def pass_on(turn: Turn) -> None:
    """Give the task to another person of the same unit."""
    task = turn.task
    handler = turn.given.get("handler_id")
    colleagues = {posting.user_id for posting in people_in(task.unit_id, turn.at)}
    if handler not in colleagues:
        raise refuse_field("handler_id", N_("这个人不在本单位"))
    if handler == turn.case.about_user_id:
        # Said as if the person were not there: whom a matter is about is told to nobody.
        raise refuse_field("handler_id", N_("这个人不在本单位"))
    task.handler_id = handler
    task.save(update_fields=["handler"])
    turn.facts |= {"task": task.pk, "handler": handler}


def report_back(turn: Turn) -> None:
    """The unit says it is done, with evidence. The lead's word sends the case to the check."""
    task, case = turn.task, turn.case
    photos = attach(turn, task, "after")
    condition = catalogue.book().condition(case.condition_id) if case.condition_id else None
    if task.is_lead and condition and condition.needs_photo_after and not photos:
        raise refuse_field("photos", N_("这一类案卷须附处置后的照片"))
    _finish(turn, task)
    clocks.stop_task(task, turn.at)
    turn.facts |= {"task": task.pk, "unit": task.unit_id, "photos": photos}
    if not task.is_lead:
        return
    case.result = turn.note
    case.reported_back_at = turn.at
    case.handled_in_time = task.due_at is None or turn.at <= task.due_at
    turn.facts["in_time"] = case.handled_in_time
    turn.to = Stage.REPORTED_BACK
    turn.starts_instead = ClockStage.VERIFY


def _finish(turn: Turn, task: Task) -> None:
    task.state = TaskState.DONE
    task.finished_at = turn.at
    task.finished_by = turn.staff
    task.result = turn.note
    task.save(update_fields=["state", "finished_at", "finished_by", "result"])
    # Whose place one takes has put it right as much as oneself: neither checks it, now or after coming back.
    hands = {task.handler_id or turn.staff.pk, *turn.person.hands}
    turn.case.fixer_ids = sorted({*turn.case.fixer_ids, *hands})


def solve_on_spot(turn: Turn) -> None:
    """自行处置: the grid worker settles it at once; somebody else still checks."""
    case = turn.case
    entry, condition = kinds.chosen(
        turn.given.get("category_id", case.category_id), turn.given.get("condition_id")
    )
    kinds.file_under(case, entry, condition)
    unit_id = _own_unit(turn)
    task = Task(
        case=case, unit_id=unit_id, role=TaskRole.LEAD, handler=turn.staff,
        dispatched_at=turn.at, signed_at=turn.at, state=TaskState.WORKING,
    )  # fmt: skip
    task.save(force_insert=True)
    turn.tasks.append(task)
    photos = attach(turn, task, "after")
    if condition.needs_photo_after and not photos:
        raise refuse_field("photos", N_("这一类案卷须附处置后的照片"))
    _finish(turn, task)
    case.on_spot = True
    case.accepted_at = case.accepted_at or turn.at
    case.dispatched_at = case.reported_back_at = turn.at
    case.lead_unit_id = unit_id
    case.unit_ids = sorted({*case.unit_ids, unit_id})
    case.result = turn.note
    case.handled_in_time = True
    turn.facts |= {"task": task.pk, "unit": unit_id, "category": entry.id, "photos": photos}


def _own_unit(turn: Turn) -> int:
    """Return the unit of the posting that lets the person settle matters here."""
    return next(
        duty.unit_id
        for duty in duties_of(turn.staff, turn.at)
        if duty.reaches(Permission.CASE_SOLVE_ON_SPOT, turn.case.area_path, None)
    )
