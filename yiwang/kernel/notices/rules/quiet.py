"""The quiet hours of a town: nobody's telephone rings for what can wait until the morning. Pure: no Django."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

TOWN = ZoneInfo("Asia/Shanghai")


@dataclass(frozen=True)
class Quiet:
    """From `starts` to `ends` by the town's clock, over midnight where `ends` is the smaller; equal: no quiet hours."""

    starts: time = time(21, 0)
    ends: time = time(7, 30)
    zone: ZoneInfo = TOWN

    def over_at(self, at: datetime) -> datetime | None:
        """The moment the quiet that holds at `at` is over; None when nothing is quiet."""
        local = at.astimezone(self.zone)
        clock = local.time()
        if self.starts == self.ends or not self._holds(clock):
            return None
        day = local.date()
        if clock >= self.ends:
            day += timedelta(days=1)
        return datetime.combine(day, self.ends, self.zone)

    def _holds(self, clock: time) -> bool:
        if self.starts < self.ends:
            return self.starts <= clock < self.ends
        return clock >= self.starts or clock < self.ends
