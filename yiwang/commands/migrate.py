"""`yiwang migrate`: bring the database's structure up to date, as the role that owns it."""

import os
from urllib.parse import unquote, urlsplit

import click

from yiwang.commands import prepare

_ONE_AT_A_TIME = 7_301_947  # any number; two migrations must not run side by side


@click.command()
@click.option(
    "--without-starters", is_flag=True, help="Leave out starter categories and official years."
)
def migrate(without_starters: bool) -> None:
    """Bring the database up to date: tables, rights of the program's role, starter categories."""
    os.environ["YIWANG_AS_OWNER"] = "1"
    prepare()
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [_ONE_AT_A_TIME])
    apply_migrations()
    _grant()
    _bring_up_to_date(with_starters=not without_starters)


def apply_migrations() -> None:
    """Apply what is missing, one line for each step; silent when nothing is."""
    from django.core.management import call_command
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if plan:
        click.echo(f"  {len(plan)} changes of the database's structure")
        call_command("migrate", verbosity=0, interactive=False)


def _grant() -> None:
    from yiwang.kernel.foundation.database import grant_to_program

    program = unquote(urlsplit(os.environ["DATABASE_URL"]).username or "")
    grant_to_program(program)


def _bring_up_to_date(*, with_starters: bool) -> None:
    """Let the tables follow what came with the program: roles, official holidays, starter categories.

    Starter categories that are there stay as they are; a newly published year computes provisional deadlines again.
    """
    from django.utils import timezone

    from yiwang.kernel.catalogue.actions import sync_topics
    from yiwang.kernel.foundation.actors import SYSTEM
    from yiwang.kernel.foundation.calendar.actions import adopt_official_years
    from yiwang.kernel.organisation.actions import sync_role_permissions

    now = timezone.now()
    sync_role_permissions()
    if with_starters:
        adopt_official_years(by=SYSTEM, at=now)
        sync_topics(by=SYSTEM, at=now)
