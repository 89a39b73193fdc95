"""`yiwang check`: is this installation fit to run? One line for each question; exit code 1 when an answer is no."""

import os
from collections.abc import Callable

import click

from yiwang.commands import installation, prepare
from yiwang.outside.postgres import DatabaseTrouble, external

SILENCE = 60  # seconds without a sign of life after which a worker counts as gone


@click.command()
def check() -> None:
    """Check settings, database, rights of the program's role, structure and worker."""
    prepare()
    questions: tuple[tuple[str, Callable[[], str]], ...] = (
        ("settings", _settings),
        ("database", _database),
        ("structure", _structure),
        ("browser parts", _browser),
        ("worker", _worker),
    )
    answers = [_ask(name, question) for name, question in questions]
    if not all(answers):
        raise SystemExit(1)


def _ask(name: str, question: Callable[[], str]) -> bool:
    try:
        answer, good = question(), True
    except (DatabaseTrouble, click.ClickException) as trouble:
        answer, good = str(trouble), False
    click.echo(f"{'ok ' if good else 'NO '} {name}: {answer}")
    return good


def _settings() -> str:
    from django.conf import settings

    if settings.DEBUG:
        raise click.ClickException("YIWANG_DEBUG is on: error pages show what nobody should see")
    return f"read; home is {settings.YIWANG_HOME}"


def _database() -> str:
    version = external.check(os.environ["DATABASE_URL"], os.environ["DATABASE_OWNER_URL"])
    return f"PostgreSQL {version}; the program's role owns nothing and bypasses no policy"


def _structure() -> str:
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if missing:
        raise click.ClickException(f"{len(missing)} changes are missing: run `yiwang migrate`")
    return "up to date"


def _browser() -> str:
    if not (installation.ROOT / "browser" / "dist").is_dir():
        raise click.ClickException("not built: run `make browser`")
    return "built"


def _worker() -> str:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM procrastinate_workers "
            "WHERE last_heartbeat > now() - make_interval(secs => %s)",
            [SILENCE],
        )
        row = cursor.fetchone()
    if not row or not row[0]:
        raise click.ClickException("none has given a sign of life in the last minute")
    return f"{row[0]} at work"
