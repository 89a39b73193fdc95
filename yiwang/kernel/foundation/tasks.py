"""Background work of this room; when each runs stands in `config/schedule.py`. Each may run twice or late."""

from datetime import date, timedelta
from zoneinfo import ZoneInfo

from django.utils import timezone

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
    """Clear away photos nobody refers to."""
    from yiwang.kernel.foundation.files import sweep_orphans

    sweep_orphans(at=timezone.now())
