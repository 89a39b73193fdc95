"""A town with a long history, made up fast: N cases of three years with their voices, tasks, clocks and records.

Most are closed; some thousand are open, most of them lately opened, some overdue, a few left lying. Forty grids and
every unit have their share, telephones are most of the voices, and what residents say comes in the demo town's
words with places. There are also the filters nobody likes: a word of the first weeks only, a kind and a person of long ago.
"""

from __future__ import annotations

import os
import sys
import time
import tomllib
import traceback
import uuid
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import psycopg

DAYS = 3 * 365
CHUNK = 4_000
OPEN_AT_MOST, OPEN_SHARE = 5_000, 0.03
CHANNELS = ["phone"] * 40 + ["grid_worker"] * 25 + ["web"] * 20 + ["hotline_12345"] * 10 + [
    "counter"] * 3 + ["api"] * 2  # fmt: skip
OPEN = ["handling"] * 45 + ["reported"] * 15 + ["accepted"] * 10 + ["dispatched"] * 10 + [
    "reported_back"] * 17 + ["suspended"] * 3  # fmt: skip
RARE_WORD, RARE_KIND, RARE_PERSON = "无人机", "SA0504", "mali"
STREETS = ("示例一街", "示例二街", "丹阳路", "曹州路", "康庄路", "东方红大街", "八一路", "长江路")


@dataclass(frozen=True)
class Matter:
    """A kind with what is said of it, and the unit that handles it."""

    category: int
    condition: int
    path: str
    unit: int
    words: tuple[str, ...]
    results: tuple[str, ...]


@dataclass
class Stage:
    """Everything rows are made of; read once."""

    matters: list[Matter]
    rare: Matter
    grids: list[tuple[int, str, str]]
    desk: list[int]
    rare_person: int
    workers: list[int]
    begun: datetime
    ended: datetime
    phones: list[tuple[bytes, bytes]]
    nameless: bytes


def read_stage() -> Stage:
    """Read the founded town."""
    from django.utils import timezone

    import yiwang.demo
    from yiwang.kernel import catalogue
    from yiwang.kernel.accounts.models import User
    from yiwang.kernel.foundation.secrets import blind_index, seal
    from yiwang.kernel.organisation.models import Posting
    from yiwang.kernel.territory.models import Division

    told = tomllib.loads(Path(yiwang.demo.__path__[0], "matters.toml").read_text("utf-8"))
    book = catalogue.book()
    town = Division.objects.get(is_town=True)

    def matter(code: str, words: list[str], results: list[str]) -> Matter:
        entry = book.by_code(code)
        assert entry is not None, code
        routed = book.route(entry.id, "subdistrict", town.path)
        condition = book.default_condition(entry.id)
        return Matter(
            entry.id, condition.id, entry.path, routed.unit_id, tuple(words), tuple(results)
        )

    weighted = [
        matter(each["category"], each["words"], each["results"])
        for each in told["matter"]
        for _ in range(each["weight"])
        if each["category"] != RARE_KIND
    ]
    end = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    people = Posting.objects.values_list("user_id", "user__username", "role")
    return Stage(
        matters=weighted,
        rare=matter(RARE_KIND, ["{place}有人放无人机，声音很大"], ["已劝离。"]),
        grids=list(Division.objects.filter(level="grid").values_list("id", "path", "name")),
        desk=[key for key, name, role in people if role == "desk_operator" and name != RARE_PERSON],
        rare_person=User.objects.get(username=RARE_PERSON).pk,
        workers=[key for key, _name, role in people if role == "grid_worker"],
        begun=end - timedelta(days=DAYS),
        ended=end,
        phones=[
            (seal(f"10000{n:06d}", context="cases.reporter.phone"),
             blind_index(f"10000{n:06d}", "cases.reporter.phone"))
            for n in range(2_000)
        ],
        nameless=seal("", context="cases.reporter.name"),
    )  # fmt: skip


class Grower:
    """Makes rows in one thread and lets another write them."""

    def __init__(self, stage: Stage, count: int) -> None:
        from yiwang.kernel.cases import models
        from yiwang.kernel.cases.importing.copying import Columns

        self.stage, self.count, self.chance = stage, count, Random(count)
        self.per_day = max(1, -(-count // DAYS))
        self.open = min(OPEN_AT_MOST, int(count * OPEN_SHARE))
        self.columns = {
            model: Columns(model)
            for model in (models.Case, models.Report, models.Task, models.Clock, models.Reporter,
                          models.Lookup)
        }  # fmt: skip

    def rows(self, numbers: range, case_ids: list[int], task_ids: list[int], clock_ids: list[int]):
        from yiwang.kernel.cases import models

        found: dict[Any, list[dict[str, Any]]] = {model: [] for model in self.columns}
        events: list[Any] = []
        for number, key, task, clock in zip(numbers, case_ids, task_ids, clock_ids, strict=True):
            case = self.case(number, key)
            report = self.report(case)
            found[models.Case].append(case["row"])
            found[models.Report].append(report)
            found[models.Lookup].append(self.lookup(case, report["text"]))
            if case["row"]["lead_unit_id"]:
                found[models.Task].append(self.task(case, task))
            found[models.Clock].append(self.clock(case, clock, task))
            if self.chance.random() < 0.6:
                found[models.Reporter].append(self.reporter(case, report))
            events += self.events(case, report)
        return found, events

    def first_of(self, day: int) -> int:
        """The first number of a day: the cases lie evenly over all of the days, up to the last, however few they are."""
        return -(-day * self.count // DAYS)

    def is_open(self, number: int) -> bool:
        """Most of the open ones came within the last days; a twentieth was left lying."""
        age = self.count - number
        lately = max(self.open, 40 * self.per_day)
        if age <= lately:
            return self.chance.random() < 0.95 * self.open / lately
        return age <= 8 * lately and self.chance.random() < 0.05 * self.open / (7 * lately)

    def case(self, number: int, key: int) -> dict[str, Any]:
        chance, stage = self.chance, self.stage
        day = number * DAYS // self.count
        first, beyond = self.first_of(day), self.first_of(day + 1)
        serial = number - first
        opened = stage.begun + timedelta(days=day, seconds=86_399 * serial // (beyond - first))
        early = number < self.count * 0.03
        matter = stage.rare if early and chance.random() < 0.002 else chance.choice(stage.matters)
        grid_id, path, name = chance.choice(stage.grids)
        street = chance.choice(STREETS)
        text = chance.choice(matter.words).format(place=f"{street}{chance.randrange(1, 300)}号")
        if early and chance.random() < 0.002:
            text += f"，像是{RARE_WORD}掉下来的"
        stage_name = chance.choice(OPEN) if self.is_open(number) else "closed"
        hours = chance.expovariate(1 / 30) + 0.5
        limit = timedelta(hours=chance.choice((24, 72, 120)))
        closed = opened + timedelta(hours=hours) if stage_name == "closed" else None
        if closed and closed > stage.ended:
            closed = stage.ended
        channel = chance.choice(CHANNELS)
        taken_by = None
        if channel in ("phone", "counter"):
            taken_by = chance.choice(stage.desk)
            if early and chance.random() < 0.004:
                taken_by = stage.rare_person
        elif channel == "grid_worker":
            taken_by = chance.choice(stage.workers)
        at_desk = stage_name in ("reported", "accepted")
        unit = None if at_desk else matter.unit
        due = None
        if stage_name != "closed" and stage_name != "suspended":
            # The clock began lately; one in eight is late.
            due = stage.ended + timedelta(hours=chance.uniform(-10, 70))
        row = {
            "id": key, "number": f"{opened:%Y%m%d}-{serial + 1:04d}", "stage": stage_name,
            "title": text[:60], "category_id": matter.category, "condition_id": matter.condition,
            "category_path": matter.path, "public": True,
            "confidential": chance.random() < 0.001,
            "lon": round(chance.uniform(115.452, 115.488), 6),
            "lat": round(chance.uniform(35.216, 35.244), 6), "address": f"{street} {name}",
            "area_id": grid_id, "area_path": path, "trust": "trusted", "trust_why": "[]",
            "lead_unit_id": unit, "suggested_unit_id": matter.unit if at_desk else None,
            "unit_ids": [unit] if unit else [],
            "fixer_ids": [chance.choice(stage.workers)] if closed else [],
            "clock_stage": "handle" if due else "", "clock_started_at": opened if due else None,
            "clock_due_at": due, "opened_at": opened, "accepted_at": None if at_desk else opened,
            "dispatched_at": None if at_desk else opened, "reported_back_at": closed,
            "closed_at": closed, "channel": channel, "taken_by_id": taken_by,
            "handled_in_time": None if closed is None else closed <= opened + limit,
            "result": chance.choice(matter.results) if closed else "",
        }  # fmt: skip
        return {"row": row, "text": text, "limit": limit}

    def report(self, case: dict[str, Any]) -> dict[str, Any]:
        from yiwang.kernel.foundation.numbering import follow_code

        row, chance = case["row"], self.chance
        closed = row["closed_at"]
        rated = closed is not None and chance.random() < 0.4
        return {
            "id": uuid.UUID(int=chance.getrandbits(128)), "content": b"\0" * 32,
            "case_id": row["id"], "first_case_id": row["id"], "follow_code": follow_code(),
            "channel": row["channel"], "kind": "complain", "text": case["text"],
            "received_at": row["opened_at"], "taken_by_id": row["taken_by_id"],
            "answer_due_at": row["opened_at"] + timedelta(days=5),
            "answer": row["result"], "answered_at": closed,
            "rating": chance.choice(("very_satisfied", "satisfied", "dissatisfied")) if rated else "",
            "rated_at": closed if rated else None,
        }  # fmt: skip

    def lookup(self, case: dict[str, Any], text: str) -> dict[str, Any]:
        from yiwang.kernel.cases.lookups import lookup_of

        return lookup_of(case["row"], text)

    def task(self, case: dict[str, Any], key: int) -> dict[str, Any]:
        row = case["row"]
        done = row["closed_at"] or (row["opened_at"] if row["stage"] == "reported_back" else None)
        state = "done" if done else "offered" if row["stage"] == "dispatched" else "working"
        return {
            "id": key, "case_id": row["id"], "unit_id": row["lead_unit_id"], "role": "lead",
            "state": state, "dispatched_at": row["opened_at"], "signed_at": row["opened_at"],
            "due_at": row["opened_at"] + case["limit"], "finished_at": done,
            "result": row["result"],
        }  # fmt: skip

    def clock(self, case: dict[str, Any], key: int, task: int) -> dict[str, Any]:
        row = case["row"]
        return {
            "id": key, "case_id": row["id"], "task_id": task if row["lead_unit_id"] else None,
            "stage": "handle", "started_at": row["opened_at"], "limit": "3天",
            "due_at": row["clock_due_at"] or row["opened_at"] + case["limit"],
            "stopped_at": row["closed_at"], "step": 3,
        }  # fmt: skip

    def reporter(self, case: dict[str, Any], report: dict[str, Any]) -> dict[str, Any]:
        sealed, index = self.chance.choice(self.stage.phones)
        hidden = case["row"]["confidential"]
        return {
            "report_id": report["id"], "name": self.stage.nameless, "phone": sealed, "phone_index": index,
            "area_path": "" if hidden else case["row"]["area_path"],
        }  # fmt: skip

    def events(self, case: dict[str, Any], report: dict[str, Any]) -> list[Any]:
        from yiwang.kernel.foundation.actors import SYSTEM
        from yiwang.kernel.foundation.audit import Event

        row = case["row"]
        facts = {"report": str(report["id"]), "channel": row["channel"], "case": row["number"]}
        said = [Event("case", row["id"], "case_reported", SYSTEM, row["opened_at"], facts)]
        if row["closed_at"]:
            facts = {"from": "reported_back", "to": "closed", "move": "pass_check"}
            said.append(Event("case", row["id"], "case_closed", SYSTEM, row["closed_at"], facts))
        return said

    def write(self, found: dict[Any, list[dict[str, Any]]], events: list[Any]) -> None:
        from yiwang.kernel.cases.models import Reporter
        from yiwang.kernel.foundation import audit
        from yiwang.kernel.foundation.actors import SYSTEM
        from yiwang.kernel.foundation.viewer import speaking_as

        with speaking_as(SYSTEM):
            for model, rows in found.items():
                if model is Reporter:
                    self.copy_aside(model, rows)
                else:
                    self.columns[model].copy(rows)
            audit.record_many(events, new=True)

    def copy_aside(self, model: Any, rows: list[dict[str, Any]]) -> None:
        """COPY does not pass row-level security: into a temporary table, and from there."""
        from django.db import connection

        names, lines = self.columns[model].text(rows)
        table, columns = model._meta.db_table, ", ".join(names)
        with connection.cursor() as cursor:
            cursor.execute(
                f"CREATE TEMPORARY TABLE aside ON COMMIT DROP AS SELECT {columns} FROM {table} LIMIT 0"
            )
            with cursor.copy(f"COPY aside ({columns}) FROM STDIN") as copy:
                copy.write(lines)
            cursor.execute(f"INSERT INTO {table} ({columns}) SELECT {columns} FROM aside")


def ready(count: int, say: Any = lambda done: None) -> None:
    """Make the town at hand up if it has no case, and sweep it as the server would within the minute."""
    from yiwang.kernel.cases.models import Case

    if not Case.objects.exists():
        rate = grow(count, say)
        print(f"\n{count} cases, {rate:.0f} a second", file=sys.stderr)
    assert Case.objects.count() >= count, "fewer cases lie in this folder"
    # The tables are the owner's; the program's role may not.
    with psycopg.connect(os.environ["DATABASE_OWNER_URL"], autocommit=True) as owner:
        owner.execute("VACUUM (ANALYZE)")


def grow(count: int, say: Any = lambda done: None) -> float:
    """Add `count` cases to a town without any, on both cores; return rows a second."""
    from yiwang.kernel.cases.models import Case

    assert not Case.objects.exists(), "history is made up for an empty town only"
    start = time.perf_counter()
    half = count // 2
    _let_go()
    child = os.fork()
    if child == 0:
        code = 1
        try:
            _grow_part(count, range(half), lambda done: None)
            code = 0
        except Exception:  # the parent says that it failed
            traceback.print_exc()
        finally:
            os._exit(code)
    _grow_part(count, range(half, count), say)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert Case.objects.count() == count
    return count / (time.perf_counter() - start)


def _grow_part(count: int, part: range, say: Any) -> None:
    from yiwang.kernel.cases.importing.copying import take_ids
    from yiwang.kernel.cases.models import Case, Clock, Task

    grower = Grower(read_stage(), count)
    grower.chance.seed(part.start)
    with ThreadPoolExecutor(1) as writer:
        waiting = None
        for begin in range(part.start, part.stop, CHUNK):
            numbers = range(begin, min(begin + CHUNK, part.stop))
            ids = [list(take_ids(model, len(numbers))) for model in (Case, Task, Clock)]
            made = grower.rows(numbers, *ids)
            if waiting is not None:
                waiting.result()
            waiting = writer.submit(grower.write, *made)
            say(len(numbers) * 2)
        if waiting is not None:
            waiting.result()
        writer.submit(_let_go).result()


def _let_go() -> None:
    """Close connections and their pool, which does not survive a fork."""
    from django.db import connection

    connection.close()
    connection.close_pool()
