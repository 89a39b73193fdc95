"""What runs beside the streams: hearing the database, looking after sessions, bells and holds."""

import asyncio
import json
import logging
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

import psycopg
from django.db import connection
from django.utils import timezone

from yiwang.web.live import readers
from yiwang.web.live.hub import Hub
from yiwang.web.live.parts import Parts
from yiwang.web.live.readers import Change, Reader

CHANNEL = "yiwang_live"
LOOK_AFTER_EVERY = 3.0  # seconds: sessions that ended end their streams
RING_EVERY = 1.0
BACK_AFTER = (0.2, 0.5, 1.0, 2.0, 5.0)  # seconds until the database is called again
KNOWN_FOR = 60.0  # seconds for which it is believed where a held case is

T = TypeVar("T")
log = logging.getLogger("yiwang.live")


class Office:
    """The hub, the parts and the work around them, on one event loop."""

    def __init__(self) -> None:
        self.hub = Hub()
        self._threads = ThreadPoolExecutor(2, thread_name_prefix="live")
        self.parts = Parts(self.elsewhere)
        self._tasks: list[asyncio.Task[None]] = []
        self._mark = ""
        self._sights: dict[tuple[int, int], tuple[float, Change | None]] = {}
        self.hears = False

    def start(self) -> None:
        work = (self.hub.speak, self._hear, self._look_after, self._ring)
        self._tasks = [asyncio.create_task(each()) for each in work]

    async def stop(self) -> None:
        for desk in list(self.hub.desks):
            desk.end()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._threads.shutdown(wait=False, cancel_futures=True)

    def elsewhere(self, work: Callable[[], T]) -> "asyncio.Future[T]":
        """Do blocking work in a thread, and give its database connection back."""

        def done() -> T:
            try:
                return work()
            finally:
                connection.close()

        return asyncio.get_running_loop().run_in_executor(self._threads, done)

    async def reader(self, session_key: str) -> Reader | None:
        """The reader of a session, known or read now."""
        known = self.hub.reader_of(session_key)
        if known is not None:
            return known
        at = timezone.now()
        found = await self.elsewhere(lambda: readers.read_readers([session_key], at))
        return found.get(session_key)

    async def sight(self, case_id: int, user_id: int) -> Change | None:
        """Where a case is, if this person may read it; asked again after a minute."""
        known = self._sights.get((case_id, user_id))
        if known and time.monotonic() - known[0] < KNOWN_FOR:
            return known[1]
        at = timezone.now()
        found = await self.elsewhere(lambda: readers.sight_of(case_id, user_id, at))
        self._sights[case_id, user_id] = (time.monotonic(), found)
        return found

    # hearing

    async def _hear(self) -> None:
        """Listen for ever; after a silence everybody looks at everything again."""
        misses = 0
        while True:
            try:
                async with await _listening() as heard:
                    misses, self.hears = 0, True
                    self.hub.tell_everybody()
                    async for notice in heard.notifies():
                        await self.take(notice.payload)
            except (psycopg.Error, OSError) as error:
                self.hears = False
                log.warning("The database is not heard: %s", type(error).__name__)
            await asyncio.sleep(BACK_AFTER[min(misses, len(BACK_AFTER) - 1)])
            misses += 1

    async def take(self, payload: str) -> None:
        """One thing that was said by the database."""
        if payload == "*":
            self.hub.tell_everybody()
        elif payload.startswith("{"):
            self.hub.ring(json.loads(payload)["bell"])
        else:
            await self._change(Change.read(payload))

    async def _change(self, change: Change) -> None:
        if not change.confidential:
            self.hub.tell(change)
            return
        maybe = self.hub.candidates(change)
        if maybe:
            at = timezone.now()
            may = await self.elsewhere(lambda: readers.who_may_read(change.case_id, maybe, at))
            self.hub.tell_only(change, may)

    # looking after

    async def _look_after(self) -> None:
        while True:
            await asyncio.sleep(LOOK_AFTER_EVERY)
            try:
                await self.look_after()
            except Exception as error:
                log.warning("Sessions were not looked at: %s", type(error).__name__)

    async def look_after(self) -> None:
        """End the streams of sessions that ended and of people whose duties changed; forget what is old."""
        self.hub.forget_old()
        self.parts.forget_unused()
        oldest = time.monotonic() - KNOWN_FOR
        self._sights = {key: held for key, held in self._sights.items() if held[0] > oldest}
        keys, at, mark = self.hub.sessions(), timezone.now(), self._mark
        if not keys:
            return

        def look() -> tuple[str, set[str], dict[str, Reader]]:
            fresh = readers.duties_mark(at)
            if fresh == mark:
                return fresh, readers.still_good(keys, at), {}
            found = readers.read_readers(keys, at)
            return fresh, set(found), found

        self._mark, good, found = await self.elsewhere(look)
        for key in keys:
            for desk in self.hub.desks_in(key):
                now = found.get(key, desk.reader)
                if key not in good or now.audience != desk.reader.audience:
                    desk.end()

    async def _ring(self) -> None:
        while True:
            await asyncio.sleep(RING_EVERY)
            people, self.hub.rings = self.hub.rings, set()
            if not people:
                continue
            try:
                self.hub.rang(await self.elsewhere(lambda people=people: readers.unread_of(people)))  # type: ignore[misc]
            except Exception as error:
                log.warning("Bells were not counted: %s", type(error).__name__)


async def _listening() -> "psycopg.AsyncConnection[Any]":
    said = connection.get_connection_params()
    names = ("host", "port", "user", "password", "dbname")
    given = {name: said[name] for name in names if said.get(name)}
    heard = await psycopg.AsyncConnection.connect(
        **given, autocommit=True, application_name="yiwang live",
        keepalives=1, keepalives_idle=10, keepalives_interval=5, keepalives_count=2,
    )  # fmt: skip
    await heard.execute(f"LISTEN {CHANNEL}")
    return heard
