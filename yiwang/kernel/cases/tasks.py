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


@app.task(name="cases.end_drafts", pass_context=False)
def end_drafts(timestamp: int = 0) -> None:
    """Forget parked reports that nobody has touched for a week."""
    from yiwang.kernel.cases import drafts

    drafts.end_old(at=timezone.now())
