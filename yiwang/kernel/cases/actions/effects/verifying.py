"""What a verifier does: pass, send back; and what a dissatisfied answer does: reopen."""

from yiwang.kernel.cases.actions import clocks
from yiwang.kernel.cases.actions.effects.desk import limit_of
from yiwang.kernel.cases.actions.evidence import attach
from yiwang.kernel.cases.actions.turn import Turn
from yiwang.kernel.cases.rules.stages import ClockStage, Stage, TaskState


def pass_check(turn: Turn) -> None:
    """Close the case."""
    turn.facts["photos"] = attach(turn, None, "check")
    turn.case.closed_at = turn.at
    turn.case.supervised_at = None


def fail_check(turn: Turn) -> None:
    """返工: back to the unit with a fresh limit; what was solved on the spot goes to the desk instead."""
    attach(turn, None, "check")
    case, lead = turn.case, turn.lead
    case.rework_count += 1
    case.handled_in_time = None
    assert lead is not None, "a case that was reported back has a lead"
    turn.facts |= {"task": lead.pk, "unit": lead.unit_id}
    lead.finished_at = None
    lead.rework_count += 1
    if case.on_spot:
        lead.state = TaskState.CANCELLED
        case.on_spot = False
        case.lead_unit = None
        turn.to, turn.starts_instead = Stage.ACCEPTED, ClockStage.DISPATCH
        lead.save(update_fields=["state", "finished_at", "rework_count"])
        return
    lead.state = TaskState.WORKING
    lead.save(update_fields=["state", "finished_at", "rework_count"])
    turn.to = Stage.HANDLING
    clocks.start(case, ClockStage.HANDLE, limit_of(case), turn.at, lead)


def reopen(turn: Turn) -> None:
    """重办: the case goes to the desk once more; what was done stays on record."""
    case = turn.case
    case.reopen_count += 1
    case.closed_at = None
    case.handled_in_time = None
    case.on_spot = False
    case.lead_unit = None
