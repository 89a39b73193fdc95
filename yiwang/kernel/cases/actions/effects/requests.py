"""More time (延期) and pauses (挂账): a unit asks, somebody else decides."""

from datetime import timedelta

from django.utils import timezone

from yiwang.kernel.cases.actions import clocks
from yiwang.kernel.cases.actions.turn import Turn, refuse_field
from yiwang.kernel.cases.models import Clock, Request
from yiwang.kernel.cases.rules.moves import SUSPENSION_AT_MOST_DAYS
from yiwang.kernel.cases.rules.stages import Stage
from yiwang.kernel.foundation.sentences import N_


def ask_extension(turn: Turn) -> None:
    """Ask for one more original limit."""
    _ask(turn, "extension")


def ask_suspension(turn: Turn) -> None:
    """Ask for a pause until a day."""
    until = turn.given["until"]
    today = timezone.localdate(turn.at)
    if not today < until <= today + timedelta(days=SUSPENSION_AT_MOST_DAYS):
        raise refuse_field("until", N_("请选择今天之后、一年之内的日期"))
    _ask(turn, "suspension")


def _ask(turn: Turn, kind: str) -> None:
    task = turn.task
    request = Request(
        case=turn.case, task=task, kind=kind, reason=turn.reason, until=turn.given.get("until"),
        asked_by=turn.staff, asked_at=turn.at,
    )  # fmt: skip
    request.save(force_insert=True)
    turn.facts |= {"request": request.pk, "task": task.pk}


def _decide(turn: Turn, kind: str, state: str) -> Request:
    """Decide the oldest request of the kind that this person did not make."""
    asker = turn.user.pk if turn.user else None
    request = next(r for r in turn.requests if r.kind == kind and r.asked_by_id != asker)
    request.state = state
    request.decided_by = turn.user
    request.decided_at = turn.at
    request.answer = turn.reason
    request.save()
    request.task.case = turn.case
    turn.facts |= {"request": request.pk, "task": request.task_id}
    return request


def approve_extension(turn: Turn) -> None:
    """Move the task's end by one original limit."""
    request = _decide(turn, "extension", "approved")
    task = request.task
    task.extension_count += 1
    task.save(update_fields=["extension_count"])
    turn.case.extension_count += 1
    clock = clocks.running(task)
    if clock is not None:
        clock.task = task
        clocks.extend(clock)
        if task.is_lead:
            clocks.show(turn.case, clock)


def reject(turn: Turn) -> None:
    """Say no, with a reason."""
    _decide(turn, turn.move.name.removeprefix("reject_"), "rejected")


def approve_suspension(turn: Turn) -> None:
    """Pause every running clock of the work until the day asked for, or until it is resumed."""
    request = _decide(turn, "suspension", "approved")
    case = turn.case
    for clock in Clock.objects.filter(case=case, stopped_at=None, paused_at=None):
        clocks.pause(clock, turn.at)
    case.suspended_until = request.until
    case.suspension_count += 1
    case.clock_due_at = None
    case.late = False
    turn.facts["until"] = request.until.isoformat() if request.until else None


def resume(turn: Turn) -> None:
    """Let the clocks run on."""
    case = turn.case
    case.suspended_until = None
    paused = Clock.objects.filter(case=case, stopped_at=None).exclude(paused_at=None)
    for clock in paused.select_related("task"):
        clocks.resume(clock, turn.at)
        if clock.task is None or clock.task.is_lead:
            clocks.show(case, clock)
    turn.to = Stage.HANDLING
