"""How much of the machine has nothing to do, for work that can wait for such a moment."""

from pathlib import Path

STAT = Path("/proc/stat")


class Idle:
    """Asked now and then; each answer speaks of the time since the one before."""

    def __init__(self) -> None:
        self._free, self._all = _ticks()

    def cores(self) -> float:
        """Return how many processors' worth of time was free since the last call; 0.0 where nobody can say."""
        free, whole = _ticks()
        spent, self._free, self._all = (free - self._free, whole - self._all), free, whole
        return spent[0] / spent[1] * _cores() if spent[1] > 0 else 0.0


def _ticks() -> tuple[int, int]:
    """Idle and all ticks of all processors since the machine started."""
    try:
        told = STAT.read_text().split("\n", 1)[0].split()[1:9]
    except OSError:
        return 0, 0
    ticks = [int(each) for each in told]
    return ticks[3] + ticks[4], sum(ticks)


def _cores() -> int:
    try:
        return sum(
            line[3:4].isdigit() for line in STAT.read_text().splitlines() if line[:3] == "cpu"
        )
    except OSError:
        return 0
