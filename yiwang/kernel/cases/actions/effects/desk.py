"""What the desk does: accept, refuse, file, place, dispatch, ask others to assist."""

from yiwang.kernel import catalogue
from yiwang.kernel.cases.actions import clocks, confidence, kinds, place
from yiwang.kernel.cases.actions.turn import Turn, refuse_field
from yiwang.kernel.cases.lookups import reword
from yiwang.kernel.cases.models import Case, Report, Reporter, Task
from yiwang.kernel.cases.rules.intake import is_on_earth
from yiwang.kernel.cases.rules.stages import ClockStage, ReportKind, TaskRole, TaskState
from yiwang.kernel.catalogue.rules.words import Stage as LimitStage
from yiwang.kernel.foundation.actors import SYSTEM
from yiwang.kernel.foundation.calendar.rules import Limit
from yiwang.kernel.foundation.sentences import N_
from yiwang.kernel.foundation.viewer import speaking_as
from yiwang.kernel.organisation.models import Unit


def accept(turn: Turn) -> None:
    """Take the case on under its category; without a choice, under the one it already has."""
    _file(turn)
    turn.case.accepted_at = turn.at


def classify(turn: Turn) -> None:
    """File under another category; the unit is suggested anew."""
    turn.facts["category_before"] = turn.case.category_id
    _file(turn)


def _file(turn: Turn) -> None:
    case, given = turn.case, turn.given
    category = given.get("category_id", case.category_id)
    condition = given.get("condition_id")
    if condition is None and category == case.category_id:
        condition = case.condition_id
    entry, chosen = kinds.chosen(category, condition)
    kinds.file_under(case, entry, chosen)
    if case.public and Report.objects.filter(case=case, kind=ReportKind.DENOUNCE).exists():
        case.public = False
    if case.confidential:
        confidence.keep_within(case, turn.at)
    turn.facts |= {"category": entry.id, "condition": chosen.id}


def relocate(turn: Turn) -> None:
    """Put the case where a person says it is; the reporter's row follows, so that the right duty reads it."""
    given, case = turn.given, turn.case
    lon, lat = given.get("lon"), given.get("lat")
    if lon is None or lat is None or not is_on_earth(lon, lat):
        raise refuse_field("place", N_("请在地图上选择位置"))
    place.put(case, place.Spot(lon, lat, None, given.get("address", case.address)), turn.at)
    case.place_confirmed = True
    kinds.suggest_unit(case)
    reword(case)
    with speaking_as(SYSTEM):
        Reporter.objects.filter(report__case=case).update(area_path=case.area_path)
    turn.facts |= {"area": case.area_id, "trust": case.trust}


def refuse(turn: Turn) -> None:
    """End the case; the reason is the answer owed to everybody who has none yet."""
    open_reports = Report.objects.filter(case=turn.case, answered_at=None)
    open_reports.update(answer=turn.reason, answered_at=turn.at, answered_by=turn.user)


def limit_of(case: Case) -> Limit:
    """Return the limit of the case's condition, or the town's limit for handling."""
    book = catalogue.book()
    condition = book.condition(case.condition_id) if case.condition_id else None
    return condition.limit if condition else book.limit_for(LimitStage.HANDLE)


def dispatch(turn: Turn) -> None:
    """Give the lead to a unit; its clock starts."""
    unit = _unit(turn)
    case = turn.case
    offer(turn, unit, TaskRole.LEAD)
    case.lead_unit = unit
    case.dispatched_at = case.dispatched_at or turn.at
    turn.facts["as_suggested"] = unit.pk == case.suggested_unit_id


def add_assist(turn: Turn) -> None:
    """Ask another unit to assist, with its own clock."""
    offer(turn, _unit(turn), TaskRole.ASSIST)


def offer(turn: Turn, unit: Unit, role: TaskRole) -> Task:
    """Create the task of a unit and start its clock."""
    case = turn.case
    if any(task.is_open and task.unit_id == unit.pk for task in turn.tasks):
        raise refuse_field("unit_id", N_("%(unit)s 已在办理这件案卷"), unit=unit.name)
    task = Task(
        case=case, unit=unit, role=role, note=turn.note, dispatched_at=turn.at,
        dispatched_by=turn.user,
    )  # fmt: skip
    task.save(force_insert=True)
    turn.tasks.append(task)
    clocks.start(case, ClockStage.HANDLE, limit_of(case), turn.at, task)
    if unit.pk not in case.unit_ids:
        case.unit_ids = [*case.unit_ids, unit.pk]
    turn.facts |= {"unit": unit.pk, "task": task.pk, "role": role}
    return task


def _unit(turn: Turn) -> Unit:
    unit = Unit.objects.filter(pk=turn.given["unit_id"], active=True).first()
    if unit is None:
        raise refuse_field("unit_id", N_("没有这个单位，或它已停用"))
    if unit.pk == turn.case.about_unit_id:
        raise refuse_field("unit_id", N_("反映的就是这个单位，不能派给它"))
    return unit


def recall(turn: Turn) -> None:
    """Take the offered task back before the unit has signed."""
    cancel(turn, [task for task in turn.tasks if task.is_lead and task.is_open])
    turn.case.lead_unit = None


def waive_assist(turn: Turn) -> None:
    """A leader frees the lead of open assistance, with a reason."""
    waived = turn.open_assists()
    cancel(turn, waived)
    turn.facts["units"] = [task.unit_id for task in waived]


def cancel(turn: Turn, tasks: list[Task]) -> None:
    """End open tasks without a result; what they asked for lapses."""
    for task in tasks:
        clocks.stop_task(task, turn.at)
        task.state = TaskState.CANCELLED
        task.reason = turn.reason
        task.save(update_fields=["state", "reason"])
        task.requests.filter(state="asked").update(state="lapsed", decided_at=turn.at)
