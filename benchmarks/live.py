"""What two hundred open desks cost intake, and how soon they know.

Rounds take turns: reports come in as fast as they are taken (eight clients, as in `intake`), once with nobody looking on,
once with so many desks open. A desk is what a browser is: a stream, and after every message, within the time a browser
spreads it over, its list asked for again and read to the last byte. The desks run in a process of their own; latencies
are from the commit, as the database says it, to the desk. The worker is not running, as in `intake`.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from random import Random
from typing import Any

from benchmarks.intake import Client, body, run_round, served
from yiwang.outside.machine import ports

WANTED_COST, WANTED_P95_MS = 0.20, 2000.0
SPREAD = 0.35  # seconds: browser/desk/live.ts
LOOKED_AT = ("queue=reported", "queue=open", "queue=all", "queue=doubtful", "queue=overdue")
PEOPLE = 40
CALM_PER_SECOND, CALM_SECONDS = 3, 12


def measure(
    variables: Mapping[str, str], desks: int, seconds: int, rounds: int
) -> dict[str, object]:
    """Run the rounds in turn and return the medians."""
    cookies, live_port = sessions(), ports.free_port()
    variables = {**variables, "YIWANG_LIVE_PORT": str(live_port)}
    alone: list[float] = []
    watched: list[float] = []
    seen: list[dict[str, Any]] = []
    with served(variables) as port, streaming(variables, port):
        run_round(port, 3, seed=0)
        for number in range(1, rounds + 1):
            alone.append(run_round(port, seconds, seed=2 * number).rate)
            with looking_on(live_port, desks, cookies, variables["DATABASE_URL"]) as told:
                watched.append(run_round(port, seconds, seed=2 * number + 1).rate)
            seen.append(told)
            said = f"round {number}: {alone[-1]:.1f}/s alone, {watched[-1]:.1f}/s watched, {told}"
            print(said, file=sys.stderr)
        with looking_on(live_port, desks, cookies, variables["DATABASE_URL"]) as calm:
            trickle(port, CALM_SECONDS)
    rate, beside = statistics.median(alone), statistics.median(watched)
    return {
        "desks": desks,
        "creates_per_second": round(rate, 1),
        "creates_per_second_watched": round(beside, 1),
        "cost": round(1 - beside / rate, 3),
        "event_p50_ms": round(statistics.median(each["event_p50_ms"] for each in seen), 1),
        "event_p95_ms": round(statistics.median(each["event_p95_ms"] for each in seen), 1),
        "rows_p95_ms": round(statistics.median(each["rows_p95_ms"] for each in seen), 1),
        "calm_per_second": CALM_PER_SECOND,
        "calm_event_p95_ms": round(calm["event_p95_ms"], 1),
        "calm_rows_p95_ms": round(calm["rows_p95_ms"], 1),
        "messages": sum(each["messages"] for each in seen),
        "lists_read": sum(each["lists"] for each in seen),
        "refused": sum(each["refused"] for each in seen),
        "wanted_cost": WANTED_COST,
        "wanted_p95_ms": WANTED_P95_MS,
    }


def trickle(port: int, seconds: int) -> None:
    """An office's busy hour: reports one after the other, some a second."""
    client, chance = Client(port), Random(7)
    for _ in range(seconds * CALM_PER_SECOND):
        began = time.perf_counter()
        client.post(body(chance))
        time.sleep(max(0.0, 1 / CALM_PER_SECOND - (time.perf_counter() - began)))
    client.close()


def sessions() -> list[str]:
    """Sign people of the desk and of the communities in; return their cookies' values."""
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore

    from yiwang.kernel.accounts.models import User
    from yiwang.kernel.organisation.models import Posting

    now, made = int(time.time()), []
    for role, share in (("desk_operator", PEOPLE // 2), ("community_officer", PEOPLE // 2)):
        people = Posting.objects.filter(role=role).values("user")
        for user in User.objects.filter(pk__in=people, is_active=True).order_by("pk")[:share]:
            store = SessionStore()
            store[SESSION_KEY] = str(user.pk)
            store[BACKEND_SESSION_KEY] = "yiwang.kernel.accounts.signing_in.PasswordBackend"
            store[HASH_SESSION_KEY] = user.get_session_auth_hash()
            store["began"] = store["seen"] = now
            store.create()
            made.append(str(store.session_key))
            User.objects.filter(pk=user.pk).update(password_issued_at=None)
    return made


@contextlib.contextmanager
def streaming(variables: Mapping[str, str], port: int) -> Iterator[None]:
    """Serve the streams as an office does."""
    environment = {**os.environ, **variables, "YIWANG_PORT": str(port)}
    process = subprocess.Popen([sys.executable, "-m", "yiwang.commands", "live"], env=environment)
    try:
        for _ in range(200):
            if ports.answers(int(variables["YIWANG_LIVE_PORT"])):
                break
            time.sleep(0.1)
        time.sleep(1)
        yield
    finally:
        process.terminate()
        process.wait(20)


@contextlib.contextmanager
def looking_on(
    port: int, desks: int, cookies: list[str], database: str
) -> Iterator[dict[str, Any]]:
    """Open the desks, and close them after the block; what they saw is in the table then."""
    told: dict[str, Any] = {}
    asked = json.dumps({"port": port, "desks": desks, "cookies": cookies, "database": database})
    process = subprocess.Popen(
        [sys.executable, "-m", "benchmarks.live"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdin and process.stdout
    process.stdin.write(asked + "\n")
    process.stdin.flush()
    assert process.stdout.readline().strip() == "open"
    try:
        yield told
    finally:
        process.stdin.write("enough\n")
        process.stdin.flush()
        told |= json.loads(process.stdout.readline() or "{}")
        process.wait(20)


class Desks:
    """The other process: every desk, and the database's own word of when something was committed."""

    def __init__(self, asked: Mapping[str, Any]) -> None:
        self.asked = asked
        self.commits: list[float] = []
        self.of_case: dict[int, float] = {}
        self.event_ms: list[float] = []
        self.rows_ms: list[float] = []
        self.lists = self.messages = self.refused = 0

    async def hear(self) -> None:
        import psycopg

        heard = await psycopg.AsyncConnection.connect(self.asked["database"], autocommit=True)
        await heard.execute("LISTEN yiwang_live")
        async for notice in heard.notifies():
            self.commits.append(time.monotonic())
            if notice.payload.startswith("["):
                self.of_case[json.loads(notice.payload)[0]] = self.commits[-1]

    async def desk(self, number: int) -> None:
        """One browser: a stream, and a connection for its lists."""
        chance, cookies = Random(number), self.asked["cookies"]
        cookie, query = cookies[number % len(cookies)], LOOKED_AT[number % len(LOOKED_AT)]
        reader, writer = await self.connect("/live/stream", cookie)
        covered, reading = len(self.commits), None
        while line := await reader.readline():
            if not line.startswith(b"data: "):
                continue
            moment, told = time.monotonic(), self._told(json.loads(line[6:]), covered)
            covered = len(self.commits)
            if told:
                first = min(told)
                self.event_ms.append(1000 * (moment - first))
                self.messages += 1
                if reading is None or reading.done():
                    wait = chance.random() * SPREAD
                    reading = asyncio.create_task(self.look(cookie, query, wait, first, number))
        writer.close()

    def _told(self, said: dict[str, Any], covered: int) -> list[float]:
        """When what a message is about was committed: the cases it names, or everything since the one before."""
        if said.get("look"):
            return self.commits[covered:]
        return [self.of_case[int(key)] for key in said.get("cases", {}) if int(key) in self.of_case]

    async def look(self, cookie: str, query: str, wait: float, first: float, number: int) -> None:
        await asyncio.sleep(wait)
        address = f"/live/part?name=desk&lang=zh-CN&q={query.replace('=', '%3D')}"
        reader, writer = await self.connect(address, cookie)
        head = (await reader.readuntil(b"\r\n\r\n")).lower()
        size = (
            int(head.split(b"content-length: ")[1].split(b"\r\n")[0])
            if b"content-length" in head
            else -1
        )
        body = await (reader.readexactly(size) if size >= 0 else reader.read())
        writer.close()
        if b" 200 " not in head.split(b"\r\n")[0] or len(body) < 20:
            self.refused += 1
            return
        self.lists += 1
        self.rows_ms.append(1000 * (time.monotonic() - first))

    async def connect(
        self, address: str, cookie: str
    ) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        reader, writer = await asyncio.open_connection("127.0.0.1", self.asked["port"], limit=2**20)
        head = f"GET {address} HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: sessionid={cookie}\r\n"
        close = "" if "stream" in address else "Connection: close\r\n"
        writer.write(f"{head}{close}\r\n".encode())
        return reader, writer

    async def run(self) -> dict[str, float]:
        work = [asyncio.create_task(self.hear())]
        for number in range(self.asked["desks"]):
            work.append(asyncio.create_task(self.desk(number)))
            if number % 20 == 19:
                await asyncio.sleep(0.05)
        await asyncio.sleep(2.5)
        print("open", flush=True)
        await asyncio.to_thread(sys.stdin.readline)
        for task in work:
            task.cancel()
        events, rows = sorted(self.event_ms) or [0.0], sorted(self.rows_ms) or [0.0]
        return {
            "event_p50_ms": events[len(events) // 2],
            "event_p95_ms": events[int(len(events) * 0.95)],
            "rows_p95_ms": rows[int(len(rows) * 0.95)],
            "messages": self.messages,
            "lists": self.lists,
            "refused": self.refused,
        }


if __name__ == "__main__":
    told = asyncio.run(Desks(json.loads(sys.stdin.readline())).run())
    print(json.dumps(told), flush=True)
