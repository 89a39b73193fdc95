"""How often and how long: pauses between attempts, and the circuit before a system that does not answer. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta

PAUSES = (
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=20),
    timedelta(hours=1),
    timedelta(hours=3),
    timedelta(hours=8),
    timedelta(hours=24),
)
STALE_AFTER = timedelta(minutes=5)  # a sending in hand for longer was left by a killed worker
TROUBLES_TO_OPEN = 3
FIRST_REST, LONGEST_REST = timedelta(minutes=2), timedelta(minutes=30)


def pause_after(attempts: int) -> timedelta | None:
    """What to wait after so many attempts; None: enough."""
    return PAUSES[attempts - 1] if 0 < attempts <= len(PAUSES) else None


@dataclass(frozen=True)
class CircuitState:
    """`troubles` in a row; until `resting_until` nothing is handed over. Then one is tried: yes closes, no rests longer."""

    troubles: int = 0
    resting_until: datetime | None = None

    def rests(self, at: datetime) -> bool:
        return self.resting_until is not None and at < self.resting_until

    def after(self, trouble: bool, at: datetime) -> "CircuitState":
        if not trouble:
            return CircuitState()
        troubles = self.troubles + 1
        if troubles < TROUBLES_TO_OPEN:
            return CircuitState(troubles)
        rest = min(FIRST_REST * 2 ** min(troubles - TROUBLES_TO_OPEN, 8), LONGEST_REST)
        return CircuitState(troubles, at + rest)
