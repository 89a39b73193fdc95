"""When a running clock has something to say: a reminder before, the unit at the end, the leader after."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import IntEnum


class Step(IntEnum):
    """How far a clock has climbed by itself."""

    QUIET = 0
    REMINDED = 1
    UNIT_TOLD = 2
    LEADER_TOLD = 3


REMIND_AT_SHARE = 0.75
"""The reminder comes when this share of the time between start and end is used up."""

LEADER_AFTER_SHARE = 0.5
"""The leader hears when the lateness reaches this share of the whole time."""

LEADER_AFTER_AT_LEAST = timedelta(hours=1)
LEADER_AFTER_AT_MOST = timedelta(days=1)


@dataclass(frozen=True)
class Climb:
    """The step that is due now and when to look again (None: nothing more to say)."""

    step: Step
    again_at: datetime | None


def remind_at(started_at: datetime, due_at: datetime) -> datetime:
    """Return the moment of the reminder."""
    return started_at + (due_at - started_at) * REMIND_AT_SHARE


def leader_at(started_at: datetime, due_at: datetime) -> datetime:
    """Return the moment the leader is told: half the limit later, no sooner than an hour, no later than a day."""
    late = (due_at - started_at) * LEADER_AFTER_SHARE
    return due_at + min(max(late, LEADER_AFTER_AT_LEAST), LEADER_AFTER_AT_MOST)


def climb(step: int, started_at: datetime, due_at: datetime, at: datetime) -> Climb:
    """Return the highest step that `at` calls for, and when the next one is due.

    A clock that was not looked at for long (the worker was down) climbs in one go and says only the last thing.
    """
    leader = leader_at(started_at, due_at)
    if at >= leader:
        return Climb(Step.LEADER_TOLD, None)
    if at >= due_at:
        return Climb(Step(max(step, Step.UNIT_TOLD)), leader)
    if at >= remind_at(started_at, due_at):
        return Climb(Step(max(step, Step.REMINDED)), due_at)
    return Climb(Step(step), remind_at(started_at, due_at))
