"""The sheet 环节时限 laid over the stored limits."""

from collections.abc import Mapping, Sequence

from yiwang.kernel.catalogue.excel.layout import LIMITS, STAGES
from yiwang.kernel.catalogue.excel.proposal.changes import Change, titles, unique
from yiwang.kernel.catalogue.excel.reading import Line, Problem
from yiwang.kernel.catalogue.rules.words import Stage
from yiwang.kernel.foundation.calendar.rules import Limit


class LimitProposal:
    """The limits that would be different, by stage."""

    def __init__(self, stored: Mapping[Stage, Limit]) -> None:
        self._stored = stored
        self.changed: dict[Stage, Limit] = {}
        self.changes: list[Change] = []
        self.problems: list[Problem] = []

    def take(self, lines: Sequence[Line]) -> None:
        """Lay the lines over what is stored."""
        for _key, line in unique(lines, self.problems):
            stage, limit = Stage(str(line.values["stage"])), line.values.get("limit")
            if isinstance(limit, Limit) and limit != self._stored[stage]:
                self.changed[stage] = limit
                told = titles(LIMITS, {"limit": limit})
                self.changes.append(Change(LIMITS.name, line.row, "changed", STAGES[stage], told))
