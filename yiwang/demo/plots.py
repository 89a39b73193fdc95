"""What will have been reported: a year by seasons, weekdays and hours, and the last weeks in every state there is.

The year depends on the seed and the day alone; what lives depends on the hour too, since it began a while ago.
"""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

from yiwang.demo.boundaries import Area
from yiwang.kernel.foundation.calendar.rules import WorkingCalendar

# How the matters of the year went, and how many of a thousand.
YEAR_ENDINGS: dict[str, int] = {
    "rated": 580, "closed": 130, "on_spot": 120, "redispatched": 30, "reworked_then": 22,
    "extended_then": 18, "suspended_then": 6, "assisted_then": 14, "redone": 30, "escalated": 6,
    "refused": 30, "merged": 14,
}  # fmt: skip

# How far the matters of the last weeks get, and how many of a hundred.
LIVING_ENDINGS: dict[str, int] = {
    "rated": 44, "closed": 10, "on_spot": 8, "on_spot_waits": 2, "waits_for_check": 5,
    "handling": 9, "dispatched": 4, "accepted": 3, "reported": 4, "refused": 2, "returned": 2,
    "reworked": 2, "reopened": 1, "extension_asked": 1, "extended": 1, "suspended": 1,
    "assisted": 1,
}  # fmt: skip

# What is unfinished began lately: at most so many days ago, except for the few that were left lying.
LATELY: dict[str, float] = {
    "reported": 0.05, "accepted": 0.07, "dispatched": 0.3, "handling": 1.5, "waits_for_check": 0.8,
    "on_spot_waits": 0.3, "returned": 0.3, "reworked": 1, "reopened": 2, "extension_asked": 2,
    "extended": 2, "suspended": 20, "assisted": 1,
}  # fmt: skip
LEFT_LYING = 0.05
QUIET_DAYS = 3
"""The last days belong to what lives: a matter of the year has time to end."""

SEASON = 4
"""A matter comes so many times as often in its months."""

_HOURS = [0, 0, 0, 0, 0, 0, 2, 5, 10, 12, 12, 8, 4, 6, 10, 10, 9, 7, 5, 4, 3, 2, 1, 0]
_WEEKDAYS = [11, 10, 10, 10, 10, 6, 5]
_MONTHS = {1: 10, 2: 9, 7: 13, 8: 13, 6: 11, 11: 11, 12: 11}
_FREE_DAY, _SPRING_FESTIVAL = 0.6, 0.35


@dataclass(order=True)
class Plot:
    """One matter to be: when it is reported, what it is, and how far it gets."""

    at: datetime
    name: str
    ending: str = field(compare=False)
    matter: dict[str, Any] = field(compare=False)
    grid: Area = field(compare=False)
    lives: bool = field(default=False, compare=False)
    left_lying: bool = field(default=False, compare=False)


class Plotter:
    """Draws plots for one town; the same seed and moment draw the same."""

    def __init__(
        self, seed: int, now: datetime, matters: list[dict[str, Any]], grids: list[Area],
        calendar: WorkingCalendar,
    ) -> None:  # fmt: skip
        self.seed, self.now, self.matters, self.grids = seed, now, matters, grids
        self.calendar = calendar

    def living(self, count: int, days: int) -> list[Plot]:
        """Return `count` matters of the last `days` days, oldest first."""
        chance = Random(f"{self.seed}/living")  # noqa: S311 - inventing, not guarding
        endings = chance.choices(list(LIVING_ENDINGS), list(LIVING_ENDINGS.values()), k=count)
        plots = []
        for place, ending in enumerate(endings):
            lying = ending in LATELY and chance.random() < LEFT_LYING
            at = self._lately(chance, LATELY.get(ending, days) * (8 if lying else 1))
            matter, grid = self._matter(chance, at.month), chance.choice(self.grids)
            plots.append(Plot(at, f"{place}", ending, matter, grid, lives=True, left_lying=lying))
        return sorted(plots)

    def _lately(self, chance: Random, days: float) -> datetime:
        """By day, rarely at night; what is unfinished began lately."""
        moment = self.now - timedelta(days=chance.uniform(0.005, days))
        if moment.hour < 6 and days > 1:
            moment = moment.replace(hour=chance.randint(7, 20))
        return min(moment.replace(second=chance.randint(0, 59), microsecond=0), self.now)

    def year(self, count: int, days: int) -> list[Plot]:
        """Return about `count` matters of the `days` days up to today, oldest first."""
        today = self.now.date()
        chance = Random(f"{self.seed}/{today}/year")  # noqa: S311 - inventing, not guarding
        dates = [today - timedelta(days=back) for back in range(QUIET_DAYS, days)]
        drawn = chance.choices(dates, [self._busy(day) for day in dates], k=count)
        endings = chance.choices(list(YEAR_ENDINGS), list(YEAR_ENDINGS.values()), k=count)
        return sorted(
            Plot(
                self._moment(chance, day), f"{today}/{place}", ending,
                self._matter(chance, day.month), chance.choice(self.grids),
            )
            for place, (day, ending) in enumerate(zip(drawn, endings, strict=True))
        )  # fmt: skip

    def _busy(self, day: date) -> float:
        """How much is reported on a day: by weekday and season, little on free days and around Spring Festival."""
        busy = _WEEKDAYS[day.weekday()] * _MONTHS.get(day.month, 10)
        known = self.calendar.day(day)
        if known.name == "春节":
            return busy * _SPRING_FESTIVAL
        return busy * (1 if known.works else _FREE_DAY)

    def _moment(self, chance: Random, day: date) -> datetime:
        hour = chance.choices(range(24), _HOURS)[0]
        return datetime(
            day.year, day.month, day.day, hour, chance.randint(0, 59), chance.randint(0, 59),
            tzinfo=self.now.tzinfo,
        )  # fmt: skip

    def _matter(self, chance: Random, month: int) -> dict[str, Any]:
        weights = [
            matter["weight"] * (SEASON if month in matter.get("months", ()) else 1)
            for matter in self.matters
        ]
        return chance.choices(self.matters, weights)[0]
