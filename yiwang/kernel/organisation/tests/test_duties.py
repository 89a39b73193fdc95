"""Who may do what where, read from postings."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from yiwang.kernel.accounts.models import User
from yiwang.kernel.foundation.actors import SYSTEM
from yiwang.kernel.organisation import (
    GridDuty,
    Permission,
    Role,
    areas_of,
    duties_of,
    end_posting,
    forget_duties,
    holds,
    people_in,
    people_over,
    roles_of,
    staff_of_grid,
    stand_in,
    units_of,
)
from yiwang.kernel.organisation.tests.conftest import NOW, TODAY


def test_zhang_min_sees_her_grid_and_not_the_other(corner, zhang_min_in_zhongshan):
    her, view = corner.zhang_min, Permission.CASE_VIEW
    assert holds(her, view, area_path=corner.zhongshan_01.path, at=NOW)
    assert not holds(her, view, area_path=corner.zhanglou_02.path, at=NOW)
    assert not holds(her, view, area_path=corner.zhongshan.path, at=NOW)
    assert areas_of(her, view, NOW) == (corner.zhongshan_01.path,)


def test_a_duty_names_its_posting(corner, zhang_min_in_zhongshan):
    (duty,) = duties_of(corner.zhang_min, NOW)
    assert duty.posting_id == zhang_min_in_zhongshan.pk
    assert (duty.role, duty.grid_duty) == (Role.GRID_WORKER, GridDuty.FULL_TIME)
    assert (duty.unit_id, duty.area_id) == (corner.zhongshan_community.pk, corner.zhongshan_01.pk)


def test_duties_cost_one_query_and_then_none(corner, zhang_min_in_zhongshan):
    her = User.objects.get(pk=corner.zhang_min.pk)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        duties_of(her, NOW)
        holds(her, Permission.CASE_VIEW, at=NOW)
        areas_of(her, Permission.CASE_VIEW, NOW)
        units_of(her, NOW)
    assert len(queries) == 1


def test_a_day_is_the_towns_own_day(corner):
    """At 16:30 UTC it is already tomorrow in 菏泽."""
    corner.post(corner.li_na, Role.LEADER, corner.street, starts_on=date(2026, 11, 24))
    assert not duties_of(corner.li_na, datetime(2026, 11, 23, 15, 59, tzinfo=UTC))
    assert duties_of(corner.li_na, datetime(2026, 11, 23, 16, 0, tzinfo=UTC))


def test_a_closed_account_has_no_duties(corner, zhang_min_in_zhongshan):
    corner.zhang_min.is_active = False
    assert duties_of(corner.zhang_min, NOW) == ()


def test_a_closed_unit_opens_nothing(corner):
    corner.post(corner.zhao_lei, Role.UNIT_HANDLER, corner.street, corner.water)
    corner.water.active = False
    corner.water.save()
    assert not holds(corner.zhao_lei, Permission.TASK_HANDLE, at=NOW)


def test_zhao_lei_handles_the_work_of_the_water_company_only(corner):
    corner.post(corner.zhao_lei, Role.UNIT_HANDLER, corner.street, corner.water)
    assert units_of(corner.zhao_lei, NOW, Permission.TASK_HANDLE) == (corner.water.pk,)
    assert holds(corner.zhao_lei, Permission.TASK_HANDLE, unit_id=corner.water.pk, at=NOW)
    assert not holds(corner.zhao_lei, Permission.TASK_HANDLE, unit_id=corner.office.pk, at=NOW)
    assert areas_of(corner.zhao_lei, Permission.CASE_VIEW, NOW) == ()


def test_a_leader_works_for_a_unit_and_handles_none_of_its_tasks(corner):
    corner.post(corner.chen_gang, Role.LEADER, corner.street)
    assert units_of(corner.chen_gang, NOW) == (corner.office.pk,)
    assert units_of(corner.chen_gang, NOW, Permission.TASK_HANDLE) == ()


def test_two_postings_add_up(corner, zhang_min_in_zhongshan):
    corner.post(
        corner.zhang_min, Role.COMMUNITY_OFFICER, corner.zhanglou, corner.zhongshan_community
    )
    assert areas_of(corner.zhang_min, Permission.CASE_VIEW, NOW) == tuple(
        sorted([corner.zhongshan_01.path, corner.zhanglou.path])
    )
    assert roles_of(corner.zhang_min, NOW) == {Role.GRID_WORKER, Role.COMMUNITY_OFFICER}


def test_a_deputy_acts_for_the_holder(corner, zhang_min_in_zhongshan):
    stand_in(zhang_min_in_zhongshan, deputy=corner.li_na, by=SYSTEM, at=NOW)
    (duty,) = duties_of(corner.li_na, NOW)
    assert duty.deputy
    assert holds(corner.li_na, Permission.CASE_VERIFY, area_path=corner.zhongshan_01.path, at=NOW)


def test_the_staff_of_a_grid_stand_in_order(corner, zhang_min_in_zhongshan):
    grid = corner.zhongshan_01
    corner.post(corner.li_na, Role.GRID_WORKER, grid, duty=GridDuty.PART_TIME)
    corner.post(corner.chen_gang, Role.GRID_WORKER, grid, duty=GridDuty.GRID_HEAD)
    stand_in(zhang_min_in_zhongshan, deputy=corner.zhou_jing, by=SYSTEM, at=NOW)
    staff = [posting.user for posting in staff_of_grid(grid.pk, NOW)]
    assert staff == [corner.chen_gang, corner.zhang_min, corner.li_na, corner.zhou_jing]


def test_who_answers_for_a_place_is_posted_above_it(corner, zhang_min_in_zhongshan):
    corner.post(corner.chen_gang, Role.LEADER, corner.street)
    corner.post(corner.zhou_jing, Role.LEADER, corner.zhanglou)
    over = people_over(corner.zhongshan_01.path, [Role.LEADER], NOW)
    assert [posting.user for posting in over] == [corner.chen_gang]


def test_the_people_of_a_unit(corner, zhang_min_in_zhongshan):
    unit = corner.zhongshan_community.pk
    assert [posting.user for posting in people_in(unit, NOW)] == [corner.zhang_min]
    assert list(people_in(unit, NOW, Role.LEADER)) == []
    assert list(people_in(unit, NOW - timedelta(days=1))) == []


def test_what_is_kept_on_the_object_is_forgotten_with_the_posting(corner, zhang_min_in_zhongshan):
    her = zhang_min_in_zhongshan.user
    assert duties_of(her, NOW)
    end_posting(zhang_min_in_zhongshan, by=SYSTEM, at=NOW, on=TODAY)
    forget_duties(her)
    assert duties_of(her, NOW) == ()


@pytest.mark.parametrize("permission", Permission)
def test_somebody_without_a_posting_holds_nothing(corner, permission):
    assert not holds(corner.li_na, permission, at=NOW)
