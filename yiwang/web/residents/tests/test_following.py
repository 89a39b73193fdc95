"""Following, rating, asking, with nothing but the code."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from tests.town.small import MORNING, Town
from yiwang.kernel.cases import actions as cases
from yiwang.kernel.cases.models import Case, CasePhoto, Report
from yiwang.kernel.foundation import files
from yiwang.kernel.foundation.actors import RESIDENT
from yiwang.web.residents.tests.conftest import picture, settle


def code_of(case: Case) -> str:
    return Report.objects.filter(case=case)[0].follow_code


def seen(phone: Client, case: Case) -> str:
    return phone.get(f"/f/{code_of(case)}").content.decode()


def test_the_five_steps_are_told_in_words(phone: Client, town: Town) -> None:
    page = seen(phone, town.handling())
    for step in ("已收到", "已受理", "办理中", "核查中", "已办结"):
        assert step in page
    assert 'aria-current="step"' in page
    assert "市政服务中心" in page


def test_no_personal_data_is_echoed(phone: Client, town: Town) -> None:
    receipt = town.report(
        "我家在 3 号楼 502，门口井盖坏了", name="张桂兰", phone="13812345678", address="3 号楼 502"
    )
    page = seen(phone, town.case(receipt))
    for secret in ("张桂兰", "13812345678", "138", "502", "井盖坏了"):
        assert secret not in page


@pytest.mark.parametrize("typed", ["{code}", "{lower}", "{dashed}", " {dashed} "])
def test_a_code_may_be_typed_as_people_type(phone: Client, town: Town, typed: str) -> None:
    code = code_of(town.accepted())
    text = typed.format(code=code, lower=code.lower(), dashed=f"{code[:4]}-{code[4:8]}-{code[8:]}")
    assert phone.post("/f", {"code": text})["Location"] == f"/f/{code}"


@pytest.mark.parametrize("typed", ["", "123", "\x00", "𠮷" * 13, "0" * 13, "x" * 5000])
def test_a_wrong_code_is_said_kindly(phone: Client, typed: str) -> None:
    answer = phone.post("/f", {"code": typed})
    assert answer.status_code == 404
    assert "查询码" in answer.content.decode()


def test_zhang_guilan_rates_what_was_done(phone: Client, town: Town) -> None:
    case = town.closed()
    answer = phone.post(f"/f/{code_of(case)}/rate", {"rating": "very_satisfied"})
    assert answer.status_code == 302
    assert Report.objects.get(case=case).rating == "very_satisfied"
    assert "非常满意。谢谢您" in seen(phone, case)


def test_not_solved_needs_a_reason_and_reopens_once(phone: Client, town: Town) -> None:
    case = town.closed()
    address = f"/f/{code_of(case)}/rate"
    without = phone.post(address, {"rating": "dissatisfied"})
    assert without.status_code == 422
    assert "请说明哪里不满意" in without.content.decode()
    assert phone.post(address, {"rating": "dissatisfied", "reason": "还是松的"}).status_code == 302
    case.refresh_from_db()
    assert (case.stage, case.reopen_count) == ("accepted", 1)
    assert "重新办理" in seen(phone, case)


def test_rating_twice_is_told_and_changes_nothing(phone: Client, town: Town) -> None:
    case = town.closed()
    address = f"/f/{code_of(case)}/rate"
    phone.post(address, {"rating": "satisfied"})
    again = phone.post(address, {"rating": "dissatisfied", "reason": "想改"})
    assert again.status_code == 409
    assert "已经评价过" in again.content.decode()


def test_a_question_reaches_the_desk(phone: Client, town: Town) -> None:
    from yiwang.kernel.foundation.audit import timeline

    case = town.handling()
    answer = phone.post(f"/f/{code_of(case)}/ask", {"question": "什么时候来修？"})
    assert answer.status_code == 302
    last = timeline("case", case.pk)[-1]
    assert (last.verb, last.texts) == ("question_asked", {"question": "什么时候来修？"})
    assert "什么时候来修" not in seen(phone, case)


def test_an_empty_question_is_said_beside_its_box(phone: Client, town: Town) -> None:
    answer = phone.post(f"/f/{code_of(town.handling())}/ask", {"question": "  "})
    assert answer.status_code == 422
    assert "请写下您要问或要补充的话" in answer.content.decode()


def test_the_eleventh_question_is_for_the_telephone(
    phone: Client, town: Town, settings: Any
) -> None:
    settings.YIWANG_INTAKE_PER_MINUTE = 0
    address = f"/f/{code_of(town.handling())}/ask"
    asked = [phone.post(address, {"question": f"第{n}问"}).status_code for n in range(11)]
    assert asked == [302] * 10 + [409]


def waiting_for_the_resident(town: Town) -> Case:
    case = town.reported_back()
    Case.objects.filter(pk=case.pk).update(verify_by="resident")
    return case


def test_where_the_resident_verifies_yes_closes(phone: Client, town: Town) -> None:
    case = waiting_for_the_resident(town)
    assert "真的解决了吗" in seen(phone, case)
    phone.post(f"/f/{code_of(case)}/solved", {"solved": "yes"})
    case.refresh_from_db()
    assert case.stage == "closed"


def test_where_the_resident_verifies_no_sends_it_back(phone: Client, town: Town) -> None:
    case = waiting_for_the_resident(town)
    address = f"/f/{code_of(case)}/solved"
    assert phone.post(address, {"solved": "no"}).status_code == 422
    assert phone.post(address, {"solved": "no", "reason": "没有换"}).status_code == 302
    case.refresh_from_db()
    assert (case.stage, case.rework_count) == ("handling", 1)


def test_the_answer_is_shown(phone: Client, town: Town) -> None:
    case = town.closed()
    report = Report.objects.get(case=case)
    cases.answer(report.pk, "井盖已经换新", by=town.wang_fang, at=MORNING + timedelta(hours=3))
    assert "井盖已经换新" in seen(phone, case)


def test_a_refused_matter_says_so_with_the_reason(phone: Client, town: Town) -> None:
    receipt = town.report()
    cases.perform(receipt.case_id, "refuse", by=town.wang_fang, at=MORNING, reason="不归街道管")
    page = seen(phone, town.case(receipt))
    assert "没有受理" in page
    assert "不归街道管" in page


def with_photo(town: Town) -> CasePhoto:
    kept = files.store_photo(picture(), by=RESIDENT, at=MORNING)
    return CasePhoto.objects.get(case=town.report(photo_ids=(kept.pk,)).case_id)


def test_a_photo_is_private_until_a_person_publishes_it(phone: Client, town: Town) -> None:
    photo = with_photo(town)
    address = f"/photos/{photo.pk}"
    assert phone.get(address).status_code == 404
    assert address not in seen(phone, photo.case)
    cases.publish_photo(photo.pk, by=town.wang_fang, at=MORNING)
    assert phone.get(address)["Content-Type"] == "image/jpeg"
    assert phone.get(f"{address}/thumb").status_code == 200
    assert address in seen(phone, photo.case)
    cases.publish_photo(photo.pk, by=town.wang_fang, at=MORNING, publish=False)
    assert phone.get(address).status_code == 404


def test_the_land_is_sent_once_and_then_only_asked_for(phone: Client) -> None:
    first = phone.get("/town/land.json")
    names = {feature["properties"]["name"] for feature in first.json()["features"]}
    assert names == {"中山", "张楼", "中山-01", "中山-02", "张楼-01"}
    again = phone.get("/town/land.json", headers={"if-none-match": first["ETag"]})
    assert again.status_code == 304


def test_following_costs_few_statements(
    phone: Client, town: Town, django_assert_max_num_queries: Any
) -> None:
    code = code_of(town.handling())
    settle(phone)
    with django_assert_max_num_queries(3):
        phone.get(f"/f/{code}")


def test_pages_with_a_code_are_kept_by_nobody(phone: Client, town: Town) -> None:
    answer = phone.get(f"/f/{code_of(town.accepted())}")
    assert answer["Cache-Control"] == "private, no-store"
    assert answer["X-Robots-Tag"] == "noindex"


def test_staff_who_know_the_code_do_not_rate_by_it(phone: Client, town: Town) -> None:
    """陈静 reads the code on the case page; the four faces are for the person who reported."""
    code = code_of(town.closed())
    phone.force_login(town.chen_jing)
    refused = phone.post(f"/f/{code}/rate", {"rating": "very_satisfied"})
    assert refused.status_code == 403
    assert not Report.objects.exclude(rating="").exists()
