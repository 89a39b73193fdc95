"""Up and down the levels, supervision, and the administrator's void."""

from yiwang.kernel.cases.actions import kinds
from yiwang.kernel.cases.actions.effects.desk import cancel
from yiwang.kernel.cases.actions.turn import Turn
from yiwang.kernel.cases.models import Request
from yiwang.kernel.cases.rules.stages import (
    CaseLevel,
    ClockStage,
    Stage,
    level_above,
    level_below,
)


def escalate(turn: Turn) -> None:
    """提级: the next level takes it; who had it is freed."""
    _move_to(turn, level_above(turn.case.level))


def hand_down(turn: Turn) -> None:
    """下派: the level below can settle it."""
    _move_to(turn, level_below(turn.case.level))


def _move_to(turn: Turn, level: CaseLevel | None) -> None:
    assert level is not None, "the table's guard has asked for it"
    case = turn.case
    turn.facts |= {"level_before": case.level, "level": level}
    cancel(turn, [task for task in turn.tasks if task.is_open])
    case.level = level
    case.lead_unit = None
    kinds.suggest_unit(case)
    if case.stage == Stage.REPORTED:
        turn.to, turn.starts_instead = Stage.REPORTED, ClockStage.ACCEPT


def supervise(turn: Turn) -> None:
    """督办: a leader keeps an eye on it."""
    turn.case.supervised_at = turn.at


def lift_supervision(turn: Turn) -> None:
    """A leader lets go."""
    turn.case.supervised_at = None


def void(turn: Turn) -> None:
    """作废: every open task ends, every open request lapses; the record stays."""
    cancel(turn, [task for task in turn.tasks if task.is_open])
    Request.objects.filter(case=turn.case, state="asked").update(state="lapsed", decided_at=turn.at)
