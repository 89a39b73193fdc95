from datetime import timedelta

import pytest

from tests.town.small import MORNING
from yiwang.kernel.cases.models import Case
from yiwang.kernel.indicators import rollups
from yiwang.kernel.indicators.rules import FIGURES, By
from yiwang.web.cockpit.tests.conftest import EVENING, statements, text

FIGURES_PAGE = "/cockpit/figures/"


def test_each_figure_opens_its_formula_with_both_counts(town, desk_of):
    town.closed()
    town.handling()
    body = text(desk_of(town.zhou_wei), FIGURES_PAGE)
    assert "处置率 = 已处置 ÷ 应处置 = 1 ÷ 2" in body
    assert "50.0%" in body
    assert body.count("怎么算的") == len(FIGURES)


def test_where_nothing_was_due_there_is_a_dash(town, desk_of):
    body = text(desk_of(town.zhou_wei), FIGURES_PAGE)
    assert "0.0%" not in body
    assert body.count("分母为 0") == len(FIGURES)


@pytest.mark.parametrize("by", list(By))
def test_figures_are_divided_as_asked(town, desk_of, by):
    town.closed()
    names = {
        By.UNIT: "市政服务中心", By.COMMUNITY: "中山", By.GRID: "中山-01",
        By.CATEGORY: "污水井盖", By.MONTH: "2026年10月",
    }  # fmt: skip
    assert f'<th scope="row">{names[by]}</th>' in text(
        desk_of(town.zhou_wei), f"{FIGURES_PAGE}?by={by}"
    )


def test_a_period_without_cases_says_so(town, desk_of):
    town.closed()
    body = text(desk_of(town.zhou_wei), f"{FIGURES_PAGE}?first=2026-01-01&last=2026-01-31")
    assert "这段时间没有案卷" in body


@pytest.mark.parametrize(
    "query", ["first=x", "last=9999-99-99", "by=person", "first=0001-01-01", "last=9999-12-31"]
)
def test_a_strange_wish_breaks_nothing(town, desk_of, query):
    assert desk_of(town.zhou_wei).get(f"{FIGURES_PAGE}?{query}").status_code == 200


def test_a_period_that_was_cut_short_says_so(town, desk_of):
    client = desk_of(town.zhou_wei)
    asked = f"{FIGURES_PAGE}?first=2026-01-01&last="
    assert "一次最多看" not in text(client, f"{asked}2026-03-01")
    assert "一次最多看" in text(client, f"{asked}2028-01-01")


def test_matters_about_staff_are_not_counted_for_anybody(town, desk_of):
    town.closed()
    Case.objects.update(confidential=True)
    for who in (town.zhou_wei, town.sun_li, town.wu_gang):
        assert desk_of(who).get(FIGURES_PAGE).context["reported"] == 0


def test_chen_jing_sees_the_figures_of_her_community(town, desk_of):
    town.closed()
    town.report(lat=35.225, at=MORNING)
    assert desk_of(town.chen_jing).get(FIGURES_PAGE).context["reported"] == 1
    assert desk_of(town.zhou_wei).get(FIGURES_PAGE).context["reported"] == 2


def test_figures_cost_the_same_however_many_cases(town, desk_of):
    browser = desk_of(town.zhou_wei)
    town.closed()
    text(browser, FIGURES_PAGE)
    one = statements(browser, FIGURES_PAGE)
    for _number in range(3):
        town.closed()
    assert statements(browser, FIGURES_PAGE) <= one <= 20


@pytest.mark.slow
@pytest.mark.parametrize("address", [FIGURES_PAGE, f"{FIGURES_PAGE}?by=grid", "/cockpit/"])
def test_a_page_costs_the_same_from_rollups_as_from_cases(town, desk_of, address):
    browser = desk_of(town.zhou_wei)
    town.closed()
    text(browser, address)
    live = statements(browser, address)
    rollups.keep(EVENING + timedelta(days=9))
    assert statements(browser, address) <= live <= 20


def test_the_pages_speak_english(town, desk_of):
    town.handling()
    browser = desk_of(town.zhou_wei)
    browser.cookies["django_language"] = "en"
    assert "Handling rate = Handled ÷ Due to handle = 0 ÷ 1" in text(browser, FIGURES_PAGE)
    assert "has not finished it" in text(browser, "/cockpit/")
    inspector = desk_of(town.sun_li)
    inspector.cookies["django_language"] = "en"
    assert "Returned twice" in text(inspector, "/inspect/")
    assert "Check now" in text(inspector, "/inspect/record/")
