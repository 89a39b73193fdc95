"""Statements asked with every page: the SQL of one is written once and kept, only its moments are put in anew.

To write the SQL of a list with its rights and filters takes the ORM longer than the server needs to answer. What else
the statement depends on is its key: two statements of one key differ in nothing but the moments.
"""

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet

KEPT_AT_MOST = 1_000


@dataclass(frozen=True)
class Slot:
    """Where a moment stands among the parameters: its place among those given."""

    place: int


@dataclass(frozen=True)
class Statement:
    """SQL, and what it asks with."""

    sql: str
    parameters: tuple[object, ...]


_kept: dict[Hashable, Statement | None] = {}


def ask(
    key: Hashable, moments: tuple[datetime, ...], build: Callable[[], "QuerySet[Any, Any]"]
) -> list[tuple[Any, ...]]:
    """Return the rows of a queryset as tuples, as the database gives them.

    Args:
        key: everything the statement depends on but the moments.
        moments: all of its moments that change from one time to the next; no two are the same.
        build: makes the queryset of values, when it is asked for the first time.
    """
    if key not in _kept:
        if len(_kept) >= KEPT_AT_MOST:
            _kept.clear()
        _kept[key] = _written(build(), moments)
    statement = _kept.get(key)
    if statement is None:
        return []
    values: list[Any] = [
        moments[each.place] if isinstance(each, Slot) else each for each in statement.parameters
    ]
    with connection.cursor() as cursor:
        cursor.execute(statement.sql, values)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
        return rows


def _written(rows: "QuerySet[Any, Any]", moments: tuple[datetime, ...]) -> Statement | None:
    """The SQL of a queryset; None for one that can find nothing."""
    places = {moment: Slot(place) for place, moment in enumerate(moments)}
    assert len(places) == len(moments), moments
    try:
        sql, parameters = rows.query.get_compiler(connection=connection).as_sql()
    except EmptyResultSet:
        return None
    return Statement(
        sql,
        tuple(places.get(p, p) if isinstance(p, datetime) else p for p in parameters),
    )
