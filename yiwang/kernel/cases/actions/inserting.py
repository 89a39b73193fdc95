"""A new case with its first clock, report and lookup in one statement: intake is the door that much passes through.

Compiling the INSERTs of a hundred columns took two fifths of a report's time, and each waited for the one before. The
statement is written once from the models, so that no list of columns goes stale: what a new row gives is a
parameter, everything else stands in it as the model's default.
"""

from collections.abc import Mapping
from functools import cache
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import connection, models
from psycopg.types.json import Jsonb

from yiwang.kernel.cases.lookups import marks_for, words_for
from yiwang.kernel.cases.models import Case, Clock, Lookup, Report
from yiwang.kernel.foundation.shelf import Shelf, standing

# What differs from one new row to the next; everything else is the model's default.
OF_CASE = (
    "number", "level", "title", "category_id", "condition_id", "category_path", "urgent", "public",
    "confidential", "lon", "lat", "accuracy_m", "address", "area_id", "area_path", "trust",
    "trust_why", "suggested_unit_id", "routing_why", "verify_by", "clock_stage",
    "clock_started_at", "clock_due_at", "opened_at", "channel", "taken_by_id",
)  # fmt: skip
OF_CLOCK = ("stage", "started_at", "limit", "due_at", "provisional", "trace", "next_step_at")
OF_REPORT = (
    "id", "content", "follow_code", "channel", "kind", "text", "outer_number", "received_at",
    "taken_by_id", "answer_due_at", "answer_due_source", "answer_why", "language",
)  # fmt: skip
OF_LOOKUP = ("words", "marks")


def insert_case(case: Case, clock: Clock, report: Report) -> None:
    """Write them, and give them their ids; what the case is found by follows from the case and the report.

    Raises:
        IntegrityError: as the tables say; the report's id, outer number or follow code is taken.
    """
    if shelf := standing():
        _keep(shelf, case, clock, report)
        return
    parameters = [
        *_values(case, OF_CASE),
        *_values(clock, OF_CLOCK),
        *_values(report, OF_REPORT),
        words_for(case.area_path, case.address, [report.text]),
        marks_for(vars(case)),
    ]
    with connection.cursor() as cursor:
        cursor.execute(_statement(), parameters)
        case.pk, clock.pk = cursor.fetchone()
    clock.case = report.case = report.first_case = case
    for row in (case, clock, report):
        row._state.adding = False


def _keep(shelf: Shelf, case: Case, clock: Clock, report: Report) -> None:
    """The same onto a shelf; marks follow from the case when it is written down."""
    shelf.keep(case)
    clock.case = report.case = report.first_case = case
    words = words_for(case.area_path, case.address, [report.text])
    for row in (clock, report, Lookup(case=case, words=words)):
        shelf.keep(row)


def _values(row: models.Model, names: tuple[str, ...]) -> list[Any]:
    return [
        Jsonb(value) if isinstance(value := getattr(row, name), list) else value for name in names
    ]


@cache
def _statement() -> str:
    case = _insert(Case, OF_CASE, {}, "")
    clock = _insert(Clock, OF_CLOCK, {"case_id": "id"}, " FROM new_case")
    report = _insert(Report, OF_REPORT, {"case_id": "id", "first_case_id": "id"}, " FROM new_case")
    lookup = _insert(Lookup, OF_LOOKUP, {"case_id": "id"}, " FROM new_case")
    return (
        # Every part is made of names of our own models.
        f"WITH new_case AS ({case} RETURNING id), new_clock AS ({clock} RETURNING id), "  # noqa: S608
        f"new_report AS ({report}), new_lookup AS ({lookup}) "
        "SELECT new_case.id, new_clock.id FROM new_case, new_clock"
    )


def _insert(
    model: type[models.Model], given: tuple[str, ...], linked: Mapping[str, str], source: str
) -> str:
    """Return INSERT … SELECT with a parameter for each given column, a link, or the model's default."""
    blank = model()
    columns, values = [], []
    order = {name: place for place, name in enumerate(given)}
    fields = [f for f in model._meta.concrete_fields if not isinstance(f, models.AutoField)]
    # Parameters stand in the order they are given in.
    fields.sort(key=lambda field: order.get(field.attname, len(order)))
    for field in fields:
        columns.append(connection.ops.quote_name(field.column))
        name = field.attname
        values.append(
            _parameter(field) if name in order else linked.get(name) or _default(field, blank)
        )
    table = connection.ops.quote_name(model._meta.db_table)
    return f"INSERT INTO {table} ({', '.join(columns)}) SELECT {', '.join(values)}{source}"


def _parameter(field: "models.Field[Any, Any]") -> str:
    """Return a parameter with its type; a text stays bare, so that one too long is refused and not cut."""
    kind = field.db_type(connection) or ""
    return "%s" if kind.startswith(("varchar", "text")) else f"%s::{kind}"


def _default(field: "models.Field[Any, Any]", blank: models.Model) -> str:
    """Return a default as SQL; the models' defaults are words of closed lists, numbers, flags and nothings."""
    value = getattr(blank, field.attname)
    if value is None:
        return "NULL"
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int):
        return str(int(value))
    if value == []:
        return "'{}'" if isinstance(field, ArrayField) else "'[]'::jsonb"
    if isinstance(value, str) and value.replace("_", "").isalnum() | (value == ""):
        return f"'{value!s}'"
    raise TypeError(f"{field}: no default like {value!r} is expected")
