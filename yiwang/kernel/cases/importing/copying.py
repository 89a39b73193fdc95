"""Rows into tables by COPY: columns and defaults are the model's, so that no list of columns goes stale.

A line of COPY is built once per row from a template of rendered defaults; only what a row gives is rendered. That is
several times faster than adapting every column of every row.
"""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from enum import IntEnum, StrEnum
from typing import Any
from uuid import UUID

from django.db import connection, models
from psycopg import sql

_ESCAPED = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})
NOTHING = r"\N"


class Json(str):
    """A JSON text, ready to be stored."""

    __slots__ = ()

    @classmethod
    def of(cls, value: object) -> "Json":
        return cls(json.dumps(value, ensure_ascii=False))


def _text(value: str) -> str:
    return value.translate(_ESCAPED)


_RENDERED: dict[type, Callable[[Any], str]] = {
    str: _text,
    Json: _text,
    int: str,
    float: repr,
    bool: lambda value: "t" if value else "f",
    datetime: datetime.isoformat,
    UUID: str,
    bytes: lambda value: "\\\\x" + value.hex(),
    list: lambda value: "{" + ",".join(map(str, value)) + "}",
    type(None): lambda _value: NOTHING,
}


def rendered(value: object) -> str:
    """Return a value as COPY's text format writes it; lists are lists of numbers, words of closed lists are text.

    Raises:
        TypeError: a type no column of ours has.
    """
    render = _RENDERED.get(type(value))
    if render is not None:
        return render(value)
    if isinstance(value, StrEnum):
        return _text(value.value)
    if isinstance(value, IntEnum):
        return str(value.value)
    raise TypeError(f"no column holds a {type(value).__name__}")


class Columns:
    """The columns of a table in order, with what a row has where nothing is given."""

    def __init__(self, model: type[models.Model]) -> None:
        blank = model()
        fields = model._meta.concrete_fields
        self.table = model._meta.db_table
        self.names = [field.column for field in fields]
        self._place = {name: place for place, name in enumerate(self.names)}
        self._template = [
            rendered(
                Json.of(getattr(blank, field.attname))
                if isinstance(field, models.JSONField)
                else getattr(blank, field.attname)
            )
            for field in fields
        ]

    def line(self, given: Mapping[str, object]) -> str:
        """Return one line of COPY; `given` is by column name.

        Raises:
            KeyError: no such column.
        """
        values = self._template.copy()
        place = self._place
        for name, value in given.items():
            values[place[name]] = rendered(value)
        return "\t".join(values) + "\n"

    def copy(self, rows: Iterable[Mapping[str, object]]) -> None:
        """Write the rows within the open transaction."""
        statement = sql.SQL("COPY {} ({}) FROM STDIN").format(
            sql.Identifier(self.table), sql.SQL(", ").join(map(sql.Identifier, self.names))
        )
        with connection.cursor() as cursor, cursor.copy(statement) as copy:
            copy.write("".join(map(self.line, rows)).encode())


def take_ids(model: type[models.Model], count: int) -> Sequence[int]:
    """Take `count` ids from the table's own sequence."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)",
            [model._meta.db_table, count],
        )
        return [int(row[0]) for row in cursor.fetchall()]
