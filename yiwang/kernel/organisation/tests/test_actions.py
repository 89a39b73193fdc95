"""Appointing, ending, standing in, passing on."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from yiwang.kernel import organisation
from yiwang.kernel.foundation import audit
from yiwang.kernel.foundation.actors import RESIDENT, SYSTEM
from yiwang.kernel.foundation.errors import Conflict, Forbidden, Invalid
from yiwang.kernel.organisation import GridDuty, Role, end_posting, reassign, stand_in
from yiwang.kernel.organisation.actions import add_post, add_unit, appoint, change_unit
from yiwang.kernel.organisation.models import Post, Posting, UnitKind, UnitLevel
from yiwang.kernel.organisation.tests.conftest import NOW, TODAY

TOMORROW = TODAY + timedelta(days=1)


def test_an_appointment_leaves_a_row_in_the_record(corner, zhang_min_in_zhongshan):
    (entry,) = audit.timeline("posting", zhang_min_in_zhongshan.pk)
    assert entry.verb == "person_appointed"


def test_a_grid_worker_is_posted_to_a_grid(corner):
    with pytest.raises(Invalid) as refused:
        corner.post(corner.zhang_min, Role.GRID_WORKER, corner.zhongshan)
    assert refused.value.field == "area"


def test_only_grid_workers_have_a_duty_in_the_grid(corner):
    with pytest.raises(Invalid) as refused:
        corner.post(corner.chen_gang, Role.LEADER, corner.street, duty=GridDuty.GRID_HEAD)
    assert refused.value.field == "duty"


def test_a_posting_ends_after_it_starts(corner):
    with pytest.raises(Invalid) as refused:
        corner.post(
            corner.chen_gang, Role.LEADER, corner.street, starts_on=TODAY, ends_on=date(2026, 1, 1)
        )
    assert refused.value.field == "ends_on"


def test_nobody_is_posted_twice_to_the_same_job(corner, zhang_min_in_zhongshan):
    with pytest.raises(Conflict):
        corner.post(
            corner.zhang_min, Role.GRID_WORKER, corner.zhongshan_01, corner.zhongshan_community
        )


def test_the_same_job_again_after_the_first_has_ended(corner):
    first = corner.post(corner.chen_gang, Role.LEADER, corner.street, ends_on=TOMORROW)
    again = corner.post(corner.chen_gang, Role.LEADER, corner.street, starts_on=TOMORROW)
    assert first.pk != again.pk


def test_a_closed_account_is_not_appointed(corner):
    corner.li_na.is_active = False
    with pytest.raises(Invalid):
        corner.post(corner.li_na, Role.LEADER, corner.street)


def test_the_administrator_posts_people_within_the_own_area(corner):
    corner.post(corner.zhou_jing, Role.ADMINISTRATOR, corner.zhongshan)
    made = corner.post(corner.zhang_min, Role.GRID_WORKER, corner.zhongshan_01, by=corner.zhou_jing)
    assert made.user == corner.zhang_min
    with pytest.raises(Forbidden):
        corner.post(corner.li_na, Role.GRID_WORKER, corner.zhanglou_02, by=corner.zhou_jing)


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ADMINISTRATOR])
def test_nobody_else_posts_anybody(corner, role):
    area = corner.zhongshan_01 if role is Role.GRID_WORKER else corner.street
    corner.post(corner.wang_qiang, role, area)
    with pytest.raises(Forbidden):
        corner.post(corner.li_na, Role.LEADER, corner.zhongshan_01, by=corner.wang_qiang)


def test_a_resident_posts_nobody(corner):
    with pytest.raises(Forbidden):
        corner.post(corner.li_na, Role.LEADER, corner.street, by=RESIDENT)


def test_whoever_is_dismissed_today_is_out_today(corner, zhang_min_in_zhongshan):
    end_posting(zhang_min_in_zhongshan, by=SYSTEM, at=NOW)
    organisation.forget_duties(corner.zhang_min)
    assert organisation.duties_of(corner.zhang_min, NOW) == ()


def test_a_posting_ends_once(corner, zhang_min_in_zhongshan):
    end_posting(zhang_min_in_zhongshan, by=SYSTEM, at=NOW)
    with pytest.raises(Conflict):
        end_posting(zhang_min_in_zhongshan, by=SYSTEM, at=NOW)


def test_a_posting_does_not_end_before_it_began(corner, zhang_min_in_zhongshan):
    with pytest.raises(Invalid):
        end_posting(zhang_min_in_zhongshan, by=SYSTEM, at=NOW, on=date(2026, 1, 1))


def test_a_deputy_has_the_same_job_for_no_longer(corner):
    holder = corner.post(
        corner.zhang_min, Role.GRID_WORKER, corner.zhongshan_01, ends_on=date(2026, 12, 1)
    )
    standing = stand_in(holder, deputy=corner.li_na, ends_on=date(2027, 1, 1), by=SYSTEM, at=NOW)
    assert (standing.role, standing.area, standing.unit) == (holder.role, holder.area, holder.unit)
    assert standing.ends_on == date(2026, 12, 1)


def test_nobody_is_their_own_deputy(corner, zhang_min_in_zhongshan):
    with pytest.raises(Invalid):
        stand_in(zhang_min_in_zhongshan, deputy=corner.zhang_min, by=SYSTEM, at=NOW)


def test_a_deputy_has_no_deputy(corner, zhang_min_in_zhongshan):
    standing = stand_in(zhang_min_in_zhongshan, deputy=corner.li_na, by=SYSTEM, at=NOW)
    with pytest.raises(Invalid):
        stand_in(standing, deputy=corner.chen_gang, by=SYSTEM, at=NOW)


def test_the_deputy_goes_with_the_holder(corner, zhang_min_in_zhongshan):
    standing = stand_in(zhang_min_in_zhongshan, deputy=corner.li_na, by=SYSTEM, at=NOW)
    end_posting(zhang_min_in_zhongshan, by=SYSTEM, at=NOW, on=TOMORROW)
    standing.refresh_from_db()
    assert standing.ends_on == TOMORROW


def test_a_part_time_worker_of_the_grid_may_be_the_deputy_of_the_full_time_one(
    corner, zhang_min_in_zhongshan
):
    corner.post(
        corner.li_na,
        Role.GRID_WORKER,
        corner.zhongshan_01,
        corner.zhongshan_community,
        duty=GridDuty.PART_TIME,
    )
    assert stand_in(zhang_min_in_zhongshan, deputy=corner.li_na, by=SYSTEM, at=NOW).pk


def test_a_posting_passes_on_with_its_duty_and_its_deputies(corner, zhang_min_in_zhongshan):
    stand_in(zhang_min_in_zhongshan, deputy=corner.chen_gang, by=SYSTEM, at=NOW)
    successor = reassign(zhang_min_in_zhongshan, to=corner.li_na, by=SYSTEM, at=NOW, on=TOMORROW)
    zhang_min_in_zhongshan.refresh_from_db()
    assert zhang_min_in_zhongshan.ends_on == successor.starts_on == TOMORROW
    assert successor.duty == GridDuty.FULL_TIME
    assert [standing.user for standing in successor.stand_ins.all()] == [corner.chen_gang]


def test_the_deputy_who_takes_over_is_deputy_no_more(corner, zhang_min_in_zhongshan):
    stand_in(zhang_min_in_zhongshan, deputy=corner.li_na, by=SYSTEM, at=NOW)
    successor = reassign(zhang_min_in_zhongshan, to=corner.li_na, by=SYSTEM, at=NOW)
    assert not successor.stand_ins.exists()
    (duty,) = organisation.duties_of(successor.user, NOW)
    assert not duty.deputy


def test_open_work_is_handed_over_in_the_same_transaction(
    corner, zhang_min_in_zhongshan, monkeypatch
):
    told = []
    monkeypatch.setattr(
        "yiwang.kernel.organisation.handover._handovers",
        [lambda *happened: told.append(happened)],
    )
    reassign(zhang_min_in_zhongshan, to=corner.li_na, by=SYSTEM, at=NOW)
    assert told == [(corner.zhang_min, corner.li_na, zhang_min_in_zhongshan, SYSTEM, NOW)]


def test_when_the_handover_fails_nobody_has_moved(corner, zhang_min_in_zhongshan, monkeypatch):
    def fail(*_happened):
        raise RuntimeError("no")

    monkeypatch.setattr("yiwang.kernel.organisation.handover._handovers", [fail])
    with pytest.raises(RuntimeError):
        reassign(zhang_min_in_zhongshan, to=corner.li_na, by=SYSTEM, at=NOW)
    zhang_min_in_zhongshan.refresh_from_db()
    assert zhang_min_in_zhongshan.ends_on is None
    assert not Posting.objects.filter(user=corner.li_na).exists()


def test_registering_a_handover_twice_runs_it_once(monkeypatch):
    kept: list[object] = []
    monkeypatch.setattr("yiwang.kernel.organisation.handover._handovers", kept)

    @organisation.on_handover
    def handover(*_happened):
        pass

    organisation.on_handover(handover)
    assert kept == [handover]


def test_two_units_never_share_a_code(corner):
    with pytest.raises(Conflict) as refused:
        add_unit(
            name="另一个",
            code="GS",
            kind=UnitKind.COMPANY,
            level=UnitLevel.SUBDISTRICT,
            division=corner.street,
            by=SYSTEM,
            at=NOW,
        )
    assert refused.value.field == "code"


@pytest.mark.parametrize("field", ["name", "code"])
def test_a_unit_has_a_name_and_a_code(corner, field):
    given = {"name": "城管", "code": "CG", field: "  "}
    with pytest.raises(Invalid) as refused:
        add_unit(
            **given,
            kind=UnitKind.DEPARTMENT,
            level=UnitLevel.SUBDISTRICT,
            division=corner.street,
            by=SYSTEM,
            at=NOW,
        )
    assert refused.value.field == field


def test_a_unit_changes_what_is_given_and_says_what(corner):
    changed = change_unit(corner.water, phone=" 0530-1 ", active=False, by=SYSTEM, at=NOW)
    assert (changed.phone, changed.active, changed.name) == ("0530-1", False, "供水公司")
    assert audit.timeline("unit", corner.water.pk)[-1].facts["changed"] == ["active", "phone"]


def test_a_unit_does_not_stand_beneath_itself(corner):
    change_unit(corner.water, parent=corner.office, by=SYSTEM, at=NOW)
    with pytest.raises(Invalid):
        change_unit(corner.office, parent=corner.water, by=SYSTEM, at=NOW)


def test_a_post_belongs_to_its_unit(corner):
    post = add_post(corner.water, title="抢修班长", by=SYSTEM, at=NOW)
    assert add_post(corner.water, title="抢修班长", by=SYSTEM, at=NOW) == post
    assert Post.objects.count() == 1
    with pytest.raises(Invalid):
        corner.post(corner.zhao_lei, Role.UNIT_HANDLER, corner.street, corner.office, post=post)


class TestTheDatabaseKeepsItsWord:
    """Writes that go around the actions."""

    def refuse(self, constraint: str, posting: Posting) -> None:
        with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
            posting.save()
            with transaction.get_connection().cursor() as cursor:
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")

    def copy(self, posting: Posting, **change) -> Posting:
        posting.pk = None
        posting._state.adding = True
        for name, value in change.items():
            setattr(posting, name, value)
        return posting

    def test_no_job_twice_at_a_time(self, corner, zhang_min_in_zhongshan):
        self.refuse("posting_not_twice_at_a_time", self.copy(zhang_min_in_zhongshan))

    def test_another_role_is_another_job(self, corner, zhang_min_in_zhongshan):
        self.copy(zhang_min_in_zhongshan, role=Role.COMMUNITY_OFFICER, duty="").save()

    def test_a_grid_worker_in_a_grid(self, corner, zhang_min_in_zhongshan):
        self.refuse(
            "the area of a grid worker",
            self.copy(zhang_min_in_zhongshan, area=corner.zhongshan),
        )

    def test_a_deputy_is_another_person(self, corner, zhang_min_in_zhongshan):
        holder = Posting.objects.get(pk=zhang_min_in_zhongshan.pk)
        self.refuse("another person", self.copy(zhang_min_in_zhongshan, stands_in_for=holder))

    def test_a_deputy_has_the_same_job(self, corner, zhang_min_in_zhongshan):
        holder = Posting.objects.get(pk=zhang_min_in_zhongshan.pk)
        elsewhere = self.copy(
            zhang_min_in_zhongshan,
            user=corner.li_na,
            area=corner.zhanglou_02,
            stands_in_for=holder,
        )
        self.refuse("posting_deputy_has_the_same_job", elsewhere)

    def test_it_ends_after_it_starts(self, corner, zhang_min_in_zhongshan):
        zhang_min_in_zhongshan.ends_on = date(2026, 1, 1)
        self.refuse("posting_ends_after_it_starts", zhang_min_in_zhongshan)

    def test_no_role_of_ones_own_making(self, corner, zhang_min_in_zhongshan):
        self.refuse(
            "posting_has_a_known_role", self.copy(zhang_min_in_zhongshan, role="king", duty="")
        )


def test_appoint_is_open_to_the_program(corner):
    assert (
        appoint(
            corner.li_na,
            unit=corner.office,
            role=Role.INSPECTOR,
            area=corner.street,
            by=SYSTEM,
            at=NOW,
        ).starts_on
        == TODAY
    )
