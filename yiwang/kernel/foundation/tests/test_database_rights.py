"""Raw SQL as the program's role: what it may not do, whatever a page forgets."""

import pytest
from django.apps import apps
from django.db import ProgrammingError, connection

from yiwang.kernel.foundation import audit
from yiwang.kernel.foundation.actors import SYSTEM
from yiwang.kernel.foundation.database import EVERYTHING, rights_of
from yiwang.kernel.foundation.tests.conftest import shanghai

pytestmark = pytest.mark.django_db
AT = shanghai("2026-11-23 09:00")


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE foundation_auditentry SET verb = 'x'",
        "DELETE FROM foundation_auditentry",
        "TRUNCATE foundation_auditentry CASCADE",
        "UPDATE foundation_audittext SET body = NULL",
        "DELETE FROM foundation_audittext",
        "UPDATE foundation_audithead SET seq = 1",
        "INSERT INTO foundation_audithead VALUES ('a', 'b', 1, '', 0)",
        "DELETE FROM foundation_audithead",
        "UPDATE foundation_auditseal SET heads = 0",
        "DELETE FROM foundation_auditsealline",
        "ALTER TABLE foundation_auditentry DISABLE TRIGGER ALL",
        "DROP TRIGGER audit_heads_follow ON foundation_auditentry",
        "CREATE TABLE mine (id int)",
        "INSERT INTO django_migrations (app, name, applied) VALUES ('a', 'b', now())",
    ],
)
def test_the_program_cannot_touch_the_record(statement: str) -> None:
    audit.record("thing", 1, "made", by=SYSTEM, at=AT, facts={}, texts={"note": "x"})
    with (
        pytest.raises(ProgrammingError, match=r"permission denied|must be owner"),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)


def test_the_program_owns_nothing_and_bypasses_nothing() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT rolsuper, rolbypassrls, rolcreaterole, rolcreatedb FROM pg_roles WHERE rolname = current_user"
        )
        assert cursor.fetchone() == (False, False, False, False)
        cursor.execute("SELECT count(*) FROM pg_class WHERE relowner = current_user::regrole")
        assert cursor.fetchone() == (0,)


def test_every_table_of_the_program_has_the_rights_its_model_declares() -> None:
    for model in apps.get_models(include_auto_created=True):
        if not model._meta.managed or model._meta.proxy:
            continue
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT r FROM unnest(%s::text[]) AS r WHERE has_table_privilege(%s, r)",
                [list(EVERYTHING), model._meta.db_table],
            )
            granted = {right for (right,) in cursor.fetchall()}
        assert granted == set(rights_of(model)), model._meta.label
