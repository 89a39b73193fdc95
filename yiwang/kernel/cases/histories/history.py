"""One history: told matter by matter, written down at the end of each batch."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from procrastinate.types import JSONDict

from yiwang.kernel import catalogue
from yiwang.kernel.cases.histories.rows import Table
from yiwang.kernel.cases.importing.copying import take_ids
from yiwang.kernel.cases.models import (
    Case,
    CasePhoto,
    Clock,
    Lookup,
    Opening,
    Report,
    Reporter,
    Request,
    Task,
)
from yiwang.kernel.foundation import audit
from yiwang.kernel.foundation.calendar import load
from yiwang.kernel.foundation.files.models import StoredFile
from yiwang.kernel.foundation.shelf import Model, Shelf, open_for
from yiwang.kernel.notices import enqueue_told
from yiwang.kernel.organisation.models import Unit
from yiwang.kernel.territory.land import land

# In the order they are written; the record comes last.
TABLES: tuple[Model, ...] = (
    StoredFile,
    Case,
    Report,
    Task,
    Clock,
    Request,
    CasePhoto,
    Lookup,
    Opening,
)
IDS_AT_ONCE = 1000


class History:
    """Tell with `telling()`, one family of cases at a time; then `write()`.

    What is told stands on the calendar, catalogue, land and units of the moment the history begins. A case once told
    can be told on only by the actions themselves, after `write`.
    """

    def __init__(self) -> None:
        self._ids: dict[Model, Iterator[int]] = {}
        self.shelf = Shelf(self._next_id, lent={Unit: list(Unit.objects.all())})
        self.rows: dict[Model, list[Any]] = {}
        load(), catalogue.book(), land()  # at hand before the shelf stands

    @contextmanager
    def telling(self) -> Iterator[None]:
        """Let the actions of this block go to the shelf; after it, what was told is closed."""
        with open_for(self.shelf):
            yield
        for model, rows in self.shelf.clear().items():
            self.rows.setdefault(model, []).extend(rows)

    def write(self, *, notices_since: datetime | None = None) -> int:
        """Write down what was told, within the open transaction of the program; return how many cases.

        Notices go out for what happened since the moment given: a past long read needs none.
        """
        unknown = self.rows.keys() - {*TABLES, Reporter}
        if unknown:
            raise NotImplementedError(f"no history writes {unknown}")
        for model in TABLES:
            Table(model).copy(self.rows.get(model, []))
        # Guarded by row, which COPY cannot be.
        Reporter.objects.bulk_create(_new(row) for row in self.rows.get(Reporter, []))
        audit.record_many(self.shelf.take("record"))
        enqueue_told(self._notices(notices_since))
        told = len(self.rows.get(Case, []))
        self.rows = {}
        return told

    def _notices(self, since: datetime | None) -> list[JSONDict]:
        told: list[JSONDict] = self.shelf.take("notices")
        if since is None:
            return []
        return [each for each in told if datetime.fromisoformat(str(each["at"])) >= since]

    def _next_id(self, model: Model) -> int:
        ids = self._ids.get(model)
        key = next(ids, None) if ids else None
        if key is None:
            self._ids[model] = ids = iter(take_ids(model, IDS_AT_ONCE))
            key = next(ids)
        return key


def _new(row: Reporter) -> Reporter:
    row._state.adding = True
    return row
