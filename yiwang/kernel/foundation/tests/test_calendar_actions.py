from collections.abc import Iterator
from datetime import date, datetime, time

import pytest

from yiwang.kernel.foundation import audit, calendar, permits
from yiwang.kernel.foundation.actors import SYSTEM, Actor
from yiwang.kernel.foundation.calendar import (
    DayKind,
    Deadline,
    Limit,
    actions,
    compute_deadline,
    official,
)
from yiwang.kernel.foundation.calendar.models import PublishedYear
from yiwang.kernel.foundation.errors import Conflict, Forbidden, Invalid, Missing
from yiwang.kernel.foundation.tests.conftest import Officer, shanghai

pytestmark = pytest.mark.django_db
AT = shanghai("2026-11-23 09:00")


NEXT = max(official.years()) + 1  # the first year nobody has published


@pytest.fixture(autouse=True)
def zhang_min_keeps_the_calendar(monkeypatch: pytest.MonkeyPatch) -> None:
    def may(by: Actor, permission: str, at: datetime) -> bool:
        return by.actor_name == "张敏" and permission == "calendar.manage"

    monkeypatch.setattr(permits, "_deciding", [may])


@pytest.fixture
def told() -> Iterator[list[Deadline]]:
    """What a keeper of deadlines computes when it is told of a change: a limit across the end of the known years."""
    deadlines: list[Deadline] = []

    def listener(*, at: datetime, by: Actor) -> None:
        start = shanghai(f"{NEXT - 1}-12-30 15:00")
        deadlines.append(compute_deadline(start, Limit.parse("4天"), calendar.load()))

    actions.on_calendar_change(listener)
    yield deadlines
    actions._listeners.remove(listener)


def due(start: str, limit: str) -> str:
    deadline = compute_deadline(shanghai(start), Limit.parse(limit), calendar.load())
    return f"{deadline.due:%Y-%m-%d %H:%M}"


def test_the_official_calendar_is_there_without_any_row() -> None:
    assert due("2026-02-14 16:00", "4小时") == "2026-02-24 10:00"


def test_a_day_of_the_town_wins_over_the_official_one(zhang_min: Officer) -> None:
    actions.set_day(date(2026, 11, 24), DayKind.FREE, by=zhang_min, at=AT, name="创城演练")
    assert due("2026-11-23 17:00", "2小时") == "2026-11-25 09:00"
    actions.remove_day(date(2026, 11, 24), by=zhang_min, at=AT)
    assert due("2026-11-23 17:00", "2小时") == "2026-11-24 09:00"


def test_a_day_that_was_never_set_cannot_be_removed(zhang_min: Officer) -> None:
    with pytest.raises(Missing):
        actions.remove_day(date(2026, 11, 24), by=zhang_min, at=AT)


def test_new_working_hours_hold_from_their_day_on(zhang_min: Officer) -> None:
    summer = [(time(8, 30), time(12)), (time(15), time(18, 30))]
    actions.set_hours(summer, valid_from=date(2026, 12, 1), by=zhang_min, at=AT)
    assert due("2026-11-30 12:30", "1小时") == "2026-11-30 15:00"
    assert due("2026-12-01 12:30", "1小时") == "2026-12-01 16:00"


@pytest.mark.parametrize(
    "sessions",
    [
        [],
        [(time(12), time(8))],
        [(time(8), time(12)), (time(11), time(18))],
        [(time(8), time(8))],
    ],
)
def test_impossible_hours_are_refused(
    sessions: list[tuple[time, time]], zhang_min: Officer
) -> None:
    with pytest.raises(Invalid) as refusal:
        actions.set_hours(sessions, valid_from=date(2026, 12, 1), by=zhang_min, at=AT)
    assert refusal.value.field == "sessions"


def test_publishing_a_year_tells_the_keepers_of_deadlines_within_the_transaction(
    told: list[Deadline], zhang_min: Officer
) -> None:
    actions.set_day(date(NEXT - 1, 12, 1), DayKind.WORK, by=zhang_min, at=AT)
    free = {date(NEXT, 1, day): (DayKind.FREE, "元旦") for day in range(1, 11)}
    actions.publish_year(NEXT, days=free, by=zhang_min, at=AT, source="国办发明电")
    before, after = told
    assert before.provisional
    assert not after.provisional
    assert before.due < shanghai(f"{NEXT}-01-10 00:00") < after.due
    row = audit.timeline("calendar", NEXT)[-1]
    assert (row.verb, row.facts["source"]) == ("calendar_year_published", "国办发明电")
    assert row.facts["days"][:2] == [f"{NEXT}-01-01", f"{NEXT}-01-02"]


def test_a_year_is_published_once(zhang_min: Officer) -> None:
    actions.publish_year(2031, days={}, by=zhang_min, at=AT)
    with pytest.raises(Conflict):
        actions.publish_year(2031, days={}, by=zhang_min, at=AT)


def test_a_year_nobody_knows_needs_its_days(zhang_min: Officer) -> None:
    with pytest.raises(Invalid):
        actions.publish_year(2044, by=zhang_min, at=AT)


def test_a_day_of_another_year_is_refused(zhang_min: Officer) -> None:
    days = {date(2028, 1, 1): (DayKind.FREE, "元旦")}
    with pytest.raises(Invalid):
        actions.publish_year(2027, days=days, by=zhang_min, at=AT)


def test_years_that_an_update_brings_are_adopted_once(told: list[Deadline]) -> None:
    PublishedYear.objects.all().delete()
    assert actions.adopt_official_years(by=SYSTEM, at=AT) == sorted(official.years())
    assert len(told) == 1
    assert actions.adopt_official_years(by=SYSTEM, at=AT) == []
    PublishedYear.objects.filter(year=2026).delete()
    assert actions.adopt_official_years(by=SYSTEM, at=AT) == [2026]
    assert len(told) == 2


def test_every_official_name_can_be_translated() -> None:
    assert set(official.names().values()) - set(official.HOLIDAY_NAMES) <= {
        "中国人民抗日战争暨世界反法西斯战争胜利70周年纪念日"
    }


def test_a_unit_handler_cannot_change_the_calendar_by_any_way() -> None:
    liu = Officer(9, "刘洋")
    for change in (
        lambda: actions.set_day(date(2026, 11, 24), DayKind.FREE, by=liu, at=AT),
        lambda: actions.remove_day(date(2026, 11, 24), by=liu, at=AT),
        lambda: actions.set_hours([(time(8), time(12))], valid_from=AT.date(), by=liu, at=AT),
        lambda: actions.publish_year(NEXT, days={}, by=liu, at=AT),
        lambda: actions.adopt_official_years(by=liu, at=AT),
    ):
        with pytest.raises(Forbidden):
            change()
