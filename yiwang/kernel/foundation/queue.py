"""The background queue. Tasks live in their rooms' `tasks.py`; arguments are ids, never content."""

from django.db import connection
from procrastinate.contrib.django import app

__all__ = ["SILENCE", "app", "at_work"]

SILENCE = 60
"""Seconds without a sign of life after which a worker counts as gone."""
_AT_WORK = """
SELECT count(*) FROM procrastinate_workers WHERE last_heartbeat > now() - make_interval(secs => %s)
"""


def at_work() -> int:
    """How many workers have given a sign of life lately; by the database's own clock."""
    with connection.cursor() as cursor:
        cursor.execute(_AT_WORK, [SILENCE])
        row = cursor.fetchone()
    return int(row[0]) if row else 0
