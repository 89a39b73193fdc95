"""How many reports a second the office takes in over HTTP, against pgbench on the same server in the same run.

Eight clients send whole reports (place, category, name, telephone) to the door for programs, served as `yiwang serve`
serves; each is located, routed, given its clock and its answer's due time, written into the record, and its notices are
enqueued. Between the rounds `pgbench -N -M simple -c 8 -j 2` runs on the same PostgreSQL. The median of the rounds
counts. The worker is not running: what it does later is not intake.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import socket
import statistics
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from random import Random

from yiwang.outside.machine import ports
from yiwang.outside.postgres import binaries

CLIENTS = 8
WANTED_RATIO, WANTED_P95_MS, WANTED_STATEMENTS = 0.05, 80.0, 12
SCALE = 50
CODES = ("P0102", "P0137", "E0110", "E0406", "E0501", "WS0103", "D0201", "SA0504")


@dataclass
class Round:
    """What the clients saw of one round; latencies in seconds."""

    seconds: float = 0.0
    latencies: list[float] = field(default_factory=list)
    refused: int = 0

    @property
    def rate(self) -> float:
        return len(self.latencies) / self.seconds


def body(chance: Random) -> bytes:
    """A whole report at a random place of the town, as a resident's program would send it."""
    report = {
        "id": str(uuid.uuid4()), "text": "路口的设施坏了，晚上经过不安全，请尽快处理。",
        "lon": round(chance.uniform(115.452, 115.488), 6),
        "lat": round(chance.uniform(35.216, 35.244), 6), "accuracy_m": 8.0,
        "category": chance.choice(CODES), "address": "示例一街 12 号门前", "name": "马三",
        "phone": f"10000{chance.randrange(10**6):06d}",
    }  # fmt: skip
    return json.dumps(report, ensure_ascii=False).encode()


class Client:
    """One connection kept open; writes bytes and reads one answer."""

    def __init__(self, port: int) -> None:
        self.port = port
        self._stream = socket.create_connection(("127.0.0.1", port), timeout=30)
        self._stream.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._reader = self._stream.makefile("rb")

    def post(self, content: bytes) -> int:
        """Send a report; return the status."""
        head = (
            f"POST /api/v1/reports HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(content)}\r\n\r\n"
        )
        self._stream.sendall(head.encode() + content)
        status = int(self._reader.readline().split()[1])
        length = 0
        while (line := self._reader.readline()) not in (b"\r\n", b""):
            name, _, value = line.partition(b":")
            if name.lower() == b"content-length":
                length = int(value)
        self._reader.read(length)
        return status

    def close(self) -> None:
        self._reader.close()
        self._stream.close()


def run_round(port: int, seconds: float, seed: int) -> Round:
    """Let eight clients send reports for so long, each waiting for its answer."""
    result = Round()
    lock = threading.Lock()
    began = time.perf_counter()

    def send(number: int) -> None:
        chance = Random(seed * CLIENTS + number)
        client = Client(port)
        mine: list[float] = []
        refused = 0
        while time.perf_counter() - began < seconds:
            content = body(chance)
            start = time.perf_counter()
            status = client.post(content)
            mine.append(time.perf_counter() - start)
            refused += status != 201
        client.close()
        with lock:
            result.latencies += mine
            result.refused += refused

    threads = [threading.Thread(target=send, args=[number]) for number in range(CLIENTS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    result.seconds = time.perf_counter() - began
    return result


def pgbench(owner_url: str, *words: str) -> str:
    """Run the pgbench of the server's own binaries."""
    tool = binaries.program("pgbench")
    done = subprocess.run(
        [str(tool), *words, owner_url], capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise RuntimeError(done.stderr)
    return done.stdout


def reference(owner_url: str, seconds: int) -> float:
    """Transactions a second of `pgbench -N -M simple`."""
    said = pgbench(owner_url, "-N", "-M", "simple", "-c", "8", "-j", "2", "-T", str(seconds))
    found = re.search(r"tps = ([0-9.]+)", said)
    assert found, said
    return float(found.group(1))


@contextlib.contextmanager
def served(variables: Mapping[str, str]) -> Iterator[int]:
    """Serve the pages as an office does, on a free port, without a limit on reports from one address."""
    port = ports.free_port()
    environment = {
        **os.environ, **variables, "YIWANG_PORT": str(port), "YIWANG_INTAKE_PER_MINUTE": "0",
    }  # fmt: skip
    process = subprocess.Popen([sys.executable, "-m", "yiwang.commands", "serve"], env=environment)
    try:
        for _ in range(300):
            with contextlib.suppress(OSError):
                client = Client(port)
                client.post(body(Random(0)))
                client.close()
                break
            time.sleep(0.1)
        yield port
    finally:
        process.terminate()
        process.wait(20)


def statements() -> int:
    """SQL statements of one report through the whole door, without BEGIN and COMMIT."""
    from django.conf import settings
    from django.db import connection
    from django.test import Client as InProcess

    said: list[str] = []

    def note(execute: object, sql: str, params: object, many: bool, context: object) -> object:
        said.append(sql)
        return execute(sql, params, many, context)  # type: ignore[operator]

    settings.YIWANG_INTAKE_PER_MINUTE = 0
    door, chance = InProcess(), Random(1)
    send = {"content_type": "application/json", "SERVER_NAME": "127.0.0.1"}
    door.post("/api/v1/reports", body(chance), **send)  # type: ignore[arg-type]
    with connection.execute_wrapper(note):
        answer = door.post("/api/v1/reports", body(chance), **send)  # type: ignore[arg-type]
    assert answer.status_code == 201, answer.content
    return len([sql for sql in said if not sql.startswith(("SAVEPOINT", "RELEASE"))])


def measure(variables: Mapping[str, str], seconds: int, rounds: int) -> dict[str, float]:
    """Run the rounds, reference and intake in turn, and return the medians."""
    owner_url = variables["DATABASE_OWNER_URL"]
    pgbench(owner_url, "-i", "-q", "-s", str(SCALE))
    rates, references, latencies, refused = [], [], [], 0
    with served(variables) as port:
        run_round(port, 2, seed=0)
        for number in range(1, rounds + 1):
            references.append(reference(owner_url, seconds))
            taken = run_round(port, seconds, seed=number)
            rates.append(taken.rate)
            latencies += taken.latencies
            refused += taken.refused
            print(
                f"round {number}: {taken.rate:.1f}/s, reference {references[-1]:.0f} tps",
                file=sys.stderr,
            )
    latencies.sort()
    rate, tps = statistics.median(rates), statistics.median(references)
    return {
        "creates_per_second": round(rate, 1),
        "reference_tps": round(tps, 1),
        "ratio": round(rate / tps, 4),
        "p50_ms": round(1000 * latencies[len(latencies) // 2], 1),
        "p95_ms": round(1000 * latencies[int(len(latencies) * 0.95)], 1),
        "statements": statements(),
        "refused": refused,
    }
