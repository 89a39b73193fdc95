"""Units, accounts and postings."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.town.small import MORNING, Town
from yiwang.kernel.accounts.models import User
from yiwang.kernel.cases import actions as cases
from yiwang.kernel.organisation.models import Posting, Unit
from yiwang.web.office.tests.conftest import filled, filled_form

TODAY = MORNING.date().isoformat()


def posting_of(person: User) -> Posting:
    return Posting.objects.get(user=person)


def test_wu_gang_sets_up_a_unit_once(town: Town, wu_gang):
    sent = {
        "name": "供水服务站", "code": "water", "kind": "department", "level": "subdistrict",
        "division": town.grid("南城街道").pk, "phone": "0530-0000000",
    }  # fmt: skip
    assert wu_gang.post("/office/units/new/", sent).status_code == 302
    twice = wu_gang.post("/office/units/new/", sent)
    assert twice.status_code == 409
    assert "单位代码 water 已被使用" in str(twice.context["form"].errors["code"])
    assert Unit.objects.filter(code="water").count() == 1


def test_a_unit_is_not_its_own_ancestor(town: Town, wu_gang):
    unit = town.unit("市政服务中心")
    address = f"/office/units/{unit.pk}/"
    below = town.unit("综合执法队")
    Unit.objects.filter(pk=below.pk).update(parent=unit)
    answer = wu_gang.post(address, filled(wu_gang.get(address)) | {"parent": below.pk})
    assert answer.status_code == 422
    assert answer.context["form"].errors["parent"]


def test_two_tabs_change_one_unit_and_the_second_is_told(town: Town, wu_gang):
    unit = town.unit("市政服务中心")
    address = f"/office/units/{unit.pk}/"
    old = filled(wu_gang.get(address))
    assert wu_gang.post(address, old | {"phone": "111"}).status_code == 302
    answer = wu_gang.post(address, old | {"phone": "222"})
    assert answer.status_code == 409
    assert "现在是：111" in answer.content.decode()
    unit.refresh_from_db()
    assert unit.phone == "111"


def test_a_post_is_named_once(town: Town, wu_gang):
    unit = town.unit("市政服务中心")
    for _tap in range(2):
        wu_gang.post(f"/office/units/{unit.pk}/posts/", {"title": "维修班长"})
    assert unit.posts.count() == 1


def test_the_first_password_is_shown_once_and_opens_the_door(town: Town, wu_gang, client):
    page = wu_gang.get("/office/people/new/")
    sent = filled(page) | {"username": "Ma.Li", "display_name": "马丽"}
    for _tap in range(2):  # a double tap shows the same page again
        answer = wu_gang.post("/office/people/new/", sent)
        assert answer.status_code == 200
        assert sent["password"] in answer.content.decode()
        assert answer["Cache-Control"] == "no-store"
    ma_li = User.objects.get(username="ma.li")
    client.post("/sign-in", {"username": "ma.li", "password": sent["password"]})
    assert client.get("/me/")["Location"] == "/me/password"  # an own one comes first
    assert sent["password"] not in wu_gang.get(f"/office/people/{ma_li.pk}/").content.decode()


def test_a_user_name_that_is_taken_keeps_what_was_typed(town: Town, wu_gang):
    sent = filled(wu_gang.get("/office/people/new/"))
    sent |= {"username": "li.na", "display_name": "李楠"}
    answer = wu_gang.post("/office/people/new/", sent)
    assert answer.status_code == 409
    assert "用户名 li.na 已被使用" in str(answer.context["form"].errors["username"])
    assert "李楠" in answer.content.decode()


def test_a_weak_password_is_refused(town: Town, wu_gang):
    answer = wu_gang.post(f"/office/people/{town.li_na.pk}/password/", {"password": "12345678"})
    assert answer.status_code == 422
    assert answer.context["form"].errors["password"]


def test_a_closed_account_is_out_and_comes_back(town: Town, wu_gang, as_):
    browser = as_(town.li_na)
    assert browser.get("/unit/").status_code == 200
    wu_gang.post(f"/office/people/{town.li_na.pk}/account/", {"active": "no"})
    assert browser.get("/unit/").status_code == 302
    wu_gang.post(f"/office/people/{town.li_na.pk}/account/", {"active": "yes"})
    assert as_(User.objects.get(pk=town.li_na.pk)).get("/unit/").status_code == 200


def test_wu_gang_cannot_close_the_last_door_from_within(town: Town, wu_gang):
    answer = wu_gang.post(f"/office/people/{town.wu_gang.pk}/account/", {"active": "no"})
    assert answer.status_code == 403


def test_people_are_found_by_name_unit_and_state(town: Town, wu_gang):
    def names(query: str) -> set[str]:
        page = wu_gang.get(f"/office/people/?{query}").context["page"]
        return {person.display_name for person in page.rows}

    assert names("q=李") == {"李娜"}
    assert names("q=LI.NA") == {"李娜"}
    assert names(f"unit={town.unit('市政服务中心').pk}") == {"李娜", "钱军"}
    User.objects.create(username="no.post", display_name="何闲")
    assert names("state=idle") == {"何闲"}
    assert names("q=nobody") == set()


@pytest.mark.parametrize("address", ["/office/people/", "/office/board/", "/office/units/"])
def test_a_list_asks_the_same_however_many_there_are(town: Town, wu_gang, address):
    wu_gang.get(address)
    with CaptureQueriesContext(connection) as few:
        wu_gang.get(address)
    for number in range(12):
        person = User.objects.create(username=f"more.{number}", display_name=f"新人{number}")
        Posting.objects.create(
            user=person, unit=town.unit("中山社区居委会"), role="grid_worker",
            area=town.grid("中山-02"), duty="part_time", starts_on="2026-01-01",
        )  # fmt: skip
    with CaptureQueriesContext(connection) as many:
        wu_gang.get(address)
    assert len(many) == len(few)


def appointment(town: Town, **more: object) -> dict[str, object]:
    return {
        "unit": town.unit("中山社区居委会").pk, "role": "grid_worker", "area": town.grid("中山-02").pk,
        "duty": "grid_head", "post": "", "starts_on": TODAY, "ends_on": "", **more,
    }  # fmt: skip


def test_liu_yang_becomes_head_of_a_second_grid(town: Town, wu_gang):
    address = f"/office/people/{town.liu_yang.pk}/appoint/"
    assert wu_gang.post(address, appointment(town)).status_code == 302
    twice = wu_gang.post(address, appointment(town))
    assert twice.status_code == 409
    assert "此时已有同样的任职" in twice.content.decode()
    assert Posting.objects.filter(user=town.liu_yang, duty="grid_head").count() == 1


def test_a_grid_worker_is_not_posted_to_a_street(town: Town, wu_gang):
    sent = appointment(town, area=town.grid("南城街道").pk)
    answer = wu_gang.post(f"/office/people/{town.liu_yang.pk}/appoint/", sent)
    assert answer.status_code == 422
    assert "网格员须任职到网格" in str(answer.context["form"].errors["area"])


def move(browser, posting: Posting, do: str, **more: str):
    address = f"/office/postings/{posting.pk}/"
    page = browser.get(address)
    sent = {"do": do, "seen": page.context["seen"], **filled_form(page.context["forms"][do])}
    return browser.post(address, sent | more), sent | more


def test_li_na_s_open_work_goes_to_qian_jun(town: Town, wu_gang):
    case = town.dispatched()
    cases.perform(case.pk, "sign", by=town.li_na, at=MORNING)
    leaving = posting_of(town.li_na)
    Posting.objects.filter(user=town.qian_jun).delete()
    answer, sent = move(wu_gang, leaving, "reassign", to="qian.jun 钱军")
    assert answer.status_code == 302
    said = wu_gang.get(answer["Location"]).content.decode()
    assert "钱军 已接任，1 件在办任务一并移交" in said
    assert case.tasks.get().handler == town.qian_jun
    twice = wu_gang.post(f"/office/postings/{leaving.pk}/", sent)
    assert twice.status_code == 302
    assert Posting.objects.filter(user=town.qian_jun).count() == 1


def test_nobody_by_that_name_takes_over(town: Town, wu_gang):
    answer, _sent = move(wu_gang, posting_of(town.li_na), "reassign", to="无此人")
    assert answer.status_code == 422
    assert "没有这个人：无此人" in str(answer.context["forms"]["reassign"].errors["to"])


def test_liu_yang_stands_in_for_zhang_min_for_a_week(town: Town, wu_gang):
    until = (MORNING.date() + timedelta(days=7)).isoformat()
    answer, _sent = move(
        wu_gang, posting_of(town.zhang_min), "stand_in", deputy="liu.yang", ends_on=until
    )
    assert answer.status_code == 302
    standing = Posting.objects.get(stands_in_for__user=town.zhang_min)
    assert (standing.user, standing.ends_on) == (town.liu_yang, date.fromisoformat(until))


def test_a_posting_ends_and_a_stale_tab_is_told(town: Town, wu_gang):
    posting = posting_of(town.qian_jun)
    answer, sent = move(wu_gang, posting, "end")
    assert answer.status_code == 302
    assert wu_gang.post(f"/office/postings/{posting.pk}/", sent).status_code == 302  # a double tap
    later = sent | {"on": "2026-12-31"}
    assert wu_gang.post(f"/office/postings/{posting.pk}/", later).status_code == 409


def test_the_board_shows_gaps_in_red(town: Town, wu_gang):
    page = wu_gang.get("/office/board/?gaps=1")
    text = page.content.decode()
    assert page.context["gaps"] == 3
    assert "office-gap-cell" in text
    assert "张敏" in text
    Posting.objects.filter(user=town.zhang_min).update(duty="grid_head")
    Posting.objects.filter(user=town.liu_yang).update(duty="full_time")
    assert wu_gang.get("/office/board/").context["gaps"] == 2
