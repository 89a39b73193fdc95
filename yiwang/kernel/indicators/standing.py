"""What is open now, what of it is late, and where it hangs."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import NotRequired, TypedDict, cast

from django.db.models import Case as When_
from django.db.models import Count, Min, Q, Value, When
from django.db.models.fields import CharField

from yiwang.kernel.accounts.models import User
from yiwang.kernel.cases.models import CaseQuerySet, Request
from yiwang.kernel.cases.rules.stages import CaseLevel, Stage
from yiwang.kernel.indicators.permissions import counted, land_of
from yiwang.kernel.indicators.rules import Held
from yiwang.kernel.organisation.rules import Permission
from yiwang.kernel.territory.land import land
from yiwang.kernel.territory.rules.levels import Level

HELD_STAGES: dict[Held, tuple[Stage, ...]] = {
    Held.DESK: (Stage.REPORTED, Stage.ACCEPTED),
    Held.UNIT: (Stage.DISPATCHED, Stage.HANDLING, Stage.SUSPENDED),
    Held.CHECK: (Stage.REPORTED_BACK,),
}


@dataclass(frozen=True)
class Standing:
    """Open cases now: all of them, late, due within a day's limit, supervised, paused, climbed to a higher level."""

    open: int
    late: int
    supervised: int
    suspended: int
    escalated: int


class _Row(TypedDict):
    """What is counted of open cases, and the keys it may be counted by."""

    open: int
    late: int
    supervised: int
    since: datetime | None
    held: NotRequired[str]
    lead_unit_id: NotRequired[int | None]
    area_id: NotRequired[int | None]
    area_path: NotRequired[str]


def late(user: User, at: datetime) -> CaseQuerySet:
    """Return the late cases on the reader's land; order them by `clock_due_at` for the worst first."""
    return counted(user, at).overdue(at=at)


def watched(user: User, at: datetime) -> CaseQuerySet:
    """Return open cases under supervision, or climbed to the county."""
    climbed = Q(supervised_at__isnull=False) | Q(level=CaseLevel.COUNTY)
    return counted(user, at).open().filter(climbed)


def standing(user: User, at: datetime) -> Standing:
    """Count what is open; one query."""
    found = (
        counted(user, at)
        .open()
        .aggregate(
            open=Count("pk"),
            late=Count("pk", filter=Q(clock_due_at__lt=at)),
            supervised=Count("pk", filter=Q(supervised_at__isnull=False)),
            suspended=Count("pk", filter=Q(stage=Stage.SUSPENDED)),
            escalated=Count("pk", filter=Q(level=CaseLevel.COUNTY)),
        )
    )
    return Standing(**found)


def waiting_requests(user: User, at: datetime) -> Sequence[Request]:
    """Return undecided requests on cases where this person may decide them, the oldest first; one query."""
    may = {
        "extension": Permission.CASE_EXTEND_APPROVE,
        "suspension": Permission.CASE_SUSPEND_APPROVE,
    }
    where = Q()
    for kind, permission in may.items():
        where |= Q(kind=kind) & land_of(user, at, permission, on="case__")
    rows = Request.objects.filter(
        where, state="asked", case__stage=Stage.HANDLING, case__confidential=False
    ).exclude(asked_by=user)
    return list(
        rows.select_related("case", "task__unit", "case__lead_unit").order_by("asked_at", "id")[:50]
    )


@dataclass
class Hanging:
    """Open and late cases in one hand or place: `since` is the oldest end that has passed."""

    held: Held
    id: int | None
    open: int = 0
    late: int = 0
    supervised: int = 0
    since: datetime | None = None
    path: str = ""
    parts: list["Hanging"] = field(default_factory=list)

    def add(self, row: "_Row") -> None:
        """Take in what one row of the database, or one part, has counted."""
        self.open += row["open"]
        self.late += row["late"]
        self.supervised += row["supervised"]
        if row["since"] is not None:
            self.since = min(self.since or row["since"], row["since"])

    @property
    def weight(self) -> tuple[int, float, int]:
        """Worst first: most late, then longest late, then most open."""
        return -self.late, self.since.timestamp() if self.since else float("inf"), -self.open


def by_holder(user: User, at: datetime) -> list[Hanging]:
    """Return where open cases hang: each unit, the desk, the check; one query, worst first."""
    held = When_(
        *(When(stage__in=stages, then=Value(where)) for where, stages in HELD_STAGES.items()),
        output_field=CharField(),
    )
    rows = _open_rows(counted(user, at).annotate(held=held), at, "held", "lead_unit_id")
    found: dict[tuple[Held, int | None], Hanging] = {}
    for row in rows:
        where = Held(row["held"])
        key = (where, row["lead_unit_id"] if where is Held.UNIT else None)
        found.setdefault(key, Hanging(*key)).add(row)
    return sorted(found.values(), key=lambda hanging: hanging.weight)


def by_grid(user: User, at: datetime) -> list[Hanging]:
    """Return open cases by the division they were located in; one query, worst first."""
    found = []
    for row in _open_rows(counted(user, at), at, "area_id", "area_path"):
        hanging = Hanging(Held.UNIT, row["area_id"], path=row["area_path"])
        hanging.add(row)
        found.append(hanging)
    return sorted(found, key=lambda hanging: hanging.weight)


def by_community(grids: Sequence[Hanging]) -> list[Hanging]:
    """Return the same gathered by community, each with its grids; no query."""
    found: dict[int | None, Hanging] = {}
    for grid in grids:
        key = _community(grid.path)
        gathered = found.setdefault(key, Hanging(Held.UNIT, key))
        gathered.add(
            _Row(open=grid.open, late=grid.late, supervised=grid.supervised, since=grid.since)
        )
        gathered.parts.append(grid)
    return sorted(found.values(), key=lambda hanging: hanging.weight)


def _community(path: str) -> int | None:
    places = land().places
    keys = (int(part) for part in path.split("/") if part)
    return next((k for k in keys if k in places and places[k].level is Level.COMMUNITY), None)


def _open_rows(cases: CaseQuerySet, at: datetime, *keys: str) -> list[_Row]:
    rows = (
        cases.open()
        .values(*keys)
        .annotate(
            open=Count("pk"),
            late=Count("pk", filter=Q(clock_due_at__lt=at)),
            supervised=Count("pk", filter=Q(supervised_at__isnull=False)),
            since=Min("clock_due_at", filter=Q(clock_due_at__lt=at)),
        )
        .order_by()
    )
    return cast(list[_Row], list(rows))
