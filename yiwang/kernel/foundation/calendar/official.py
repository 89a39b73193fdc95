"""Official holidays and make-up days, from the package `chinesecalendar`."""

from collections.abc import Mapping
from datetime import date

from chinese_calendar import constants

from yiwang.kernel.foundation.calendar.rules import DayKind
from yiwang.kernel.foundation.sentences import N_

SOURCE = "chinesecalendar"
HOLIDAY_NAMES = (
    N_("元旦"),
    N_("春节"),
    N_("清明"),
    N_("劳动节"),
    N_("端午"),
    N_("国庆节"),
    N_("中秋"),
)


def days() -> dict[date, DayKind]:
    """Every official day that differs from its weekday, or is named."""
    free = dict.fromkeys(constants.holidays, DayKind.FREE)
    return free | dict.fromkeys(constants.workdays, DayKind.WORK)


def names() -> dict[date, str]:
    """The Chinese name of each official free day."""
    chinese: Mapping[str, str] = {each.value: each.chinese for each in constants.Holiday}
    return {day: chinese[name] for day, name in constants.holidays.items()}


def years() -> frozenset[int]:
    """Years the package knows."""
    return frozenset(day.year for day in constants.holidays)
