from datetime import date, timedelta

import pytest

from tests.town.small import MORNING, Town
from yiwang.kernel.cases import actions as cases
from yiwang.kernel.cases.models import Case, Report
from yiwang.kernel.indicators.counting import tally
from yiwang.kernel.indicators.rules import BY_NAME, By, Period, rate

OCTOBER = Period(date(2026, 10, 1), date(2026, 10, 31))
EVENING = MORNING + timedelta(hours=9)


@pytest.fixture
def of(town: Town):
    """`of("handled")`: a figure of October as Zhou Wei sees it in the evening."""

    def figure(name, *, user=None, at=EVENING):
        found = rate(BY_NAME[name], tally(user or town.zhou_wei, OCTOBER, at)[None])
        return found.numerator, found.denominator

    return figure


def test_a_case_closed_in_time_counts_in_every_good_rate(town, of):
    town.closed()
    for name in ("handled", "handled_in_time", "closed", "closed_in_time", "checked_in_time"):
        assert of(name) == (1, 1), name
    assert of("sent_right") == (1, 1)
    assert of("reworked") == (0, 1)


def test_work_still_within_its_limit_is_not_due(town, of):
    town.handling()
    assert of("handled", at=MORNING + timedelta(hours=1)) == (0, 0)


def test_work_past_its_limit_is_due_and_late(town, of):
    town.handling()
    assert of("handled") == (0, 1)
    assert of("late_open") == (1, 1)
    assert of("closed") == (0, 1)


def test_a_check_nobody_made_in_time_is_due_to_close(town, of):
    town.reported_back()
    assert of("closed", at=MORNING + timedelta(hours=2)) == (0, 0)
    assert of("closed") == (0, 1)
    assert of("checked_in_time") == (0, 1)


def test_a_check_made_too_late_spoils_closed_in_time_but_not_closed(town, of):
    case = town.reported_back()
    cases.perform(case.pk, "pass_check", by=town.chen_jing, at=EVENING)
    assert of("closed") == (1, 1)
    assert of("closed_in_time") == (0, 1)
    assert of("handled_in_time") == (1, 1)


def test_a_return_spoils_the_first_dispatch(town, of):
    case = town.handling()
    cases.perform(case.pk, "return", by=town.li_na, at=MORNING, reason="不是我们的")
    assert of("sent_right") == (0, 1)


def test_a_refused_report_is_not_valid(town, of):
    receipt = town.report()
    town.accepted()
    cases.perform(receipt.case_id, "refuse", by=town.wang_fang, at=MORNING, reason="不属实")
    assert of("valid") == (1, 2)


def test_a_rating_counts_for_satisfaction(town, of):
    for rating, reason in (("satisfied", ""), ("dissatisfied", "还是响")):
        case = town.closed()
        report = Report.objects.get(case=case)
        cases.rate(report.pk, rating, by=town.wang_fang, at=EVENING, reason=reason)
    assert of("satisfied") == (1, 2)


def test_what_was_settled_on_the_spot_is_no_dispatch(town, of):
    receipt = town.report()
    cases.perform(
        receipt.case_id, "solve_on_spot", by=town.zhang_min, at=MORNING, note="扶正了井盖"
    )
    assert of("sent_right") == (0, 0)
    assert of("handled") == (1, 1)


def test_matters_about_staff_are_in_no_figure(town, of):
    case = town.closed()
    Case.objects.filter(pk=case.pk).update(confidential=True)
    assert tally(town.zhou_wei, OCTOBER, EVENING)[None]["reported"] == 0
    assert tally(town.sun_li, OCTOBER, EVENING)[None]["reported"] == 0


def test_chen_jing_counts_her_own_community_only(town):
    town.closed()
    town.handling(lat=35.225)
    assert tally(town.chen_jing, OCTOBER, EVENING)[None]["reported"] == 1
    assert tally(town.zhou_wei, OCTOBER, EVENING)[None]["reported"] == 2


def test_somebody_without_figures_counts_nothing(town):
    town.closed()
    assert tally(town.zhang_min, OCTOBER, EVENING)[None]["reported"] == 0


def test_a_void_or_merged_case_counts_nowhere(town):
    case = town.accepted()
    cases.perform(case.pk, "void", by=town.wu_gang, at=MORNING, reason="测试数据")
    assert tally(town.zhou_wei, OCTOBER, EVENING)[None]["reported"] == 0


def test_a_case_belongs_to_the_period_it_was_reported_in(town):
    town.closed()
    september = Period(date(2026, 9, 1), date(2026, 9, 30))
    assert tally(town.zhou_wei, september, EVENING)[None]["reported"] == 0


def test_the_parts_add_up_to_the_whole(town):
    town.closed()
    town.handling(lon=115.475)
    town.report(lat=35.225)
    for by in By:
        parts = tally(town.zhou_wei, OCTOBER, EVENING, by)
        assert sum(counts["reported"] for counts in parts.values()) == 3, by


def test_figures_are_divided_by_unit_place_kind_and_month(town):
    town.closed()

    def keys(by):
        return set(tally(town.zhou_wei, OCTOBER, EVENING, by))

    assert keys(By.UNIT) == {town.unit("市政服务中心").pk}
    assert keys(By.GRID) == {town.grid("中山-01").pk}
    assert keys(By.COMMUNITY) == {town.grid("中山").pk}
    assert keys(By.CATEGORY) == {town.category("污水井盖")}
    assert keys(By.MONTH) == {date(2026, 10, 1)}


def test_figures_cost_two_queries_however_many_cases(town, django_assert_num_queries):
    for _number in range(3):
        town.closed()
    tally(town.zhou_wei, OCTOBER, EVENING, By.CATEGORY)
    with django_assert_num_queries(2):
        tally(town.zhou_wei, OCTOBER, EVENING, By.CATEGORY)
