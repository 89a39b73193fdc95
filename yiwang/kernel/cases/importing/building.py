"""One row of another system as rows of this one: case, report, task, clock, and the line of the record."""

import hashlib
import uuid
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from yiwang.kernel.cases.importing.copying import Columns, Json
from yiwang.kernel.cases.importing.reading import Row
from yiwang.kernel.cases.models import Case, Clock, Report, Task
from yiwang.kernel.cases.rules.clocks import Step
from yiwang.kernel.cases.rules.intake import title_of
from yiwang.kernel.cases.rules.stages import CaseLevel, ClockStage, Stage, TaskRole, TaskState
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
    why: Json


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
    reporters: list[tuple[uuid.UUID, str, str, str]] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)


class Builder:
    """Builds the rows of one import; `origin` names the other system."""

    def __init__(self, origin: str, at: datetime) -> None:
        self.origin, self.at = origin, at
        self.case, self.report = Columns(Case), Columns(Report)
        self.task, self.clock = Columns(Task), Columns(Clock)

    def add(
        self, batch: Batch, row: Row, key: int, number: str, found: Found, kind: Kind, unit_id: int,
        due: datetime | None, limit: str,
    ) -> None:  # fmt: skip
        """Add one row to the batch under the case id and number it was given."""
        in_time = None if row.closed is None or due is None else row.closed <= due
        report_id = uuid.uuid5(NAMESPACE, f"{self.origin}/{row.number}")
        content = _content(row)
        batch.cases.append(self._case(row, key, number, found, kind, unit_id, due, in_time))
        batch.reports.append(self._report(row, key, report_id, content))
        batch.tasks.append(self._task(row, key, unit_id, due))
        if due is not None:
            batch.clocks.append(self._clock(row, key, due, limit))
        if row.name or row.phone:
            batch.reporters.append((report_id, row.name, row.phone, found.path))
        facts = {
            "origin": self.origin, "number": row.number, "content": content.hex(),
            "opened": row.opened.isoformat(), "unit": unit_id, "category": kind.id,
            "area": found.area_id, "trust": found.trust, "in_time": in_time,
            "closed": row.closed.isoformat() if row.closed else None,
        }  # fmt: skip
        batch.events.append(Event("case", key, "case_imported", SYSTEM, self.at, facts))

    def _case(
        self, row: Row, key: int, number: str, found: Found, kind: Kind, unit_id: int,
        due: datetime | None, in_time: bool | None,
    ) -> dict[str, Any]:  # fmt: skip
        given: dict[str, Any] = {
            "id": key, "number": number, "title": title_of(row.text), "channel": row.channel,
            "stage": Stage.CLOSED if row.is_closed else Stage.HANDLING,
            "level": CaseLevel.SUBDISTRICT, "category_id": kind.id,
            "condition_id": kind.condition_id, "category_path": kind.path,
            "lon": row.lon, "lat": row.lat, "address": row.address, "area_id": found.area_id,
            "area_path": found.path, "trust": found.trust, "trust_why": found.why,
            "lead_unit_id": unit_id, "unit_ids": [unit_id], "opened_at": row.opened,
            "accepted_at": row.opened, "dispatched_at": row.opened,
            "reported_back_at": row.closed, "closed_at": row.closed,
            "handled_in_time": in_time, "result": row.result, "origin": self.origin,
            "origin_number": row.number,
        }  # fmt: skip
        if not row.is_closed and due is not None:
            given |= {
                "clock_stage": ClockStage.HANDLE, "clock_started_at": row.opened,
                "clock_due_at": due, "late": due < self.at,
            }  # fmt: skip
        return given

    def _report(self, row: Row, key: int, report_id: uuid.UUID, content: bytes) -> dict[str, Any]:
        return {
            "id": report_id,
            "content": content,
            "case_id": key,
            "first_case_id": key,
            "follow_code": follow_code(),
            "channel": row.channel,
            "kind": row.kind,
            "text": row.text,
            "received_at": row.opened,
        }

    def _task(self, row: Row, key: int, unit_id: int, due: datetime | None) -> dict[str, Any]:
        return {
            "case_id": key,
            "unit_id": unit_id,
            "role": TaskRole.LEAD,
            "state": TaskState.DONE if row.is_closed else TaskState.WORKING,
            "dispatched_at": row.opened,
            "signed_at": row.opened,
            "due_at": due,
            "finished_at": row.closed,
            "result": row.result,
        }

    def _clock(self, row: Row, key: int, due: datetime, limit: str) -> dict[str, Any]:
        """A clock of the past has nothing left to say: it never reminds anybody."""
        return {
            "case_id": key,
            "stage": ClockStage.HANDLE,
            "started_at": row.opened,
            "limit": limit,
            "due_at": due,
            "source": self.origin if row.target else "",
            "stopped_at": row.closed,
            "step": Step.LEADER_TOLD,
        }


def _content(row: Row) -> bytes:
    """SHA-256 of what the row says, so that a changed file can be told from the one brought in."""
    said = (
        row.number, row.opened.isoformat(), row.closed.isoformat() if row.closed else "", row.unit,
        row.category, row.text, row.address, row.area, row.result,
    )  # fmt: skip
    return hashlib.sha256("\x1f".join(said).encode()).digest()
