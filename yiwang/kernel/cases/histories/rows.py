"""Rows of the models as COPY takes them."""

from collections.abc import Callable, Sequence
from typing import Any

from django.db import models

from yiwang.kernel.cases.importing.copying import Columns, Ready
from yiwang.kernel.cases.lookups import marks_for
from yiwang.kernel.cases.models import Lookup
from yiwang.kernel.foundation.secrets import SealedTextField


class Table:
    """A table to which rows of its model are copied, every column as the model holds it."""

    def __init__(self, model: type[models.Model]) -> None:
        self.model, self.columns = model, Columns(model)
        self.fields = [
            (field.column, field.attname, _maker(field)) for field in model._meta.concrete_fields
        ]

    def copy(self, rows: Sequence[models.Model]) -> None:
        """Write the rows within the open transaction."""
        if self.model is Lookup:
            for row in rows:
                assert isinstance(row, Lookup)
                row.marks = marks_for(vars(row.case))
        self.columns.copy([self._columns(row) for row in rows])

    def _columns(self, row: models.Model) -> dict[str, object]:
        held = row.__dict__
        return {
            column: make(held[name]) if make else held[name] for column, name, make in self.fields
        }


def _maker(field: "models.Field[Any, Any]") -> Callable[[Any], object] | None:
    if isinstance(field, SealedTextField):
        return field.get_prep_value
    return _json if isinstance(field, models.JSONField) else None


def _json(value: object) -> Ready:
    return Ready.json(value)
