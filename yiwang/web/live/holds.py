"""Who has which case open for handling. In memory only, and only now: no history, no place it could be read from."""

from collections.abc import Iterator
from dataclasses import dataclass

from yiwang.web.live.readers import Change

ENDS_AFTER = 75.0  # seconds after the last sign; a page gives one every 30


@dataclass
class Hold:
    """One person at one case. `since` is in milliseconds since 1970, `seen` on the process's own clock."""

    user_id: int
    name: str
    case: Change
    since: int
    seen: float


class Holds:
    """Every hold of this moment."""

    def __init__(self) -> None:
        self._of: dict[int, dict[int, Hold]] = {}

    def take(self, user_id: int, name: str, case: Change, *, millis: int, clock: float) -> bool:
        """Somebody has the case open; whether this is news."""
        people = self._of.setdefault(case.case_id, {})
        held = people.get(user_id)
        if held is None:
            people[user_id] = Hold(user_id, name, case, millis, clock)
            return True
        held.seen = clock
        return False

    def leave(self, user_id: int, case_id: int) -> Change | None:
        """Somebody has closed the case; where it is, if this is news."""
        held = self._of.get(case_id, {}).pop(user_id, None)
        if not self._of.get(case_id, True):
            del self._of[case_id]
        return held.case if held else None

    def expire(self, clock: float) -> list[Change]:
        """Forget those who have given no sign; return the cases they had."""
        quiet = [hold for hold in self if clock - hold.seen > ENDS_AFTER]
        return [case for hold in quiet if (case := self.leave(hold.user_id, hold.case.case_id))]

    def of(self, case_id: int, *, but: int) -> list[list[object]]:
        """Who else has the case: names with since when."""
        people = self._of.get(case_id, {}).values()
        return [[hold.name, hold.since] for hold in people if hold.user_id != but]

    def __iter__(self) -> Iterator[Hold]:
        return (hold for people in list(self._of.values()) for hold in list(people.values()))
