"""When a voice may say what it thinks of the result. Pure."""

from collections.abc import Iterable
from datetime import datetime

from yiwang.kernel.cases.rules.stages import Stage


def has_rated(stage: str, closed_at: datetime | None, rated_at: datetime | None) -> bool:
    """Say whether this result is rated. After a reopening the second result is rated anew."""
    if rated_at is None:
        return False
    return stage != Stage.CLOSED or closed_at is None or rated_at >= closed_at


def asked_by_telephone(taken_by: int | None, fixers: Iterable[int]) -> bool:
    """Say whether only the desk may ask: who fixed it has taken the report in, and has held its code."""
    return taken_by is not None and taken_by in fixers


def may_rate(stage: str, closed_at: datetime | None, rated_at: datetime | None) -> bool:
    """Say whether this voice may rate now: the case is closed, and this result is not rated yet."""
    return stage == Stage.CLOSED and not has_rated(stage, closed_at, rated_at)
