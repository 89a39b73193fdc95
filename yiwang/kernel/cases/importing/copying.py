"""Rows into tables by COPY: columns and defaults are the model's, so that no list of columns goes stale.

What the rows do not give is rendered once and stands at the end of every line; only what a row gives is rendered. That
is several times faster than adapting every column of every row.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from enum import IntEnum, StrEnum
from typing import Any
from uuid import UUID

from django.db import connection, models
from psycopg import sql

_ESCAPED = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})
NOTHING = r"\N"


class Ready(str):
    """What stands in a line of COPY as it is: rendered once where many columns and rows hold the same."""

    __slots__ = ()

    @classmethod
    def json(cls, value: object) -> "Ready":
        """A value of a JSON column."""
        return cls(_text(json.dumps(value, ensure_ascii=False)))

    @classmethod
    def moment(cls, at: datetime) -> "Ready":
        """An aware moment."""
        return cls(at.isoformat())


def _text(value: str) -> str:
    if value.isprintable() and "\\" not in value:
        return value  # nearly every text, and several times faster
    return value.translate(_ESCAPED)


class _Renderers(dict[type, Callable[[Any], str]]):
    """How each type is written; words of closed lists are found out at their first value."""

    def __missing__(self, kind: type) -> Callable[[Any], str]:
        if issubclass(kind, StrEnum):
            words = {word: _text(word.value) for word in kind}
            self[kind] = words.__getitem__
        elif issubclass(kind, IntEnum):
            numbers = {number: str(number.value) for number in kind}
            self[kind] = numbers.__getitem__
        else:
            raise TypeError(f"no column holds a {kind.__name__}")
        return self[kind]


_RENDERED = _Renderers({
    str: _text,
    Ready: lambda value: value,
    int: str,
    float: repr,
    bool: lambda value: "t" if value else "f",
    datetime: datetime.isoformat,
    date: date.isoformat,
    UUID: str,
    bytes: lambda value: "\\\\x" + value.hex(),
    list: lambda value: "{" + ",".join(map(str, value)) + "}",
    type(None): lambda _value: NOTHING,
})  # fmt: skip


def rendered(value: object) -> str:
    """Return a value as COPY's text format writes it; lists are lists of numbers, words of closed lists are text.

    Raises:
        TypeError: a type no column of ours has.
    """
    return _RENDERED[type(value)](value)


class Columns:
    """The columns of a table in order, with what a row has where nothing is given."""

    def __init__(self, model: type[models.Model]) -> None:
        blank = model()
        fields = model._meta.concrete_fields
        self.table = model._meta.db_table
        self._blank = {
            field.column: rendered(
                Ready.json(getattr(blank, field.attname))
                if isinstance(field, models.JSONField)
                else getattr(blank, field.attname)
            )
            for field in fields
        }

    def text(self, rows: Sequence[Mapping[str, object]]) -> tuple[list[str], bytes]:
        """Return the columns in their order and the lines of COPY; rows are by column name, all in the same order.

        Raises:
            KeyError: no such column. ValueError: a row has other columns than the first.
        """
        given = list(rows[0])
        rest = self._blank.copy()
        for name in given:
            del rest[name]
        tail = "".join(f"\t{value}" for value in rest.values()) + "\n"
        render = _RENDERED
        lines = []
        for row in rows:
            if list(row) != given:
                raise ValueError(f"{self.table}: {list(row)} where {given} was expected")
            lines.append("\t".join([render[type(value)](value) for value in row.values()]) + tail)
        return given + list(rest), "".join(lines).encode()

    def copy(self, rows: Sequence[Mapping[str, object]]) -> None:
        """Write the rows within the open transaction."""
        if not rows:
            return
        names, lines = self.text(rows)
        statement = sql.SQL("COPY {} ({}) FROM STDIN").format(
            sql.Identifier(self.table), sql.SQL(", ").join(map(sql.Identifier, names))
        )
        with connection.cursor() as cursor, cursor.copy(statement) as copy:
            copy.write(lines)


def take_ids(model: type[models.Model], count: int) -> Sequence[int]:
    """Take `count` ids from the table's own sequence."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)",
            [model._meta.db_table, count],
        )
        return [int(row[0]) for row in cursor.fetchall()]
