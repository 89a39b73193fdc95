"""Background work of this room; when each runs stands in `config/schedule.py`. Each may run twice or late."""

import uuid
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from django.utils import timezone
from procrastinate import JobContext, RetryStrategy
from procrastinate.exceptions import JobAborted
from procrastinate.types import JSONValue

from yiwang.kernel.foundation.queue import app

ZONE = ZoneInfo("Asia/Shanghai")


@app.task(name="foundation.seal", queue="foundation")
def seal(timestamp: int = 0) -> None:
    """Seal yesterday's record, a little after midnight, and every day before on which no worker was there."""
    from yiwang.kernel.foundation.audit import seal_missing

    now = timezone.now()
    yesterday: date = now.astimezone(ZONE).date() - timedelta(days=1)
    seal_missing(yesterday, at=now)


@app.task(name="foundation.sweep_files", queue="foundation")
def sweep_files(timestamp: int = 0) -> None:
    """Clear away files nobody refers to."""
    from yiwang.kernel.foundation.files import sweep_orphans

    sweep_orphans(at=timezone.now())


# One at a time (`lock`): a film takes a minute of the processor, and the other hand stays free for notices.
@app.task(
    name="foundation.prepare_file",
    queue="foundation",
    lock="foundation.prepare_file",
    pass_context=True,
    retry=RetryStrategy(max_attempts=12, exponential_wait=3),
)
def prepare_file(context: JobContext, file_id: str) -> None:
    """Make a film or voice ready to be played."""
    from yiwang.kernel.foundation import files
    from yiwang.outside import media

    try:
        files.prepare(uuid.UUID(file_id), stop=context.should_abort)
    except media.Stopped as stopped:
        raise JobAborted from stopped


@app.task(name="foundation.prepare_forgotten", queue="foundation")
def prepare_forgotten(timestamp: int = 0) -> None:
    """Put films and voices on the queue again whose job is gone; nothing twice, for whoever is at one holds its row."""
    from yiwang.kernel.foundation import files

    jobs: list[dict[str, JSONValue]] = [
        {"file_id": str(file_id)} for file_id in files.waiting(at=timezone.now())
    ]
    if jobs:
        prepare_file.batch_defer(*jobs)


# A worker that was killed is silent for a while before the next one begins anew: `Busy` until then.
@app.task(
    name="foundation.make_export",
    queue="foundation",
    pass_context=True,
    retry=RetryStrategy(max_attempts=20, wait=10),
)
def make_export(context: JobContext, export_id: str) -> None:
    """Write a list as Excel."""
    from yiwang.kernel.foundation.exports import making

    try:
        making.make(uuid.UUID(export_id), stop=context.should_abort)
    except making.Stopped as stopped:
        raise JobAborted from stopped


@app.task(name="foundation.tidy_exports", queue="foundation")
def tidy_exports(timestamp: int = 0) -> None:
    """Remove the files of exports whose week is over."""
    from yiwang.kernel.foundation import exports

    exports.expire(at=timezone.now())


@app.task(name="foundation.retain", queue="foundation", lock="foundation.retain")
def retain(timestamp: int = 0) -> None:
    """End what was kept long enough; one run at a time, and `sweep_files` removes the bytes after it."""
    from yiwang.kernel.foundation import retention

    retention.run(at=timezone.now())
