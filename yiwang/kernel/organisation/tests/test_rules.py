"""The table of roles, and where a duty reaches."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yiwang.kernel.organisation.rules import (
    TABLE,
    Duty,
    Permission,
    Reach,
    Role,
    any_reaches,
    is_in_force,
    reach_of,
    widest,
)


def duty(role: Role, path: str = "/1/7/", unit: int = 5) -> Duty:
    return Duty(1, role, unit, 7, path, TABLE[role])


def test_every_role_is_in_the_table_and_every_permission_is_held_by_somebody():
    assert set(TABLE) == set(Role)
    assert frozenset().union(*TABLE.values()) == frozenset(Permission)


def test_only_the_desk_and_the_communities_may_read_who_reported():
    holders = {role for role in Role if Permission.REPORTER_READ in TABLE[role]}
    assert holders == {Role.DESK_OPERATOR, Role.COMMUNITY_OFFICER}


def test_whoever_handles_the_work_of_a_unit_may_not_verify_by_that_role():
    assert Permission.CASE_VERIFY not in TABLE[Role.UNIT_HANDLER]


def test_the_inspector_changes_nothing():
    assert {p for p in TABLE[Role.INSPECTOR] if not p.value.endswith((".view", ".verify"))} == set()
    assert Permission.CASE_VERIFY not in TABLE[Role.INSPECTOR]


def test_a_grid_worker_reaches_the_grid_and_nothing_beside_it():
    zhang_min = duty(Role.GRID_WORKER, "/1/7/12/")
    assert zhang_min.reaches(Permission.CASE_VIEW, "/1/7/12/", None)
    assert not zhang_min.reaches(Permission.CASE_VIEW, "/1/7/13/", None)
    assert not zhang_min.reaches(Permission.CASE_VIEW, "/1/7/", None)
    assert not zhang_min.reaches(Permission.CASE_VIEW, "/1/7/120/", None)


def test_a_unit_handler_reaches_the_work_of_the_unit_and_no_land():
    zhao_lei = duty(Role.UNIT_HANDLER, "/1/", unit=5)
    assert zhao_lei.reaches(Permission.CASE_VIEW, None, 5)
    assert not zhao_lei.reaches(Permission.CASE_VIEW, None, 6)
    assert not zhao_lei.reaches(Permission.CASE_VIEW, "/1/7/", None)
    assert zhao_lei.reaches(Permission.TASK_HANDLE, "/9/", 5)


def test_a_community_officer_handles_only_the_work_of_the_own_unit():
    officer = duty(Role.COMMUNITY_OFFICER, "/1/7/", unit=5)
    assert officer.reaches(Permission.CASE_VIEW, "/1/7/12/", None)
    assert officer.reaches(Permission.TASK_HANDLE, None, 5)
    assert not officer.reaches(Permission.TASK_HANDLE, "/1/7/12/", 6)
    assert not officer.reaches(Permission.TASK_HANDLE, "/1/7/12/", None)


def test_with_no_place_named_any_duty_opens_the_page():
    assert any_reaches([duty(Role.GRID_WORKER)], Permission.CASE_VIEW, None, None)
    assert not any_reaches([duty(Role.GRID_WORKER)], Permission.CASE_VOID, None, None)
    assert not any_reaches([], Permission.CASE_VIEW, None, None)


@pytest.mark.parametrize("role", Role)
def test_work_is_always_a_matter_of_the_unit(role):
    assert reach_of(role, Permission.TASK_HANDLE) is Reach.UNIT


def test_widest_keeps_only_what_is_not_inside_another():
    assert widest(["/1/7/", "/1/", "/2/", "/1/7/12/", "/2/"]) == ("/1/", "/2/")
    assert widest(["/1/", "/10/"]) == ("/1/", "/10/")
    assert widest([]) == ()


paths = st.lists(st.integers(1, 12), min_size=1, max_size=4).map(
    lambda ids: "/" + "/".join(map(str, ids)) + "/"
)


@given(st.lists(paths), paths)
def test_widest_reaches_exactly_what_all_reached(areas, place):
    before = any(place.startswith(area) for area in areas)
    assert any(place.startswith(area) for area in widest(areas)) == before


def test_the_last_day_named_is_the_first_day_off():
    first, off = date(2026, 11, 1), date(2026, 12, 1)
    assert is_in_force(first, off, date(2026, 11, 1))
    assert is_in_force(first, off, date(2026, 11, 30))
    assert not is_in_force(first, off, off)
    assert not is_in_force(first, off, date(2026, 10, 31))
    assert is_in_force(first, None, date(2126, 1, 1))
