"""Figures read from rollups are those counted from the cases, whatever happened to a day that had been counted."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.db import connection
from procrastinate.contrib.django.models import ProcrastinateJob

from tests.town.small import MORNING, Town
from yiwang.kernel.cases import actions as cases
from yiwang.kernel.cases.models import Case, Clock, Report
from yiwang.kernel.foundation.actors import RESIDENT
from yiwang.kernel.indicators import rollups
from yiwang.kernel.indicators.counting import tally, whole
from yiwang.kernel.indicators.days import begin_of, day_of, days_of
from yiwang.kernel.indicators.models import CountedDay, DayCount, DayFlow, TouchedDay
from yiwang.kernel.indicators.rules import COUNT_NAMES, By, Period
from yiwang.kernel.indicators.tasks import keep_rollups
from yiwang.kernel.indicators.tests.stories import NOW, Chance, plainly, weeks_plainly
from yiwang.kernel.indicators.weeks import weeks

pytestmark = pytest.mark.slow  # months of stories, each counted both ways

THREE_MONTHS = Period(date(2026, 7, 29), day_of(NOW))
OCTOBER = Period(date(2026, 10, 1), date(2026, 10, 20))
LONG_AGO = MORNING - timedelta(days=12)


def same(town: Town, at=NOW) -> None:
    """The figures of the town and of one community are those of the plain way."""
    for user, by in ((town.zhou_wei, By.UNIT), (town.chen_jing, By.CATEGORY), (town.wu_gang, None)):
        found, wanted = (each(user, THREE_MONTHS, at, by) for each in (tally, plainly))
        assert _shown(found) == _shown(wanted), (user.username, by)
    assert weeks(town.zhou_wei, at) == weeks_plainly(town.zhou_wei, at)


def same_for_all(town: Town, at=NOW) -> None:
    """Everybody's figures, however divided, and the weeks, are those of the plain way."""
    for user in (town.zhou_wei, town.chen_jing, town.sun_li, town.wu_gang, town.zhang_min):
        for number, by in enumerate((None, *By)):
            period = (THREE_MONTHS, OCTOBER)[number % 2]
            found, wanted = (each(user, period, at, by) for each in (tally, plainly))
            assert _shown(found) == _shown(wanted), (user.username, by, period)
        assert weeks(user, at) == weeks_plainly(user, at), user.username


def _shown(parts):
    return {key: dict(counts) for key, counts in parts.items() if any(counts.values())}


def closed_long_ago(town: Town, **more) -> Case:
    """A case that was opened and closed on one day twelve days before."""
    hour = timedelta(hours=1)
    receipt = town.report(at=LONG_AGO, **more)
    unit = town.unit("市政服务中心").pk
    for number, (move, by, given) in enumerate([
        ("accept", town.wang_fang, {}), ("dispatch", town.wang_fang, {"unit_id": unit}),
        ("sign", town.li_na, {}), ("report_back", town.li_na, {"note": "换了井盖"}),
        ("pass_check", town.chen_jing, {}),
    ]):  # fmt: skip
        case = cases.perform(receipt.case_id, move, by=by, at=LONG_AGO + hour * number / 5, **given)
    return case


@pytest.fixture
def counted(town: Town) -> Case:
    """A closed case of twelve days ago, in a town all of whose days are counted."""
    case = closed_long_ago(town)
    closed_long_ago(town, lon=115.475)
    rollups.keep(NOW)
    assert stands(LONG_AGO)
    return case


def stands(at) -> bool:
    return bool(days_of(day_of(at), day_of(at), NOW).kept)


def again(town: Town) -> None:
    """The day is touched and read live; counted again it stands, and says the same."""
    assert not stands(LONG_AGO)
    same(town)
    assert rollups.keep(NOW) == 0
    assert stands(LONG_AGO)
    assert not TouchedDay.objects.filter(day__lt=day_of(NOW)).exists()
    same(town)


@pytest.mark.parametrize(
    "seed, number, check",
    [(1, 8, same), (2, 20, same_for_all)],
)
def test_months_of_chance_say_the_same_before_and_after_counting(
    town: Town, seed: int, number: int, check: Callable[[Town], None]
) -> None:
    chance = Chance(town, seed)
    chance.tell(number)
    check(town)
    rollups.keep(NOW)
    assert DayCount.objects.filter(closed__gt=0).exists()
    assert DayFlow.objects.filter(closed__gt=0).exists()
    assert DayFlow.objects.filter(late__gt=0).exists()
    check(town)
    for case in Case.objects.order_by("pk"):
        chance.live(case.pk, NOW - timedelta(hours=9))
    chance.tell(number // 4)
    check(town)
    rollups.keep(NOW)
    check(town)
    DayCount.objects.update(reported=99, closed=99)
    DayFlow.objects.update(late=99)
    rollups.rebuild(NOW)
    check(town)


def test_a_day_is_read_from_the_rollups_once_it_is_counted(town: Town, counted: Case) -> None:
    same(town)
    DayCount.objects.update(reported=50)
    assert tally(town.zhou_wei, OCTOBER, NOW)[None]["reported"] == 100


def test_today_is_never_counted_ahead(town: Town, counted: Case) -> None:
    town.closed()
    rollups.keep(NOW)
    assert not CountedDay.objects.filter(day__gte=day_of(NOW)).exists()
    assert CountedDay.objects.filter(day=day_of(MORNING)).exists()
    same(town)
    rollups.keep(MORNING)
    same(town, MORNING + timedelta(hours=3))


def test_a_rating_that_comes_months_later_counts(town: Town, counted: Case) -> None:
    cases.rate(counted.reports.get().pk, "satisfied", by=RESIDENT, at=NOW)
    again(town)
    assert tally(town.zhou_wei, OCTOBER, NOW)[None]["quite_satisfied"] == 1


def test_a_dissatisfied_voice_takes_the_case_out_again(town: Town, counted: Case) -> None:
    cases.rate(counted.reports.get().pk, "dissatisfied", by=RESIDENT, at=NOW, reason="还响")
    again(town)
    assert tally(town.zhou_wei, OCTOBER, NOW)[None]["closed"] == 1


def _changes(town: Town) -> dict[str, dict[str, object]]:
    return {
        "category": {"category_id": town.category("病虫害")},
        "grid": {"area_id": town.grid("张楼-01").pk, "area_path": town.grid("张楼-01").path},
        "unit": {"lead_unit_id": town.unit("综合执法队").pk},
        "confidential": {"confidential": True},
        "on_spot": {"on_spot": True},
        "returned": {"return_count": 2},
        "reworked": {"rework_count": 1},
        "extended": {"extension_count": 1},
        "late": {"handled_in_time": False},
        "not sent": {"dispatched_at": None},
        "closed later": {"closed_at": LONG_AGO + timedelta(days=9)},
        "opened earlier": {"opened_at": LONG_AGO - timedelta(days=9)},
    }


@pytest.mark.parametrize(
    "what",
    ["category", "grid", "unit", "confidential", "on_spot", "returned", "reworked", "extended",
     "late", "not sent", "closed later", "opened earlier"],
)  # fmt: skip
def test_whatever_changes_of_a_settled_case_touches_its_day(
    town: Town, counted: Case, what: str
) -> None:
    Case.objects.filter(pk=counted.pk).update(**_changes(town)[what])
    again(town)


@pytest.mark.parametrize("change", ["void", "confidential and open"])
def test_a_case_that_is_counted_no_more_leaves_the_rollup(
    town: Town, counted: Case, change: str
) -> None:
    if change == "void":
        cases.perform(counted.pk, "void", by=town.wu_gang, at=NOW, reason="测试")
    else:
        Case.objects.filter(pk=counted.pk).update(confidential=True, stage="accepted")
    again(town)


def test_a_report_that_moves_to_another_case_is_counted_there(town: Town, counted: Case) -> None:
    report = town.report_of(town.report("又一处", at=LONG_AGO + timedelta(days=1)))
    Report.objects.filter(pk=report.pk).update(case=counted, call_outcome="refused")
    again(town)
    Report.objects.filter(pk=report.pk).update(case=report.first_case, rating="")
    again(town)


def test_merged_and_unmerged_on_an_old_day_is_counted_as_it_stands(
    town: Town, counted: Case
) -> None:
    one, two = (town.report(at=LONG_AGO).case_id for _each in range(2))
    number = Case.objects.get(pk=two).number
    cases.perform(one, "merge", by=town.wang_fang, at=NOW, target=number)
    same(town)
    rollups.keep(NOW)
    same(town)
    cases.perform(one, "unmerge", by=town.wang_fang, at=NOW, reason="不是一件事")
    same(town)
    cases.perform(two, "accept", by=town.wang_fang, at=NOW)
    cases.perform(one, "void", by=town.wu_gang, at=NOW, reason="测试")
    same(town)


def test_a_clock_that_is_found_to_have_run_late_touches_its_day(town: Town, counted: Case) -> None:
    clocks = Clock.objects.filter(case=counted)
    assert clocks.filter(stage="verify").update(due_at=LONG_AGO) == 1
    again(town)
    clocks.update(due_at=LONG_AGO - timedelta(days=1))  # every one of them late in one week
    again(town)


def test_history_brought_in_is_found_at_once(town: Town, counted: Case) -> None:
    old = Case.objects.get(pk=counted.pk)
    old.pk, old.number, old._state.adding = None, "OLD-1", True
    old.save()
    again(town)


def test_an_open_case_of_an_old_day_touches_nothing(town: Town, counted: Case) -> None:
    receipt = town.report(at=LONG_AGO)
    cases.perform(receipt.case_id, "accept", by=town.wang_fang, at=NOW)
    assert stands(LONG_AGO)
    assert not TouchedDay.objects.filter(day__lt=day_of(NOW)).exists()
    same(town)


def test_a_day_touched_between_the_two_statements_is_asked_again(
    town: Town, counted: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    from yiwang.kernel.indicators import counting

    asked = iter([True])

    def late(first, last, at):
        found = days_of(first, last, at)
        if next(asked, False):
            Case.objects.filter(pk=counted.pk).update(return_count=1)
        return found

    monkeypatch.setattr(counting, "days_of", late)
    assert tally(town.zhou_wei, OCTOBER, NOW)[None]["sent_right"] == 1


def test_the_sum_of_the_parts_is_the_whole(town: Town, counted: Case) -> None:
    for by in By:
        parts = tally(town.zhou_wei, THREE_MONTHS, NOW, by)
        assert whole(parts) == tally(town.zhou_wei, THREE_MONTHS, NOW)[None]


def test_figures_cost_two_queries_from_rollups_too(
    town: Town, counted: Case, django_assert_num_queries: Callable
) -> None:
    Case.objects.filter(pk=counted.pk).update(return_count=1)
    tally(town.zhou_wei, THREE_MONTHS, NOW)
    for by in (None, By.UNIT, By.CATEGORY, By.MONTH):
        with django_assert_num_queries(2):
            tally(town.zhou_wei, THREE_MONTHS, NOW, by)
    with django_assert_num_queries(2):
        weeks(town.zhou_wei, NOW)


def test_counting_goes_on_the_next_time_where_it_was_broken_off(town: Town) -> None:
    closed_long_ago(town)
    assert rollups.keep(NOW, lasting=timedelta(seconds=-1)) > 10
    assert not CountedDay.objects.exists()
    assert rollups.keep(NOW) == 0
    assert begin_of(min(CountedDay.objects.values_list("day", flat=True))) < LONG_AGO


def test_who_changes_a_day_while_it_is_counted_neither_waits_nor_is_lost(own_town) -> None:
    town = own_town[1]
    one, two = closed_long_ago(town), closed_long_ago(town)
    first, second = connection.copy(), connection.copy()
    with first.cursor() as here, second.cursor() as there:
        here.execute("SET lock_timeout = '2s'")
        there.execute("SET lock_timeout = '2s'")
        here.execute("BEGIN")
        here.execute("UPDATE cases_case SET return_count = 1 WHERE id = %s", [one.pk])
        there.execute("UPDATE cases_case SET return_count = 1 WHERE id = %s", [two.pk])
        rollups.keep(NOW)
        assert stands(LONG_AGO)
        assert tally(town.zhou_wei, OCTOBER, NOW)[None]["sent_right"] == 1
        here.execute("COMMIT")
    first.close()
    second.close()
    assert tally(town.zhou_wei, OCTOBER, NOW)[None]["sent_right"] == 0
    again(town)


def test_the_worker_counts_what_is_over(town: Town) -> None:
    closed_long_ago(town)
    keep_rollups(timestamp=0)
    assert stands(LONG_AGO)
    same(town)
    assert not waiting()


def test_what_the_worker_had_no_time_for_it_goes_on_with_at_once(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Queued once, though the minute's own is queued already."""
    monkeypatch.setattr(rollups, "keep", lambda at: 3)
    keep_rollups(timestamp=0)
    assert waiting() == 1
    keep_rollups(timestamp=0)
    assert waiting() == 1


def waiting() -> int:
    return ProcrastinateJob.objects.filter(task_name=keep_rollups.name, status="todo").count()


def test_the_table_has_a_column_for_every_count() -> None:
    columns = {field.name for field in DayCount._meta.fields}
    assert columns - {"id", "day", "by", "key", "area_id", "area_path"} == set(COUNT_NAMES)
