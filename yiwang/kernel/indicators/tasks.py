"""Background work of this room."""

from contextlib import suppress

from django.db import transaction
from procrastinate.exceptions import AlreadyEnqueued

from yiwang.kernel.foundation.queue import app


@app.task(name="indicators.check_record", queue="indicators")
def check_record(check_id: int) -> None:
    """Walk the whole record for somebody who asked."""
    from yiwang.kernel.indicators.actions import run_check

    run_check(check_id)


@app.task(
    name="indicators.keep_rollups",
    queueing_lock="indicators.keep_rollups",
    lock="indicators.keep_rollups",
    pass_context=False,
)
def keep_rollups(timestamp: int = 0) -> None:
    """Count the days that are over and of which something has changed, or that were never counted.

    A few seconds at a time, so that a worker that is to end need not wait; what is left follows at once.
    """
    from django.utils import timezone

    from yiwang.kernel.indicators import rollups

    if rollups.keep(timezone.now()):
        with suppress(AlreadyEnqueued), transaction.atomic():  # the minute's own is queued
            keep_rollups.defer()
