"""张敏 goes on leave and 李娜 stands in; 陈刚 leads, 周静 runs the accounts."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from hypothesis import given
from hypothesis import strategies as st

from yiwang.kernel import organisation
from yiwang.kernel.accounts import deactivate
from yiwang.kernel.accounts.models import User
from yiwang.kernel.foundation import audit
from yiwang.kernel.foundation.actors import SYSTEM
from yiwang.kernel.foundation.errors import Conflict, Forbidden, Invalid
from yiwang.kernel.foundation.viewer import speaking_as
from yiwang.kernel.organisation import Permission, Role
from yiwang.kernel.organisation.leave.rules import Absence, acting_on, fault_of
from yiwang.kernel.organisation.models import Leave

from .conftest import NOW, TODAY

DAY = timedelta(days=1)
TO_VIEW = Permission.CASE_VIEW


def fresh(user: User) -> User:
    return User.objects.get(pk=user.pk)


@pytest.fixture
def office(corner, zhang_min_in_zhongshan):
    corner.post(corner.chen_gang, Role.LEADER, corner.street)
    corner.post(corner.zhou_jing, Role.ADMINISTRATOR, corner.street)
    return corner


def asked(office, *, by: User | None = None, first: int = 1, last: int = 3, **more) -> Leave:
    """张敏 (unless told otherwise) asks for the days counted from today, with 李娜 in her place."""
    return organisation.ask_leave(
        **{
            "user": office.zhang_min,
            "stand_in": office.li_na,
            "first_day": TODAY + first * DAY,
            "last_day": TODAY + last * DAY,
            "by": by or office.zhang_min,
            "at": NOW,
            **more,
        }
    )


def agreed(office, **more) -> Leave:
    return organisation.agree_leave(asked(office, **more), by=office.chen_gang, at=NOW)


def sees(user: User, office, days: int) -> bool:
    path = office.zhongshan_01.path
    return organisation.holds(fresh(user), TO_VIEW, area_path=path, at=NOW + days * DAY)


def test_the_rights_move_for_the_days_and_come_back(office):
    agreed(office)
    assert [sees(office.zhang_min, office, day) for day in range(5)] == [
        True, False, False, False, True,
    ]  # fmt: skip
    assert [sees(office.li_na, office, day) for day in range(5)] == [
        False, True, True, True, False,
    ]  # fmt: skip


def test_asking_alone_moves_nothing(office):
    leave = asked(office)
    assert sees(office.zhang_min, office, 1)
    assert not sees(office.li_na, office, 1)
    organisation.refuse_leave(leave, by=office.chen_gang, at=NOW)
    assert sees(office.zhang_min, office, 1)


def test_li_na_knows_for_whom_she_acts(office):
    agreed(office)
    at = NOW + DAY
    (duty,) = organisation.duties_of(fresh(office.li_na), at)
    assert duty.acting_for == office.zhang_min.pk
    assert organisation.stood_in_for(fresh(office.li_na), at) == {office.zhang_min.pk}
    assert organisation.standing_in_for(office.li_na, at) == [office.zhang_min]
    assert organisation.leave_of(office.zhang_min, at).stand_in == office.li_na
    assert organisation.leave_of(office.zhang_min, NOW) is None


def test_what_she_may_do_anyway_is_not_done_for_somebody(office):
    agreed(office)
    at, path = NOW + DAY, office.zhongshan_01.path
    acting = organisation.acting_for(fresh(office.li_na), TO_VIEW, at=at, area_path=path)
    assert acting == (office.zhang_min.pk,)
    office.post(office.li_na, Role.COMMUNITY_OFFICER, office.zhongshan, office.zhongshan_community)
    assert organisation.acting_for(fresh(office.li_na), TO_VIEW, at=at, area_path=path) == ()


def test_notices_go_to_who_is_there(office):
    agreed(office)
    told = {office.zhang_min.pk, office.chen_gang.pk}
    assert organisation.present(told, NOW) == told
    assert organisation.present(told, NOW + DAY) == {office.li_na.pk, office.chen_gang.pk}


def test_the_database_moves_the_rights_too(office):
    """Policies ask the database's own clock, so this leave begins on the real today."""
    from django.utils import timezone

    now = timezone.now()

    def areas(user: User) -> list[str]:
        with speaking_as(user), connection.cursor() as cursor:
            cursor.execute("SELECT yiwang_areas('case.view')")
            return sorted(cursor.fetchone()[0])

    today = timezone.localdate(now)
    leave = organisation.ask_leave(
        office.zhang_min, stand_in=office.li_na, first_day=today, last_day=today + DAY,
        by=office.chen_gang, at=now,
    )  # fmt: skip
    assert areas(office.zhang_min) == []
    assert areas(office.li_na) == [office.zhongshan_01.path]
    organisation.end_leave(leave, by=office.zhang_min, at=now)
    assert areas(office.zhang_min) == [office.zhongshan_01.path]
    assert areas(office.li_na) == []


def test_back_early_is_back_today(office):
    leave = agreed(office, first=0)
    organisation.end_leave(leave, by=office.zhang_min, at=NOW + DAY)
    assert not sees(office.zhang_min, office, 0)
    assert sees(office.zhang_min, office, 1)
    assert not sees(office.li_na, office, 1)


def test_days_taken_back_are_free_again(office):
    leave = agreed(office)
    organisation.end_leave(leave, by=office.zhang_min, at=NOW)
    agreed(office)
    with pytest.raises(Conflict):
        organisation.end_leave(leave, by=office.zhang_min, at=NOW)


@pytest.mark.parametrize(("first", "last", "field"), [
    (-1, 2, "first_day"), (3, 2, "last_day"), (1, 1 + 366, "last_day"),
])  # fmt: skip
def test_days_that_do_not_fit_are_refused(office, first, last, field):
    with pytest.raises(Invalid) as refused:
        asked(office, first=first, last=last)
    assert refused.value.field == field
    assert str(refused.value)


def test_nobody_stands_in_for_themselves(office):
    with pytest.raises(Invalid) as refused:
        asked(office, stand_in=office.zhang_min)
    assert refused.value.field == "stand_in"


def test_one_leave_on_a_day(office):
    asked(office)
    with pytest.raises(Invalid) as refused:
        asked(office, first=3, last=5, stand_in=office.chen_gang)
    assert "2026-11-24 至 2026-11-26" in str(refused.value)
    asked(office, first=4, last=5)


def test_a_stand_in_who_is_away_herself_is_refused(office):
    office.post(office.li_na, Role.UNIT_HANDLER, office.street, office.water)
    asked(office, user=office.li_na, stand_in=office.wang_qiang, by=office.li_na)
    with pytest.raises(Invalid) as refused:
        asked(office)
    assert refused.value.field == "stand_in"


def test_who_stands_in_does_not_go_away_meanwhile(office):
    office.post(office.li_na, Role.UNIT_HANDLER, office.street, office.water)
    asked(office)
    with pytest.raises(Invalid) as refused:
        asked(office, user=office.li_na, stand_in=office.wang_qiang, by=office.li_na)
    assert refused.value.field == "first_day"
    assert "先给那次请假换替岗人" in str(refused.value)


def test_one_person_may_stand_in_for_two(office):
    office.post(office.wang_qiang, Role.GRID_WORKER, office.zhanglou_02, office.zhongshan_community)
    agreed(office)
    agreed(office, user=office.wang_qiang, by=office.wang_qiang)
    assert organisation.stood_in_for(fresh(office.li_na), NOW + DAY) == {
        office.zhang_min.pk,
        office.wang_qiang.pk,
    }


def test_nobody_agrees_for_themselves_and_no_stand_in_does(office):
    leave = asked(office, user=office.chen_gang, by=office.chen_gang, stand_in=office.zhou_jing)
    for who in (office.chen_gang, office.zhou_jing, office.zhang_min, office.li_na):
        with pytest.raises(Forbidden):
            organisation.agree_leave(leave, by=who, at=NOW)
    office.post(office.wang_qiang, Role.LEADER, office.street)
    assert organisation.agree_leave(leave, by=office.wang_qiang, at=NOW).state == "agreed"


def test_an_officer_agrees_for_her_community_only(office):
    office.post(office.wang_qiang, Role.COMMUNITY_OFFICER, office.zhanglou)
    office.post(office.zhao_lei, Role.COMMUNITY_OFFICER, office.zhongshan)
    leave = asked(office)
    assert not organisation.may_decide(office.wang_qiang, office.zhang_min, NOW)
    with pytest.raises(Forbidden):
        organisation.agree_leave(leave, by=office.wang_qiang, at=NOW)
    assert organisation.agree_leave(leave, by=office.zhao_lei, at=NOW).decided_by == office.zhao_lei


def test_zhou_jing_enters_it_for_her_which_agrees(office):
    leave = asked(office, by=office.zhou_jing)
    assert (leave.state, leave.decided_by) == ("agreed", office.zhou_jing)
    with pytest.raises(Forbidden):
        asked(office, by=office.li_na, first=10, last=11)
    with pytest.raises(Forbidden):
        asked(office, by=office.zhou_jing, stand_in=office.zhou_jing, first=10, last=11)


def test_a_leave_is_decided_once(office):
    leave = asked(office)
    organisation.agree_leave(leave, by=office.chen_gang, at=NOW)
    with pytest.raises(Conflict):
        organisation.refuse_leave(leave, by=office.zhou_jing, at=NOW)


def test_who_has_no_posting_needs_no_stand_in(office):
    with pytest.raises(Conflict):
        asked(office, user=office.wang_qiang, by=office.wang_qiang)


def test_a_stand_in_whose_account_is_closed_leaves_nothing_orphaned(office):
    agreed(office)
    deactivate(office.li_na, by=SYSTEM, at=NOW)
    assert sees(office.zhang_min, office, 1)
    assert organisation.present([office.zhang_min.pk], NOW + DAY) == {office.zhang_min.pk}


def test_every_change_is_in_the_record_and_the_reason_is_not(office):
    leave = asked(office, reason="手术住院")
    organisation.agree_leave(leave, by=office.chen_gang, at=NOW)
    organisation.end_leave(leave, by=office.zhang_min, at=NOW)
    entries = audit.timeline("leave", leave.pk)
    assert [entry.verb for entry in entries] == ["leave_asked", "leave_agreed", "leave_ended"]
    assert "手术" not in repr(entries)
    with connection.cursor() as cursor:
        cursor.execute("SELECT reason FROM organisation_leave WHERE id = %s", [leave.pk])
        assert "手术".encode() not in bytes(cursor.fetchone()[0])


def test_the_database_refuses_two_leaves_on_a_day(office):
    leave = asked(office)
    twin = {
        name: getattr(leave, name)
        for name in ("user", "stand_in", "first_day", "last_day", "reason", "state", "asked_at")
    }
    with pytest.raises(IntegrityError), transaction.atomic():
        Leave.objects.create(**twin)


people = st.integers(1, 5)
FIRST = date(2026, 11, 23)


@st.composite
def absences(draw) -> Absence:
    first = draw(st.integers(0, 30))
    return Absence(
        draw(people),
        draw(people),
        FIRST + first * DAY,
        FIRST + (first + draw(st.integers(0, 9))) * DAY,
    )


@given(st.lists(absences(), max_size=25))
def test_whatever_is_asked_nobody_is_away_and_standing_in(wanted):
    kept: list[Absence] = []
    for absence in wanted:
        if fault_of(absence, kept, FIRST) is None:
            kept.append(absence)
    for days in range(45):
        day = FIRST + days * DAY
        acting = acting_on(kept, day)
        covering = [absence for absence in kept if absence.covers(day)]
        assert len(acting) == len(covering)  # one leave of a person on a day
        assert not set(acting) & set(acting.values())  # no chain
    for absence in kept:
        back = absence.last + DAY
        assert acting_on([absence], absence.last) == {absence.user_id: absence.stand_in_id}
        assert acting_on([absence], back) == {}


@given(absences(), absences())
def test_two_leaves_meet_when_they_share_a_day(one, other):
    days = [FIRST + n * DAY for n in range(45)]
    shared = any(one.covers(day) and other.covers(day) for day in days)
    assert one.meets(other) == other.meets(one) == shared
