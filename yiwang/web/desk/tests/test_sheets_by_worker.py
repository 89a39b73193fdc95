"""The real queue and a real worker make an export, and make it good after one that was killed."""

import asyncio
import time
import uuid
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from tests.town.small import Town, build
from yiwang.kernel.foundation import exports
from yiwang.kernel.foundation.actors import SYSTEM
from yiwang.kernel.foundation.audit.models import AuditEntry
from yiwang.kernel.foundation.exports import disk, rules
from yiwang.kernel.foundation.exports.models import Export
from yiwang.kernel.foundation.queue import app
from yiwang.kernel.foundation.viewer import speaking_as


def run_worker() -> None:
    async def work() -> None:
        with app.replace_connector(app.connector.get_worker_connector()) as real:  # type: ignore[attr-defined]  # Django's
            async with real.open_async():
                await real.run_worker_async(
                    wait=False, install_signal_handlers=False, delete_jobs="successful"
                )

    asyncio.run(work())


@pytest.fixture
def lived_in(own_database: Any, settings: Any, tmp_path: Path, monkeypatch: Any) -> Town:
    """The town in a database of its own, with nothing on the queue by the clock."""
    settings.YIWANG_HOME = tmp_path
    monkeypatch.setattr(app.periodic_registry, "periodic_tasks", {})
    town = build()
    town.report()
    return town


def only() -> Export:
    with speaking_as(SYSTEM):
        return Export.objects.get()


def test_an_export_waits_for_the_worker_and_is_made_when_it_comes(lived_in: Town) -> None:
    exports.ask("desk-list", "queue=open", by=lived_in.wang_fang, at=timezone.now())
    assert only().state == rules.WAITING
    run_worker()
    assert (only().state, only().done) == (rules.READY, 1)
    entry = AuditEntry.objects.get(verb="list_exported")
    assert (entry.actor_id, entry.facts["rows"]) == (lived_in.wang_fang.pk, 1)


def test_a_worker_killed_in_the_making_is_followed_by_one_that_begins_anew(lived_in: Town) -> None:
    exports.ask("desk-list", "queue=open", by=lived_in.wang_fang, at=timezone.now())
    silent = timezone.now() - rules.SILENT_FOR - timedelta(seconds=1)
    with speaking_as(SYSTEM):
        Export.objects.update(state=rules.MAKING, run=uuid.uuid4(), beat_at=silent, attempts=1)
    with connection.cursor() as cursor:
        cursor.execute(
            "WITH killed AS (INSERT INTO procrastinate_workers (last_heartbeat) "
            "VALUES (now() - interval '1 hour') RETURNING id) "
            "UPDATE procrastinate_jobs SET status = 'doing', worker_id = (SELECT id FROM killed) "
            "WHERE task_name = 'foundation.make_export'"
        )
    run_worker()
    assert only().state == rules.MAKING
    app.tasks["notices.rescue"].defer(timestamp=int(time.time()))
    run_worker()
    run_worker()
    assert (only().state, only().attempts) == (rules.READY, 2)
    assert [path.suffix for path in disk.folder().iterdir()] == [".xlsx"]
