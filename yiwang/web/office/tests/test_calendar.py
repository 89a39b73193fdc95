"""The calendar of the town."""

from datetime import date

import pytest

from tests.town.small import MORNING, Town
from yiwang.kernel.cases.models import Clock
from yiwang.kernel.foundation import calendar
from yiwang.kernel.foundation.calendar.models import CalendarDay, PublishedYear
from yiwang.web.office.tests.conftest import filled_form

DAY = "/office/calendar/2026-10-26/"


def test_the_year_shows_holidays_and_make_up_days(town: Town, wu_gang):
    months = wu_gang.get("/office/calendar/?year=2026").context["months"]
    cells = {cell.day: cell for month in months for week in month.weeks for cell in week if cell}
    assert cells[date(2026, 10, 1)].look == "free"
    assert cells[date(2026, 10, 10)].look == "makeup"
    assert cells[date(2026, 10, 21)].today
    assert len(cells) == 365


def test_a_town_s_own_free_day_moves_running_deadlines(town: Town, wu_gang):
    case = town.accepted(text="树上有虫", category_id=town.category("病虫害"))
    from yiwang.kernel.cases import actions as cases

    cases.perform(
        case.pk, "dispatch", by=town.wang_fang, at=MORNING, unit_id=town.unit("市政服务中心").pk
    )
    due = Clock.objects.get(case=case, stage="handle").due_at
    assert due.date() == date(2026, 10, 26)
    sent = filled_form(wu_gang.get(DAY).context["form"])
    sent |= {"kind": "free", "name": "牡丹节", "source": "区政府通知"}
    answer = wu_gang.post(DAY, sent)
    assert answer.status_code == 302
    assert "1 个正在走的时限重新计算" in wu_gang.get("/office/calendar/").content.decode()
    assert Clock.objects.get(case=case, stage="handle").due_at.date() == date(2026, 10, 27)
    assert wu_gang.post(DAY, sent).status_code == 302  # a double tap
    back = filled_form(wu_gang.get(DAY).context["form"]) | {"kind": ""}
    assert wu_gang.post(DAY, back).status_code == 302
    assert not CalendarDay.objects.exists()
    assert Clock.objects.get(case=case, stage="handle").due_at == due


def test_a_day_another_set_is_shown_to_a_stale_tab(town: Town, wu_gang):
    old = filled_form(wu_gang.get(DAY).context["form"])
    wu_gang.post(DAY, old | {"kind": "free", "name": "牡丹节"})
    answer = wu_gang.post(DAY, old | {"kind": "work"})
    assert answer.status_code == 409
    assert "现在是：休息" in answer.content.decode()


def test_a_day_that_is_none_is_not_found(town: Town, wu_gang):
    assert wu_gang.get("/office/calendar/2026-02-30/").status_code == 404
    assert wu_gang.get("/office/calendar/1700-01-01/").status_code == 404


def test_winter_hours_begin_on_a_day(town: Town, wu_gang):
    sent = {
        "valid_from": "2026-11-01", "opens1": "08:30", "closes1": "12:00", "opens2": "13:30",
        "closes2": "17:30",
    }  # fmt: skip
    for _tap in range(2):
        assert wu_gang.post("/office/calendar/hours/", sent).status_code == 302
    first = calendar.load().sessions_on(date(2026, 11, 2))[0]
    assert first[0].isoformat("minutes") == "08:30"


def test_hours_another_set_for_that_day_are_not_overwritten(town: Town, wu_gang):
    old = filled_form(wu_gang.get("/office/calendar/").context["hours_form"])
    old["valid_from"] = "2026-11-01"
    assert wu_gang.post("/office/calendar/hours/", old | {"closes2": "17:30"}).status_code == 302
    answer = wu_gang.post("/office/calendar/hours/", old | {"closes2": "17:00"})
    assert answer.status_code == 409
    again = filled_form(answer.context["hours_form"])
    assert wu_gang.post("/office/calendar/hours/", again).status_code == 302


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"closes1": "07:00"}, "工作时段须按先后排列"),
        ({"opens2": "13:00", "closes2": ""}, "请把这一段的开始和结束都填上"),
        ({"opens1": "early"}, "hours_opens1"),
    ],
)
def test_wrong_hours_are_refused(town: Town, wu_gang, wrong, said):
    sent = {"valid_from": "2026-11-01", "opens1": "08:30", "closes1": "12:00"} | wrong
    answer = wu_gang.post("/office/calendar/hours/", sent)
    assert answer.status_code == 422
    assert said in answer.content.decode()


def test_a_year_is_published_line_by_line(town: Town, wu_gang):
    text = "2027-01-01 休 元旦\n2027-01-02，休，元旦\n\n2027-02-14 班 春节调休"
    sent = {"year": "2027", "source": "国办通知", "days": text}
    assert wu_gang.post("/office/calendar/publish/", sent).status_code == 302
    assert PublishedYear.objects.get(year=2027).source == "国办通知"
    assert calendar.load().day(date(2027, 2, 14)).works
    twice = wu_gang.post("/office/calendar/publish/", sent)
    assert twice.status_code == 409
    assert "2027 年已经公布" in twice.content.decode()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("2027-01-01 休 元旦\n1 月 2 日 休", "第 2 行读不懂"),
        ("2027-01-01 也许", "第 1 行读不懂"),
        ("2026-01-01 休", "日期不在 2027 年内"),
        ("", "程序自带日历还没有 2027 年"),
    ],
)
def test_a_line_that_cannot_be_read_is_named(town: Town, wu_gang, text, said):
    answer = wu_gang.post("/office/calendar/publish/", {"year": "2027", "days": text})
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert not PublishedYear.objects.filter(year=2027).exists()


def test_a_deadline_explains_itself(town: Town, wu_gang):
    page = wu_gang.get("/office/calendar/?start=2026-02-13T17:00&amount=4&unit=hour")
    text = page.content.decode()
    assert "到期时间 2026-02-14 11:00" in text
    assert "调休上班" in text
    wrong = wu_gang.get("/office/calendar/?start=soon&amount=4&unit=hour")
    assert wrong.status_code == 200
    assert wrong.context["deadline"] is None
