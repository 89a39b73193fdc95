"""A case while 李娜 or 张敏 is on leave: the work goes on, and nobody checks their own."""

from datetime import timedelta

import pytest

from tests.town.small import MORNING, Town
from yiwang.kernel import accounts, organisation
from yiwang.kernel.accounts.models import User
from yiwang.kernel.cases import actions as cases
from yiwang.kernel.cases.actions import answers
from yiwang.kernel.cases.actions.undoing import perform_with_undo, undo
from yiwang.kernel.cases.models import Case
from yiwang.kernel.foundation import audit
from yiwang.kernel.foundation.actors import SYSTEM
from yiwang.kernel.foundation.errors import Forbidden, Missing

TODAY = MORNING.date()
LATER = MORNING + timedelta(hours=3)


def fresh(user: User) -> User:
    return User.objects.get(pk=user.pk)


def away(town: Town, user: User, stand_in: User) -> None:
    organisation.ask_leave(
        user, stand_in=stand_in, first_day=TODAY, last_day=TODAY, by=town.wu_gang, at=MORNING
    )


def last_facts(case: Case) -> dict:
    return audit.timeline("case", str(case.pk))[-1].facts


def test_zhao_qiang_of_another_unit_does_li_nas_work_and_the_record_says_for_whom(town: Town):
    case = town.handling()
    away(town, town.li_na, town.zhao_qiang)
    him = fresh(town.zhao_qiang)
    assert Case.objects.visible_to(him, at=LATER).filter(pk=case.pk).exists()
    done = cases.perform(case.pk, "report_back", by=him, at=LATER, note="换了井盖")
    assert last_facts(done)["for"] == [town.li_na.pk]
    with pytest.raises(Missing):
        cases.perform(case.pk, "sign", by=fresh(town.li_na), at=LATER)


def test_qian_jun_does_in_his_own_right_what_he_may_do_anyway(town: Town):
    case = town.handling()
    away(town, town.li_na, town.qian_jun)
    done = cases.perform(case.pk, "report_back", by=fresh(town.qian_jun), at=LATER, note="好了")
    assert "for" not in last_facts(done)


def test_who_fixed_does_not_check_in_anothers_place(town: Town):
    """李娜 fixed it; 陈静, who checks, goes on leave and 李娜 stands in."""
    case = town.reported_back()
    away(town, town.chen_jing, town.li_na)
    with pytest.raises(Forbidden) as refused:
        cases.perform(case.pk, "pass_check", by=fresh(town.li_na), at=LATER)
    assert "须由他人核查" in str(refused.value.sentence)


def test_the_stand_in_does_not_check_what_the_absent_fixed(town: Town):
    """陈静 may check in her own right, but not the work of 李娜 whose place she takes."""
    case = town.reported_back()
    away(town, town.li_na, town.chen_jing)
    with pytest.raises(Forbidden):
        cases.perform(case.pk, "pass_check", by=fresh(town.chen_jing), at=LATER)


def test_back_from_leave_one_does_not_check_what_was_done_in_ones_place(town: Town):
    """李娜 is away, 赵强 reports back for her; the day after, neither of them is a stranger to it."""
    case = town.handling()
    away(town, town.li_na, town.zhao_qiang)
    done = cases.perform(case.pk, "report_back", by=fresh(town.zhao_qiang), at=LATER, note="好了")
    assert {town.li_na.pk, town.zhao_qiang.pk} <= set(done.fixer_ids)


def test_somebody_else_checks_as_ever(town: Town):
    case = town.reported_back()
    away(town, town.li_na, town.zhao_qiang)
    assert cases.perform(case.pk, "pass_check", by=town.chen_jing, at=LATER).stage == "closed"


def test_who_fixed_does_not_call_in_anothers_place(town: Town):
    case = town.closed()
    away(town, town.wang_fang, town.li_na)
    report = case.reports.get()
    with pytest.raises(Forbidden):
        cases.call_back(report.pk, said="not_reached", by=fresh(town.li_na), at=LATER)


def test_whatever_a_stand_in_writes_into_the_record_says_for_whom(town: Town):
    """赵强, who only handles work, answers and takes back a click in 王芳's place."""
    case = town.dispatched()
    report = case.reports.get()
    away(town, town.wang_fang, town.zhao_qiang)
    him = fresh(town.zhao_qiang)
    answers.answer(report.pk, "今天修好", by=him, at=LATER)
    assert last_facts(case)["for"] == [town.wang_fang.pk]
    fresh_one = town.case(town.report("路灯不亮"))
    later = LATER + timedelta(minutes=1)
    perform_with_undo(fresh_one.pk, "accept", by=him, at=later)
    undo(fresh_one.pk, by=him, at=later + timedelta(seconds=2))
    assert last_facts(fresh_one)["for"] == [town.wang_fang.pk]


def test_what_an_administrators_stand_in_changes_says_for_whom(town: Town):
    organisation.ask_leave(
        town.wu_gang, stand_in=town.zhao_qiang, first_day=TODAY, last_day=TODAY,
        by=SYSTEM, at=MORNING,
    )  # fmt: skip
    him = fresh(town.zhao_qiang)
    accounts.rename(town.li_na, display_name="李娜娜", by=him, at=LATER)
    assert audit.timeline("user", str(town.li_na.pk))[-1].facts["for"] == [town.wu_gang.pk]
    accounts.set_language(him, language="en", by=him, at=LATER + timedelta(minutes=1))
    assert "for" not in audit.timeline("user", str(him.pk))[-1].facts


def test_the_next_day_it_is_li_nas_again(town: Town):
    case = town.handling()
    away(town, town.li_na, town.zhao_qiang)
    tomorrow = MORNING + timedelta(days=1)
    assert not Case.objects.visible_to(fresh(town.zhao_qiang), at=tomorrow).exists()
    done = cases.perform(case.pk, "report_back", by=fresh(town.li_na), at=tomorrow, note="好了")
    assert "for" not in last_facts(done)
