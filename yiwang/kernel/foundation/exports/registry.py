"""The lists that can be exported. A door registers its own when its app is ready."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from yiwang.kernel.foundation.errors import Missing
from yiwang.kernel.foundation.exports.rules import Cell

if TYPE_CHECKING:
    from yiwang.kernel.foundation.errors import Sayable

AT_MOST = 200_000
"""Rows of one export; the sheet says so where there were more."""


@dataclass(frozen=True)
class Column:
    """A heading and its width in signs."""

    name: str
    width: int = 14


@dataclass(frozen=True)
class Listing:
    """What a list holds for one person now.

    `keys` are its rows in their order, cheap to hold; `rows` turns some of them into cells and asks again what the
    person may see, so that it may return fewer. `said` is what the list was narrowed to, in words; `notes` stand above the table.
    """

    columns: Sequence[Column]
    keys: Sequence[Any]
    rows: Callable[[Sequence[Any]], Iterable[Sequence[Cell]]]
    said: str = ""
    notes: Sequence[str] = field(default=())


@dataclass(frozen=True)
class Source:
    """A list that can be exported. `needs`: any one of these permissions; `open(user, at, query)` reads it.

    `query` is the query string of the page the person looks at.
    """

    key: str
    name: "Sayable"
    needs: tuple[str, ...]
    open: Callable[[Any, datetime, str], Listing]


_sources: dict[str, Source] = {}


def register(source: Source) -> None:
    """Let a list be exported; the same key again replaces it."""
    _sources[source.key] = source


def known_source(key: str) -> Source:
    """Return the source of that key.

    Raises:
        Missing: there is none.
    """
    if key not in _sources:
        raise Missing(_("没有这个列表"))
    return _sources[key]


def table(columns: Sequence[Column], rows: Sequence[Sequence[Cell]], said: str = "") -> Listing:
    """Return the listing of a small table that is there already."""
    return Listing(columns, range(len(rows)), lambda keys: [rows[key] for key in keys], said)
