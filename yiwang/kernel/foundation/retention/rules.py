"""What a rule of retention says: what is kept, for how long after what, why, and what is done then. No Django."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from yiwang.kernel.foundation.sentences import N_, Sentence

YEAR = timedelta(days=365)
BATCH = 200
"""Subjects of one transaction: a run can be broken off after any of them and goes on with the next."""


@dataclass(frozen=True)
class Rule:
    """One line of the table.

    `lasts` is empty for what stays. `count(limit)` and `act(limit, at)` are asked with the moment before which the rule
    applies; `act` does one batch and returns how many rows it ended, 0 when nothing is left. Without them another task
    of the schedule, `task`, does it. `personal`: the notice for residents shows it.
    """

    key: str
    what: str
    lasts: timedelta | None
    after: str
    why: str
    done: str
    task: str = ""
    count: Callable[[datetime], int] | None = None
    act: Callable[[datetime, datetime], int] | None = None
    personal: bool = True

    def limit(self, at: datetime) -> datetime:
        """The moment before which what is kept is over."""
        assert self.lasts is not None, self.key
        return at - self.lasts

    @property
    def is_own(self) -> bool:
        """Whether a run of the retention itself does it."""
        return self.act is not None

    @property
    def how_long(self) -> Sentence:
        """The time in words, as the notice says it."""
        return said(self.lasts)


def said(lasts: timedelta | None) -> Sentence:
    """A time in the largest unit that is whole."""
    if lasts is None:
        return Sentence(N_("长期"))
    if lasts % YEAR == timedelta(0):
        years = lasts // YEAR
        return (
            Sentence(N_("1 年")) if years == 1 else Sentence(N_("%(years)s 年"), {"years": years})
        )
    if lasts % timedelta(days=1) == timedelta(0):
        days = lasts.days
        return Sentence(N_("1 天")) if days == 1 else Sentence(N_("%(days)s 天"), {"days": days})
    hours = lasts // timedelta(hours=1)
    return Sentence(N_("%(hours)s 小时"), {"hours": hours})
