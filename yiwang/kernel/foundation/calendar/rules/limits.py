"""How much of what a limit is: 4小时, 5天, 2紧急工作时, 1紧急工作日."""

import re
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from yiwang.kernel.foundation.sentences import N_, Sentence


class LimitUnit(StrEnum):
    """What a limit is counted in."""

    HOUR = "hour"
    WORKDAY = "workday"
    URGENT_HOUR = "urgent_hour"
    URGENT_WORKDAY = "urgent_workday"

    @property
    def is_urgent(self) -> bool:
        return self in (LimitUnit.URGENT_HOUR, LimitUnit.URGENT_WORKDAY)


_WRITTEN = {
    "小时": LimitUnit.HOUR,
    "工作时": LimitUnit.HOUR,
    "天": LimitUnit.WORKDAY,
    "日": LimitUnit.WORKDAY,
    "工作日": LimitUnit.WORKDAY,
    "个工作日": LimitUnit.WORKDAY,
    "紧急工作时": LimitUnit.URGENT_HOUR,
    "紧急工作日": LimitUnit.URGENT_WORKDAY,
}
_TEXT = {
    LimitUnit.HOUR: "小时",
    LimitUnit.WORKDAY: "天",
    LimitUnit.URGENT_HOUR: "紧急工作时",
    LimitUnit.URGENT_WORKDAY: "紧急工作日",
}
_SENTENCE = {
    LimitUnit.HOUR: (N_("1 工作小时"), N_("%(amount)s 工作小时")),
    LimitUnit.WORKDAY: (N_("1 个工作日"), N_("%(amount)s 个工作日")),
    LimitUnit.URGENT_HOUR: (N_("1 紧急工作时"), N_("%(amount)s 紧急工作时")),
    LimitUnit.URGENT_WORKDAY: (N_("1 紧急工作日"), N_("%(amount)s 紧急工作日")),
}


@dataclass(frozen=True)
class Limit:
    """So much of a unit; the amount is at least 1."""

    amount: int
    unit: LimitUnit

    def __post_init__(self) -> None:
        if self.amount < 1:
            raise ValueError("a limit is at least 1")

    @classmethod
    def parse(cls, text: str) -> "Limit":
        """Read `4小时`, `2紧急工作时`, `5天`, `2紧急工作日`, `3工作日`.

        Raises:
            ValueError: no such form.
        """
        found = re.fullmatch(r"\s*(\d{1,4})\s*(\D+?)\s*", text, re.ASCII)
        if not found or found[2] not in _WRITTEN:
            raise ValueError(f"{text!r} is not a limit like 4小时, 5天, 2紧急工作时")
        return cls(int(found[1]), _WRITTEN[found[2]])

    def as_text(self) -> str:
        """The form `parse` reads; for files, not for screens."""
        return f"{self.amount}{_TEXT[self.unit]}"

    def as_sentence(self) -> Sentence:
        """For screens, in the reader's language."""
        one, many = _SENTENCE[self.unit]
        return Sentence(one) if self.amount == 1 else Sentence(many, {"amount": self.amount})

    @property
    def urgent_span(self) -> timedelta:
        """Wall time of an urgent limit: an hour is 60 minutes, a day 24 hours."""
        hours = self.amount * (24 if self.unit is LimitUnit.URGENT_WORKDAY else 1)
        return timedelta(hours=hours)
