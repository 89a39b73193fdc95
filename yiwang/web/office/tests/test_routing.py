"""The routing table: rehearsed, then saved, never over somebody else's change."""

from datetime import timedelta
from typing import Any

import pytest

from tests.town.small import MORNING, Town
from yiwang.kernel.cases import actions as cases
from yiwang.kernel.cases.rehearsing import routing_facts
from yiwang.kernel.catalogue import actions
from yiwang.web.office.routing.pages import span_of
from yiwang.web.office.tests.conftest import filled_form

RULES = "/office/routing/"
LAST_MONTH = MORNING - timedelta(days=30)


def sent_by(page: Any) -> dict[str, str]:
    asked = page.context["asked"]
    sent = {"seen": asked.seen, "lines": str(len(asked.lines)), "period": asked.period}
    sent["rehearsed"] = asked.rehearsed
    for line in asked.lines:
        sent |= filled_form(line)
    return sent


@pytest.fixture
def past(town: Town) -> list[int]:
    """Three cases of September: two broken covers, one stall on the pavement."""
    kinds = ["污水井盖", "污水井盖", "占道经营"]
    return [
        town.report(f"第 {n} 件", category_id=town.category(kind), at=LAST_MONTH).case_id
        for n, kind in enumerate(kinds)
    ]


def add_line(town: Town, sent: dict[str, str], **more: str) -> dict[str, str]:
    """A new first rule: covers go to the enforcement team."""
    return sent | {
        "r3-order": "0.5", "r3-category": "P0102 污水井盖", "r3-unit": str(town.unit("综合执法队").pk),
        "r3-active": "on", **more,
    }  # fmt: skip


def test_last_month_is_the_calendar_month():
    since, until = span_of("month", MORNING)
    assert (since.isoformat(), until.isoformat()) == (
        "2026-09-01T00:00:00+08:00",
        "2026-10-01T00:00:00+08:00",
    )


def test_facts_of_past_cases_come_in_one_query(town: Town, past, django_assert_num_queries):
    cases.perform(past[2], "accept", by=town.wang_fang, at=LAST_MONTH)
    with django_assert_num_queries(1):
        facts = list(routing_facts(LAST_MONTH - timedelta(days=1), MORNING))
    assert [fact.case_id for fact in facts] == past
    assert facts[0].area_path == town.grid("中山-01").path


def test_a_change_is_rehearsed_before_it_is_saved(town: Town, wu_gang, past):
    sent = add_line(town, sent_by(wu_gang.get(RULES)))
    rehearsed = wu_gang.post(RULES, sent | {"do": "save"})  # without a rehearsal nothing is saved
    text = rehearsed.content.decode()
    assert rehearsed.status_code == 200
    assert "这次修改会让上月 3 件中的 2 件改派" in text
    [shift] = rehearsed.context["moved"]
    assert (shift.from_name, shift.to_name, shift.count) == ("市政服务中心", "综合执法队", 2)
    assert f"/cases/{past[0]}/" in text
    assert len(actions.drafts()) == 2


def test_a_rehearsed_table_is_saved_once(town: Town, wu_gang, past):
    rehearsed = wu_gang.post(
        RULES, add_line(town, sent_by(wu_gang.get(RULES))) | {"do": "rehearse"}
    )
    sent = sent_by(rehearsed) | {"do": "save"}
    for _tap in range(2):
        assert wu_gang.post(RULES, sent).status_code == 302
    table = actions.drafts()
    assert len(table) == 3
    assert table[0].unit_id == town.unit("综合执法队").pk


def test_what_was_changed_after_the_rehearsal_is_rehearsed_again(town: Town, wu_gang, past):
    rehearsed = wu_gang.post(
        RULES, add_line(town, sent_by(wu_gang.get(RULES))) | {"do": "rehearse"}
    )
    sent = sent_by(rehearsed) | {"do": "save", "r3-category": "E0121 病虫害"}
    assert wu_gang.post(RULES, sent).status_code == 200
    assert len(actions.drafts()) == 2


def test_a_stale_table_is_refused_and_loses_nothing(town: Town, wu_gang, past):
    mine = wu_gang.post(RULES, add_line(town, sent_by(wu_gang.get(RULES))) | {"do": "rehearse"})
    actions.save_rules(actions.drafts()[1:], by=town.wu_gang, at=MORNING)
    answer = wu_gang.post(RULES, sent_by(mine) | {"do": "save"})
    text = answer.content.decode()
    assert answer.status_code == 409
    assert "派遣规则刚被别人改过" in text
    assert "任何类别、层级、区域→ 市政服务中心" in text
    assert "P0102 污水井盖" in text
    again = wu_gang.post(RULES, sent_by(answer) | {"do": "rehearse"})
    assert wu_gang.post(RULES, sent_by(again) | {"do": "save"}).status_code == 302
    assert len(actions.drafts()) == 3


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("r3-category", "X99 没有", "没有这个类别"),
        ("r3-area", "火星", "没有这个区域：火星"),
        ("r3-unit", "", "请选择责任单位"),
        ("r3-order", "first", "r3-order"),
        ("r3-level", "moon", "moon"),
    ],
)
def test_a_wrong_line_says_what_is_wrong(town: Town, wu_gang, field, value, said):
    sent = add_line(town, sent_by(wu_gang.get(RULES))) | {field: value, "do": "rehearse"}
    answer = wu_gang.post(RULES, sent)
    assert answer.status_code == 422
    assert said in answer.content.decode()


def test_an_area_is_named_by_its_end(town: Town, wu_gang, past):
    sent = add_line(town, sent_by(wu_gang.get(RULES)), **{"r3-area": "中山-02"})
    rehearsed = wu_gang.post(RULES, sent | {"do": "rehearse"})
    assert rehearsed.context["asked"].rehearsal.moved == 0
    wu_gang.post(RULES, sent_by(rehearsed) | {"do": "save"})
    assert actions.drafts()[0].area_id == town.grid("中山-02").pk


def test_dropping_the_last_rule_of_published_kinds_is_refused(town: Town, wu_gang, past):
    sent = sent_by(wu_gang.get(RULES)) | {"r2-drop": "on", "do": "rehearse"}
    rehearsed = wu_gang.post(RULES, sent)
    assert rehearsed.context["unrouted"] == 2
    answer = wu_gang.post(RULES, sent_by(rehearsed) | {"do": "save"})
    assert answer.status_code == 409
    assert "没有责任单位" in answer.content.decode()
    assert len(actions.drafts()) == 2
