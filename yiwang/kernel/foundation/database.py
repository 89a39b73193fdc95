"""Rights of the program's role: it owns nothing, and may only add to what is append-only."""

from typing import Any

from django.apps import apps
from django.db import connection, models, transaction
from psycopg import sql

# What the program may do with the table of a model that says otherwise than "everything".
READ_AND_ADD, READ = ("SELECT", "INSERT"), ("SELECT",)
EVERYTHING = ("SELECT", "INSERT", "UPDATE", "DELETE")

_RIGHTS = """
SELECT t, r FROM unnest(%s::text[]) AS t, unnest(%s::text[]) AS r
WHERE to_regclass(quote_ident(t)) IS NOT NULL AND has_table_privilege(quote_ident(t), r)
"""


def rights_of(model: type[models.Model]) -> tuple[str, ...]:
    """Rights on a model's table: `append_only = True` or `read_only_for_program = True` narrow them."""
    if getattr(model, "read_only_for_program", False):
        return READ
    return READ_AND_ADD if getattr(model, "append_only", False) else EVERYTHING


def grant_to_program(role: str) -> None:
    """Give the program's role its rights on everything the owner made; run as the owner after each migration."""
    with transaction.atomic(), connection.cursor() as cursor:
        for statement in (
            "GRANT USAGE ON SCHEMA public TO {role}",
            "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {role}",
            "GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {role}",
            "GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA public TO {role}",
            "REVOKE INSERT, UPDATE, DELETE ON django_migrations FROM {role}",
        ):
            cursor.execute(_written(statement, role))
        for model in apps.get_models(include_auto_created=True):
            if rights_of(model) != EVERYTHING and model._meta.managed:
                _narrow(cursor, model, role)


def wrong_rights() -> list[str]:
    """Tables on which the role of this connection may do more or less than their model declares, as sentences."""
    wanted = {
        model._meta.db_table: set(rights_of(model))
        for model in apps.get_models(include_auto_created=True)
        if model._meta.managed and not model._meta.proxy
    }
    found: dict[str, set[str]] = {table: set() for table in wanted}
    with connection.cursor() as cursor:
        cursor.execute(_RIGHTS, [list(wanted), [*EVERYTHING, "TRUNCATE", "TRIGGER"]])
        for table, right in cursor.fetchall():
            found[table].add(right)
    return [
        f"{table}: {', '.join(sorted(found[table])) or 'nothing'} instead of {', '.join(sorted(rights))}"
        for table, rights in sorted(wanted.items())
        if found[table] != rights
    ]


def _narrow(cursor: Any, model: type[models.Model], role: str) -> None:
    table = model._meta.db_table
    cursor.execute(_written("REVOKE ALL ON {table} FROM {role}", role, table))
    rights = ", ".join(rights_of(model))
    cursor.execute(_written(f"GRANT {rights} ON {{table}} TO {{role}}", role, table))


def _written(template: str, role: str, table: str = "") -> str:
    """Fill in identifiers, quoted by the driver."""
    composed = sql.SQL(template).format(role=sql.Identifier(role), table=sql.Identifier(table))
    return composed.as_string(None)
