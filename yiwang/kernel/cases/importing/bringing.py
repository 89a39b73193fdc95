"""The import itself: read, locate, build in one thread; write in two others, whose time is the server's."""

import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import datetime
from functools import lru_cache
from itertools import islice
from pathlib import Path

from django.db import connection

from yiwang.kernel.cases.importing import reading
from yiwang.kernel.cases.importing.building import Batch, Builder, Found
from yiwang.kernel.cases.importing.copying import take_ids
from yiwang.kernel.cases.importing.figures import Figures
from yiwang.kernel.cases.importing.mapping import Mapping
from yiwang.kernel.cases.importing.reading import BadRow, Row
from yiwang.kernel.cases.importing.setting import Setting, prepare
from yiwang.kernel.cases.models import Case, Clock, Reporter, Task
from yiwang.kernel.foundation import audit
from yiwang.kernel.foundation.actors import SYSTEM
from yiwang.kernel.foundation.calendar import load
from yiwang.kernel.foundation.calendar.rules import compute_deadline
from yiwang.kernel.foundation.numbering import next_numbers
from yiwang.kernel.foundation.secrets import blind_index
from yiwang.kernel.foundation.viewer import speaking_as
from yiwang.kernel.territory.rules.trust import Trust

CHUNK = 2000  # rows, one transaction each
WRITERS = 2
SERIES = "history"


class Import:
    """One run over one file. Rows brought in by an earlier run are known by their number and left alone."""

    def __init__(self, mapping: Mapping, setting: Setting, at: datetime) -> None:
        self.mapping, self.setting, self.at = mapping, setting, at
        self.builder = Builder(mapping.name, at)
        self.figures = Figures()
        self.bad: list[BadRow] = []
        known = Case.objects.filter(origin=mapping.name)
        self.known = set(known.values_list("origin_number", flat=True))
        self.lines: dict[str, int] = {}

    def take(self, read: Iterable[Row | BadRow]) -> Batch | None:
        """Count and build one chunk; None when there is nothing to write."""
        rows = [row for each in read if (row := self._good(each)) is not None]
        if not rows:
            return None
        places = self.setting.locate(rows)
        for row, found in zip(rows, places, strict=True):
            self._count(row, found)
        fresh = [(r, f) for r, f in zip(rows, places, strict=True) if r.number not in self.known]
        self.figures.imported += len(fresh)
        return self._build(fresh) if fresh else None

    def _good(self, each: Row | BadRow) -> Row | None:
        self.figures.rows += 1
        if isinstance(each, Row):
            first = self.lines.setdefault(each.number, each.line)
            if first == each.line:
                return each
            each = BadRow(each.line, each.number, f"number: already in line {first}")
        self.figures.rejected += 1
        self.bad.append(each)
        return None

    def _count(self, row: Row, found: Found) -> None:
        figures, inside = self.figures, found.area_id != self.setting.place.pk
        figures.located += inside
        figures.untrusted_places += found.trust != Trust.TRUSTED
        if row.area and found.trust != Trust.DEFAULT_POINT:
            figures.area.count(hit=self.setting.codes.get(row.area) == found.area_id)
        if row.closed and row.target:
            figures.on_time.count(hit=(row.closed <= row.target) == row.on_time)

    def _build(self, fresh: list[tuple[Row, Found]]) -> Batch:
        batch = Batch()
        self.setting.make_ready([row for row, _found in fresh])
        ids = take_ids(Case, len(fresh))
        numbers = next_numbers(SERIES, at=self.at, count=len(fresh))
        for (row, found), key, number in zip(fresh, ids, numbers, strict=True):
            due, limit = self._due(row)
            kind, unit = self.setting.kinds[row.category], self.setting.unit(row.unit)
            self.builder.add(batch, row, key, f"H{number}", found, kind, unit, due, limit)
        return batch

    def _due(self, row: Row) -> tuple[datetime | None, str]:
        """The target the file brings, or the one that follows from the mapping's limit."""
        if row.target is not None:
            return row.target, _as_limit((row.target - row.opened).total_seconds())
        limit = self.mapping.limit
        if limit is None:
            return None, ""
        return compute_deadline(row.opened, limit, load()).due, limit.as_text()

    def write(self, batch: Batch) -> None:
        """Write one batch in one transaction."""
        builder = self.builder
        with speaking_as(SYSTEM):
            _identify(Task, batch.tasks)
            _identify(Clock, batch.clocks)
            of_case = {task["case_id"]: task["id"] for task in batch.tasks}
            for clock in batch.clocks:
                clock["task_id"] = of_case[clock["case_id"]]
            builder.case.copy(batch.cases)
            builder.lookup.copy(batch.lookups)
            builder.report.copy(batch.reports)
            builder.task.copy(batch.tasks)
            builder.clock.copy(batch.clocks)
            Reporter.objects.bulk_create(_reporters(batch))
            audit.record_many(batch.events, new=True)


@lru_cache(maxsize=1024)
def _as_limit(seconds: float) -> str:
    """The time another system allowed, as this one writes limits; whole hours, at least one."""
    return f"{max(round(seconds / 3600), 1)}紧急工作时"


def _identify(model: type[Task] | type[Clock], rows: list[dict[str, object]]) -> None:
    for row, key in zip(rows, take_ids(model, len(rows)), strict=True):
        row["id"] = key


def _reporters(batch: Batch) -> Iterator[Reporter]:
    for report_id, name, phone, path in batch.reporters:
        digits = "".join(sign for sign in phone if sign.isdigit())
        index = blind_index(digits, "cases.reporter.phone") if digits else None
        yield Reporter(
            report_id=report_id, name=name, phone=phone, phone_index=index, area_path=path
        )


def bring_in(
    mapping: Mapping,
    path: Path,
    *,
    at: datetime,
    progress: Callable[[int], None] = lambda rows: None,
    say: Callable[[str], None] = lambda line: None,
) -> tuple[Figures, list[BadRow]]:
    """Import a file; return the figures and the lines that could not be taken.

    Safe to run again after any end: each chunk of rows is one transaction, and what is there is not written twice.

    Raises:
        WrongMapping: the file and the mapping do not fit.
    """
    began = time.perf_counter()
    with speaking_as(SYSTEM):
        setting = prepare(mapping, path.parent, at, say)
    work = Import(mapping, setting, at)
    with reading.opened(path, mapping) as stream, ThreadPoolExecutor(WRITERS) as writer:
        waiting: deque[Future[None]] = deque()
        lines = reading.rows(stream, mapping)
        while chunk := list(islice(lines, CHUNK)):
            batch = work.take(chunk)
            if batch is not None:
                waiting.append(writer.submit(_write, work, batch))
            while len(waiting) > WRITERS:
                waiting.popleft().result()
            progress(len(chunk))
        while waiting:
            waiting.popleft().result()
    work.figures.seconds = time.perf_counter() - began
    return work.figures, work.bad


def _write(work: Import, batch: Batch) -> None:
    try:
        work.write(batch)
    finally:
        connection.close()  # the writing thread's own
