"""Time as people say it, in both languages, in the town's own zone: 剩 2 小时 15 分, 超 1 天, 今天 16:20."""

from datetime import date, datetime, timedelta

from django.utils import timezone
from django.utils.dateformat import format as written
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

DAY, HOUR, MINUTE = 86400, 3600, 60


def local(at: datetime) -> datetime:
    """The same moment on the town's clock."""
    return timezone.localtime(at, timezone.get_default_timezone())


def duration(span: timedelta) -> str:
    """A length of time in its two largest units, without sign: 2 小时 15 分; under a minute: 不到 1 分钟."""
    seconds = abs(int(span.total_seconds()))
    days, hours, minutes = seconds // DAY, seconds % DAY // HOUR, seconds % HOUR // MINUTE
    if days:
        said = ngettext("%(days)d 天", "%(days)d 天", days) % {"days": days}
        return said if not hours else f"{said} {_hours(hours)}"
    if hours:
        return _hours(hours) if not minutes else f"{_hours(hours)} {_minutes(minutes, short=True)}"
    return _minutes(minutes) if minutes else _("不到 1 分钟")


def _hours(hours: int) -> str:
    return ngettext("%(hours)d 小时", "%(hours)d 小时", hours) % {"hours": hours}


def _minutes(minutes: int, *, short: bool = False) -> str:
    if short:
        return _("%(minutes)d 分") % {"minutes": minutes}
    return ngettext("%(minutes)d 分钟", "%(minutes)d 分钟", minutes) % {"minutes": minutes}


def remaining(span: timedelta) -> str:
    """What is left of a limit, or by how much it was passed."""
    if span < timedelta():
        return _("超 %(span)s") % {"span": _largest(span)}
    return _("剩 %(span)s") % {"span": duration(span)}


def _largest(span: timedelta) -> str:
    """How late, in one unit from a day on: 超 1 天; the second unit no longer helps."""
    seconds = abs(int(span.total_seconds()))
    return duration(timedelta(days=seconds // DAY) if seconds >= DAY else span)


def moment(at: datetime, now: datetime) -> str:
    """今天 16:20, 明天 09:00, 11月23日 16:20, 2025年11月23日 16:20."""
    there, here = local(at), local(now)
    return f"{day(there.date(), here.date())} {there:%H:%M}"


def day(that: date, today: date) -> str:
    """今天, 明天, 昨天, 11月23日, 2025年11月23日."""
    near = {-1: _("昨天"), 0: _("今天"), 1: _("明天")}.get((that - today).days)
    if near:
        return near
    return written(that, _("n月j日") if that.year == today.year else _("Y年n月j日"))


def exact(at: datetime) -> str:
    """2026-11-23 16:20:05, for titles and the record."""
    return f"{local(at):%Y-%m-%d %H:%M:%S}"


def ago(at: datetime, now: datetime) -> str:
    """刚刚, 5 分钟前, 3 小时前; from a day on, the moment itself."""
    passed = now - at
    if passed < timedelta(minutes=1):
        return _("刚刚")
    if passed < timedelta(days=1):
        return _("%(span)s前") % {"span": _one_unit(passed)}
    return moment(at, now)


def _one_unit(span: timedelta) -> str:
    seconds = int(span.total_seconds())
    unit = HOUR if seconds >= HOUR else MINUTE
    return duration(timedelta(seconds=seconds // unit * unit))
