"""The page of a case: who may see what of it, and what one can do there."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from tests.town.small import MORNING, Town
from yiwang.kernel.cases import actions as cases
from yiwang.kernel.cases.models import Case, Report
from yiwang.kernel.foundation import audit
from yiwang.web.desk.tests.conftest import Knock

HTMX = {"HX-Request": "true"}


def url(case: Case) -> str:
    return f"/cases/{case.number}/"


def move(case: Case, name: str) -> str:
    return f"/cases/{case.pk}/moves/{name}/"


def deeds(answer: Any) -> dict[str, bool]:
    return {deed.move.name: not deed.why_not for deed in answer.context["deeds"]}


@pytest.mark.parametrize(
    ("who", "status"),
    [("wang_fang", 200), ("chen_jing", 200), ("zhang_min", 200), ("li_na", 200), ("zhou_wei", 200),
     ("sun_li", 200), ("zheng_kai", 404), ("zhao_qiang", 404)],
)  # fmt: skip
def test_a_case_is_for_its_land_and_its_units(
    town: Town, as_: Knock, who: str, status: int
) -> None:
    case = town.handling()
    assert as_(getattr(town, who)).get(url(case)).status_code == status


def test_another_area_and_no_case_at_all_are_told_the_same(town: Town, as_: Knock) -> None:
    case = town.report()
    zheng_kai = as_(town.zheng_kai)
    hidden = zheng_kai.get(url(town.case(case)))
    absent = zheng_kai.get("/cases/20261021-9999/")
    assert hidden.status_code == absent.status_code == 404
    assert (
        hidden.content.decode().count("没有这件案卷")
        == absent.content.decode().count("没有这件案卷")
        == 1
    )


def test_the_number_of_an_id_leads_to_the_page(town: Town, as_: Knock) -> None:
    case = town.case(town.report())
    assert as_(town.wang_fang).get(f"/cases/{case.pk}/")["Location"] == url(case)
    assert as_(town.zheng_kai).get(f"/cases/{case.pk}/").status_code == 404


def test_buttons_come_from_the_table_for_each_role(town: Town, as_: Knock) -> None:
    case = town.handling()
    desk = deeds(as_(town.wang_fang).get(url(case)))
    unit = deeds(as_(town.li_na).get(url(case)))
    assert desk == {"add_assist": True, "escalate": True}
    assert {"return", "pass_on", "ask_extension", "ask_suspension", "report_back"} <= unit.keys()
    assert "dispatch" not in unit


def test_who_fixed_it_sees_the_check_refused_with_the_reason(town: Town, as_: Knock) -> None:
    receipt = town.report()
    at = MORNING + timedelta(minutes=5)
    case = cases.perform(receipt.case_id, "solve_on_spot", by=town.zhang_min, at=at, note="盖好了")
    answer = as_(town.zhang_min).get(url(case))
    assert deeds(answer)["pass_check"] is False
    assert "须由他人核查" in answer.content.decode()
    assert deeds(as_(town.liu_yang).get(url(case)))["pass_check"] is True


def test_wang_fang_accepts_and_the_plain_browser_is_led_back(town: Town, as_: Knock) -> None:
    case = town.case(town.report())
    filing = f"{case.category_id}:{case.condition_id}"
    form = {"version": case.version, "filing": filing, "back": "/desk/?queue=reported"}
    answer = as_(town.wang_fang).post(move(case, "accept"), form)
    case.refresh_from_db()
    assert case.stage == "accepted"
    assert answer["Location"] == "/desk/?queue=reported"


def test_nobody_is_led_to_another_house(town: Town, as_: Knock) -> None:
    case = town.case(town.report())
    form = {"version": case.version, "filing": case.category_id, "back": "//evil.example/desk/"}
    answer = as_(town.wang_fang).post(move(case, "accept"), form)
    assert answer["Location"] == f"{url(case)}?undo=1"


def test_htmx_gets_the_fresh_case_and_the_list_is_told(town: Town, as_: Knock) -> None:
    case = town.accepted()
    unit = town.unit("综合执法队").pk
    form = {"version": case.version, "unit_id": unit, "note": "请今天处理"}
    answer = as_(town.wang_fang).post(move(case, "dispatch"), form, headers=HTMX)
    assert answer["HX-Trigger"] == "yw-moved"
    assert "综合执法队" in answer.content.decode()
    assert "<html" not in answer.content.decode()
    assert Case.objects.get(pk=case.pk).tasks.get().note == "请今天处理"


def test_a_missing_reason_names_its_field_and_keeps_the_form_open(town: Town, as_: Knock) -> None:
    case = town.case(town.report())
    answer = as_(town.wang_fang).post(
        move(case, "refuse"), {"version": case.version, "reason": " "}
    )
    deed = next(deed for deed in answer.context["deeds"] if deed.move.name == "refuse")
    assert answer.status_code == 422
    assert deed.open
    assert deed.form.errors["reason"] == ["请写明理由"]
    assert Case.objects.get(pk=case.pk).stage == "reported"


def test_a_stale_form_is_refused_with_the_case_as_it_is_and_what_was_typed(
    town: Town, as_: Knock
) -> None:
    case = town.accepted()
    old = case.version
    cases.perform(case.pk, "classify", by=town.wang_fang, at=MORNING + timedelta(minutes=30),
                  category_id=town.category("占道经营"))  # fmt: skip
    form = {"version": old, "unit_id": town.unit("综合执法队").pk, "note": "轻声些"}
    answer = as_(town.wang_fang).post(move(case, "dispatch"), form, headers=HTMX)
    text = answer.content.decode()
    assert answer.status_code == 409
    assert "刚被他人办理过" in text
    assert "轻声些" in text
    assert "占道经营" in text
    assert f'name="version" value="{old + 1}"' in text


def test_a_move_that_is_gone_gives_the_words_back(town: Town, as_: Knock) -> None:
    case = town.case(town.report())
    cases.perform(case.pk, "accept", by=town.wang_fang, at=MORNING + timedelta(minutes=1))
    form = {"version": case.version, "reason": "写了很久的理由"}
    answer = as_(town.wang_fang).post(move(case, "refuse"), form)
    assert answer.status_code == 409
    assert answer.context["kept"] == "写了很久的理由"


def test_sending_a_move_twice_makes_it_once(town: Town, as_: Knock) -> None:
    case = town.dispatched()
    li_na = as_(town.li_na)
    first = li_na.post(move(case, "sign"), {"version": case.version})
    second = li_na.post(move(case, "sign"), {"version": case.version})
    assert (first.status_code, second.status_code) == (302, 409)
    verbs = [entry.verb for entry in audit.timeline("case", str(case.pk))]
    assert verbs.count("task_signed") == 1


def test_another_area_cannot_move_the_case(town: Town, as_: Knock) -> None:
    case = town.reported_back()
    answer = as_(town.zheng_kai).post(move(case, "pass_check"), {"version": case.version})
    assert answer.status_code == 404
    assert Case.objects.get(pk=case.pk).stage == "reported_back"


def test_zhang_min_of_the_grid_cannot_dispatch(town: Town, as_: Knock) -> None:
    case = town.accepted()
    form = {"version": case.version, "unit_id": town.unit("综合执法队").pk}
    assert as_(town.zhang_min).post(move(case, "dispatch"), form).status_code == 403


def test_names_and_telephones_are_masked_until_a_reason_is_given(town: Town, as_: Knock) -> None:
    receipt = town.report(name="张三丰", phone="13812345678")
    desk, address = as_(town.wang_fang), f"/cases/reports/{receipt.report_id}/reporter/"
    text = desk.get(f"/cases/{receipt.case_number}/").content.decode()
    assert "138****5678" in text
    assert "13812345678" not in text
    assert desk.post(address, {"reason": ""}).status_code == 422
    shown = desk.post(address, {"reason": "核实情况"}, headers=HTMX)
    assert "13812345678" in shown.content.decode()
    assert shown["Cache-Control"] == "no-store"
    entry = audit.timeline("case", str(receipt.case_id))[-1]
    assert (entry.verb, entry.texts["reason"], entry.actor_name) == (
        "reporter_read",
        "核实情况",
        "王芳",
    )


def test_the_unit_learns_nothing_of_the_reporter(town: Town, as_: Knock) -> None:
    case = town.handling(name="张三丰", phone="13812345678")
    report = Report.objects.get(case=case)
    li_na = as_(town.li_na)
    text = li_na.get(url(case)).content.decode()
    assert "138****" not in text
    assert report.follow_code[:4] not in text
    answer = li_na.post(f"/cases/reports/{report.pk}/reporter/", {"reason": "想看"})
    assert answer.status_code == 403


def test_each_voice_is_answered_and_rated_by_telephone(town: Town, as_: Knock) -> None:
    case = town.closed()
    report, desk = Report.objects.get(case=case), as_(town.wang_fang)
    desk.post(f"/cases/reports/{report.pk}/answer/", {"answer": "已更换井盖"})
    desk.post(f"/cases/reports/{report.pk}/call/", {"rating": "very_satisfied"})
    report.refresh_from_db()
    assert (report.answer, report.rating) == ("已更换井盖", "very_satisfied")


def test_dissatisfied_needs_a_word_and_reopens(town: Town, as_: Knock) -> None:
    case = town.closed()
    report, desk = Report.objects.get(case=case), as_(town.wang_fang)
    address = f"/cases/reports/{report.pk}/call/"
    assert desk.post(address, {"rating": "dissatisfied"}).status_code == 422
    desk.post(address, {"rating": "dissatisfied", "reason": "还是晃"})
    assert Case.objects.get(pk=case.pk).stage == "accepted"


def test_a_call_without_answer_is_written_down(town: Town, as_: Knock) -> None:
    report = Report.objects.get(case=town.closed(name="马三", phone="10000123456"))
    desk, call = as_(town.wang_fang), f"/cases/reports/{report.pk}/call/"
    assert desk.post(call, {"rating": "not_reached"}).status_code == 409
    desk.post(f"/cases/reports/{report.pk}/reporter/", {"reason": "回访"})
    desk.post(call, {"rating": "not_reached"})
    report.refresh_from_db()
    assert (report.call_back_count, report.rating) == (1, "")


def test_one_voice_of_two_is_split_off_and_all_are_answered(town: Town, as_: Knock) -> None:
    case = town.case(town.report())
    other = town.report("另一个坑", follows=case.number)
    desk = as_(town.wang_fang)
    desk.post(f"/cases/{case.pk}/answers/", {"answer": "正在处理"})
    assert set(Report.objects.values_list("answer", flat=True)) == {"正在处理"}
    address = f"/cases/reports/{other.report_id}/split/"
    assert desk.post(address, {"reason": ""}).status_code == 422
    desk.post(address, {"reason": "是另一个地方"})
    assert Report.objects.get(pk=other.report_id).case_id != case.pk


def test_a_merged_case_points_to_where_it_went_and_can_come_back(town: Town, as_: Knock) -> None:
    first, second = town.case(town.report()), town.case(town.report("又一个"))
    desk = as_(town.wang_fang)
    page = desk.get(url(second))
    assert [n.near.case.number for n in page.context["neighbours"]] == [first.number]
    desk.post(move(second, "merge"), {"version": second.version, "target": first.number})
    assert first.number in desk.get(url(second)).content.decode()
    second.refresh_from_db()
    desk.post(move(second, "unmerge"), {"version": second.version, "reason": "不是一件事"})
    second.refresh_from_db()
    assert second.merged_into is None


def test_the_page_says_why(town: Town, as_: Knock, at_nine: Callable[[datetime], None]) -> None:
    case = town.handling()
    at_nine(MORNING + timedelta(hours=1))
    answer = as_(town.wang_fang).get(url(case))
    text = answer.content.decode()
    assert "市政服务中心" in text
    assert len(answer.context["thoughts"]) == 3
    assert all(thought.why for thought in answer.context["thoughts"])
    assert [stage["name"] for stage in answer.context["stages"]] == [
        "待受理", "待派遣", "待签收", "处理中",
    ]  # fmt: skip


def test_in_english_nothing_of_the_page_is_chinese_but_what_people_wrote(
    town: Town, as_: Knock
) -> None:
    case = town.case(town.report("A loose cover"))
    desk = as_(town.wang_fang)
    desk.cookies["django_language"] = "en"
    text = desk.get(url(case)).content.decode()
    assert "Reports" in text
    assert "诉求" not in text
