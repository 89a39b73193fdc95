"""Background work of this room; when each runs stands in `config/schedule.py`. Each may run twice or late."""

from datetime import date, timedelta
from zoneinfo import ZoneInfo

from django.utils import timezone

from yiwang.kernel.foundation.queue import app

ZONE = ZoneInfo("Asia/Shanghai")


@app.task(name="foundation.seal", queue="foundation")
def seal(timestamp: int = 0) -> None:
    """Seal yesterday's record, a little after midnight; nothing where that is done."""
    from yiwang.kernel.foundation.audit import seal_day
    from yiwang.kernel.foundation.audit.models import AuditSeal

    now = timezone.now()
    yesterday: date = now.astimezone(ZONE).date() - timedelta(days=1)
    if not AuditSeal.objects.filter(day__gte=yesterday).exists():
        seal_day(yesterday, at=now)


@app.task(name="foundation.sweep_files", queue="foundation")
def sweep_files(timestamp: int = 0) -> None:
    """Clear away photos nobody refers to."""
    from yiwang.kernel.foundation.files import sweep_orphans

    sweep_orphans(at=timezone.now())
