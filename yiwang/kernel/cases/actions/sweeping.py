"""Everything late climbs by itself: reminders, the unit, the leader and the supervision mark; pauses end."""

from datetime import datetime

from django.db.models import Q
from django.utils import timezone

from yiwang.kernel.cases.actions import clocks
from yiwang.kernel.cases.actions.perform import perform
from yiwang.kernel.cases.models import Case, Clock
from yiwang.kernel.cases.rules.clocks import Step, climb
from yiwang.kernel.cases.rules.stages import Stage
from yiwang.kernel.foundation import audit
from yiwang.kernel.foundation.actors import SYSTEM, Actor
from yiwang.kernel.foundation.viewer import speaking_as
from yiwang.kernel.notices import enqueue

BATCH = 200

_EVENTS: dict[Step, str] = {
    Step.REMINDED: "clock_due_soon",
    Step.UNIT_TOLD: "clock_overdue",
    Step.LEADER_TOLD: "case_late_to_leader",
}


def sweep(*, at: datetime) -> int:
    """Let every clock say what it has to say at `at`; return how many did. Safe beside another sweep."""
    done = 0
    while True:
        with speaking_as(SYSTEM):
            batch = list(
                Clock.objects.select_for_update(skip_locked=True, of=("self",))
                .filter(next_step_at__lte=at, stopped_at=None, paused_at=None)
                .order_by("next_step_at", "id")[:BATCH]
            )
            for clock in batch:
                _climb(clock, at)
        done += len(batch)
        if len(batch) < BATCH:
            return done


def _climb(clock: Clock, at: datetime) -> None:
    was = clock.step
    reached = climb(was, clock.started_at, clock.due_at, at)
    clock.step, clock.next_step_at = reached.step, reached.again_at
    clock.save(update_fields=["step", "next_step_at"])
    if reached.step == was:
        return
    event = _EVENTS[reached.step]
    facts: dict[str, object] = {"clock": clock.pk, "stage": clock.stage, "task": clock.task_id}
    facts["supervised"] = _mark(clock, reached.step, at)
    audit.record("case", str(clock.case_id), event, by=SYSTEM, at=at, facts=facts)
    enqueue(event, "case", clock.case_id, at=at, clock=clock.pk)


def _mark(clock: Clock, step: Step, at: datetime) -> bool:
    """Mark the case late, and supervised once the leader hears; return whether it was newly supervised.

    The case is not locked: its row's version stays, since nothing a person decides upon has changed.
    """
    if step >= Step.UNIT_TOLD:
        Case.objects.filter(pk=clock.case_id, clock_due_at__lte=at).update(late=True)
    if step < Step.LEADER_TOLD:
        return False
    return bool(Case.objects.filter(pk=clock.case_id, supervised_at=None).update(supervised_at=at))


def end_suspensions(*, at: datetime) -> int:
    """Resume every case whose pause has reached its last day."""
    over = Case.objects.filter(stage=Stage.SUSPENDED, suspended_until__lte=timezone.localdate(at))
    ids = list(over.values_list("pk", flat=True)[:BATCH])
    for case_id in ids:
        perform(case_id, "resume", by=SYSTEM, at=at, reason="挂账到期")
    return len(ids)


def recompute_running(*, by: Actor, at: datetime) -> int:
    """Compute running clocks again after a change of the calendar; return how many ends moved.

    Those that crossed into a year not yet published among them. A clock that is over stays over, and an end that
    another system gave is not ours to move.
    """
    moved = 0
    running = Clock.objects.filter(
        Q(due_at__gt=at) | Q(provisional=True), source="", stopped_at=None, paused_at=None
    )
    with speaking_as(SYSTEM):
        for clock in running.select_related("task", "case").select_for_update(of=("self",)):
            before = clock.due_at
            clocks.recompute(clock)
            if clock.due_at == before:
                continue
            moved += 1
            _show_again(clock)
            facts: dict[str, object] = {
                "clock": clock.pk, "due_before": before.isoformat(), "due": clock.due_at.isoformat(),
            }  # fmt: skip
            audit.record(
                "case", str(clock.case_id), "deadline_recomputed", by=by, at=at, facts=facts
            )
    return moved


def _show_again(clock: Clock) -> None:
    if clock.paused_at is None and (clock.task is None or clock.task.is_lead):
        Case.objects.filter(pk=clock.case_id).update(clock_due_at=clock.due_at, late=False)
