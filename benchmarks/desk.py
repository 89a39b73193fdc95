"""How long the desk's list of 50 takes on the server with N cases, filter by filter, and against 10,000 of them.

Each filter is asked for as a browser asks: signed in, through all of the program (session, rights, rows, counts, page),
without the network. The filters take turns, so that a slow moment of the machine falls on all of them. The answer
speaks of the slowest filter. `alone` measures one town; the town of each size is made up once and kept.
"""

from __future__ import annotations

import contextlib
import json
import subprocess
import sys
import time
from typing import Any

WANTED_P95_MS, WANTED_STATEMENTS, WANTED_RATIO = 50.0, 8, 2.0
WARM = 3
SMALL = 10_000


def compare(cases: int, every: bool, rounds: int) -> dict[str, object]:
    """Measure the small town and the large one, each in a process of its own, in turn: round by round.

    A machine that is slow for a minute is so for both.
    """
    with contextlib.ExitStack() as ended:
        towns = {size: ended.enter_context(_Town(size, rounds)) for size in sorted({SMALL, cases})}
        for _ in range(WARM + rounds):
            for town in towns.values():
                town.ask()
        told_of = {size: town.told() for size, town in towns.items()}
    small, large = told_of[SMALL], told_of[cases]
    slowest = max(large, key=lambda name: large[name]["p95_ms"])
    ratios = {name: large[name]["p95_ms"] / small[name]["p95_ms"] for name in large}
    told: dict[str, object] = {
        "cases": cases,
        "p50_ms": large[slowest]["p50_ms"],
        "p95_ms": large[slowest]["p95_ms"],
        "statements": max(each["statements"] for each in large.values()),
        "ratio_to_10k": round(ratios[slowest], 2),
        "slowest": slowest,
        "largest_ratio": round(max(ratios.values()), 2),
        "largest_ratio_of": max(ratios, key=lambda name: ratios[name]),
        "wanted_p95_ms": WANTED_P95_MS,
        "wanted_statements": WANTED_STATEMENTS,
        "wanted_ratio": WANTED_RATIO,
    }
    if every:
        told["filters"] = {
            name: each | {"at_10k": small[name]["p95_ms"]} for name, each in large.items()
        }
    return told


class _Town:
    """A town in a process of its own, which asks every filter once for each line it is given."""

    def __init__(self, cases: int, rounds: int) -> None:
        words = [sys.executable, "-m", "yiwang.commands", "bench", "desk", "--alone", "--json"]
        self.process = subprocess.Popen(
            [*words, "--in-turn", "--cases", str(cases), "--rounds", str(rounds)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def __enter__(self) -> _Town:
        self._wait()
        return self

    def __exit__(self, *_error: object) -> None:
        self.process.communicate()

    def ask(self) -> None:
        """Let it ask once, and wait until it has."""
        assert self.process.stdin is not None
        self.process.stdin.write("\n")
        self.process.stdin.flush()
        self._wait()

    def told(self) -> dict[str, dict[str, Any]]:
        found: dict[str, dict[str, Any]] = json.loads(self._line())
        return found

    def _wait(self) -> None:
        """Until an empty line; what the start of a town says stands before the first."""
        while self._line().strip():
            pass

    def _line(self) -> str:
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        assert line, "the town ended before it was asked"
        return line


def alone(cases: int, rounds: int, in_turn: bool) -> dict[str, dict[str, Any]]:
    """Measure every filter on the town at hand, which is made up first where it has no case.

    `in_turn`: a round for each line of standard input, a line of standard output when the town is there and after each.
    """
    from benchmarks import history

    history.ready(cases, lambda done: print(f"\r{done}", end="", file=sys.stderr))
    return _measure(rounds, in_turn)


def addresses() -> dict[str, tuple[str, str]]:
    """Every filter by name: who asks, and for what."""
    from yiwang.kernel import catalogue
    from yiwang.kernel.organisation.models import Unit
    from yiwang.kernel.territory.models import Division

    def kind(code: str) -> int:
        entry = catalogue.book().by_code(code)
        assert entry is not None, code
        return entry.id

    unit = {each.code: each.pk for each in Unit.objects.all()}
    grid = Division.objects.filter(level="grid").order_by("pk")[7]
    covers, drones = kind("P0102"), kind("SA0504")
    heading = catalogue.book().lineage(covers)[0].id
    asked = {
        "open by clock": "queue=open",
        "one unit": f"queue=open&unit={unit['works']}",
        "one grid": f"queue=open&area={grid.pk}",
        "one heading": f"queue=open&category={heading}",
        "overdue": "queue=overdue",
        "closed last month": "queue=closed",
        "by phone": "queue=open&channel=phone",
        "search": "queue=open&q=路灯",
        "my own": "queue=open&mine=1",
        "all": "queue=all",
        "all, one unit": f"queue=all&unit={unit['works']}",
        "all, one grid": f"queue=all&area={grid.pk}",
        "all, one heading": f"queue=all&category={heading}",
        "all, by phone": "queue=all&channel=phone",
        "all, search": "queue=all&q=路灯",
        "all, search of what all say": "queue=all&q=示例",
        "all, search of two words": "queue=all&q=八一路井盖",
        "all, search of long ago": "queue=all&q=无人机",
        "all, search of nothing": "queue=all&q=龙卷风",
        "all, my own": "queue=all&mine=1",
        "all, a kind of long ago": f"queue=all&category={drones}",
        "closed, one grid": f"queue=closed&area={grid.pk}",
        "unit and grid": f"queue=all&unit={unit['works']}&area={grid.pk}",
        "grid and kind": f"queue=all&area={grid.pk}&category={covers}",
        "phone and kind": f"queue=open&channel=phone&category={covers}",
        "unit and a kind it never has": f"queue=all&unit={unit['order']}&category={covers}",
        "search and grid": f"queue=all&q=路灯&area={grid.pk}",
        "search and long-ago kind": f"queue=all&q=路灯&category={drones}",
        "search, closed": "queue=closed&q=井盖",
        "number": "queue=all&q=0042",
    }
    told = {name: ("wangfang", query) for name, query in asked.items()}
    told["community officer"] = ("chenjing", "queue=open")
    told["community officer, all"] = ("chenjing", "queue=all")
    told["community officer, search"] = ("chenjing", "queue=all&q=无人机")
    told["person of long ago"] = ("mali", "queue=all&mine=1")
    told["inspector"] = ("sunli", "queue=all&q=路灯")
    return told


def _measure(rounds: int, in_turn: bool) -> dict[str, dict[str, Any]]:
    from django.test import Client

    from yiwang.kernel.accounts.models import User

    asked, clients = addresses(), {}
    for who in {who for who, _query in asked.values()}:
        clients[who] = Client(SERVER_NAME="127.0.0.1")
        clients[who].force_login(User.objects.get(username=who))
    times: dict[str, list[float]] = {name: [] for name in asked}
    said: dict[str, int] = {}
    every = list(asked.items())
    for turn in range(WARM + rounds):
        if in_turn:
            print(flush=True)
            sys.stdin.readline()
        # The first of a round finds the machine at rest, so each of them is first in turn.
        first = turn % len(every)
        for name, (who, query) in every[first:] + every[:first]:
            if turn == 1:
                said[name] = statements(clients[who], f"/desk/?{query}")
            start = time.perf_counter()
            answer = clients[who].get(f"/desk/?{query}")
            took = time.perf_counter() - start
            assert answer.status_code == 200, (name, answer.status_code)
            if turn >= WARM:
                times[name].append(1000 * took)
    if in_turn:
        print(flush=True)
    return {name: _told(sorted(each), said[name]) for name, each in times.items()}


def _told(times: list[float], said: int) -> dict[str, Any]:
    return {
        "p50_ms": round(times[len(times) // 2], 1),
        "p95_ms": round(times[int(len(times) * 0.95)], 1),
        "statements": said,
    }


AROUND = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE")


def statements(client: Any, address: str) -> int:
    """SQL statements of one page; the look at what is cached, at most once a second, is counted too."""
    from django.db import connection

    said: list[str] = []

    def note(execute: Any, sql: str, params: object, many: bool, context: object) -> object:
        said.append(sql)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        client.get(address)
    return len([sql for sql in said if not sql.startswith(AROUND)])
