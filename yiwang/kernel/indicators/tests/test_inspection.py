from datetime import timedelta

import pytest

from tests.town.small import MORNING, Town
from yiwang.kernel.cases import actions as cases
from yiwang.kernel.cases.models import Case, Report
from yiwang.kernel.cases.rules.stages import Channel
from yiwang.kernel.indicators import inspection
from yiwang.kernel.indicators.inspection import BY_KEY, cases_of

EVENING = MORNING + timedelta(hours=9)


@pytest.fixture
def listed(town: Town):
    """`listed("late")`: the numbers of that list as Sun Li sees it in the evening."""

    def numbers(key, *, user=None, at=EVENING, days=90):
        found = cases_of(BY_KEY[key], user or town.sun_li, at, days)
        return set(found.values_list("pk", flat=True))

    return numbers


def test_sun_li_sees_what_is_late(town, listed):
    case = town.handling()
    assert listed("late") == {case.pk}


def test_sun_li_sees_rework(town, listed):
    case = town.reported_back()
    cases.perform(case.pk, "fail_check", by=town.chen_jing, at=EVENING, reason="没有换")
    assert listed("reworked") == {case.pk}


def test_sun_li_sees_what_was_reopened(town, listed):
    case = town.closed()
    report = Report.objects.get(case=case)
    cases.rate(report.pk, "dissatisfied", by=town.wang_fang, at=EVENING, reason="又坏了")
    assert listed("reopened") == {case.pk}


def test_one_return_is_ordinary_and_two_are_a_list(town, listed):
    case = town.handling()
    cases.perform(case.pk, "return", by=town.li_na, at=MORNING, reason="不是我们的")
    assert listed("returned") == set()
    unit = town.unit("综合执法队").pk
    cases.perform(case.pk, "dispatch", by=town.wang_fang, at=MORNING, unit_id=unit)
    cases.perform(case.pk, "return", by=town.zhao_qiang, at=MORNING, reason="也不是")
    assert listed("returned") == {case.pk}


def closed_in(town: Town, minutes: int, *, taker, checker) -> int:
    """A case taken by one person, settled by Zhang Min, checked so many minutes later; its id."""
    receipt = town.report(by=taker, channel=Channel.COUNTER)
    cases.perform(receipt.case_id, "solve_on_spot", by=town.zhang_min, at=MORNING, note="清走了")
    at = MORNING + timedelta(minutes=minutes)
    cases.perform(receipt.case_id, "pass_check", by=checker, at=at)
    return receipt.case_id


def test_closed_within_minutes_by_the_hand_that_opened_it_is_seen(town, listed):
    case = closed_in(town, 5, taker=town.chen_jing, checker=town.chen_jing)
    assert listed("fast") == {case}


def test_closed_within_minutes_by_another_hand_is_not(town, listed):
    closed_in(town, 5, taker=town.wang_fang, checker=town.chen_jing)
    assert listed("fast") == set()


def test_closed_after_a_visit_is_not(town, listed):
    closed_in(town, 40, taker=town.chen_jing, checker=town.chen_jing)
    assert listed("fast") == set()


def test_matters_about_staff_stand_in_their_own_list_only(town, listed):
    case = town.handling()
    Case.objects.filter(pk=case.pk).update(confidential=True)
    assert listed("late") == set()
    assert listed("staff") == {case.pk}
    found = inspection.staff_matters(town.sun_li, EVENING, 90)
    assert (found.reported, found.closed, found.late) == (1, 0, 1)


def test_nobody_but_an_inspector_is_given_a_list(town, listed):
    town.handling()
    Case.objects.update(confidential=True)
    assert listed("staff", user=town.zhou_wei) == set()
    assert listed("late", user=town.zhou_wei) == set()


def test_a_list_looks_back_so_many_days_and_no_further(town, listed):
    town.handling()
    assert listed("late", at=MORNING + timedelta(days=60), days=30) == set()
