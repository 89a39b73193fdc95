"""What every write to the land shares: a lock, ids ahead of rows, the audit row, the new version."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any

import shapely
from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _
from shapely.geometry.base import BaseGeometry

from yiwang.kernel.foundation import audit, permits, versions
from yiwang.kernel.foundation.actors import Actor
from yiwang.kernel.foundation.errors import Missing
from yiwang.kernel.territory.land import VERSION
from yiwang.kernel.territory.models import Boundary, Division
from yiwang.kernel.territory.permissions import MANAGE
from yiwang.kernel.territory.rules.plane import area_m2

SUBJECT = "division"
# Any fixed number: writes to the land take turns, since each is checked against what lies around it.
_LOCK = 371702


@contextmanager
def alone(by: Actor, at: datetime) -> Iterator[None]:
    """One transaction, with no other write to the land beside it.

    Raises:
        Forbidden: without `territory.manage`.
    """
    permits.require(by, MANAGE, at=at)
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        yield


@contextmanager
def writing(by: Actor, at: datetime) -> Iterator[None]:
    """One transaction that changes the land, alone, and makes every process read it again."""
    with alone(by, at):
        yield
        versions.bump(VERSION)


def fetch(division: Division) -> Division:
    """The division as it is now, locked.

    Raises:
        Missing: it is gone.
    """
    found = Division.objects.select_for_update().filter(pk=division.pk).first()
    if found is None:
        raise Missing(_("没有这个区划"))
    return found


def next_ids(count: int) -> list[int]:
    """Ids of divisions to be, since a path holds the id of its own row."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence('territory_division', 'id'))"
            " FROM generate_series(1, %s)",
            [count],
        )
        return [int(row[0]) for row in cursor.fetchall()]


def path_under(parent: Division | None, key: int) -> str:
    return f"{parent.path if parent else '/'}{key}/"


def boundary_of(
    division: Division, shape: BaseGeometry, day: date, source: str, generated: bool
) -> Boundary:
    """A boundary from a day on (unsaved)."""
    return Boundary(
        division=division,
        shape=shapely.to_wkb(shape),
        area_m2=area_m2(shape),
        source=source,
        generated=generated,
        valid_from=day,
    )


def replace_boundary(old: Boundary | None, new: Boundary) -> None:
    """End the old boundary on the day the new one begins; of the same day, the new one takes its place."""
    if old is not None and old.valid_from == new.valid_from:
        new.pk = old.pk
        new.valid_to = old.valid_to
        new.save()
        return
    if old is not None:
        new.valid_to = old.valid_to
        old.valid_to = new.valid_from
        old.save(update_fields=["valid_to"])
    new.save()


def boundary_at(division: Division, day: date) -> Boundary | None:
    return Boundary.objects.at(day).filter(division=division).first()


def event(
    division: Division, verb: str, by: Actor, at: datetime, facts: dict[str, Any]
) -> audit.Event:
    return audit.Event(SUBJECT, division.pk, verb, by, at, facts)


def note(division: Division, verb: str, by: Actor, at: datetime, facts: dict[str, Any]) -> None:
    """Add the audit row of one change."""
    audit.record(SUBJECT, division.pk, verb, by=by, at=at, facts=facts)


def boundary_facts(boundary: Boundary) -> dict[str, Any]:
    """What the audit says about a boundary: enough to recognise it, not the shape itself."""
    return {
        "from": boundary.valid_from.isoformat(),
        "area_m2": round(boundary.area_m2, 1),
        "source": boundary.source,
        "generated": boundary.generated,
    }


def facts_of(division: Division) -> dict[str, Any]:
    return {
        "level": division.level,
        "name": division.name,
        "code": division.code,
        "parent": division.parent_id,
        "from": division.valid_from.isoformat(),
    }


def save_new(divisions: Sequence[Division]) -> None:
    Division.objects.bulk_create(divisions, batch_size=500)
