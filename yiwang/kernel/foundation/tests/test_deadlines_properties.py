"""What holds for every start, limit and calendar."""

from datetime import UTC, date, datetime, time, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from yiwang.kernel.foundation.calendar import (
    DayKind,
    Limit,
    LimitUnit,
    WorkingCalendar,
    compute_deadline,
    due_after_pause,
    elapsed,
    extend,
    remaining,
)
from yiwang.kernel.foundation.tests.conftest import china

CHINA = china()
WORKING_DAY = timedelta(hours=8)
moments = st.datetimes(datetime(2024, 1, 1), datetime(2027, 6, 30)).map(  # noqa: DTZ001
    lambda moment: moment.replace(tzinfo=UTC)
)
amounts = st.integers(1, 60)
limits = st.builds(Limit, amounts, st.sampled_from(LimitUnit))
days = st.dates(date(2024, 1, 1), date(2027, 12, 31))


@st.composite
def calendars(draw: st.DrawFn) -> WorkingCalendar:
    """Towns with odd hours and many days of their own."""
    hours = sorted(draw(st.lists(st.integers(0, 23), min_size=2, max_size=6, unique=True)))
    hours = hours[: len(hours) // 2 * 2]
    edges = [time(hour, draw(st.integers(0, 59))) for hour in hours]
    own = draw(st.dictionaries(days, st.sampled_from(DayKind), max_size=40))
    return WorkingCalendar(
        sessions=tuple(zip(edges[::2], edges[1::2], strict=True)),
        days=own,
        published_years=frozenset({2024, 2025, 2026}),
    )


any_calendar = st.one_of(st.just(CHINA), calendars())


def works_until(moment: datetime, calendar: WorkingCalendar) -> bool:
    local = calendar.local(moment)
    return any(opens < local <= closes for opens, closes in calendar.day(local.date()).sessions)


@given(moments, limits, any_calendar)
def test_due_is_later_than_the_start(
    start: datetime, limit: Limit, calendar: WorkingCalendar
) -> None:
    assert compute_deadline(start, limit, calendar).due > start


@given(moments, limits, any_calendar)
def test_more_of_a_unit_never_ends_earlier(
    start: datetime, limit: Limit, calendar: WorkingCalendar
) -> None:
    more = Limit(limit.amount + 1, limit.unit)
    earlier = compute_deadline(start, limit, calendar).due
    assert compute_deadline(start, more, calendar).due > earlier


@given(moments, st.timedeltas(timedelta(0), timedelta(days=9)), limits, any_calendar)
def test_a_later_start_never_ends_earlier(
    start: datetime, wait: timedelta, limit: Limit, calendar: WorkingCalendar
) -> None:
    first = compute_deadline(start, limit, calendar).due
    assert compute_deadline(start + wait, limit, calendar).due >= first


@given(moments, amounts, any_calendar)
def test_an_hour_limit_ends_in_working_time_after_exactly_so_much_of_it(
    start: datetime, amount: int, calendar: WorkingCalendar
) -> None:
    due = compute_deadline(start, Limit(amount, LimitUnit.HOUR), calendar).due
    assert works_until(due, calendar)
    assert elapsed(start, due, LimitUnit.HOUR, calendar) == timedelta(hours=amount)


@given(moments, amounts)
def test_n_working_days_hold_n_times_eight_working_hours(start: datetime, amount: int) -> None:
    due = compute_deadline(start, Limit(amount, LimitUnit.WORKDAY), CHINA).due
    assert elapsed(start, due, LimitUnit.WORKDAY, CHINA) == amount * WORKING_DAY
    assert CHINA.day(CHINA.local(due).date()).sessions


@given(moments, amounts, st.sampled_from([LimitUnit.URGENT_HOUR, LimitUnit.URGENT_WORKDAY]))
def test_an_urgent_limit_is_wall_time_and_never_provisional(
    start: datetime, amount: int, unit: LimitUnit
) -> None:
    deadline = compute_deadline(start, Limit(amount, unit), CHINA)
    hours = amount * (24 if unit is LimitUnit.URGENT_WORKDAY else 1)
    assert deadline.due.astimezone(UTC) - start == timedelta(hours=hours)
    assert not deadline.provisional


@given(moments, limits, any_calendar)
def test_a_deadline_is_provisional_only_when_it_reaches_an_unpublished_year(
    start: datetime, limit: Limit, calendar: WorkingCalendar
) -> None:
    deadline = compute_deadline(start, limit, calendar)
    reached = {calendar.local(start).year, calendar.local(deadline.due).year}
    if reached <= calendar.published_years or limit.unit.is_urgent:
        assert not deadline.provisional
    elif not calendar.days:
        assert deadline.provisional


@given(moments, limits, any_calendar)
def test_a_deadline_always_says_where_it_starts_and_ends(
    start: datetime, limit: Limit, calendar: WorkingCalendar
) -> None:
    deadline = compute_deadline(start, limit, calendar)
    assert len(deadline.trace) >= 3
    ends = calendar.local(deadline.due).isoformat(" ", "minutes")
    assert deadline.trace[-1].params["moment"] == ends


@given(moments, amounts, any_calendar, st.integers(0, 400), st.integers(0, 400))
def test_a_pause_moves_an_hour_limit_by_exactly_the_counted_time_lost(
    start: datetime, amount: int, calendar: WorkingCalendar, after: int, length: int
) -> None:
    limit = Limit(amount, LimitUnit.HOUR)
    first = compute_deadline(start, limit, calendar).due
    begin = start + timedelta(hours=after)
    end = begin + timedelta(hours=length)
    paused = due_after_pause(start, limit, [(begin, end)], calendar).due
    lost = elapsed(begin, end, limit.unit, calendar) if begin < first else timedelta(0)
    assert paused >= first
    assert remaining(first, paused, limit.unit, calendar) == lost


@given(moments, limits, any_calendar)
def test_an_extension_ends_later_and_keeps_its_start(
    start: datetime, limit: Limit, calendar: WorkingCalendar
) -> None:
    first = compute_deadline(start, limit, calendar)
    second = extend(first, calendar)
    assert second.due > first.due
    assert second.start == first.start


@given(moments, moments, moments, st.sampled_from(LimitUnit), any_calendar)
@settings(max_examples=50)
def test_counted_time_adds_up(
    a: datetime, b: datetime, c: datetime, unit: LimitUnit, calendar: WorkingCalendar
) -> None:
    first, middle, last = sorted([a, b, c])
    whole = elapsed(first, last, unit, calendar)
    parts = elapsed(first, middle, unit, calendar) + elapsed(middle, last, unit, calendar)
    assert whole == parts
