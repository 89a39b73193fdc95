"""王芳 calls back all afternoon: served one by one, by keys, on whatever screen."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from tests.town.small import MORNING, Town
from yiwang.kernel.cases.models import Case, Opening, Report
from yiwang.kernel.foundation import audit
from yiwang.web.desk.tests.conftest import Knock

NOON = MORNING + timedelta(hours=3)
WHO = {"name": "马三丰", "phone": "10000123456"}


@pytest.fixture
def voice(town: Town, at_nine: Callable[[datetime], None]) -> Report:
    report = Report.objects.get(case=town.closed(**WHO))
    at_nine(NOON)
    return report


def test_the_number_is_masked_until_it_is_opened_and_shown_once(
    town: Town, as_: Knock, voice: Report
) -> None:
    desk = as_(town.wang_fang)
    assert "取下一个" in desk.get("/desk/calls/").content.decode()
    page = desk.post("/desk/calls/next/", follow=True).content.decode()
    assert "100****3456" in page and "10000123456" not in page and "马三丰" not in page
    opened = desk.post(f"/desk/calls/{voice.pk}/number/")
    assert "10000123456" in opened.content.decode() and opened["Cache-Control"] == "no-store"
    again = desk.get("/desk/calls/").content.decode()
    assert "10000123456" not in again and "号码已打开过 1 次" in again
    entry = audit.timeline("case", str(voice.case_id))[-1]
    assert (entry.verb, entry.texts) == ("reporter_read", {"reason": "回访"})
    assert Opening.objects.get().way == "call_back"


def test_after_an_answer_the_next_one_is_there_at_once(
    town: Town, as_: Knock, voice: Report, at_nine: Callable[[datetime], None]
) -> None:
    at_nine(MORNING)
    other = Report.objects.get(case=town.closed(text="第二件", **WHO))
    at_nine(NOON)
    desk = as_(town.wang_fang)
    first = desk.post("/desk/calls/next/", follow=True).context["call"].report.pk
    page = desk.post(f"/desk/calls/{first}/", {"rating": "satisfied"}, follow=True)
    assert {first, page.context["call"].report.pk} == {voice.pk, other.pk}
    assert Report.objects.get(pk=first).rating == "satisfied"


def test_dissatisfied_without_a_reason_stays_with_what_was_typed(
    town: Town, as_: Knock, voice: Report
) -> None:
    desk = as_(town.wang_fang)
    desk.post("/desk/calls/next/")
    given = {"rating": "dissatisfied", "note": "很生气"}
    refused = desk.post(f"/desk/calls/{voice.pk}/", given)
    assert refused.status_code == 422 and "很生气" in refused.content.decode()
    desk.post(f"/desk/calls/{voice.pk}/", {**given, "reason": "还在响"})
    assert Case.objects.get(pk=voice.case_id).stage == "accepted"


def test_nobody_answered_books_the_next_half_day(town: Town, as_: Knock, voice: Report) -> None:
    desk = as_(town.wang_fang)
    desk.post("/desk/calls/next/")
    early = desk.post(f"/desk/calls/{voice.pk}/", {"rating": "not_reached"})
    assert early.status_code == 409 and "请先打开号码" in early.content.decode()
    desk.post(f"/desk/calls/{voice.pk}/number/")
    page = desk.post(f"/desk/calls/{voice.pk}/", {"rating": "not_reached"}, follow=True)
    text = page.content.decode()
    assert "已约到 10-21 14:00 再打" in text and "现在可打给 0 位诉求人，约到以后的 1 位" in text


def test_what_is_not_in_ones_hand_cannot_be_written_down(
    town: Town, as_: Knock, voice: Report
) -> None:
    desk = as_(town.wang_fang)
    assert desk.post(f"/desk/calls/{voice.pk}/", {"rating": "satisfied"}).status_code == 404
    desk.post("/desk/calls/next/")
    desk.post("/desk/calls/pause/")
    assert desk.post(f"/desk/calls/{voice.pk}/number/").status_code == 404
    for person in (town.chen_jing, town.li_na, town.zhang_min, town.zhou_wei):
        assert as_(person).get("/desk/calls/").status_code == 403


def test_a_double_send_writes_one_call_down(town: Town, as_: Knock, voice: Report) -> None:
    desk = as_(town.wang_fang)
    desk.post("/desk/calls/next/")
    address = f"/desk/calls/{voice.pk}/"
    assert desk.post(address, {"rating": "satisfied"}).status_code == 302
    assert desk.post(address, {"rating": "satisfied"}).status_code == 404
    verbs = [entry.verb for entry in audit.timeline("case", str(voice.case_id))]
    assert verbs.count("case_rated") == 1


def test_in_english_the_screen_has_no_chinese_but_what_people_wrote(
    town: Town, as_: Knock, voice: Report
) -> None:
    desk = as_(town.wang_fang)
    desk.cookies["django_language"] = "en"
    text = desk.post("/desk/calls/next/", follow=True).content.decode()
    for chinese in ("回访", "没有接通", "非常满意", "打开号码", "备注"):
        assert chinese not in text, chinese
