"""Where the newest part of the history begins, so that a list of it looks through so many rows and no more.

A list is the same wherever the edge lies: what is not found on one side of it is found on the other. So it need not be
exact, and a process asks for it once a minute.
"""

import time
from datetime import datetime
from enum import StrEnum

from django.db import connection

from yiwang.kernel.cases.rules.stages import Stage


class Span(StrEnum):
    """Which part of the history a list goes through; the value is the moment it is ordered by."""

    CLOSED = "closed_at"
    ALL = "opened_at"


NEAR = 4_000
"""Rows of the history that are looked through before the index is asked; those of them that fit end it sooner."""

NEAR_WITH_WORDS = 1_000
"""The same where words are asked for: to look at the words of a row costs three times as much."""

HELD = 60.0
"""Seconds an edge is held; what is newer than it grows meanwhile."""

Edges = dict[tuple[Span, int], datetime | None]
_held: tuple[float, Edges] = (float("-inf"), {})


def edge(span: Span, rows: int) -> datetime | None:
    """Return the moment from which on the newest `rows` of a span lie, about; None where there are fewer."""
    global _held
    asked, found = _held
    if (span, rows) not in found or time.monotonic() - asked > HELD:
        found = _look({*found, *((each, n) for each in Span for n in (NEAR, NEAR_WITH_WORDS))})
        _held = (time.monotonic(), found)
    return found[span, rows]


def edge_before(span: Span, place: tuple[datetime, int], rows: int) -> datetime | None:
    """Return the same for what lies before a place, exactly."""
    moment, key = place
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {span} FROM cases_case WHERE ({span}, id) < (%s, %s){_only(span)} "  # noqa: S608
            f"ORDER BY {span} DESC, id DESC OFFSET %s LIMIT 1",
            [moment, key, rows - 1],
        )
        row = cursor.fetchone()
    return row[0] if row else None


def _look(wanted: set[tuple[Span, int]]) -> Edges:
    """All of them in one statement, each the length of a walk along an index."""
    keys = sorted(wanted)
    each = ", ".join(
        f"(SELECT {span} FROM cases_case WHERE {span} IS NOT NULL{_only(span)} "  # noqa: S608
        f"ORDER BY {span} DESC, id DESC OFFSET %s LIMIT 1)"
        for span, _rows in keys
    )
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {each}", [rows - 1 for _span, rows in keys])
        return dict(zip(keys, cursor.fetchone(), strict=True))


def _only(span: Span) -> str:
    return f" AND stage = '{Stage.CLOSED}'" if span is Span.CLOSED else ""
