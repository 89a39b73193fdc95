"""Background work of the cases room; when it runs stands in config/schedule.py."""

from django.utils import timezone

from yiwang.kernel.foundation.queue import app


@app.task(name="cases.sweep", queueing_lock="cases.sweep", pass_context=False)
def sweep(timestamp: int) -> None:
    """Let late clocks climb, and end the pauses that are over."""
    from yiwang.kernel.cases.actions import sweeping

    at = timezone.now()
    sweeping.sweep(at=at)
    sweeping.end_suspensions(at=at)
