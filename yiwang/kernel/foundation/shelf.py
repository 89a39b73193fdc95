"""Rows in memory for as long as a history is told.

An action asks the database a dozen times for one move: rightly so while an office works, and for minutes where a year
of moves is written down at once. While a shelf stands open (`shelf.open_for`), the tables that are `Kept` answer the
same questions from memory and keep what is saved there; the rooms that write past the models (the record, notices)
look at `standing()` and do the same. The rules and actions know nothing of it, and are the only ones there are.

Nothing is locked, no constraint is checked: the database does that when the shelf is written down.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import UTC
from functools import cache
from typing import Any, Self, TypeVar

from django.db import models
from django.db.models.expressions import CombinedExpression, F

Row = TypeVar("Row", bound=models.Model)
Model = type[models.Model]

_standing: ContextVar["Shelf | None"] = ContextVar("shelf", default=None)


@dataclass
class Shelf:
    """What is told and not yet written. `lent` rows are read only and never written down."""

    next_id: Callable[[Model], int]
    rows: dict[Model, list[models.Model]] = field(default_factory=dict)
    lent: dict[Model, list[models.Model]] = field(default_factory=dict)
    beside: dict[str, list[Any]] = field(default_factory=dict)

    def keep(self, row: models.Model) -> None:
        """Keep a new row, under an id of its own; a row that is here already stays where it is."""
        _read_back(row)
        if not row._state.adding:
            return
        if row.pk is None:
            row.pk = self.next_id(type(row))
        row._state.adding = False
        self.rows.setdefault(type(row), []).append(row)
        self._join(row)

    def _join(self, row: models.Model) -> None:
        """Let relations that were given by key lead to the rows that are here."""
        for relation in relations(type(row)):
            key = getattr(row, relation.attname)
            if key is None or relation.is_cached(row):
                continue
            for other in self.of(relation.related_model):
                if other.pk == key:
                    setattr(row, relation.name, other)

    def of(self, model: Model) -> list[models.Model]:
        return self.rows.get(model) or self.lent.get(model, [])

    def note(self, what: str, value: object) -> None:
        """Keep what is no row of a table: an event of the record, a telling."""
        self.beside.setdefault(what, []).append(value)

    def take(self, what: str) -> list[Any]:
        return self.beside.pop(what, [])

    def clear(self) -> dict[Model, list[models.Model]]:
        """Take all rows off the shelf."""
        rows, self.rows = self.rows, {}
        return rows


def _read_back(row: models.Model) -> None:
    """A moment comes back from a table in UTC, and some are written out as they came."""
    held = row.__dict__
    for name in _moments(type(row)):
        at = held[name]
        if at is not None and at.tzinfo is not UTC:
            held[name] = at.astimezone(UTC)


@cache
def _moments(model: Model) -> tuple[str, ...]:
    return tuple(
        field.attname
        for field in model._meta.concrete_fields
        if isinstance(field, models.DateTimeField)
    )


@cache
def relations(model: Model) -> tuple[Any, ...]:
    """The keys of a table to tables that a shelf can hold."""
    return tuple(
        field
        for field in model._meta.concrete_fields
        if isinstance(field, models.ForeignKey) and _is_kept(field.related_model)
    )


def _is_kept(model: object) -> bool:
    return isinstance(model, type) and issubclass(model, Keeping)


def standing() -> Shelf | None:
    """Return the shelf that stands open here, if any."""
    return _standing.get()


@contextmanager
def open_for(shelf: Shelf) -> Iterator[Shelf]:
    """Let everything in this block be told to the shelf."""
    token = _standing.set(shelf)
    try:
        yield shelf
    finally:
        _standing.reset(token)


class KeptManager(models.Manager[Row]):
    """The manager of a table that a shelf can hold."""

    def get_queryset(self) -> Any:
        shelf = _standing.get()
        return super().get_queryset() if shelf is None else Rows(shelf, self)


class Keeping(models.Model):
    """A table that a shelf can hold; its manager is made from its own query set."""

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        shelf = _standing.get()
        if shelf is None:
            super().save(*args, **kwargs)
        else:
            shelf.keep(self)


class Kept(Keeping):
    """The same, with the usual questions only."""

    objects = KeptManager()

    class Meta:
        abstract = True


Test = Callable[[Any, Any], bool]

_TESTS: dict[str, Test] = {
    "exact": lambda held, asked: held == asked,
    "in": lambda held, asked: held in asked,
    "lt": lambda held, asked: held is not None and held < asked,
    "lte": lambda held, asked: held is not None and held <= asked,
    "gt": lambda held, asked: held is not None and held > asked,
    "gte": lambda held, asked: held is not None and held >= asked,
    "isnull": lambda held, asked: (held is None) is asked,
    "startswith": lambda held, asked: held.startswith(asked),
    "overlap": lambda held, asked: not set(held).isdisjoint(asked),
}


class Rows:
    """What a query set is to a table: the part of it that actions use, over the rows of a shelf."""

    def __init__(
        self, shelf: Shelf, manager: Any, tests: tuple[Callable[[Any], bool], ...] = ()
    ) -> None:
        self.shelf, self.manager, self.model = shelf, manager, manager.model
        self.tests = tests
        self.order: tuple[str, ...] = ()

    # choosing

    def filter(self, *questions: models.Q, **asked: Any) -> Self:
        return self._with(
            *(_test_of(self.model, question) for question in questions),
            *(_one_test(self.model, name, value) for name, value in asked.items()),
        )

    def exclude(self, *questions: models.Q, **asked: Any) -> Self:
        test = _test_of(self.model, models.Q(*questions, **asked))
        return self._with(lambda row: not test(row))

    def order_by(self, *names: str) -> Self:
        found = self._with()
        found.order = names
        return found

    def _with(self, *tests: Callable[[Any], bool]) -> Self:
        found = type(self)(self.shelf, self.manager, (*self.tests, *tests))
        found.order = self.order
        return found

    def all(self) -> Self:
        return self

    def using(self, _alias: object) -> Self:
        return self

    def distinct(self) -> Self:
        return self

    def select_related(self, *_names: str) -> Self:
        return self

    def select_for_update(self, **_how: object) -> Self:
        return self

    def _add_hints(self, **_hints: object) -> None:
        """Called by the manager of a relation; there is only one place to look."""

    def __getattr__(self, name: str) -> Any:
        """An adjective of the table's own query set (`open`, `visible_to`) is made of the words above."""
        if name.startswith("_"):
            raise AttributeError(name)
        adjective = getattr(self.manager._queryset_class, name)
        if getattr(models.QuerySet, name, None) is adjective:
            raise NotImplementedError(f"{self.model.__name__}: no shelf knows {name}()")
        return lambda *args, **kwargs: adjective(self, *args, **kwargs)

    # reading

    def __iter__(self) -> Iterator[Any]:
        found = [row for row in self.shelf.of(self.model) if all(test(row) for test in self.tests)]
        for name in reversed(self.order):
            bare = name.removeprefix("-")
            found.sort(key=lambda row: _held(row, [bare]), reverse=name.startswith("-"))
        return iter(found)

    def __len__(self) -> int:
        return sum(1 for _row in self)

    def __getitem__(self, place: Any) -> Any:
        return list(self)[place]

    def first(self) -> Any:
        return next(iter(self), None)

    def get(self, *questions: models.Q, **asked: Any) -> Any:
        found = list(self.filter(*questions, **asked))
        if len(found) != 1:
            wrong = self.model.MultipleObjectsReturned if found else self.model.DoesNotExist
            raise wrong(f"{self.model.__name__} {asked}: {len(found)} on the shelf")
        return found[0]

    def exists(self) -> bool:
        return self.first() is not None

    def count(self) -> int:
        return len(self)

    def values_list(self, *names: str, flat: bool = False) -> "Values":
        paths = [name.split("__") for name in names]
        if flat:
            return Values(_held(row, paths[0]) for row in self)
        return Values(tuple(_held(row, path) for path in paths) for row in self)

    # writing

    def update(self, **said: Any) -> int:
        rows = list(self)
        for row in rows:
            for name, value in said.items():
                setattr(row, _field_name(row, name, value), _worked_out(row, value))
        return len(rows)

    def bulk_create(self, rows: Iterable[models.Model]) -> list[models.Model]:
        made = list(rows)
        for row in made:
            self.shelf.keep(row)
        return made

    def create(self, **said: Any) -> Any:
        row = self.model(**said)
        self.shelf.keep(row)
        return row


class Values(list[Any]):
    """Columns of rows, as a query set answers with them."""

    def first(self) -> Any:
        return self[0] if self else None

    def distinct(self) -> "Values":
        return Values(dict.fromkeys(self))


def _test_of(model: Model, question: models.Q) -> Callable[[Any], bool]:
    tests = [
        _test_of(model, child)
        if isinstance(child, models.Q)
        else _one_test(model, child[0], child[1])
        for child in question.children
        if isinstance(child, models.Q | tuple)
    ]
    joined = any if question.connector == models.Q.OR else all
    if question.negated:
        return lambda row: not joined(test(row) for test in tests)
    return lambda row: joined(test(row) for test in tests)


def _one_test(model: Model, name: str, asked: Any) -> Callable[[Any], bool]:
    path = name.split("__")
    test = _TESTS[path.pop()] if path[-1] in _TESTS else _TESTS["exact"]
    if isinstance(asked, models.Model):
        asked = asked.pk
    elif test is _TESTS["in"]:
        asked = {each.pk if isinstance(each, models.Model) else each for each in asked}
    if len(path) > 1:
        return lambda row: test(_held(row, path), asked)
    column = _column(model, path[0])
    return lambda row: test(getattr(row, column), asked)


@cache
def _column(model: Model, name: str) -> str:
    if name == "pk":
        return name
    attname: str = vars(model._meta.get_field(name))["attname"]
    return attname


def _held(row: models.Model, path: list[str]) -> Any:
    """Return what a row holds at the end of a path; a relation at the end is its key."""
    held: Any = row
    for name in path[:-1]:
        held = getattr(held, name)
    model: Model = type(held)
    return getattr(held, _column(model, path[-1]))


def _field_name(row: models.Model, name: str, value: Any) -> str:
    """A relation is set by its row where one is given, else by its key."""
    return name if isinstance(value, models.Model) else _column(type(row), name)


def _worked_out(row: models.Model, value: Any) -> Any:
    if isinstance(value, CombinedExpression):
        left, right = _worked_out(row, value.lhs), _worked_out(row, value.rhs)
        return left + right if value.connector == "+" else left - right
    if isinstance(value, F):
        return _held(row, [value.name])
    return getattr(value, "value", value) if isinstance(value, models.Value) else value
