"""Pieces of pages drawn once for everybody who sees the same, and never more of them than the office can spare.

Two hundred desks that look at the same queue ask for the same rows within a second. One of them has them drawn; the
others wait for it. Drawing takes half of a processor that is free, and a quarter of one where all are busy: when there is
much to draw in a storm, lists come later, and reports are taken in.
"""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from yiwang.outside.machine.idle import Idle

REST, REST_IN_A_STORM = 1.0, 3.0  # after drawing for so long, rest so many times as long
FREE = 0.5  # of one processor, for it to be no storm
REST_AT_MOST = 0.5  # seconds: the first drawing after a start, or one on a busy machine, is slow and says nothing
UNUSED = 60.0  # seconds after which a part is forgotten
AT_MOST = 400

Key = tuple[object, ...]
Run = Callable[[Callable[[], bytes]], "asyncio.Future[bytes]"]


@dataclass
class _Part:
    body: bytes = b""
    began: float = -1.0
    used: float = 0.0
    flight: "asyncio.Task[None] | None" = field(default=None)


class Parts:
    """`run` does blocking work elsewhere and hands back its result."""

    def __init__(self, run: Run) -> None:
        self._run = run
        self._held: dict[Key, _Part] = {}
        self._one_at_a_time = asyncio.Lock()
        self._free_at = 0.0
        self._idle, self._rest, self._looked_at = Idle(), REST, 0.0
        self.drawn = 0

    async def get(self, key: Key, not_before: float, draw: Callable[[], bytes]) -> bytes:
        """Return the part as it was drawn after that moment of the monotonic clock."""
        part = self._held.setdefault(key, _Part())
        part.used = time.monotonic()
        while part.began < not_before or not part.body:
            if part.flight is None:
                part.flight = asyncio.create_task(self._draw(part, draw))
            await asyncio.shield(part.flight)
        return part.body

    async def _draw(self, part: _Part, draw: Callable[[], bytes]) -> None:
        try:
            async with self._one_at_a_time:
                await asyncio.sleep(max(0.0, self._free_at - time.monotonic()))
                began = time.monotonic()
                part.body = await self._run(draw)
                part.began = began
                self.drawn += 1
                ended = time.monotonic()
                self._free_at = ended + min(self._resting(ended) * (ended - began), REST_AT_MOST)
        finally:
            part.flight = None

    def _resting(self, clock: float) -> float:
        """How long to rest, as the last second was."""
        if clock - self._looked_at >= 1.0:
            self._looked_at = clock
            self._rest = REST if self._idle.cores() >= FREE else REST_IN_A_STORM
        return self._rest

    def forget_unused(self) -> None:
        oldest = time.monotonic() - UNUSED
        if len(self._held) > AT_MOST:
            oldest = sorted(part.used for part in self._held.values())[-AT_MOST]
        for key in [k for k, p in self._held.items() if p.used < oldest and p.flight is None]:
            del self._held[key]
