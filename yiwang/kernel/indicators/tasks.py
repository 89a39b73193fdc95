"""Background work of this room."""

from yiwang.kernel.foundation.queue import app


@app.task(name="indicators.check_record", queue="indicators")
def check_record(check_id: int) -> None:
    """Walk the whole record for somebody who asked."""
    from yiwang.kernel.indicators.actions import run_check

    run_check(check_id)


@app.task(
    name="indicators.keep_rollups", queueing_lock="indicators.keep_rollups", pass_context=False
)
def keep_rollups(timestamp: int = 0) -> None:
    """Count the days that are over and of which something has changed, or that were never counted."""
    from django.utils import timezone

    from yiwang.kernel.indicators import rollups

    rollups.keep(timezone.now())
