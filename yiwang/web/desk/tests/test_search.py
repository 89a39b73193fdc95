"""The search of every page of staff: what one may see is found, newest first, and nothing else."""

from datetime import timedelta
from typing import Any

import pytest

from tests.town.small import MORNING, Town
from yiwang.web.desk.tests.conftest import Knock


def titles(answer: Any) -> list[str]:
    return [case.title for case in answer.context["page"].rows]


@pytest.mark.parametrize(
    "who",
    ["wang_fang", "zhang_min", "li_na", "chen_jing", "zhou_wei", "sun_li", "wu_gang"],
)
def test_everybody_on_staff_has_the_box(town: Town, as_: Knock, who: str) -> None:
    answer = as_(getattr(town, who)).get("/search/")
    assert answer.status_code == 200
    assert 'id="top-q"' in answer.content.decode()


def test_words_find_open_and_closed_cases_the_newest_first(town: Town, as_: Knock) -> None:
    town.closed(text="东关街井盖坏了")
    town.report("井盖又响了", at=MORNING + timedelta(hours=3))
    town.report("路灯不亮")
    assert titles(as_(town.wang_fang).get("/search/?q=井盖")) == ["井盖又响了", "东关街井盖坏了"]
    assert titles(as_(town.wang_fang).get("/search/?q=东关街 井盖")) == ["东关街井盖坏了"]


def test_a_number_leads_to_its_case(town: Town, as_: Knock) -> None:
    case = town.closed()
    for typed in (case.number, case.number.lower(), "10-21 0001", "1021-0001"):
        answer = as_(town.wang_fang).get("/search/", {"q": typed})
        assert answer.headers.get("Location") == f"/cases/{case.number}/", typed


def test_a_unit_finds_its_own_work_and_nothing_else(town: Town, as_: Knock) -> None:
    town.handling(text="井盖坏了")
    town.report("井盖松了")
    assert titles(as_(town.li_na).get("/search/?q=井盖")) == ["井盖坏了"]
    assert titles(as_(town.zhao_qiang).get("/search/?q=井盖")) == []


def test_a_matter_about_staff_is_found_by_the_inspector_alone(town: Town, as_: Knock) -> None:
    case = town.case(town.report("窗口态度生硬"))
    case.confidential = True
    case.save()
    assert titles(as_(town.sun_li).get("/search/?q=态度")) == ["窗口态度生硬"]
    for who in (town.wang_fang, town.chen_jing, town.zhou_wei, town.wu_gang):
        assert titles(as_(who).get("/search/?q=态度")) == []
        assert titles(as_(who).get("/search/", {"q": case.number})) == []


def test_a_telephone_finds_nothing(town: Town, as_: Knock) -> None:
    town.report("请回电 13812345678", phone="13812345678")
    assert titles(as_(town.wang_fang).get("/search/?q=13812345678")) == []


@pytest.mark.parametrize(
    "typed", ["，。", "\x00", "' | '", "a:* & !b", "<b>", "%", "\\", "𠮷", "🙂"]
)
def test_nonsense_breaks_nothing(town: Town, as_: Knock, typed: str) -> None:
    town.report()
    assert as_(town.wang_fang).get("/search/", {"q": typed}).status_code == 200


def test_pages_of_a_history_show_every_case_once(
    town: Town, as_: Knock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("yiwang.web.desk.search.pages.ROWS", 3)
    monkeypatch.setattr("yiwang.kernel.cases.edges.NEAR_WITH_WORDS", 2)
    monkeypatch.setattr("yiwang.kernel.cases.edges.HELD", 0)
    ages = [0, 1, 2, 40, 41, 70, 71, 200, 400, 800]
    for age in ages:
        town.report(f"积水 {age}", at=MORNING - timedelta(days=age))
        town.report("别的", at=MORNING - timedelta(days=age, minutes=1))
    desk, seen, address = as_(town.wang_fang), [], "/search/?q=积水"
    while address:
        answer = desk.get(address)
        seen += titles(answer)
        token = answer.context["page"].next
        address = f"/search/?q=积水&after={token}" if token else ""
    assert seen == [f"积水 {age}" for age in ages]
