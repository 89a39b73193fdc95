from datetime import timedelta

from tests.database import ROOT
from tests.town.small import MORNING
from yiwang.kernel.cases import actions as cases
from yiwang.kernel.cases.models import Case
from yiwang.kernel.cases.rules.stages import Channel
from yiwang.web.field.tests.conftest import statements

AFTER = MORNING + timedelta(hours=3)


def test_zhang_min_begins_her_day_in_her_grid(town, phone_of):
    assert phone_of(town.zhang_min).get("/").url == "/field/"


def test_she_sees_her_grid_and_who_else_serves_it(town, phone_of):
    body = phone_of(town.zhang_min).get("/field/").content.decode()
    assert "中山-01" in body
    assert "刘洋" in body
    assert "陈静" in body
    assert "郑凯" not in body


def test_her_counts_are_those_of_her_grid(town, phone_of, clock):
    town.report()
    town.reported_back()
    town.report(lon=115.475)
    clock(MORNING + timedelta(days=1))
    mine = phone_of(town.zhang_min).get("/field/").context["grounds"][0]
    assert (mine.open, mine.late, mine.to_check) == (2, 2, 1)


def test_the_map_shows_her_grid_among_those_of_her_community(town, phone_of):
    found = phone_of(town.zhang_min).get("/field/land.json").json()["features"]
    shown = {f["properties"]["name"]: f["properties"]["highlight"] for f in found}
    assert shown == {"中山-01": True, "中山-02": False}


def test_the_points_are_open_matters_of_her_grid(town, phone_of):
    here = town.report()
    town.report(lat=35.225)
    found = phone_of(town.zhang_min).get("/field/matters.json").json()["features"]
    assert [f["properties"]["id"] for f in found] == [here.case_id]


def test_every_state_of_a_point_has_a_shape_that_the_map_draws(town, phone_of, clock):
    """A point in a state without a shape is not drawn at all, and nobody notices."""
    town.report()
    town.handling()
    held = town.handling()
    until = (MORNING + timedelta(days=30)).date()
    asked = cases.perform(
        held.pk, "ask_suspension", by=town.li_na, at=MORNING + timedelta(minutes=40), reason="待物料",
        until=until,
    )  # fmt: skip
    cases.perform(
        asked.pk, "approve_suspension", by=town.zhou_wei, at=MORNING + timedelta(minutes=50)
    )
    clock(MORNING + timedelta(minutes=50))
    found = phone_of(town.zhang_min).get("/field/matters.json").json()["features"]
    sent = {feature["properties"]["state"] for feature in found}
    assert sent == {"new", "open", "paused"}
    drawn = (ROOT / "browser/map/ink.ts").read_text("utf-8")
    states = drawn.partition("STATES = [")[2].partition("]")[0]
    assert all(f'"{state}"' in states for state in (*sent, "late"))


def test_what_has_no_point_is_said_to_be_missing_on_the_map(town, phone_of):
    phone = phone_of(town.zhang_min)
    town.report()
    assert "不在地图上" not in phone.get("/field/").content.decode()
    town.report(lon=None, lat=None, chosen_area_id=town.grid("中山-01").pk)
    assert "其中 1 件没有标出位置" in phone.get("/field/").content.decode()


def test_no_page_of_the_door_speaks_of_where_a_colleague_is(town, phone_of):
    body = phone_of(town.zhang_min).get("/field/").content.decode()
    assert "data-point" not in body


def test_home_costs_the_same_however_many_cases(town, phone_of):
    phone = phone_of(town.zhang_min)
    phone.get("/field/")
    one = statements(phone, "/field/")
    for _number in range(5):
        town.report()
    assert statements(phone, "/field/") <= one <= 18


def test_she_sees_what_she_reported_and_how_it_ended(town, phone_of, clock):
    receipt = town.report("路灯不亮", by=town.zhang_min, channel=Channel.GRID_WORKER)
    town.report("别人报的")
    case = Case.objects.get(pk=receipt.case_id)
    cases.perform(case.pk, "refuse", by=town.wang_fang, at=AFTER, reason="昨天已修好")
    body = phone_of(town.zhang_min).get("/field/mine/").content.decode()
    assert "路灯不亮" in body
    assert "不予受理" in body
    assert "昨天已修好" in body
    assert "别人报的" not in body


def test_what_she_said_about_staff_says_only_that_it_was_passed_on(town, phone_of):
    receipt = town.report("收钱", by=town.zhang_min, channel=Channel.GRID_WORKER)
    Case.objects.filter(pk=receipt.case_id).update(confidential=True, result="谈话")
    body = phone_of(town.zhang_min).get("/field/mine/").content.decode()
    assert "已转专人办理" in body
    assert "谈话" not in body


def test_a_report_from_beyond_her_grid_has_no_link(town, phone_of):
    receipt = town.report(by=town.zhang_min, lat=35.225, channel=Channel.GRID_WORKER)
    body = phone_of(town.zhang_min).get("/field/mine/").content.decode()
    assert f"/cases/{receipt.case_number}/" not in body
    assert receipt.case_number in body


def test_my_reports_cost_the_same_for_one_and_for_many(town, phone_of):
    phone = phone_of(town.zhang_min)
    town.report(by=town.zhang_min)
    phone.get("/field/mine/")
    one = statements(phone, "/field/mine/")
    for _number in range(4):
        town.report(by=town.zhang_min)
    assert statements(phone, "/field/mine/") <= one <= 17


def test_every_page_speaks_english(town, phone_of):
    town.reported_back()
    phone = phone_of(town.chen_jing)
    phone.cookies["django_language"] = "en"
    for address, said in (
        ("/field/", "My grid"),
        ("/field/report/", "Report a matter"),
        ("/field/solve/", "Solved on the spot"),
        ("/field/checks/", "For me to check"),
        ("/field/mine/", "My reports"),
    ):
        assert said in phone.get(address).content.decode(), address
