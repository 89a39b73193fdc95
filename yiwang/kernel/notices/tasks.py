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


@app.task(name="notices.send_due", queue="notices", lock="notices.send_due")
def send_due(timestamp: int = 0) -> None:
    """Hand over what waits to leave the house: after each telling, and every minute for what is due by then.

    The lock keeps it to one job at a time, so that a provider that hangs never takes the whole worker.
    """
    from yiwang.kernel.notices.actions.sending import send_all_due

    send_all_due()


@app.task(name="notices.tidy", queue="notices")
def tidy(timestamp: int) -> None:
    """Forget what was sent long ago."""
    from yiwang.kernel.notices.actions.resending import forget_sent

    forget_sent()


@app.task(name="notices.rescue", queue="notices", pass_context=True)
async def rescue(context: JobContext, timestamp: int) -> None:
    """Put jobs back that a killed worker left half-way; every task may run twice."""
    for job in await context.app.job_manager.get_stalled_jobs():
        await context.app.job_manager.retry_job(job)
