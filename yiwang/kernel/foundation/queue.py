"""The background queue. Tasks live in their rooms' `tasks.py`; arguments are ids, never content."""

from datetime import timedelta

from django.db import connection
from procrastinate.contrib.django import app

__all__ = ["SILENCE", "app", "at_work"]

SILENCE = timedelta(seconds=60)
"""Without a sign of life for so long a worker counts as gone."""


def at_work() -> int:
    """How many workers have given a sign of life lately; by the database's own clock."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM procrastinate_workers WHERE last_heartbeat > now() - %s",
            [SILENCE],
        )
        row = cursor.fetchone()
    return int(row[0]) if row else 0
