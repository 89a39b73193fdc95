from datetime import timedelta

import pytest

from tests.town.small import MORNING
from yiwang.kernel.cases import actions as cases
from yiwang.kernel.cases.models import Case, CasePhoto
from yiwang.kernel.cases.rules.stages import Stage
from yiwang.web.field.tests.conftest import photo, statements

LIST = "/field/checks/"


@pytest.fixture
def on_spot(town):
    """A case that Zhang Min settled on the spot in 中山-01."""
    receipt = town.report()
    cases.perform(receipt.case_id, "solve_on_spot", by=town.zhang_min, at=MORNING, note="扶正了")
    return town.case(receipt)


def judged(phone, case, move, **typed):
    return phone.post(f"{LIST}{case.pk}/{move}/", {"version": case.version, **typed})


def test_zhang_min_does_not_find_her_own_work_among_what_she_checks(town, phone_of, on_spot):
    assert on_spot.number not in phone_of(town.zhang_min).get(LIST).content.decode()
    assert f"{LIST}{on_spot.number}/" in phone_of(town.liu_yang).get(LIST).content.decode()


def test_liu_yang_passes_it_with_a_photo_and_it_is_closed(town, phone_of, on_spot):
    answer = judged(phone_of(town.liu_yang), on_spot, "pass_check", check_files=photo())
    assert answer.url == LIST
    on_spot.refresh_from_db()
    assert on_spot.stage == Stage.CLOSED
    assert CasePhoto.objects.get(purpose="check").added_by == town.liu_yang


def test_zhang_min_cannot_pass_what_she_settled(town, phone_of, on_spot):
    answer = judged(phone_of(town.zhang_min), on_spot, "pass_check")
    assert answer.status_code == 403
    assert "须由他人核查" in answer.content.decode()
    on_spot.refresh_from_db()
    assert on_spot.stage == Stage.REPORTED_BACK


def test_a_failed_check_needs_a_reason_and_keeps_the_photo(town, phone_of):
    case = town.reported_back()
    answer = judged(phone_of(town.zhang_min), case, "fail_check", check_files=photo())
    assert answer.status_code == 422
    body = answer.content.decode()
    assert "请写明理由" in body
    assert 'name="check" value="' in body
    case.refresh_from_db()
    assert case.stage == Stage.REPORTED_BACK


def test_a_failed_check_sends_the_work_back(town, phone_of):
    case = town.reported_back()
    judged(phone_of(town.zhang_min), case, "fail_check", reason="井盖还是松的")
    case.refresh_from_db()
    assert (case.stage, case.rework_count) == (Stage.HANDLING, 1)


def test_zheng_kai_of_another_grid_finds_nothing(town, phone_of, on_spot):
    phone = phone_of(town.zheng_kai)
    assert on_spot.number not in phone.get(LIST).content.decode()
    assert phone.get(f"{LIST}{on_spot.number}/").status_code == 404
    assert judged(phone, on_spot, "pass_check").status_code == 404


def test_who_comes_second_is_told_what_it_is_now(town, phone_of, on_spot):
    cases.perform(on_spot.pk, "pass_check", by=town.chen_jing, at=MORNING)
    answer = judged(phone_of(town.liu_yang), on_spot, "fail_check", reason="没办好")
    assert answer.status_code == 409
    assert "不等您核查" in answer.content.decode()


def test_no_other_move_is_made_through_this_door(town, phone_of):
    case = town.reported_back()
    assert judged(phone_of(town.chen_jing), case, "escalate", reason="x").status_code == 404


def test_the_page_shows_the_work_and_not_the_name_of_who_did_it(town, phone_of, on_spot):
    body = phone_of(town.liu_yang).get(f"{LIST}{on_spot.number}/").content.decode()
    assert "扶正了" in body
    assert "张敏" not in body


def test_the_list_costs_the_same_for_one_case_and_for_many(town, phone_of):
    phone = phone_of(town.chen_jing)
    town.reported_back()
    phone.get(LIST)
    one = statements(phone, LIST)
    for _number in range(4):
        town.reported_back()
    assert statements(phone, LIST) <= one <= 18


def test_the_list_goes_on_where_it_ended(town, phone_of, monkeypatch):
    monkeypatch.setattr("yiwang.web.field.pages.checks.CARDS", 2)
    numbers = [town.reported_back(at=MORNING + timedelta(seconds=n)).number for n in range(3)]
    phone = phone_of(town.chen_jing)
    first = phone.get(LIST)
    assert numbers[2] not in first.content.decode()
    rest = phone.get(f"{LIST}?after={first.context['page'].next}")
    assert numbers[2] in rest.content.decode()
    assert numbers[0] not in rest.content.decode()


def test_a_matter_about_staff_is_not_among_what_is_checked(town, phone_of):
    case = town.reported_back()
    Case.objects.filter(pk=case.pk).update(confidential=True)
    assert case.number not in phone_of(town.chen_jing).get(LIST).content.decode()
