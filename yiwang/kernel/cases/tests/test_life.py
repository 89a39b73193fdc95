"""One case from a resident's report to a rated end, and every turn it can take."""

import uuid
from datetime import timedelta

import pytest
from django.db import connection

from tests.town.small import MORNING, Town
from yiwang.kernel.cases import actions as cases
from yiwang.kernel.cases.models import Case, Clock, Report, Reporter, Request, Task
from yiwang.kernel.cases.rules.stages import Channel, Stage
from yiwang.kernel.foundation import audit
from yiwang.kernel.foundation.actors import RESIDENT, SYSTEM
from yiwang.kernel.foundation.errors import Conflict, Forbidden, Invalid, Missing, Stale
from yiwang.kernel.foundation.viewer import speaking_as
from yiwang.kernel.organisation import actions as organisation

HOUR = timedelta(hours=1)


def clock_of(case: Case, stage: str) -> Clock:
    return Clock.objects.get(case=case, stage=stage, stopped_at=None)


def test_a_broken_cover_goes_from_report_to_rated(town: Town) -> None:
    case = town.closed()
    assert (case.stage, case.handled_in_time) == (Stage.CLOSED, True)
    report = Report.objects.get(case=case)
    cases.answer(report.pk, "井盖已更换", by=town.wang_fang, at=MORNING + 3 * HOUR)
    cases.rate(report.pk, "satisfied", by=RESIDENT, at=MORNING + 4 * HOUR)
    verbs = [entry.verb for entry in audit.timeline("case", case.pk)]
    assert verbs == [
        "case_reported", "case_accepted", "case_dispatched", "task_signed", "task_reported_back",
        "case_closed", "report_answered", "case_rated",
    ]  # fmt: skip
    assert not Clock.objects.filter(case=case, stopped_at=None).exists()


def test_the_report_is_located_routed_and_given_a_clock_that_explains_itself(town: Town) -> None:
    case = town.case(town.report())
    assert case.area == town.grid("中山-01")
    assert case.suggested_unit == town.unit("市政服务中心")
    assert case.trust == "trusted" and case.trust_why and case.routing_why
    assert case.clock_stage == "accept" and clock_of(case, "accept").trace


def test_the_same_report_sent_twice_is_one_case(town: Town) -> None:
    sent = {"id": uuid.uuid4()}
    first, again = town.report(**sent), town.report(**sent)
    assert again.repeated and again.case_id == first.case_id
    assert again.follow_code == first.follow_code
    assert Case.objects.count() == 1


def test_the_same_id_with_other_words_is_refused(town: Town) -> None:
    sent = {"id": uuid.uuid4()}
    town.report("井盖坏了", **sent)
    with pytest.raises(Conflict):
        town.report("路灯坏了", **sent)


def test_a_12345_order_is_taken_once_and_its_inner_due_time_is_earlier(town: Town) -> None:
    due = MORNING + timedelta(days=5)
    order = {
        "outer_number": "12345-7",
        "outer_due": due,
        "outer_source": "12345",
        "channel": Channel.HOTLINE,
    }
    report = town.report_of(town.report(by=town.wang_fang, **order))
    assert report.answer_due_source == "12345" and report.answer_due_at == MORNING + timedelta(
        days=4
    )
    with pytest.raises(Conflict) as refused:
        town.report(by=town.wang_fang, **order)
    assert refused.value.field == "outer_number"


@pytest.mark.parametrize(
    ("field", "given"),
    [
        ("text", {"text": " \x00 "}),
        ("text", {"text": "长" * 20_001}),
        ("place", {"lon": 115.4, "lat": None}),
        ("place", {"lon": float("nan"), "lat": 35.0}),
        ("place", {"lon": 115.4, "lat": 135.0}),
        ("phone", {"phone": "call me"}),
        ("category_id", {"category_id": 10**9}),
    ],
)
def test_what_cannot_be_taken_names_its_field(town: Town, field: str, given: dict) -> None:  # type: ignore[type-arg]
    text = given.pop("text", "井盖坏了")
    with pytest.raises(Invalid) as refused:
        town.report(text, **given)
    assert refused.value.field == field
    assert not Case.objects.exists()


def test_rare_characters_and_right_to_left_text_are_kept(town: Town) -> None:
    words = "𠮷田家門口 😀 شكرا\nsecond line"
    assert town.report_of(town.report(words + "\x00")).text == words


def test_a_stale_move_is_refused_with_the_state_as_it_is(town: Town) -> None:
    receipt = town.report()
    cases.perform(receipt.case_id, "accept", by=town.wang_fang, at=MORNING, version=1)
    with pytest.raises(Stale) as refused:
        cases.perform(
            receipt.case_id, "refuse", by=town.wang_fang, at=MORNING, version=1, reason="重复"
        )
    assert refused.value.current == {
        "number": receipt.case_number,
        "stage": "accepted",
        "version": 2,
    }
    with pytest.raises(Stale):
        cases.perform(receipt.case_id, "accept", by=town.wang_fang, at=MORNING)


def test_zhang_min_of_zhongshan_has_no_say_in_zhanglou(town: Town) -> None:
    receipt = town.report(lat=35.225)
    assert town.case(receipt).area == town.grid("张楼-01")
    with pytest.raises(Missing):
        cases.perform(
            receipt.case_id, "solve_on_spot", by=town.zhang_min, at=MORNING, note="扶正了",
        )  # fmt: skip
    assert not Case.objects.visible_to(town.zhang_min, at=MORNING).exists()
    assert Case.objects.visible_to(town.zheng_kai, at=MORNING).exists()


def test_a_unit_sees_its_work_and_no_other(town: Town) -> None:
    case = town.dispatched()
    assert case in Case.objects.visible_to(town.li_na, at=MORNING)
    assert case not in Case.objects.visible_to(town.zhao_qiang, at=MORNING)


def test_a_returned_case_waits_for_dispatch_again_with_the_reason_on_record(town: Town) -> None:
    case = town.dispatched()
    case = cases.perform(case.pk, "return", by=town.li_na, at=MORNING + HOUR, reason="不属于本单位")
    assert (case.stage, case.lead_unit, case.return_count) == (Stage.ACCEPTED, None, 1)
    assert case.clock_stage == "dispatch"
    assert audit.timeline("case", case.pk)[-1].texts == {"reason": "不属于本单位"}
    other = town.unit("综合执法队").pk
    case = cases.perform(
        case.pk, "dispatch", by=town.wang_fang, at=MORNING + 2 * HOUR, unit_id=other
    )
    assert case.stage == Stage.DISPATCHED


@pytest.mark.parametrize("move", ["return", "report_back", "refuse", "supervise", "void"])
def test_a_move_without_its_reason_names_the_field(town: Town, move: str) -> None:
    case = town.report() if move in ("refuse", "supervise", "void") else town.handling()
    by = {"refuse": town.wang_fang, "supervise": town.zhou_wei, "void": town.wu_gang}.get(
        move, town.li_na
    )
    key = case.pk if isinstance(case, Case) else case.case_id
    with pytest.raises(Invalid) as refused:
        cases.perform(key, move, by=by, at=MORNING + HOUR)
    assert refused.value.field in ("reason", "note")


def test_evidence_is_needed_where_the_condition_says_so(town: Town) -> None:
    case = town.accepted(category_id=town.category("占道经营"))
    unit = town.unit("综合执法队").pk
    cases.perform(case.pk, "dispatch", by=town.wang_fang, at=MORNING, unit_id=unit)
    cases.perform(case.pk, "sign", by=town.zhao_qiang, at=MORNING)
    with pytest.raises(Invalid) as refused:
        cases.perform(case.pk, "report_back", by=town.zhao_qiang, at=MORNING, note="已劝离")
    assert refused.value.field == "photos"


def test_who_fixed_may_not_verify_nor_ask_for_the_rating(town: Town) -> None:
    receipt = town.report()
    cases.perform(receipt.case_id, "solve_on_spot", by=town.zhang_min, at=MORNING, note="盖好了")
    with pytest.raises(Forbidden):
        cases.perform(receipt.case_id, "pass_check", by=town.zhang_min, at=MORNING)
    case = cases.perform(receipt.case_id, "pass_check", by=town.liu_yang, at=MORNING + HOUR)
    assert case.stage == Stage.CLOSED and case.on_spot
    organisation.appoint(
        town.zhang_min, unit=town.unit("受理中心"), role=organisation_role("desk_operator"),
        area=town.grid("南城街道"), by=SYSTEM, at=MORNING,
    )  # fmt: skip
    forget(town.zhang_min)
    with pytest.raises(Forbidden):
        cases.call_back(
            uuid.UUID(receipt.report_id),
            said="satisfied",
            by=town.zhang_min,
            at=MORNING + HOUR,
        )


def organisation_role(name: str):  # type: ignore[no-untyped-def]
    from yiwang.kernel.organisation.rules import Role

    return Role(name)


def forget(user) -> None:  # type: ignore[no-untyped-def]
    from yiwang.kernel.organisation.duties import forget_duties

    forget_duties(user)


def test_a_failed_check_sends_the_unit_back_to_work_with_a_fresh_limit(town: Town) -> None:
    case = town.reported_back()
    case = cases.perform(
        case.pk, "fail_check", by=town.chen_jing, at=MORNING + 2 * HOUR, reason="还在晃"
    )
    assert (case.stage, case.rework_count) == (Stage.HANDLING, 1)
    assert clock_of(case, "handle").started_at == MORNING + 2 * HOUR
    case = cases.perform(
        case.pk, "report_back", by=town.li_na, at=MORNING + 3 * HOUR, note="垫实了"
    )
    assert case.stage == Stage.REPORTED_BACK


def test_what_was_solved_on_the_spot_and_fails_goes_to_the_desk(town: Town) -> None:
    receipt = town.report()
    cases.perform(receipt.case_id, "solve_on_spot", by=town.zhang_min, at=MORNING, note="盖好了")
    case = cases.perform(
        receipt.case_id, "fail_check", by=town.liu_yang, at=MORNING + HOUR, reason="没有"
    )
    assert case.stage == Stage.ACCEPTED and not case.on_spot and case.lead_unit is None


def test_two_extensions_add_one_original_limit_each(town: Town) -> None:
    case = town.handling(category_id=town.category("病虫害"))
    first = clock_of(case, "handle").due_at
    for _ in range(2):
        cases.perform(case.pk, "ask_extension", by=town.li_na, at=MORNING + HOUR, reason="等材料")
        with pytest.raises(Forbidden):
            cases.perform(
                case.pk, "ask_extension", by=town.li_na, at=MORNING + HOUR, reason="等材料"
            )
        cases.perform(case.pk, "approve_extension", by=town.zhou_wei, at=MORNING + HOUR)
    # 3 working days, three times over, from Wednesday 21 October: nine working days later.
    assert first.date().isoformat() == "2026-10-26"
    assert clock_of(case, "handle").due_at.date().isoformat() == "2026-11-03"
    with pytest.raises(Forbidden):
        cases.perform(case.pk, "ask_extension", by=town.li_na, at=MORNING + HOUR, reason="再等")
    case.refresh_from_db()
    assert (
        case.clock_due_at == clock_of(case, "handle").due_at == Task.objects.get(case=case).due_at
    )


def test_a_suspended_case_stands_still_and_wakes_by_itself(town: Town) -> None:
    case = town.handling(category_id=town.category("病虫害"))
    before = clock_of(case, "handle").due_at
    until = (MORNING + timedelta(days=14)).date()
    with pytest.raises(Invalid):
        cases.perform(
            case.pk,
            "ask_suspension",
            by=town.li_na,
            at=MORNING + HOUR,
            reason="等雨季",
            until=MORNING.date(),
        )
    cases.perform(
        case.pk, "ask_suspension", by=town.li_na, at=MORNING + HOUR, reason="等雨季", until=until
    )
    case = cases.perform(case.pk, "approve_suspension", by=town.zhou_wei, at=MORNING + HOUR)
    assert case.stage == Stage.SUSPENDED and case.clock_due_at is None
    assert cases.sweep(at=MORNING + timedelta(days=10)) == 0
    assert cases.end_suspensions(at=MORNING + timedelta(days=13)) == 0
    assert cases.end_suspensions(at=MORNING + timedelta(days=14, hours=1)) == 1
    case.refresh_from_db()
    assert case.stage == Stage.HANDLING
    assert clock_of(case, "handle").due_at > before + timedelta(days=13)


def test_the_lead_waits_for_assistance_unless_a_leader_frees_it(town: Town) -> None:
    case = town.handling()
    order = town.unit("综合执法队").pk
    cases.perform(
        case.pk, "add_assist", by=town.wang_fang, at=MORNING, unit_id=order, note="维持秩序"
    )
    with pytest.raises(Forbidden):
        cases.perform(case.pk, "report_back", by=town.li_na, at=MORNING + HOUR, note="好了")
    case = cases.perform(
        case.pk, "waive_assist", by=town.zhou_wei, at=MORNING + HOUR, reason="已不需要"
    )
    case = cases.perform(case.pk, "report_back", by=town.li_na, at=MORNING + HOUR, note="好了")
    assert case.stage == Stage.REPORTED_BACK
    assert sorted(t.state for t in case.tasks.all()) == ["cancelled", "done"]


def test_each_assisting_unit_has_its_own_clock_and_refusal(town: Town) -> None:
    case = town.handling()
    order = town.unit("综合执法队").pk
    cases.perform(case.pk, "add_assist", by=town.wang_fang, at=MORNING, unit_id=order)
    assert Clock.objects.filter(case=case, stage="handle", stopped_at=None).count() == 2
    case = cases.perform(case.pk, "return", by=town.zhao_qiang, at=MORNING, reason="无此职责")
    assert case.stage == Stage.HANDLING and case.lead_unit == town.unit("市政服务中心")
    with pytest.raises(Invalid) as refused:
        cases.perform(
            case.pk, "add_assist", by=town.wang_fang, at=MORNING, unit_id=case.lead_unit_id or 0
        )
    assert refused.value.field == "unit_id"


def test_everything_late_climbs_by_itself_to_the_leader(town: Town) -> None:
    case = town.handling()
    due = clock_of(case, "handle").due_at
    assert cases.sweep(at=MORNING + timedelta(minutes=40)) == 0
    assert cases.sweep(at=due - timedelta(minutes=5)) == 1
    assert cases.sweep(at=due + timedelta(seconds=1)) == 1
    case.refresh_from_db()
    assert case.late and case.supervised_at is None
    assert cases.sweep(at=due + timedelta(days=2)) == 1
    case.refresh_from_db()
    assert case.supervised_at is not None
    assert cases.sweep(at=due + timedelta(days=9)) == 0
    verbs = [entry.verb for entry in audit.timeline("case", case.pk)][-3:]
    assert verbs == ["clock_due_soon", "clock_overdue", "case_late_to_leader"]


def test_escalation_frees_the_unit_and_asks_the_next_level(town: Town) -> None:
    case = town.handling()
    case = cases.perform(
        case.pk, "escalate", by=town.wang_fang, at=MORNING + HOUR, reason="需区级协调"
    )
    assert (case.level, case.stage, case.lead_unit) == ("county", Stage.ACCEPTED, None)
    assert Task.objects.get(case=case).state == "cancelled"
    case = cases.perform(
        case.pk, "hand_down", by=town.wang_fang, at=MORNING + HOUR, reason="街道可办"
    )
    assert case.level == "subdistrict"


def test_open_work_is_handed_over_and_past_work_stays(town: Town) -> None:
    done, open_case = town.closed(), town.handling()
    posting = town.li_na.postings.get()
    from yiwang.kernel.cases.actions.handover import hand_over

    hand_over(town.li_na, town.qian_jun, posting, SYSTEM, MORNING + HOUR)
    assert Task.objects.get(case=open_case).handler == town.qian_jun
    assert Task.objects.get(case=done).finished_by == town.li_na


def test_the_reporter_is_read_by_duty_and_area_even_with_raw_sql(town: Town) -> None:
    receipt = town.report(name="马三", phone="19900001234")

    def seen_by(actor) -> int:  # type: ignore[no-untyped-def]
        with speaking_as(actor), connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM cases_reporter")
            return int(cursor.fetchone()[0])

    assert seen_by(town.wang_fang) == seen_by(town.chen_jing) == 1
    for person in (
        town.li_na,
        town.zhang_min,
        town.zheng_kai,
        town.zhou_wei,
        town.sun_li,
        town.wu_gang,
    ):
        assert seen_by(person) == 0, person
    assert seen_by(RESIDENT) == 0
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM cases_reporter")
        assert cursor.fetchone()[0] == 0
    with speaking_as(town.wang_fang):
        reporter = Reporter.objects.get(report=receipt.report_id)
        assert (reporter.name, reporter.phone) == ("马三", "19900001234")
    with speaking_as(town.wang_fang), connection.cursor() as cursor:
        cursor.execute("SELECT name FROM cases_reporter")
        assert "马三".encode() not in bytes(cursor.fetchone()[0])


def test_the_record_of_a_whole_life_verifies(town: Town) -> None:
    town.closed()
    assert list(audit.verify()) == []


def test_a_request_is_never_decided_by_who_asked(town: Town) -> None:
    case = town.handling(category_id=town.category("病虫害"))
    cases.perform(case.pk, "ask_extension", by=town.li_na, at=MORNING + HOUR, reason="等材料")
    assert Request.objects.get(case=case).asked_by == town.li_na
    with pytest.raises(Forbidden):
        cases.perform(case.pk, "approve_extension", by=town.li_na, at=MORNING + HOUR)
