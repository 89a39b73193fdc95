"""Keyset paging by a due time that may be missing: what has none comes last."""

from datetime import datetime
from typing import TypeVar

from django.db.models import F, Model, Q, QuerySet
from django.utils.dateparse import parse_datetime

from yiwang.web.kit.paging import Page

M = TypeVar("M", bound=Model)


def page_by_due(rows: QuerySet[M], token: str | None, *, due: str, size: int) -> Page[M]:
    """One page ordered by `due`, then id; the index on (due, id) gives this order by itself."""
    beyond = _beyond(due, token) if token else None
    ordered = by_due(rows, due)
    found = list((ordered.filter(beyond) if beyond else ordered)[: size + 1])
    return page_of_due(found, due=due, size=size, first=beyond is None)


def by_due(rows: QuerySet[M], due: str) -> QuerySet[M]:
    """In the order of the page."""
    return rows.order_by(F(due).asc(nulls_last=True), "id")


def page_of_due(found: list[M], *, due: str, size: int, first: bool) -> Page[M]:
    """The page of rows in this order, of which one more than a page was read."""
    last = found[size - 1] if len(found) > size else None
    return Page(found[:size], _token(last, due) if last else None, first=first)


def _token(row: Model, due: str) -> str:
    at: datetime | None = getattr(row, due)
    return f"{at.isoformat() if at else '-'}_{row.pk}"


def _beyond(due: str, token: str) -> Q | None:
    """What follows a token; None for a token nobody made."""
    at_text, _, key = token.rpartition("_")
    if not (key.isascii() and key.isdigit()):
        return None
    if at_text == "-":
        return Q(**{f"{due}__isnull": True, "id__gt": int(key)})
    try:
        at = parse_datetime(at_text)
    except ValueError:
        return None
    if at is None or at.tzinfo is None:
        return None
    later = Q(**{f"{due}__gt": at}) | Q(**{due: at, "id__gt": int(key)})
    return later | Q(**{f"{due}__isnull": True})
