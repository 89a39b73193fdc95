"""Ten minutes of a storm: fifty reports a second, whether or not the ones before were answered.

An open loop: every second holds so many moments drawn at random, and at each a whole report is sent over HTTP to the
pages as `yiwang serve` serves them, with `yiwang worker` beside, on the embedded database. A latency counts from the
moment a report was due to be sent, so that waiting for a connection counts too. Residents come from many addresses, told
as a proxy in front tells them; the limit for one address is on. Memory is what the processes keep resident, looked at
every second after a minute of the same load; its slope is the line of least squares.

At the end the queue is watched until it is empty, and every report that was acknowledged is looked for by its id.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import subprocess
import sys
import time
import urllib.request
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

import psycopg

from benchmarks.intake import body
from yiwang.outside.machine import ports

ADDRESSES = 1_000  # so many households, each with three reports a minute
CONNECTIONS = 64  # kept open, as a proxy keeps them
IDLE = 10.0  # seconds after which a proxy no longer uses one: the server closes it after thirty
PATIENCE = 30.0  # seconds for one answer
DRAINED_WITHIN = 120.0
FLAT_MB_PER_MINUTE = 1.0
WANTED_P99_MS = 1000.0


@dataclass
class Seen:
    """What became of the reports. Latencies in milliseconds, memory as (minutes, MB)."""

    statuses: Counter[str] = field(default_factory=Counter)
    acknowledged: set[str] = field(default_factory=set)
    late_ms: list[float] = field(default_factory=list)
    memory: dict[str, list[tuple[float, float]]] = field(default_factory=dict)
    waiting: list[int] = field(default_factory=list)


class Sender:
    """The proxy in front of the office: connections kept open, and each report from an address of its own."""

    def __init__(self, port: int, seen: Seen) -> None:
        self.port, self.seen = port, seen
        self._idle: asyncio.LifoQueue[Any] = asyncio.LifoQueue()
        for _ in range(CONNECTIONS):
            self._idle.put_nowait(None)

    async def send(self, content: bytes, address: str, due: float, counted: bool) -> None:
        """Send one report and note its answer; a report that got none is `failed`."""
        held = await self._idle.get()
        try:
            if held and time.perf_counter() - held[2] > IDLE:
                held[1].close()
                held = None
            streams = held or await asyncio.open_connection("127.0.0.1", self.port)
            held = (streams[0], streams[1], time.perf_counter())
            status, said = await asyncio.wait_for(
                self._post(streams[0], streams[1], content, address), PATIENCE
            )
        except (OSError, EOFError, ValueError, TimeoutError) as error:
            if held:
                held[1].close()
            held, status, said = None, 0, type(error).__name__.encode()
        self._idle.put_nowait(held)
        if status in (200, 201):
            self.seen.acknowledged.add(json.loads(said)["id"])
        if counted:
            self.seen.statuses[str(status or said.decode())] += 1
            self.seen.late_ms.append(1000 * (time.perf_counter() - due))

    async def _post(
        self, reader: Any, writer: Any, content: bytes, address: str
    ) -> tuple[int, bytes]:
        head = (
            f"POST /api/v1/reports HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\n"
            f"X-Forwarded-For: {address}\r\nContent-Type: application/json\r\n"
            f"Content-Length: {len(content)}\r\n\r\n"
        )
        writer.write(head.encode() + content)
        answer = (await reader.readuntil(b"\r\n\r\n")).lower()
        length = int(answer.split(b"content-length: ")[1].split(b"\r\n")[0])
        return int(answer.split()[1]), await reader.readexactly(length)

    def close(self) -> None:
        while not self._idle.empty():
            held = self._idle.get_nowait()
            if held:
                held[1].close()


async def storm(port: int, per_second: int, seconds: int, counted_from: int, seen: Seen) -> None:
    """Send for so many seconds; what is due before `counted_from` is the warming up."""
    chance, sender, sent = Random(3), Sender(port, seen), set()
    began = time.perf_counter() + 0.5
    for second in range(seconds):
        for moment in sorted(chance.random() for _ in range(per_second)):
            due = began + second + moment
            await asyncio.sleep(max(0.0, due - time.perf_counter()))
            address = f"10.{(number := chance.randrange(ADDRESSES)) // 250}.0.{number % 250}"
            task = asyncio.create_task(
                sender.send(body(chance), address, due, second >= counted_from)
            )
            sent.add(task)
            task.add_done_callback(sent.discard)
    await asyncio.gather(*sent)
    sender.close()


async def look(
    programs: Mapping[str, int], database: str, seen: Seen, began: float, warm_up: int
) -> None:
    """Note memory each second and the queue every ten, until cancelled."""
    async with await psycopg.AsyncConnection.connect(database, autocommit=True) as connection:
        for second in range(10**9):
            minutes = (time.perf_counter() - began - warm_up) / 60
            for name, pid in programs.items():
                if minutes >= 0:
                    seen.memory.setdefault(name, []).append((minutes, resident_mb(pid)))
            if second % 10 == 0:
                seen.waiting.append(await _waiting(connection))
            await asyncio.sleep(1)


async def _waiting(connection: psycopg.AsyncConnection[Any]) -> int:
    asked = await connection.execute(
        "SELECT count(*) FROM procrastinate_jobs WHERE status IN ('todo', 'doing')"
        " AND coalesce(scheduled_at, now()) <= now()"
    )
    row = await asked.fetchone()
    return int(row[0]) if row else 0


def resident_mb(pid: int) -> float:
    """Resident memory of a process and of all it has started."""
    found, total = [pid], 0
    while found:
        one = Path(f"/proc/{found.pop()}")
        with contextlib.suppress(OSError):
            total += int((one / "statm").read_text().split()[1]) * os.sysconf("SC_PAGESIZE")
            for task in (one / "task").iterdir():
                found += map(int, (task / "children").read_text().split())
    return total / 1024**2


def slope(points: Sequence[tuple[float, float]]) -> float:
    """MB a minute, by least squares."""
    if len(points) < 2:
        return 0.0
    middle = sum(x for x, _ in points) / len(points)
    height = sum(y for _, y in points) / len(points)
    spread = sum((x - middle) ** 2 for x, _ in points)
    return sum((x - middle) * (y - height) for x, y in points) / spread


@contextlib.contextmanager
def running(*words: str, variables: Mapping[str, str]) -> Iterator[int]:
    """Run one of the office's programs for as long as the block; its process id."""
    process = subprocess.Popen(
        [sys.executable, "-m", "yiwang.commands", *words],
        env={**os.environ, **variables},
        stdout=sys.stderr,  # what is printed is the figures alone
    )
    try:
        yield process.pid
    finally:
        process.terminate()
        process.wait(30)


def await_answer(port: int) -> str:
    """Return the id of the first report that is taken in.

    Raises:
        RuntimeError: none is, with the last answer.
    """
    address, head = f"http://127.0.0.1:{port}/api/v1/reports", {"Content-Type": "application/json"}
    said: object = None
    for _attempt in range(300):
        try:
            first = urllib.request.Request(address, body(Random(0)), head)
            with urllib.request.urlopen(first, timeout=5) as answer:
                return str(json.load(answer)["id"])
        except OSError as error:
            said = error
        time.sleep(0.1)
    raise RuntimeError(f"no report is taken in: {said}")


def measure(
    variables: Mapping[str, str], minutes: float, per_second: int, warm_up: int
) -> dict[str, object]:
    """Send the storm and say what came of it."""
    port = ports.free_port()
    variables = {**variables, "YIWANG_PORT": str(port), "YIWANG_PROXIES": "127.0.0.1"}
    migrate = [sys.executable, "-m", "yiwang.commands", "migrate"]
    subprocess.run(migrate, env={**os.environ, **variables}, check=True, stdout=subprocess.DEVNULL)
    empty(variables["DATABASE_OWNER_URL"])
    with (
        running("serve", variables=variables) as web,
        running("worker", variables=variables) as worker,
    ):
        seen = Seen(acknowledged={await_answer(port)})
        programs = {"web": web, "worker": worker}
        asyncio.run(
            _run(port, programs, variables["DATABASE_URL"], minutes, per_second, warm_up, seen)
        )
        waiting, drained = drain(variables["DATABASE_URL"])
    return told(seen, per_second, waiting, drained, counted(variables["DATABASE_URL"], seen))


async def _run(
    port: int, programs: Mapping[str, int], database: str, minutes: float, per_second: int,
    warm_up: int, seen: Seen,
) -> None:  # fmt: skip
    looking = asyncio.create_task(look(programs, database, seen, time.perf_counter(), warm_up))
    await storm(port, per_second, warm_up + round(60 * minutes), warm_up, seen)
    looking.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await looking


def empty(owner_url: str) -> None:
    """Take the cases of an earlier run out, so that every run begins alike."""
    with psycopg.connect(owner_url, autocommit=True) as connection:
        connection.execute("TRUNCATE cases_case, procrastinate_jobs, notices_notice CASCADE")


def drain(database: str) -> tuple[int, float | None]:
    """How many jobs wait at the end of the storm, and the seconds until none does (None: not within patience)."""
    began, first = time.perf_counter(), None
    with psycopg.connect(database, autocommit=True) as connection:
        while time.perf_counter() - began < DRAINED_WITHIN:
            row = connection.execute(
                "SELECT count(*) FROM procrastinate_jobs WHERE status IN ('todo', 'doing')"
                " AND coalesce(scheduled_at, now()) <= now()"
            ).fetchone()
            left = int(row[0]) if row else 0
            first = left if first is None else first
            if not left:
                return first, round(time.perf_counter() - began, 1)
            time.sleep(0.2)
    return first or 0, None


def counted(database: str, seen: Seen) -> dict[str, int]:
    """Look for every acknowledged report, for its case and for what the worker had to say of it."""
    with psycopg.connect(database) as connection:
        row = connection.execute(
            "SELECT count(*), count(DISTINCT case_id), count(*) FILTER (WHERE id::text = ANY(%s))"
            " FROM cases_report",
            [list(seen.acknowledged)],
        ).fetchone()
        failed = connection.execute(
            "SELECT count(*) FROM procrastinate_jobs WHERE status = 'failed'"
        ).fetchone()
    assert row and failed
    return {
        "rows": row[0],
        "cases": row[1],
        "missing": len(seen.acknowledged) - row[2],
        "failed_jobs": failed[0],
    }


def told(
    seen: Seen, per_second: int, waiting: int, drained: float | None, rows: Mapping[str, int]
) -> dict[str, object]:
    sent = sum(seen.statuses.values())
    accepted = seen.statuses["201"] + seen.statuses["200"]
    refused = sum(count for status, count in seen.statuses.items() if status[0] == "4")
    late = sorted(seen.late_ms)
    figures: dict[str, object] = {
        "per_second": per_second, "sent": sent, "accepted": accepted, "refused": refused,
        "failed": sent - accepted - refused, "statuses": dict(seen.statuses),
        "p50_ms": round(late[len(late) // 2], 1),
        "p95_ms": round(late[int(len(late) * 0.95)], 1),
        "p99_ms": round(late[int(len(late) * 0.99)], 1),
        "max_ms": round(late[-1], 1),
    }  # fmt: skip
    for name, points in seen.memory.items():
        figures[f"{name}_mb_at_start"] = round(points[0][1], 1)
        figures[f"{name}_mb_at_end"] = round(points[-1][1], 1)
        figures[f"{name}_mb_per_minute"] = round(slope(points), 2)
    figures |= {
        "backlog_most": max(seen.waiting), "backlog_at_end": waiting, "drained_s": drained,
        "acknowledged": len(seen.acknowledged), **rows,
        "wanted_accepted": sent, "wanted_mb_per_minute": FLAT_MB_PER_MINUTE,
    }  # fmt: skip
    return figures
