"""Background work of this room; the schedule stands in `config/schedule.py`."""

from datetime import datetime

from procrastinate import JobContext, RetryStrategy

from yiwang.kernel.foundation.queue import app


@app.task(
    name="notices.deliver",
    queue="notices",
    retry=RetryStrategy(max_attempts=12, exponential_wait=3),
)
def deliver(
    event: str, subject_type: str, subject_id: str, at: str, ids: dict[str, int | str]
) -> None:
    """Tell the people an event concerns."""
    from yiwang.kernel.notices.actions import deliver_event
    from yiwang.kernel.notices.registry import Event

    deliver_event(Event(event, subject_type, subject_id, datetime.fromisoformat(at), ids))


@app.task(name="notices.rescue", queue="notices", pass_context=True)
async def rescue(context: JobContext, timestamp: int) -> None:
    """Put jobs back that a killed worker left half-way; every task may run twice."""
    for job in await context.app.job_manager.get_stalled_jobs():
        await context.app.job_manager.retry_job(job)
