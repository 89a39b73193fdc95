"""The real queue and a real worker, in a database of its own."""

import asyncio
import time

import pytest
from django.db import connection, transaction

from yiwang.kernel import notices
from yiwang.kernel.foundation.queue import app
from yiwang.kernel.notices import Delivery
from yiwang.kernel.notices.tests.conftest import NOW, person


def run_worker() -> None:
    """Let a worker do everything that waits, as `yiwang worker` would, and end."""

    async def work() -> None:
        with app.replace_connector(app.connector.get_worker_connector()) as real:
            async with real.open_async():
                await real.run_worker_async(
                    wait=False, install_signal_handlers=False, delete_jobs="successful"
                )

    asyncio.run(work())


def jobs(status: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM procrastinate_jobs WHERE status = %s::procrastinate_job_status",
            [status],
        )
        return cursor.fetchone()[0]


@pytest.fixture
def zhang_min(own_database, monkeypatch):
    """张敏, and a queue on which nothing comes up by the clock while the test looks at it."""
    monkeypatch.setattr(app.periodic_registry, "periodic_tasks", {})
    user = person("张敏", "zhang.min")
    notices.register("case_dispatched", lambda event: Delivery([user.pk], {"number": "0042"}))
    return user


def enqueue() -> None:
    with transaction.atomic():
        notices.enqueue("case_dispatched", "case", 42, NOW)


def test_what_waited_for_the_worker_is_told_when_it_comes(zhang_min):
    enqueue()
    assert (jobs("todo"), notices.unread_count(zhang_min)) == (1, 0)
    run_worker()
    assert (jobs("todo"), notices.unread_count(zhang_min)) == (0, 1)


def test_a_worker_killed_in_the_middle_loses_nothing_and_tells_nobody_twice(zhang_min):
    enqueue()
    with connection.cursor() as cursor:
        cursor.execute(
            "WITH killed AS (INSERT INTO procrastinate_workers (last_heartbeat) "
            "VALUES (now() - interval '1 hour') RETURNING id) "
            "UPDATE procrastinate_jobs SET status = 'doing', worker_id = (SELECT id FROM killed)"
        )
    run_worker()
    assert (jobs("doing"), notices.unread_count(zhang_min)) == (1, 0)
    app.tasks["notices.rescue"].defer(timestamp=int(time.time()))
    run_worker()
    run_worker()
    assert (jobs("doing"), notices.unread_count(zhang_min)) == (0, 1)


def test_a_telling_that_fails_is_tried_again_later(zhang_min):
    def not_now(event):
        raise RuntimeError("the database was busy")

    notices.register("case_dispatched", not_now)
    enqueue()
    run_worker()
    assert (jobs("todo"), jobs("failed"), notices.unread_count(zhang_min)) == (1, 0, 0)
