"""One row of another system as rows of this one: case, report, task, clock, and the line of the record."""

import hashlib
import uuid
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import Any

from django.utils import timezone

from yiwang.kernel.cases.importing.copying import Columns, Ready
from yiwang.kernel.cases.importing.reading import Row
from yiwang.kernel.cases.lookups import names_above
from yiwang.kernel.cases.models import Case, Clock, Lookup, Report, Task
from yiwang.kernel.cases.rules.clocks import Step
from yiwang.kernel.cases.rules.intake import title_of
from yiwang.kernel.cases.rules.stages import CaseLevel, ClockStage, Stage, TaskRole, TaskState
from yiwang.kernel.cases.rules.words import marks_of, month_mark, words_of
from yiwang.kernel.foundation.actors import SYSTEM
from yiwang.kernel.foundation.audit import Event
from yiwang.kernel.foundation.numbering import follow_code

NAMESPACE = uuid.UUID("6f0d1a5e-6f0b-5d3c-9a57-0b6f4f0c2f11")


@dataclass(frozen=True, slots=True)
class Found:
    """Where a row's point is: the area or the whole place, and whether to trust it."""

    area_id: int
    path: str
    trust: str
    why: Ready


@dataclass(frozen=True, slots=True)
class Kind:
    """The category and condition a row is filed under."""

    id: int
    condition_id: int
    path: str


@dataclass
class Batch:
    """Rows of all tables, ready to be written together."""

    cases: list[dict[str, Any]] = field(default_factory=list)
    reports: list[dict[str, Any]] = field(default_factory=list)
    tasks: list[dict[str, Any]] = field(default_factory=list)
    clocks: list[dict[str, Any]] = field(default_factory=list)
    lookups: list[dict[str, Any]] = field(default_factory=list)
    reporters: list[tuple[uuid.UUID, str, str, str]] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)


class Builder:
    """Builds the rows of one import; `origin` names the other system."""

    def __init__(self, origin: str, at: datetime) -> None:
        self.origin, self.at = origin, at
        self.case, self.report = Columns(Case), Columns(Report)
        self.task, self.clock, self.lookup = Columns(Task), Columns(Clock), Columns(Lookup)
        self._names: dict[
            str, tuple[str, ...]
        ] = {}  # of the places above, by path: all on one land

    def add(
        self, batch: Batch, row: Row, key: int, number: str, found: Found, kind: Kind, unit_id: int,
        due: datetime | None, limit: str,
    ) -> None:  # fmt: skip
        """Add one row to the batch under the case id and number it was given."""
        opened, report_id = Ready.moment(row.opened), self._report_id(row)
        closed = Ready.moment(row.closed) if row.closed else None
        told = _Told(
            row, key, number, found, kind, unit_id, opened, closed,
            Ready.moment(due) if due else None, late=due is not None and due < self.at,
            in_time=None if row.closed is None or due is None else row.closed <= due,
        )  # fmt: skip
        content, case = _content(told), self._case(told)
        batch.cases.append(case)
        batch.lookups.append(self._lookup(told, case["title"]))
        batch.reports.append(_report(told, report_id, content))
        batch.tasks.append(_task(told))
        if due is not None:
            batch.clocks.append(self._clock(told, limit))
        if row.name or row.phone:
            batch.reporters.append((report_id, row.name, row.phone, found.path))
        facts = {
            "origin": self.origin, "number": row.number, "content": content.hex(),
            "opened": str(opened), "unit": unit_id, "category": kind.id,
            "area": found.area_id, "trust": found.trust, "in_time": told.in_time,
            "closed": str(closed) if closed else None,
        }  # fmt: skip
        batch.events.append(Event("case", key, "case_imported", SYSTEM, self.at, facts))

    def _report_id(self, row: Row) -> uuid.UUID:
        return uuid.uuid5(NAMESPACE, f"{self.origin}/{row.number}")

    def _case(self, told: "_Told") -> dict[str, Any]:
        row, found, kind, opened = told.row, told.found, told.kind, told.opened
        running = told.due is not None and not row.is_closed
        return {
            "id": told.key, "number": told.number, "title": title_of(row.text),
            "channel": row.channel, "stage": Stage.CLOSED if row.is_closed else Stage.HANDLING,
            "level": CaseLevel.SUBDISTRICT, "category_id": kind.id,
            "condition_id": kind.condition_id, "category_path": kind.path,
            "lon": row.lon, "lat": row.lat, "address": row.address, "area_id": found.area_id,
            "area_path": found.path, "trust": found.trust, "trust_why": found.why,
            "lead_unit_id": told.unit_id, "unit_ids": [told.unit_id], "opened_at": opened,
            "accepted_at": opened, "dispatched_at": opened,
            "reported_back_at": told.closed, "closed_at": told.closed,
            "handled_in_time": told.in_time, "result": row.result, "origin": self.origin,
            "origin_number": row.number, "clock_stage": ClockStage.HANDLE if running else "",
            "clock_started_at": opened if running else None,
            "clock_due_at": told.due if running else None, "late": running and told.late,
        }  # fmt: skip

    def _lookup(self, told: "_Told", title: str) -> dict[str, Any]:
        row, path = told.row, told.found.path
        names = self._names.get(path)
        if names is None:
            names = self._names[path] = names_above(path)
        marks = _marks(
            path, told.kind.path, told.unit_id, row.channel, _month(row.opened),
            _month(row.closed) if row.closed and row.is_closed else "", not row.is_closed,
        )  # fmt: skip
        words = words_of(title, row.text, row.address, *names)
        return {"case_id": told.key, "words": words, "marks": marks}

    def _clock(self, told: "_Told", limit: str) -> dict[str, Any]:
        """A clock of the past has nothing left to say: it never reminds anybody."""
        return {
            "case_id": told.key,
            "stage": ClockStage.HANDLE,
            "started_at": told.opened,
            "limit": limit,
            "due_at": told.due,
            "source": self.origin if told.row.target else "",
            "stopped_at": told.closed,
            "step": Step.LEADER_TOLD,
        }


@dataclass(frozen=True, slots=True)
class _Told:
    """A row with all that was found out about it; its moments as COPY writes them, once for the many columns."""

    row: Row
    key: int
    number: str
    found: Found
    kind: Kind
    unit_id: int
    opened: Ready
    closed: Ready | None
    due: Ready | None
    late: bool
    in_time: bool | None


@lru_cache(maxsize=4096)
def _marks(
    area_path: str, category_path: str, unit_id: int, channel: str, opened: str, closed: str,
    is_open: bool,
) -> str:  # fmt: skip
    """Of a history many rows share all of it."""
    return marks_of(
        area_path=area_path, category_path=category_path, unit_id=unit_id, unit_ids=[unit_id],
        people=(), channel=channel, opened=opened, closed=closed, is_open=is_open,
    )  # fmt: skip


def _month(at: datetime) -> str:
    return month_mark(at, timezone.get_default_timezone())


def _report(told: _Told, report_id: uuid.UUID, content: bytes) -> dict[str, Any]:
    row = told.row
    return {
        "id": report_id,
        "content": content,
        "case_id": told.key,
        "first_case_id": told.key,
        "follow_code": follow_code(),
        "channel": row.channel,
        "kind": row.kind,
        "text": row.text,
        "received_at": told.opened,
    }


def _task(told: _Told) -> dict[str, Any]:
    return {
        "case_id": told.key,
        "unit_id": told.unit_id,
        "role": TaskRole.LEAD,
        "state": TaskState.DONE if told.row.is_closed else TaskState.WORKING,
        "dispatched_at": told.opened,
        "signed_at": told.opened,
        "due_at": told.due,
        "finished_at": told.closed,
        "result": told.row.result,
    }


def _content(told: _Told) -> bytes:
    """SHA-256 of what the row says, so that a changed file can be told from the one brought in."""
    row = told.row
    said = (
        row.number, told.opened, told.closed or "", row.unit,
        row.category, row.text, row.address, row.area, row.result,
    )  # fmt: skip
    return hashlib.sha256("\x1f".join(said).encode()).digest()
