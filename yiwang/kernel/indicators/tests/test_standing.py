from datetime import timedelta

from tests.town.small import MORNING
from yiwang.kernel.cases import actions as cases
from yiwang.kernel.cases.models import Case
from yiwang.kernel.indicators import standing
from yiwang.kernel.indicators.rules import Held
from yiwang.kernel.indicators.weeks import weeks

EVENING = MORNING + timedelta(hours=9)


def test_open_and_late_cases_are_counted(town):
    town.handling()
    town.closed()
    found = standing.standing(town.zhou_wei, EVENING)
    assert (found.open, found.late, found.supervised) == (1, 1, 0)


def test_the_longest_late_comes_first(town):
    second, first = town.report(at=MORNING + timedelta(hours=1)), town.report()
    late = standing.late(town.zhou_wei, EVENING).order_by("clock_due_at", "id")
    assert [case.pk for case in late] == [first.case_id, second.case_id]


def test_a_case_hangs_at_the_desk_with_its_unit_or_at_the_check(town):
    town.report()
    town.handling()
    town.reported_back()
    found = {(h.held, h.id): h.late for h in standing.by_holder(town.zhou_wei, EVENING)}
    works = town.unit("市政服务中心").pk
    assert found == {(Held.DESK, None): 1, (Held.UNIT, works): 1, (Held.CHECK, None): 1}


def test_who_has_most_late_comes_first(town):
    town.report()
    town.handling()
    town.handling()
    first = standing.by_holder(town.zhou_wei, EVENING)[0]
    assert (first.held, first.late) == (Held.UNIT, 2)


def test_grids_are_gathered_by_community(town):
    town.report()
    town.report(lon=115.475)
    town.report(lat=35.225)
    communities = standing.by_community(standing.by_grid(town.zhou_wei, EVENING))
    found = {hanging.id: (hanging.open, len(hanging.parts)) for hanging in communities}
    assert found == {town.grid("中山").pk: (2, 2), town.grid("张楼").pk: (1, 1)}


def test_matters_about_staff_hang_nowhere(town):
    town.report()
    Case.objects.update(confidential=True)
    assert standing.standing(town.zhou_wei, EVENING).open == 0
    assert standing.by_holder(town.zhou_wei, EVENING) == []
    assert weeks(town.zhou_wei, EVENING)[-1].reported == 0


def test_zhou_wei_sees_the_extension_that_waits_for_him_and_li_na_does_not(town):
    case = town.handling()
    cases.perform(case.pk, "ask_extension", by=town.li_na, at=MORNING, reason="缺配件")
    assert [r.case_id for r in standing.waiting_requests(town.zhou_wei, EVENING)] == [case.pk]
    assert standing.waiting_requests(town.li_na, EVENING) == []
    assert standing.waiting_requests(town.wang_fang, EVENING) == []


def test_eight_weeks_end_with_this_one(town):
    town.closed()
    town.report()
    found = weeks(town.zhou_wei, EVENING)
    assert len(found) == 8
    assert (found[-1].reported, found[-1].closed, found[-1].late) == (2, 1, 1)
    assert [week.reported for week in found[:-1]] == [0] * 7


def test_work_done_after_its_limit_ran_late_that_week(town):
    case = town.handling()
    cases.perform(case.pk, "report_back", by=town.li_na, at=EVENING, note="换好了")
    assert weeks(town.zhou_wei, EVENING)[-1].late == 1


def test_the_weeks_cost_two_queries(town, django_assert_num_queries):
    town.closed()
    weeks(town.zhou_wei, EVENING)
    with django_assert_num_queries(2):
        weeks(town.zhou_wei, EVENING)
