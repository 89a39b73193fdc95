import pytest

from tests.town.small import MORNING
from yiwang.kernel.cases import actions as cases
from yiwang.kernel.cases.models import Case
from yiwang.web.cockpit.tests.conftest import statements, text

HOME = "/cockpit/"


def test_zhou_wei_begins_his_day_with_the_overview(town, desk_of):
    assert desk_of(town.zhou_wei).get("/").url == HOME


def test_what_is_late_says_why(town, desk_of):
    case = town.handling()
    body = text(desk_of(town.zhou_wei), HOME)
    assert f"/cases/{case.number}/" in body
    assert "市政服务中心还没有办完" in body
    assert f"/cockpit/cases/{case.pk}/supervise/" in body


def test_the_reasons_fit_the_step(town, desk_of):
    town.report("甲")
    town.accepted(text="乙")
    town.dispatched(text="丙")
    town.reported_back(text="丁")
    body = text(desk_of(town.zhou_wei), "/cockpit/late/")
    for reason in ("还没有受理", "还没有派给单位", "还没有签收", "还没有人核查"):
        assert reason in body, reason


def test_the_longest_late_stands_first(town, desk_of):
    later, sooner = town.report("后到期", at=MORNING.replace(hour=10)), town.report("先到期")
    body = text(desk_of(town.zhou_wei), "/cockpit/late/")
    assert body.index(sooner.case_number) < body.index(later.case_number)


def test_a_unit_is_one_click_from_its_late_cases(town, desk_of):
    held, other = town.handling(), town.report()
    browser = desk_of(town.zhou_wei)
    unit = town.unit("市政服务中心").pk
    assert f"/cockpit/late/?unit={unit}" in text(browser, HOME)
    body = text(browser, f"/cockpit/late/?unit={unit}")
    assert held.number in body
    assert other.case_number not in body


def test_an_area_opens_its_grids_and_their_cases(town, desk_of):
    here, there = town.report(), town.report(lat=35.225)
    browser = desk_of(town.zhou_wei)
    community = town.grid("中山").pk
    shown = {
        row.name: row for row in browser.get(f"{HOME}?grids={community}").context["communities"]
    }
    assert [part.name for part in shown["中山"].parts] == ["中山-01"]
    assert shown["张楼"].parts == []
    body = text(browser, f"/cockpit/late/?area={town.grid('中山-01').pk}")
    assert here.case_number in body
    assert there.case_number not in body


@pytest.mark.parametrize("query", ["unit=999999", "unit=x", "area=-1", "area=999999", "area=x"])
def test_a_made_up_unit_or_area_has_no_cases(town, desk_of, query):
    case = town.handling()
    assert case.number not in text(desk_of(town.zhou_wei), f"/cockpit/late/?{query}")


def test_chen_jing_sees_her_own_community(town, desk_of):
    here, there = town.report(), town.report(lat=35.225)
    body = text(desk_of(town.chen_jing), "/cockpit/late/")
    assert here.case_number in body
    assert there.case_number not in body


def test_chen_jing_is_offered_no_supervision(town, desk_of):
    town.report()
    assert "/supervise/" not in text(desk_of(town.chen_jing), "/cockpit/late/")


def test_matters_about_staff_are_nowhere_here(town, desk_of):
    case = town.handling()
    Case.objects.filter(pk=case.pk).update(confidential=True)
    for who in (town.zhou_wei, town.sun_li):
        browser = desk_of(who)
        for address in (HOME, "/cockpit/late/", "/cockpit/watched/"):
            assert case.number not in text(browser, address)
        assert browser.get("/cockpit/late.json").json()["features"] == []


def test_what_is_supervised_has_its_list(town, desk_of):
    case = town.handling()
    cases.perform(case.pk, "supervise", by=town.zhou_wei, at=MORNING, reason="群众反映强烈")
    town.report("别的")
    body = text(desk_of(town.zhou_wei), "/cockpit/watched/")
    assert case.number in body
    assert "别的" not in body


def test_the_map_names_the_open_cases_of_each_grid(town, desk_of):
    town.report()
    found = desk_of(town.zhou_wei).get("/cockpit/grids.json").json()["features"]
    shown = {f["properties"]["name"]: f["properties"]["weight"] for f in found}
    assert shown == {"中山-01 · 1": 1, "中山-02": 0, "张楼-01": 0}
    assert [f["properties"]["tag"] for f in found].count("1") == 1


def test_the_charts_share_one_scale_and_have_a_table(town, desk_of):
    town.closed()
    town.report()
    answer = desk_of(town.zhou_wei).get(HOME)
    charts = {chart.key: chart.bars[-1] for chart in answer.context["charts"]}
    assert charts["reported"].height == 2 * charts["closed"].height
    body = answer.content.decode()
    assert body.count("<svg viewBox") >= 3
    assert " style=" not in body
    assert 'scope="row"' in body


def test_the_overview_costs_the_same_however_many_cases(town, desk_of):
    browser = desk_of(town.zhou_wei)
    town.handling()
    text(browser, HOME)
    one = statements(browser, HOME)
    for _number in range(4):
        town.handling()
    assert statements(browser, HOME) <= one <= 26


def test_the_list_costs_the_same_however_many_cases(town, desk_of):
    browser = desk_of(town.zhou_wei)
    town.handling()
    text(browser, "/cockpit/late/")
    one = statements(browser, "/cockpit/late/")
    for _number in range(4):
        town.handling()
    assert statements(browser, "/cockpit/late/") <= one <= 18


@pytest.mark.parametrize("name", ["zhang_min", "li_na"])
def test_who_has_no_figures_is_not_let_in(town, desk_of, name):
    browser = desk_of(getattr(town, name))
    for address in (HOME, "/cockpit/late/", "/cockpit/figures/", "/cockpit/grids.json"):
        assert browser.get(address).status_code == 403


def test_an_empty_town_says_so(town, desk_of):
    assert "没有超时的案卷" in text(desk_of(town.zhou_wei), HOME)
