"""Rows into tables by COPY: columns and defaults are the model's, so that no list of columns goes stale."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db import connection, models
from psycopg import sql
from psycopg.types.json import Jsonb


class Columns:
    """The columns of a table in order, with what a row has where nothing is given."""

    def __init__(self, model: type[models.Model]) -> None:
        blank = model()
        self.table = model._meta.db_table
        self._defaults: dict[str, Any] = {}
        for field in model._meta.concrete_fields:
            value = getattr(blank, field.attname)
            self._defaults[field.column] = (
                Jsonb(value) if isinstance(field, models.JSONField) else value
            )

    def row(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """Return a whole row; `given` is by column name.

        Raises:
            KeyError: no such column.
        """
        unknown = given.keys() - self._defaults.keys()
        if unknown:
            raise KeyError(f"{self.table}: {sorted(unknown)}")
        return {**self._defaults, **given}

    def copy(self, rows: Iterable[Mapping[str, Any]]) -> None:
        """Write the rows within the open transaction."""
        names = list(self._defaults)
        statement = sql.SQL("COPY {} ({}) FROM STDIN").format(
            sql.Identifier(self.table), sql.SQL(", ").join(map(sql.Identifier, names))
        )
        with connection.cursor() as cursor, cursor.copy(statement) as copy:
            for row in rows:
                copy.write_row([row[name] for name in names])


def take_ids(model: type[models.Model], count: int) -> Sequence[int]:
    """Take `count` ids from the table's own sequence."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)",
            [model._meta.db_table, count],
        )
        return [int(row[0]) for row in cursor.fetchall()]
