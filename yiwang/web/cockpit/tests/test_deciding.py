from datetime import timedelta

import pytest

from tests.town.small import MORNING
from yiwang.kernel.cases import actions as cases
from yiwang.kernel.cases.models import Case, Request
from yiwang.kernel.cases.rules.stages import Stage
from yiwang.web.cockpit.tests.conftest import EVENING, FRAGMENT, text


@pytest.fixture
def asked(town):
    """A case in Li Na's hands for which she asked for an extension."""
    case = town.handling()
    cases.perform(case.pk, "ask_extension", by=town.li_na, at=MORNING, reason="缺配件")
    return Case.objects.get(pk=case.pk)


def decided(browser, case, move, *, headers=None, **typed):
    typed.setdefault("version", case.version)
    return browser.post(f"/cockpit/cases/{case.pk}/{move}/", typed, headers=headers or {})


def test_zhou_wei_supervises_in_place_with_a_reason(town, desk_of):
    case = town.handling()
    answer = decided(desk_of(town.zhou_wei), case, "supervise", reason="拖了很久", headers=FRAGMENT)
    assert answer.status_code == 200
    assert "督办，已办" in answer.content.decode()
    assert "<html" not in answer.content.decode()
    case.refresh_from_db()
    assert case.supervised_at == EVENING


def test_without_script_he_comes_back_to_the_list(town, desk_of):
    case = town.handling()
    answer = decided(
        desk_of(town.zhou_wei), case, "supervise", reason="拖了很久", back="/cockpit/late/?after=x"
    )
    assert answer.url == "/cockpit/late/?after=x"


@pytest.mark.parametrize("back", ["https://example.org/", "//example.org/cockpit/", ""])
def test_nobody_is_sent_elsewhere(town, desk_of, back):
    case = town.handling()
    answer = decided(desk_of(town.zhou_wei), case, "supervise", reason="拖了很久", back=back)
    assert answer.url == "/cockpit/"


def test_a_reason_is_asked_for_where_it_is_missing(town, desk_of):
    case = town.handling()
    answer = decided(desk_of(town.zhou_wei), case, "supervise", headers=FRAGMENT)
    assert answer.status_code == 422
    assert "请写明理由" in answer.content.decode()
    case.refresh_from_db()
    assert case.supervised_at is None


def test_a_stale_decision_keeps_what_was_typed(town, desk_of):
    case = town.handling()
    old = case.version
    cases.perform(case.pk, "report_back", by=town.li_na, at=MORNING, note="换好了")
    answer = decided(desk_of(town.zhou_wei), case, "supervise", version=old, reason="拖了很久")
    assert answer.status_code == 409
    body = answer.content.decode()
    assert "拖了很久" in body
    case.refresh_from_db()
    assert f'name="version" value="{case.version}"' in body
    assert case.supervised_at is None


def test_pressing_twice_supervises_once(town, desk_of):
    case = town.handling()
    browser = desk_of(town.zhou_wei)
    decided(browser, case, "supervise", reason="拖了很久")
    again = decided(browser, case, "supervise", reason="拖了很久")
    assert again.status_code == 409


@pytest.mark.parametrize("name", ["chen_jing", "wang_fang", "li_na", "zhang_min", "sun_li"])
def test_nobody_but_a_leader_decides(town, desk_of, asked, name):
    browser = desk_of(getattr(town, name))
    assert decided(browser, asked, "supervise", reason="x").status_code == 403
    assert decided(browser, asked, "approve_extension").status_code == 403


def test_a_request_waits_on_the_overview_with_its_reason(town, desk_of, asked):
    body = text(desk_of(town.zhou_wei), "/cockpit/")
    assert "缺配件" in body
    assert f"/cockpit/cases/{asked.pk}/approve_extension/" in body
    assert f"/cockpit/cases/{asked.pk}/reject_extension/" in body


def test_zhou_wei_grants_an_extension_in_place(town, desk_of, asked):
    before = asked.clock_due_at
    answer = decided(desk_of(town.zhou_wei), asked, "approve_extension", headers=FRAGMENT)
    assert "已同意" in answer.content.decode()
    asked.refresh_from_db()
    assert asked.extension_count == 1
    assert asked.clock_due_at > before


def test_a_no_needs_a_reason(town, desk_of, asked):
    browser = desk_of(town.zhou_wei)
    assert decided(browser, asked, "reject_extension").status_code == 422
    assert Request.objects.get().state == "asked"
    decided(browser, asked, "reject_extension", reason="配件昨天已到")
    assert Request.objects.get().state == "rejected"


def test_a_suspension_is_granted_until_the_day_asked_for(town, desk_of):
    case = town.handling()
    until = (EVENING + timedelta(days=20)).date()
    cases.perform(
        case.pk, "ask_suspension", by=town.li_na, at=MORNING, reason="等汛期过", until=until
    )
    case.refresh_from_db()
    decided(desk_of(town.zhou_wei), case, "approve_suspension")
    case.refresh_from_db()
    assert (case.stage, case.suspended_until) == (Stage.SUSPENDED, until)


def test_a_request_decided_meanwhile_is_shown_as_it_is(town, desk_of, asked):
    cases.perform(asked.pk, "approve_extension", by=town.zhou_wei, at=MORNING)
    answer = decided(desk_of(town.zhou_wei), asked, "reject_extension", reason="不行")
    assert answer.status_code == 409
    assert "已同意" in answer.content.decode()


def test_a_matter_about_staff_cannot_be_touched_from_here(town, desk_of):
    case = town.handling()
    Case.objects.filter(pk=case.pk).update(confidential=True)
    answer = decided(desk_of(town.zhou_wei), case, "supervise", reason="x")
    assert answer.status_code == 404


def test_no_other_move_is_made_through_this_door(town, desk_of):
    case = town.handling()
    assert decided(desk_of(town.zhou_wei), case, "void", reason="x").status_code == 404
    assert decided(desk_of(town.zhou_wei), case, "escalate", reason="x").status_code == 404


def test_a_form_without_its_state_is_refused_with_a_sentence(town, desk_of):
    case = town.handling()
    answer = decided(desk_of(town.zhou_wei), case, "supervise", version="", reason="x")
    assert answer.status_code == 422
