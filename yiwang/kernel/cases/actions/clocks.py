"""Starting, stopping, pausing and extending the clocks of a case."""

from datetime import datetime
from typing import TYPE_CHECKING

from yiwang.kernel.cases.models import Case, Clock, Task
from yiwang.kernel.cases.rules.clocks import remind_at
from yiwang.kernel.cases.rules.stages import ClockStage
from yiwang.kernel.foundation.calendar import load
from yiwang.kernel.foundation.calendar.rules import (
    Deadline,
    Limit,
    compute_deadline,
    due_after_pause,
)

if TYPE_CHECKING:
    from collections.abc import Iterable


def new_clock(
    case: Case, stage: ClockStage, limit: Limit, at: datetime, task: Task | None = None
) -> Clock:
    """Return an unsaved clock that starts now, with its trace."""
    deadline = compute_deadline(at, limit, load())
    return Clock(
        case=case,
        task=task,
        stage=stage,
        started_at=at,
        limit=limit.as_text(),
        due_at=deadline.due,
        provisional=deadline.provisional,
        trace=[sentence.as_json() for sentence in deadline.trace],
        next_step_at=remind_at(at, deadline.due),
    )


def start(
    case: Case, stage: ClockStage, limit: Limit, at: datetime, task: Task | None = None
) -> Clock:
    """Start a clock; the lead's (or the desk's) clock is the one lists show."""
    clock = new_clock(case, stage, limit, at, task)
    clock.save(force_insert=True)
    if task is None or task.is_lead:
        show(case, clock)
    if task is not None:
        task.due_at = clock.due_at
        task.save(update_fields=["due_at"])
    return clock


def show(case: Case, clock: Clock | None) -> None:
    """Let lists show this clock (unsaved: the move saves the case)."""
    case.clock_stage = clock.stage if clock else ""
    case.clock_started_at = clock.started_at if clock else None
    case.clock_due_at = clock.due_at if clock and clock.paused_at is None else None
    case.late = False


def stop(case: Case, stages: "Iterable[str]", at: datetime) -> list[Clock]:
    """Stop the running clocks of these stages that belong to the desk or to the lead."""
    running = [
        clock
        for clock in Clock.objects.filter(case=case, stage__in=list(stages), stopped_at=None)
        .select_related("task")
        .order_by("id")
        if clock.task is None or clock.task.is_lead
    ]
    for clock in running:
        _end(clock, at)
    if running:
        show(case, None)
    return running


def stop_task(task: Task, at: datetime) -> None:
    """Stop the running clock of one task."""
    for clock in Clock.objects.filter(task=task, stopped_at=None):
        _end(clock, at)
        if task.is_lead:
            show(task.case, None)


def _end(clock: Clock, at: datetime) -> None:
    clock.stopped_at = at
    clock.next_step_at = None
    clock.save(update_fields=["stopped_at", "next_step_at"])


def running(task: Task) -> Clock | None:
    """Return the clock that runs (or is paused) for a task."""
    return Clock.objects.filter(task=task, stopped_at=None).first()


def pause(clock: Clock, at: datetime) -> None:
    """Stop counting until `resume`."""
    clock.paused_at = at
    clock.save(update_fields=["paused_at"])


def resume(clock: Clock, at: datetime) -> None:
    """Count on: the end moves by the counted time the pause took."""
    assert clock.paused_at is not None
    clock.pauses = [*clock.pauses, [clock.paused_at.isoformat(), at.isoformat()]]
    clock.paused_at = None
    recompute(clock)


def extend(clock: Clock) -> None:
    """Add the original limit once more, from the old end."""
    clock.extended += 1
    recompute(clock)


def recompute(clock: Clock) -> None:
    """Compute the end again from start, limit, pauses and extensions, with today's calendar."""
    deadline = deadline_of(clock)
    clock.due_at = deadline.due
    clock.provisional = deadline.provisional
    clock.trace = [sentence.as_json() for sentence in deadline.trace]
    clock.next_step_at = remind_at(clock.started_at, deadline.due)
    clock.step = 0
    clock.save()
    if clock.task is not None:
        clock.task.due_at = deadline.due
        clock.task.save(update_fields=["due_at"])


def deadline_of(clock: Clock) -> Deadline:
    """Return the deadline that follows from what the clock keeps."""
    pauses = [(datetime.fromisoformat(a), datetime.fromisoformat(b)) for a, b in clock.pauses]
    limit = Limit.parse(clock.limit)
    return due_after_pause(clock.started_at, limit, pauses, load(), extensions=clock.extended)
