"""`yiwang migrate`: bring the database's structure up to date, as the role that owns it."""

import importlib
import importlib.util
import os
from collections.abc import Callable
from typing import Any, cast
from urllib.parse import unquote, urlsplit

import click

from yiwang.commands import prepare

_ONE_AT_A_TIME = 7_301_947  # any number; two migrations must not run side by side


@click.command()
@click.option("--without-starters", is_flag=True, help="Leave out the topics' starter categories.")
def migrate(without_starters: bool) -> None:
    """Bring the database up to date: tables, rights of the program's role, starter categories."""
    os.environ["YIWANG_AS_OWNER"] = "1"
    prepare()
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [_ONE_AT_A_TIME])
    apply_migrations()
    _grant()
    _call("yiwang.kernel.organisation.actions", "sync_role_permissions")
    if not without_starters:
        _sync_topics()


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


def _sync_topics() -> None:
    """Load starter categories that are not there yet; edited ones stay as they are."""
    from django.utils import timezone

    from yiwang.kernel.foundation.actors import SYSTEM

    _call("yiwang.kernel.catalogue", "sync_topics", by=SYSTEM, at=timezone.now())


def _call(module: str, name: str, **arguments: Any) -> None:
    if importlib.util.find_spec(module) is None:
        return
    action = getattr(importlib.import_module(module), name, None)
    if action is not None:
        cast(Callable[..., object], action)(**arguments)
