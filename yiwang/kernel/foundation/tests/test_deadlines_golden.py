"""Deadlines anybody can check with a wall calendar."""

from datetime import UTC, datetime, timedelta

import pytest

from yiwang.kernel.foundation.calendar import (
    Deadline,
    Limit,
    LimitUnit,
    WorkingCalendar,
    compute_deadline,
    due_after_pause,
    elapsed,
    extend,
    remaining,
)
from yiwang.kernel.foundation.tests.conftest import shanghai


def due(start: str, limit: str, calendar: WorkingCalendar) -> str:
    return shown(compute_deadline(shanghai(start), Limit.parse(limit), calendar))


def shown(deadline: Deadline) -> str:
    return f"{deadline.due:%Y-%m-%d %H:%M}"


def said(deadline: Deadline) -> str:
    return "\n".join(sentence.text() for sentence in deadline.trace)


@pytest.mark.parametrize(
    ("start", "limit", "expected"),
    [
        # an ordinary week of 2026: 23 March is a Monday
        ("2026-03-23 08:00", "4小时", "2026-03-23 12:00"),
        ("2026-03-23 11:00", "2小时", "2026-03-23 15:00"),
        ("2026-03-23 17:30", "4小时", "2026-03-24 11:30"),
        ("2026-03-23 12:30", "2小时", "2026-03-23 16:00"),
        ("2026-03-23 07:00", "1小时", "2026-03-23 09:00"),
        ("2026-03-23 18:00", "1小时", "2026-03-24 09:00"),
        ("2026-03-27 16:00", "4小时", "2026-03-30 10:00"),
        ("2026-03-23 10:15", "1天", "2026-03-24 10:15"),
        ("2026-03-27 10:15", "1工作日", "2026-03-30 10:15"),
        ("2026-03-28 10:15", "1天", "2026-03-31 08:00"),
        ("2026-03-23 12:30", "3天", "2026-03-26 14:00"),
        # Spring Festival 2026: free from Sunday 15 to Monday 23 February, work on Saturdays 14 and 28
        ("2026-02-13 16:00", "4小时", "2026-02-14 10:00"),
        ("2026-02-14 16:00", "4小时", "2026-02-24 10:00"),
        ("2026-02-13 16:00", "1天", "2026-02-14 16:00"),
        ("2026-02-13 16:00", "2天", "2026-02-24 16:00"),
        ("2026-02-13 16:00", "5天", "2026-02-27 16:00"),
        ("2026-02-13 16:00", "6天", "2026-02-28 16:00"),
        ("2026-02-13 16:00", "7天", "2026-03-02 16:00"),
        ("2026-02-17 09:00", "1天", "2026-02-25 08:00"),
        # make-up days: Sunday 20 September and Saturday 10 October around the National Day
        ("2026-09-18 17:00", "2小时", "2026-09-20 09:00"),
        ("2026-09-30 17:00", "2小时", "2026-10-08 09:00"),
        ("2026-10-09 10:00", "1天", "2026-10-10 10:00"),
        ("2026-01-03 10:00", "1小时", "2026-01-04 09:00"),
        # urgent limits run through nights and holidays
        ("2026-03-01 23:30", "2紧急工作时", "2026-03-02 01:30"),
        ("2026-02-16 23:30", "2紧急工作时", "2026-02-17 01:30"),
        ("2026-02-14 17:00", "2紧急工作日", "2026-02-16 17:00"),
        ("2026-12-31 23:30", "2紧急工作时", "2027-01-01 01:30"),
    ],
)
def test_a_limit_ends_when_the_wall_calendar_says(
    start: str, limit: str, expected: str, calendar: WorkingCalendar
) -> None:
    assert due(start, limit, calendar) == expected


def test_midnight_belongs_to_shanghai_and_not_to_greenwich(calendar: WorkingCalendar) -> None:
    start = datetime(2026, 3, 29, 16, 0, tzinfo=UTC)  # Monday 00:00 in Shanghai
    deadline = compute_deadline(start, Limit(1, LimitUnit.WORKDAY), calendar)
    assert shown(deadline) == "2026-03-31 08:00"
    night = compute_deadline(start, Limit(1, LimitUnit.URGENT_WORKDAY), calendar)
    assert shown(night) == "2026-03-31 00:00"
    assert night.due - start == timedelta(hours=24)


@pytest.mark.parametrize("day", ["2026-03-29", "2026-10-25", "2026-03-08", "2026-11-01"])
def test_no_clock_is_changed_where_other_zones_change_theirs(
    day: str, calendar: WorkingCalendar
) -> None:
    start = shanghai(f"{day} 00:30")
    ends = compute_deadline(start, Limit(4, LimitUnit.URGENT_HOUR), calendar).due
    assert ends.astimezone(UTC) - start.astimezone(UTC) == timedelta(hours=4)


def test_a_limit_into_a_year_not_yet_published_counts_weekends_as_free_and_says_so(
    calendar: WorkingCalendar,
) -> None:
    deadline = compute_deadline(shanghai("2026-12-30 15:00"), Limit.parse("4天"), calendar)
    assert shown(deadline) == "2027-01-05 15:00"
    assert deadline.provisional
    assert "2027 年的放假安排尚未公布，暂按周末休息计算" in said(deadline)


def test_the_same_limit_moves_when_the_year_is_published(calendar: WorkingCalendar) -> None:
    from datetime import date

    from yiwang.kernel.foundation.calendar import DayKind

    free = {date(2027, 1, day): DayKind.FREE for day in (1, 2, 3)}
    published = WorkingCalendar(
        days={**calendar.days, **free}, published_years=calendar.published_years | {2027}
    )
    deadline = compute_deadline(shanghai("2026-12-30 15:00"), Limit.parse("4天"), published)
    assert shown(deadline) == "2027-01-06 15:00"
    assert not deadline.provisional


def test_a_limit_that_ends_on_the_last_day_of_the_year_is_not_provisional(
    calendar: WorkingCalendar,
) -> None:
    deadline = compute_deadline(shanghai("2026-12-30 15:00"), Limit.parse("1天"), calendar)
    assert shown(deadline) == "2026-12-31 15:00"
    assert not deadline.provisional


def test_a_limit_that_begins_in_an_unpublished_year_is_provisional(
    calendar: WorkingCalendar,
) -> None:
    deadline = compute_deadline(shanghai("2027-03-03 09:00"), Limit.parse("1小时"), calendar)
    assert deadline.provisional


def test_the_trace_names_the_holiday_and_the_make_up_days(calendar: WorkingCalendar) -> None:
    deadline = compute_deadline(shanghai("2026-02-13 19:00"), Limit.parse("6天"), calendar)
    assert said(deadline).splitlines() == [
        "从 2026-02-13 19:00 起算",
        "时限 6 个工作日：逐个工作日计算，到期日的同一时刻",
        "起算时不在工作时间，从下一个工作时刻 2026-02-14 08:00 开始计时",
        "2026-02-14 调休上班，照常计时",
        "跳过春节 2026-02-15 至 2026-02-23",
        "2026-02-28 调休上班，照常计时",
        "跳过周末休息 1 天",
        "到期时间 2026-03-02 08:00",
    ]


def test_a_pause_over_a_holiday_costs_only_working_time(calendar: WorkingCalendar) -> None:
    start, limit = shanghai("2026-02-13 10:00"), Limit.parse("3天")
    assert shown(compute_deadline(start, limit, calendar)) == "2026-02-25 10:00"
    pause = (shanghai("2026-02-14 10:00"), shanghai("2026-02-24 10:00"))
    deadline = due_after_pause(start, limit, [pause], calendar)
    assert shown(deadline) == "2026-02-26 10:00"
    assert "2026-02-14 10:00 至 2026-02-24 10:00 暂停计时，顺延 8 小时 0 分" in said(deadline)


def test_a_pause_within_the_holiday_costs_nothing(calendar: WorkingCalendar) -> None:
    start, limit = shanghai("2026-02-13 10:00"), Limit.parse("3天")
    pause = (shanghai("2026-02-16 10:00"), shanghai("2026-02-20 10:00"))
    assert shown(due_after_pause(start, limit, [pause], calendar)) == "2026-02-25 10:00"


def test_a_pause_of_some_hours_moves_an_hour_limit_by_working_hours(
    calendar: WorkingCalendar,
) -> None:
    start, limit = shanghai("2026-03-23 09:00"), Limit.parse("4小时")
    pause = (shanghai("2026-03-23 10:00"), shanghai("2026-03-23 15:00"))
    assert shown(due_after_pause(start, limit, [pause], calendar)) == "2026-03-23 18:00"


def test_an_urgent_limit_loses_wall_time_in_a_pause(calendar: WorkingCalendar) -> None:
    start, limit = shanghai("2026-02-16 22:00"), Limit.parse("2紧急工作时")
    pause = (shanghai("2026-02-16 23:00"), shanghai("2026-02-17 05:00"))
    assert shown(due_after_pause(start, limit, [pause], calendar)) == "2026-02-17 06:00"


def test_a_pause_that_begins_after_the_due_moment_changes_nothing(
    calendar: WorkingCalendar,
) -> None:
    start, limit = shanghai("2026-03-23 09:00"), Limit.parse("2小时")
    pause = (shanghai("2026-03-24 09:00"), shanghai("2026-03-26 09:00"))
    assert shown(due_after_pause(start, limit, [pause], calendar)) == "2026-03-23 11:00"


def test_a_pause_into_an_unpublished_year_makes_the_deadline_provisional(
    calendar: WorkingCalendar,
) -> None:
    start, limit = shanghai("2026-12-21 09:00"), Limit.parse("5天")
    assert not compute_deadline(start, limit, calendar).provisional
    pause = (shanghai("2026-12-22 09:00"), shanghai("2027-03-01 09:00"))
    assert due_after_pause(start, limit, [pause], calendar).provisional


def test_an_extension_adds_the_limit_once_more_from_the_old_due_moment(
    calendar: WorkingCalendar,
) -> None:
    first = compute_deadline(shanghai("2026-02-12 10:00"), Limit.parse("2天"), calendar)
    assert shown(first) == "2026-02-14 10:00"
    second = extend(first, calendar)
    assert shown(second) == "2026-02-25 10:00"
    assert second.start == first.start
    assert "延期一次，从原到期时间再加 2 个工作日" in said(second)
    assert "跳过春节 2026-02-15 至 2026-02-23" in said(second)


def test_extensions_and_pauses_together(calendar: WorkingCalendar) -> None:
    start, limit = shanghai("2026-03-23 10:00"), Limit.parse("2天")
    pause = (shanghai("2026-03-24 10:00"), shanghai("2026-03-25 10:00"))
    deadline = due_after_pause(start, limit, [pause], calendar, extensions=1)
    assert shown(deadline) == "2026-03-30 10:00"


def test_time_left_and_time_late_are_counted_like_the_limit(calendar: WorkingCalendar) -> None:
    ends = shanghai("2026-02-14 17:00")
    now = shanghai("2026-02-14 11:00")
    assert remaining(now, ends, LimitUnit.HOUR, calendar) == timedelta(hours=4)
    assert remaining(now, ends, LimitUnit.URGENT_HOUR, calendar) == timedelta(hours=6)
    later = shanghai("2026-02-24 09:00")
    assert remaining(later, ends, LimitUnit.WORKDAY, calendar) == -timedelta(hours=2)


def test_elapsed_never_runs_backwards(calendar: WorkingCalendar) -> None:
    early, late = shanghai("2026-03-23 09:00"), shanghai("2026-03-23 10:00")
    assert elapsed(late, early, LimitUnit.HOUR, calendar) == timedelta(0)


@pytest.mark.parametrize(
    ("text", "amount", "unit"),
    [
        ("4小时", 4, LimitUnit.HOUR),
        ("2工作时", 2, LimitUnit.HOUR),
        ("2紧急工作时", 2, LimitUnit.URGENT_HOUR),
        ("5天", 5, LimitUnit.WORKDAY),
        ("3工作日", 3, LimitUnit.WORKDAY),
        ("3个工作日", 3, LimitUnit.WORKDAY),
        (" 2 紧急工作日 ", 2, LimitUnit.URGENT_WORKDAY),
    ],
)
def test_limits_are_read_as_the_catalogue_writes_them(
    text: str, amount: int, unit: LimitUnit
) -> None:
    limit = Limit.parse(text)
    assert (limit.amount, limit.unit) == (amount, unit)
    assert Limit.parse(limit.as_text()) == limit


@pytest.mark.parametrize("text", ["", "天", "4", "4周", "-1天", "0天", "1.5小时", "4小时5", "٤天"])
def test_what_is_not_a_limit_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="limit"):
        Limit.parse(text)


def test_a_moment_without_a_zone_is_refused(calendar: WorkingCalendar) -> None:
    with pytest.raises(ValueError, match="zone"):
        compute_deadline(datetime(2026, 3, 23, 9), Limit.parse("1天"), calendar)  # noqa: DTZ001
