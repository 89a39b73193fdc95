"""The desks that listen, and what waits to be said to each: at most one message a second, the newest of everything."""

import asyncio
import json
import time
from collections import defaultdict, deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from yiwang.web.live.holds import Holds
from yiwang.web.live.readers import Audience, Change, Reader

APART = 1.0  # seconds between two messages to one desk
TICK = 0.1
MANY = 50  # cases in one message; beyond them: look at everything again
KEPT = 30.0  # seconds of changes kept for those who come back
OVERLAP = 2.0  # seconds: what a page was drawn from may be older than its moment says


@dataclass(eq=False)
class Desk:
    """One open stream."""

    reader: Reader
    out: "asyncio.Queue[bytes]" = field(default_factory=lambda: asyncio.Queue(4))
    cases: dict[int, int] = field(default_factory=dict)
    holds: set[int] = field(default_factory=set)
    bell: int | None = None
    look: bool = False
    said_at: float = 0.0
    ended: bool = False

    @property
    def waits(self) -> bool:
        return bool(self.cases or self.holds or self.look or self.bell is not None)

    def note(self, case_id: int, version: int) -> None:
        if len(self.cases) >= MANY:
            self.look = True
            return
        self.cases[case_id] = max(version, self.cases.get(case_id, 0))

    def end(self) -> None:
        """Let the stream's own task close it."""
        self.ended = True
        if not self.out.full():
            self.out.put_nowait(b"")


class Hub:
    """All desks of this process. One event loop; no locks."""

    def __init__(self) -> None:
        self.desks: set[Desk] = set()
        self.holds = Holds()
        self.changed_at: dict[Audience, float] = {}
        self.rings: set[int] = set()
        self._by_audience: dict[Audience, set[Desk]] = defaultdict(set)
        self._by_session: dict[str, set[Desk]] = defaultdict(set)
        self._recent: deque[tuple[float, Change]] = deque(maxlen=2_000)
        self._began = time.time()
        self.awake = asyncio.Event()

    # who listens

    def enter(self, reader: Reader, since: float | None) -> Desk:
        """Open a desk; with `since` (seconds since 1970), what happened after that moment waits for it already."""
        desk = Desk(reader)
        self.desks.add(desk)
        self._by_audience[reader.audience].add(desk)
        self._by_session[reader.session_key].add(desk)
        if since is not None:
            self._catch_up(desk, since - OVERLAP)
        for hold in self.holds:
            if hold.user_id != reader.user_id and reader.audience.hears(hold.case):
                desk.holds.add(hold.case.case_id)
        self.awake.set()
        return desk

    def leave(self, desk: Desk) -> None:
        self.desks.discard(desk)
        for table, key in (
            (self._by_audience, desk.reader.audience),
            (self._by_session, desk.reader.session_key),
        ):
            table[key].discard(desk)  # type: ignore[index]  # each table with its own kind of key
            if not table[key]:  # type: ignore[index]
                del table[key]  # type: ignore[arg-type]
        if desk.reader.audience not in self._by_audience:
            self.changed_at.pop(desk.reader.audience, None)

    def reader_of(self, session_key: str) -> Reader | None:
        """The reader of a session that has a stream open."""
        return next((desk.reader for desk in self._by_session.get(session_key, ())), None)

    def sessions(self) -> set[str]:
        return set(self._by_session)

    def open_in(self, session_key: str) -> int:
        return len(self._by_session.get(session_key, ()))

    def desks_in(self, session_key: str) -> Iterator[Desk]:
        return iter(list(self._by_session.get(session_key, ())))

    # what happens

    def tell(self, change: Change) -> None:
        """A case that anybody of the land may know of has changed."""
        self._recent.append((time.time(), change))
        for audience, desks in self._by_audience.items():
            if audience.hears(change):
                self.changed_at[audience] = time.monotonic()
                for desk in desks:
                    desk.note(change.case_id, change.version)
        self.awake.set()

    def tell_only(self, change: Change, user_ids: Iterable[int]) -> None:
        """A confidential case has changed: to these people alone."""
        wanted = set(user_ids)
        for desk in self.desks:
            if desk.reader.user_id in wanted:
                self.changed_at[desk.reader.audience] = time.monotonic()
                desk.note(change.case_id, change.version)
        self.awake.set()

    def candidates(self, change: Change) -> set[int]:
        """Who might read a confidential case; the database is asked about each."""
        return {desk.reader.user_id for desk in self.desks if desk.reader.audience.hears(change)}

    def tell_everybody(self) -> None:
        """Much has changed, or some of it went by unheard: look at everything again."""
        moment = time.monotonic()
        for audience in self._by_audience:
            self.changed_at[audience] = moment
        for desk in self.desks:
            desk.look = True
        self._recent.clear()
        self._began = time.time()
        self.awake.set()

    def held(self, case: Change) -> None:
        """Who has this case has changed."""
        for audience, desks in self._by_audience.items():
            if audience.hears(case):
                for desk in desks:
                    desk.holds.add(case.case_id)
        self.awake.set()

    def ring(self, user_ids: Iterable[int]) -> None:
        here = {desk.reader.user_id for desk in self.desks}
        self.rings |= here & set(user_ids)
        self.awake.set()

    def rang(self, unread: dict[int, int]) -> None:
        for desk in self.desks:
            if desk.reader.user_id in unread:
                desk.bell = unread[desk.reader.user_id]
        self.awake.set()

    def _catch_up(self, desk: Desk, since: float) -> None:
        if since < self._began or (
            len(self._recent) == self._recent.maxlen and since < self._recent[0][0]
        ):
            desk.look = True
            return
        for at, change in self._recent:
            if at >= since and desk.reader.audience.hears(change):
                desk.note(change.case_id, change.version)

    # what is said

    async def speak(self) -> None:
        """For ever: say what waits, to each desk at most once a second."""
        while True:
            await self.awake.wait()
            self.awake.clear()
            if self._say(time.monotonic()):
                self.awake.set()
                await asyncio.sleep(TICK)

    def _say(self, clock: float) -> bool:
        """Say what is due; whether anything waits still."""
        waiting = False
        for desk in self.desks:
            if not desk.waits:
                continue
            if clock - desk.said_at < APART or desk.out.full():
                waiting = True
                continue
            desk.said_at = clock
            desk.out.put_nowait(self._message(desk))
        return waiting

    def _message(self, desk: Desk) -> bytes:
        said: dict[str, object] = {}
        if desk.look:
            said["look"] = True
        elif desk.cases:
            said["cases"] = desk.cases
        if desk.holds:
            me = desk.reader.user_id
            said["held"] = {key: self.holds.of(key, but=me) for key in desk.holds}
        if desk.bell is not None:
            said["bell"] = desk.bell
        desk.cases, desk.holds, desk.look, desk.bell = {}, set(), False, None
        words = json.dumps(said, ensure_ascii=False, separators=(",", ":"))
        return f"id: {int(time.time() * 1000)}\ndata: {words}\n\n".encode()

    def forget_old(self) -> None:
        """Drop what nobody will ask for any more, and holds whose people are gone."""
        oldest = time.time() - KEPT
        while self._recent and self._recent[0][0] < oldest:
            at, _change = self._recent.popleft()
            self._began = max(self._began, at)
        for case in self.holds.expire(time.monotonic()):
            self.held(case)
