import pytest

from yiwang.kernel.cases import actions as cases
from yiwang.kernel.cases.models import Case
from yiwang.kernel.indicators import actions as indicators
from yiwang.kernel.indicators.inspection import LOOKS
from yiwang.kernel.indicators.models import AuditCheck
from yiwang.web.cockpit.tests.conftest import EVENING, FRAGMENT, statements, text

LISTS, RECORD = "/inspect/", "/inspect/record/"


def test_sun_li_begins_her_day_with_her_lists(town, desk_of):
    assert desk_of(town.sun_li).get("/").url == LISTS


def test_every_list_opens(town, desk_of):
    case = town.reported_back()
    cases.perform(case.pk, "fail_check", by=town.chen_jing, at=EVENING, reason="没有换")
    browser = desk_of(town.sun_li)
    for look in LOOKS:
        text(browser, f"{LISTS}?look={look.key}")
    assert case.number in text(browser, f"{LISTS}?look=reworked")


def test_a_matter_about_staff_stands_in_its_own_list_with_its_own_figure(town, desk_of):
    case = town.handling()
    Case.objects.filter(pk=case.pk).update(confidential=True)
    browser = desk_of(town.sun_li)
    assert case.number not in text(browser, LISTS)
    answer = browser.get(f"{LISTS}?look=staff")
    assert case.number in answer.content.decode()
    assert answer.context["staff"].reported == 1


@pytest.mark.parametrize("query", ["look=nothing", "days=0", "days=99999", "days=x", "after=x"])
def test_a_strange_wish_shows_the_first_list(town, desk_of, query):
    assert desk_of(town.sun_li).get(f"{LISTS}?{query}").status_code == 200


@pytest.mark.parametrize("name", ["zhou_wei", "wang_fang", "chen_jing", "wu_gang", "zhang_min"])
def test_nobody_else_sees_the_lists(town, desk_of, name):
    assert desk_of(getattr(town, name)).get(LISTS).status_code == 403


def test_a_list_costs_the_same_however_many_cases(town, desk_of):
    browser = desk_of(town.sun_li)
    town.handling()
    text(browser, LISTS)
    one = statements(browser, LISTS)
    for _number in range(3):
        town.handling()
    assert statements(browser, LISTS) <= one <= 25


def test_sun_li_lets_the_record_be_checked_and_sees_the_result(town, desk_of):
    browser = desk_of(town.sun_li)
    assert "还没有校验过" in text(browser, RECORD)
    assert browser.post(RECORD).url == RECORD
    assert "正在排队" in text(browser, RECORD)
    indicators.run_check(AuditCheck.objects.get().pk)
    assert "记录完整" in text(browser, RECORD)
    assert "上次校验完整" in text(browser, LISTS)


def test_progress_is_drawn_while_it_runs(town, desk_of):
    AuditCheck.objects.create(
        asked_by=town.sun_li, asked_at=EVENING, touched_at=EVENING, done=1000, total=4000
    )
    answer = desk_of(town.sun_li).get(RECORD, headers=FRAGMENT)
    assert 'value="25"' in answer.content.decode()
    assert "<html" not in answer.content.decode()


def test_pressing_twice_checks_once(town, desk_of):
    browser = desk_of(town.sun_li)
    browser.post(RECORD)
    browser.post(RECORD)
    assert AuditCheck.objects.count() == 1


def test_a_check_broken_off_says_so_and_can_be_asked_again(town, desk_of, later):
    AuditCheck.objects.create(
        asked_by=town.sun_li, asked_at=later(), touched_at=later(hours=1), done=5, total=9
    )
    browser = desk_of(town.sun_li)
    assert "中断了" in text(browser, RECORD)
    browser.post(RECORD)
    assert AuditCheck.objects.count() == 2


def test_what_is_wrong_is_told_in_words(town, desk_of):
    said = {
        "msgid": "%(subject)s 第 %(seq)s 条记录被改动",
        "params": {"subject": "case 17", "seq": 3},
    }
    AuditCheck.objects.create(
        asked_by=town.sun_li, asked_at=EVENING, touched_at=EVENING, finished_at=EVENING,
        done=9, total=9, wrong=1, findings=[said],
    )  # fmt: skip
    assert "case 17 第 3 条记录被改动" in text(desk_of(town.sun_li), RECORD)


def test_wu_gang_checks_the_record_too_and_zhou_wei_does_not(town, desk_of):
    text(desk_of(town.wu_gang), RECORD)
    browser = desk_of(town.zhou_wei)
    assert browser.get(RECORD).status_code == 403
    assert browser.post(RECORD).status_code == 403
    assert not AuditCheck.objects.exists()
