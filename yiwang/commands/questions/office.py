"""The office at work: its worker, its seals, its backups, its calendar, its room on the disk."""

import http.client
import shutil
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from django.db import connection

from yiwang.commands import installation
from yiwang.commands.installation import Installation
from yiwang.commands.questions import Doubt, Question, Wrong
from yiwang.config import environment
from yiwang.kernel.foundation.calendar.rules import SHANGHAI
from yiwang.outside.machine import ports

WAITS_LONG = 600  # seconds
STALE = timedelta(hours=26)  # of the newest backup: one a night, and a little patience
ROOM, SHARE = 1024**3, 0.05  # free on a disk, in bytes and of the whole
_WAITING = """
SELECT count(*) FILTER (WHERE status = 'todo' AND coalesce(scheduled_at, '-infinity') < now() - make_interval(secs => %s)
                          AND NOT EXISTS (SELECT FROM procrastinate_events e WHERE e.job_id = j.id
                                          AND e.at > now() - make_interval(secs => %s))),
       count(*) FILTER (WHERE status = 'failed')
FROM procrastinate_jobs j
"""


def questions(here: Installation, now: datetime) -> list[Question]:
    today = now.astimezone(SHANGHAI).date()
    backups = installation.backups(here.home)
    return [
        Question("worker", worker),
        Question("queue", queue),
        Question("live updates", lambda: live(environment.live_port(environment.read()))),
        Question("daily seal", lambda: seal(today)),
        Question("backup", lambda: backup(backups, now)),
        Question("disk", lambda: disk(here.home, backups)),
        Question("calendar", lambda: calendar(today)),
        Question("town", town),
        Question("administrator", lambda: administrator(today)),
        Question("messages", messages),
        Question("browser parts", browser),
    ]


def _row(query: str, *values: int) -> tuple[int, ...]:
    with connection.cursor() as cursor:
        cursor.execute(query, list(values))
        row = cursor.fetchone()
    return tuple(row or ())


def worker() -> str:
    from yiwang.kernel.foundation.queue import at_work

    count = at_work()
    if not count:
        raise Wrong(
            "none has given a sign of life in the last minute: nobody is told, no clock runs",
            "start it: `systemctl start yiwang-worker`, or `yiwang run`",
        )
    return f"{count} at work"


def live(port: int) -> str:
    """Whether the live process answers, and hears the database."""
    caller = http.client.HTTPConnection(ports.LOOPBACK, port, timeout=5)
    mend = "start it: `systemctl start yiwang-live`, or `yiwang run`"
    try:
        caller.request("GET", "/live/health")
        status = caller.getresponse().status
    except (OSError, http.client.HTTPException):
        raise Doubt(
            f"nothing answers on port {port}: desks look for news only every half minute", mend
        ) from None
    finally:
        caller.close()
    if status != 200:
        raise Doubt("the process does not hear the database", "see its log; restart it")
    return f"told on port {port}"


def queue() -> str:
    waiting, failed = _row(_WAITING, WAITS_LONG, WAITS_LONG)
    if waiting:
        raise Doubt(
            f"{waiting} jobs wait for more than ten minutes",
            "see the worker's log: is it busy or stuck?",
        )
    if failed:
        raise Doubt(
            f"{failed} jobs failed", "see the worker's log; the notices page can send again"
        )
    return "nothing waits"


def seal(today: date) -> str:
    from yiwang.kernel.foundation.audit.models import AuditEntry, AuditSeal

    last = AuditSeal.objects.order_by("day").last()
    if last is None and not AuditEntry.objects.exists():
        return "nothing has happened yet"
    if last is None or last.day < today - timedelta(days=1):
        says = f"the last one is of {last.day}" if last else "the record has never been sealed"
        raise Wrong(says, "start the worker: within the hour it seals every day that is missing")
    return f"the record is sealed to {last.day}"


def backup(folder: Path, now: datetime) -> str:
    from yiwang.kernel.foundation.backup import backups_in

    found = backups_in(folder)
    if not found:
        raise Wrong(
            f"there is none in {folder}",
            "run `yiwang backup`, and let a timer do it every night (docs/recipes/production.md)",
        )
    age = now - found[0].moment
    if age > STALE:
        raise Wrong(
            f"the newest in {folder} is {age.days * 24 + age.seconds // 3600} hours old",
            "see why last night's failed: `systemctl status yiwang-backup`, then `yiwang backup`",
        )
    return f"{len(found)} in {folder}, the newest of {found[0].moment.astimezone(UTC):%Y-%m-%d %H:%M} UTC"


def disk(home: Path, backups: Path) -> str:
    said = []
    for folder in (home, backups):
        if not folder.exists():
            continue
        usage = shutil.disk_usage(folder)
        if usage.free < max(ROOM, usage.total * SHARE):
            raise Wrong(
                f"{usage.free / 1024**3:.1f} GB left for {folder}",
                "make room: fewer backups (YIWANG_BACKUP_KEEP), or a larger disk",
            )
        said.append(f"{usage.free / 1024**3:.0f} GB left for {folder}")
    return "; ".join(said)


def calendar(today: date) -> str:
    from yiwang.kernel.foundation.calendar.models import PublishedYear

    years = set(PublishedYear.objects.values_list("year", flat=True))
    if today.year not in years:
        raise Wrong(
            f"the holidays of {today.year} are missing: limits are provisional",
            f"run `yiwang publish-year {today.year}`",
        )
    if today.year + 1 not in years and today.month >= 11:
        raise Doubt(
            f"the holidays of {today.year + 1} are missing: limits that end then are provisional",
            f"when the State Council has announced them, run `yiwang publish-year {today.year + 1}`",
        )
    return f"holidays are known to {max(years)}"


def town() -> str:
    from yiwang.kernel.territory.models import Boundary, Division

    if Boundary.objects.filter(generated=True).exists():
        raise Wrong(
            "this is a demo town: invented people whose password is in the manual",
            "begin with an empty database (docs/recipes/production.md)",
        )
    if not Division.objects.exists():
        raise Doubt("the land is empty", "run `yiwang import-territory`")
    return "no demo town"


def administrator(today: date) -> str:
    from yiwang.kernel.organisation.models import Posting
    from yiwang.kernel.organisation.rules import Role

    posted = Posting.objects.on(today).filter(role=Role.ADMINISTRATOR, user__is_active=True)
    count = posted.count()
    if not count:
        raise Wrong(
            "nobody administers this office",
            "run `yiwang staff add` and `yiwang staff appoint … --role administrator`",
        )
    return f"{count} posted"


def messages() -> str:
    from yiwang.kernel.notices import channels_report

    said = []
    for channel in channels_report():
        if channel.given_up or channel.resting_until:
            raise Doubt(
                f"{channel.channel.value}: {channel.given_up} given up; {channel.last_reason or 'no answer'}",
                "see the page of notices: what failed can be sent again there",
            )
        if channel.adapter == "recorded":
            raise Doubt(
                f"{channel.channel.value} is only written down, nothing is sent",
                f"set YIWANG_{'MAIL' if channel.channel.value == 'email' else channel.channel.value.upper()}",
            )
        said.append(f"{channel.channel.value} by {channel.adapter}")
    return ", ".join(said)


def browser() -> str:
    if not (installation.ROOT / "browser" / "dist").is_dir():
        raise Wrong("they are not built: pages have no look", "run `make browser`")
    return "built"
