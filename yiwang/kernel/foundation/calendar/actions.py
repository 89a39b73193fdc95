"""Changes of the town's calendar; each asks for `calendar.manage` and tells those who keep deadlines, in its transaction."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from typing import Protocol

from django.db import connection, transaction
from django.utils.translation import gettext as _

from yiwang.kernel.foundation import audit, permits, versions
from yiwang.kernel.foundation.actors import Actor
from yiwang.kernel.foundation.calendar import official
from yiwang.kernel.foundation.calendar.models import CalendarDay, PublishedYear, WorkingHours
from yiwang.kernel.foundation.calendar.rules import DayKind, check_sessions
from yiwang.kernel.foundation.errors import Conflict, Invalid, Missing

VERSION = "calendar"
MANAGE = "calendar.manage"
_LOCK = 0x79_77_64_61  # "ywda": the advisory lock of the calendar


class Listener(Protocol):
    """Computes again what depends on the calendar."""

    def __call__(self, *, at: datetime, by: Actor) -> object: ...


_listeners: list[Listener] = []


def on_calendar_change(listener: Listener) -> None:
    """Call `listener(at=, by=)` within the transaction of every change, after the new calendar is in force."""
    if listener not in _listeners:
        _listeners.append(listener)


def one_at_a_time() -> None:
    """Wait for any other writer of the calendar, before looking at what is stored; held to the end of the transaction.

    A day that nobody has set yet has no row to lock.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])


@transaction.atomic
def set_day(
    day: date, kind: DayKind, *, by: Actor, at: datetime, name: str = "", source: str = ""
) -> CalendarDay:
    """Make a day a working or a free day of this town."""
    permits.require(by, MANAGE, at=at)
    found, _created = CalendarDay.objects.update_or_create(
        date=day, defaults={"kind": DayKind(kind).value, "name": name, "source": source}
    )
    facts = {"day": day, "kind": DayKind(kind).value, "name": name, "source": source}
    _changed("calendar_day_set", day.year, facts, by=by, at=at)
    return found


@transaction.atomic
def remove_day(day: date, *, by: Actor, at: datetime) -> None:
    """Let the official calendar decide about a day again.

    Raises:
        Missing: the town has decided nothing about this day.
    """
    permits.require(by, MANAGE, at=at)
    deleted, _by_model = CalendarDay.objects.filter(date=day).delete()
    if not deleted:
        raise Missing(_("%(day)s 没有本地安排") % {"day": day}, field="date")
    _changed("calendar_day_removed", day.year, {"day": day}, by=by, at=at)


@transaction.atomic
def set_hours(
    sessions: Sequence[tuple[time, time]], *, valid_from: date, by: Actor, at: datetime
) -> WorkingHours:
    """Change the working hours from a date on.

    Raises:
        Invalid: the sessions overlap, are empty, or run backwards.
    """
    permits.require(by, MANAGE, at=at)
    try:
        check_sessions(tuple(sessions))
    except ValueError as error:
        raise Invalid(_("工作时段须按先后排列，互不重叠，至少一段"), field="sessions") from error
    written = [
        [opens.isoformat("minutes"), closes.isoformat("minutes")] for opens, closes in sessions
    ]
    hours, _created = WorkingHours.objects.update_or_create(
        valid_from=valid_from, defaults={"sessions": written}
    )
    facts = {"valid_from": valid_from, "sessions": written}
    _changed("working_hours_set", valid_from.year, facts, by=by, at=at)
    return hours


@transaction.atomic
def publish_year(
    year: int,
    *,
    by: Actor,
    at: datetime,
    days: Mapping[date, tuple[DayKind, str]] | None = None,
    source: str = "",
) -> PublishedYear:
    """Declare a year's holidays official. Without `days`, those that came with the program.

    Raises:
        Invalid: a day lies in another year, or the program does not know the year.
        Conflict: the year is published already.
    """
    permits.require(by, MANAGE, at=at)
    if days is None and year not in official.years():
        raise Invalid(
            _("程序自带日历还没有 %(year)s 年，请填写放假和调休日期") % {"year": year}, field="days"
        )
    if any(day.year != year for day in days or ()):
        raise Invalid(_("日期不在 %(year)s 年内") % {"year": year}, field="days")
    if PublishedYear.objects.filter(year=year).exists():
        raise Conflict(_("%(year)s 年已经公布") % {"year": year}, field="year")
    for day, (kind, name) in (days or {}).items():
        CalendarDay.objects.update_or_create(
            date=day, defaults={"kind": DayKind(kind).value, "name": name, "source": source}
        )
    published = PublishedYear.objects.create(year=year, source=source or official.SOURCE, at=at)
    facts = {"year": year, "source": published.source, "days": sorted(days or {})}
    _changed("calendar_year_published", year, facts, by=by, at=at)
    return published


@transaction.atomic
def adopt_official_years(*, by: Actor, at: datetime) -> list[int]:
    """Publish each year that an update of the program brought; returns the new ones.

    Run after each migration. On an empty town this only notes the years, since nothing waits for them.
    """
    permits.require(by, MANAGE, at=at)
    noted = set(PublishedYear.objects.values_list("year", flat=True))
    fresh = sorted(official.years() - noted)
    PublishedYear.objects.bulk_create(
        PublishedYear(year=year, source=official.SOURCE, at=at) for year in fresh
    )
    if fresh:
        _changed("calendar_years_adopted", fresh[-1], {"years": fresh}, by=by, at=at)
    return fresh


def _changed(verb: str, year: int, facts: Mapping[str, object], *, by: Actor, at: datetime) -> None:
    audit.record("calendar", year, verb, by=by, at=at, facts=facts)
    versions.bump(VERSION)
    for listener in _listeners:
        listener(at=at, by=by)
