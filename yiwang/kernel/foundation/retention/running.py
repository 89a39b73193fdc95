"""The table, and a run through it. Rooms above put their lines in when their app is ready."""

from dataclasses import dataclass
from datetime import datetime

from yiwang.kernel.foundation import audit
from yiwang.kernel.foundation.actors import SYSTEM
from yiwang.kernel.foundation.retention.rules import Rule
from yiwang.kernel.foundation.viewer import speaking_as

_table: dict[str, Rule] = {}


@dataclass(frozen=True)
class Outcome:
    """What a run did, or would do, under one rule."""

    rule: Rule
    rows: int


def register(*rules: Rule) -> None:
    """Put lines into the table; the same key again replaces the line."""
    for rule in rules:
        _table[rule.key] = rule


def table() -> list[Rule]:
    """Every line, in the order in which they were put in."""
    return list(_table.values())


def due(*, at: datetime) -> list[Outcome]:
    """Return what a run at this moment would end, and change nothing."""
    with speaking_as(SYSTEM):
        return [
            Outcome(rule, rule.count(rule.limit(at))) for rule in table() if rule.count is not None
        ]


def run(*, at: datetime) -> list[Outcome]:
    """End what is over, batch by batch, and write one row of counts into the record.

    Each batch is a transaction of its own, so that a run may be killed at any moment: the next one finds the rest. A
    second run at the same moment finds nothing.
    """
    outcomes = [Outcome(rule, _all_of(rule, at)) for rule in table() if rule.is_own]
    counts = {outcome.rule.key: outcome.rows for outcome in outcomes}
    with speaking_as(SYSTEM):
        audit.record("retention", "town", "retention_ran", by=SYSTEM, at=at, facts=counts)
    return outcomes


def _all_of(rule: Rule, at: datetime) -> int:
    assert rule.act is not None, rule.key
    limit, total = rule.limit(at), 0
    while done := rule.act(limit, at):
        total += done
    return total
