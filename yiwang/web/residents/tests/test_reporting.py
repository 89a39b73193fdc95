"""Reporting from a phone, with and without script."""

import re
import uuid
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from tests.town.small import MORNING, Town
from yiwang.kernel.cases import actions as cases
from yiwang.kernel.cases.models import Case, CasePhoto, Report, Reporter
from yiwang.kernel.foundation.actors import SYSTEM
from yiwang.kernel.foundation.files.models import StoredFile
from yiwang.kernel.foundation.viewer import speaking_as
from yiwang.web.residents.tests.conftest import picture, settle, typed


def send(phone: Client, /, **more: Any) -> Any:
    return phone.post("/report", typed(**more))


def test_zhang_guilan_reports_a_manhole_cover_in_one_page(phone: Client, town: Town) -> None:
    answer = send(phone, category=town.category("污水井盖"), name="张桂兰", phone="138 1234 5678")
    assert answer.status_code == 302
    assert re.fullmatch(r"/f/[0-9A-Z]{13}/sent", answer["Location"])
    report = Report.objects.get()
    assert (report.channel, report.text) == ("web", "路口的井盖坏了")
    assert report.case.area.name == "中山-01"
    with speaking_as(SYSTEM):
        assert Reporter.objects.get().name == "张桂兰"


def test_words_alone_are_enough(phone: Client) -> None:
    assert send(phone, lon="", lat="").status_code == 302
    assert Case.objects.get().trust == "no_point"


def test_the_sent_page_says_the_code_what_comes_next_and_by_when(phone: Client) -> None:
    page = phone.get(send(phone)["Location"]).content.decode()
    code = Report.objects.get().follow_code
    assert f"{code[:4]}-{code[4:8]}-{code[8:]}" in page
    assert "前看您反映的事，决定由谁来办" in page
    assert "前答复您" in page


def test_without_words_the_page_says_so_and_keeps_the_rest(phone: Client) -> None:
    answer = send(phone, text="", address="中山小区 3 号楼", name="张桂兰")
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "请用几个字说明是什么事" in page
    assert "中山小区 3 号楼" in page
    assert "张桂兰" in page
    assert not Report.objects.exists()


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"phone": "不想说"}, "电话号码只能是数字"),
        ({"lon": "NaN"}, "位置坐标不正确"),
        ({"lon": "999"}, "位置坐标不正确"),
        ({"lat": ""}, "位置不完整"),
        ({"category": "999999"}, "请选择一个已发布的类别"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field(
    phone: Client, given: dict[str, str], sentence: str
) -> None:
    answer = send(phone, **given)
    assert answer.status_code == 422
    assert sentence in answer.content.decode()


def test_a_double_tap_makes_one_report(phone: Client) -> None:
    form = typed()
    first, second = phone.post("/report", form), phone.post("/report", form)
    assert first["Location"] == second["Location"]
    assert Report.objects.count() == 1


def test_going_back_and_changing_the_words_is_refused_kindly_and_can_be_sent_as_new(
    phone: Client,
) -> None:
    form = typed()
    phone.post("/report", form)
    answer = phone.post("/report", form | {"text": "路灯也坏了"})
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "刚才的那份已经收到" in page
    assert "路灯也坏了" in page
    renewed = re.search(
        r'name="id" id="id_id" value="([^"]+)" data-client-id="report" data-renewed', page
    )
    assert renewed
    assert renewed[1] != form["id"]
    again = phone.post("/report", form | {"text": "路灯也坏了", "id": renewed[1], "seen": "1"})
    assert again.status_code == 302
    assert Report.objects.count() == 2


def test_every_opened_page_has_an_id_of_its_own(phone: Client) -> None:
    ids = [
        re.search(r'name="id"[^>]*value="([^"]+)"', phone.get("/report").content.decode())
        for _ in "12"
    ]
    assert all(ids)
    assert len({found[1] for found in ids if found}) == 2


def test_photos_travel_ahead_of_the_form(phone: Client) -> None:
    kept = phone.post("/report/photos", {"photo": picture()}).json()["id"]
    assert send(phone, photos=[kept]).status_code == 302
    photo = CasePhoto.objects.get()
    assert str(photo.file_id) == kept
    assert photo.published_at is None


def test_photos_go_with_the_form_where_there_is_no_script(phone: Client) -> None:
    answer = send(phone, files=[picture("orange"), picture("teal")])
    assert answer.status_code == 302
    assert CasePhoto.objects.count() == 2


def test_a_mistake_elsewhere_does_not_lose_the_photos(phone: Client) -> None:
    page = send(phone, text="", files=[picture()]).content.decode()
    kept = StoredFile.objects.get()
    assert f'name="photos" value="{kept.pk}"' in page
    assert "已收到 1 张照片" in page


def test_a_letter_is_no_photo(phone: Client) -> None:
    letter = picture()
    letter.seek(0)
    letter.truncate()
    letter.write(b"dear office")
    letter.seek(0)
    assert (
        phone.post(
            "/report/photos", {"photo": letter}, headers={"accept": "application/json"}
        ).status_code
        == 422
    )
    letter.seek(0)
    assert send(phone, files=[letter]).status_code == 422


def test_a_photo_nobody_sent_is_refused(phone: Client) -> None:
    answer = send(phone, photos=[str(uuid.uuid4())])
    assert answer.status_code == 422
    assert "照片" in answer.content.decode()
    assert not Report.objects.exists()


def known_case(town: Town) -> Case:
    return town.case(town.report(at=timezone.now()))


def test_a_known_matter_at_the_pin_is_asked_about_first(phone: Client, town: Town) -> None:
    case = known_case(town)
    answer = send(phone, category=town.category("污水井盖"))
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "是不是这一件" in page
    assert case.number in page
    assert "井盖坏了" not in page.replace("路口的井盖坏了", "").replace("例如：路口的井盖坏了", "")
    assert Report.objects.count() == 1


def test_this_is_it_adds_a_voice_and_no_case(phone: Client, town: Town) -> None:
    case = known_case(town)
    answer = send(phone, follows=case.number)
    assert answer.status_code == 302
    assert Case.objects.count() == 1
    assert Case.objects.get().report_count == 2


def test_none_of_these_is_taken_as_a_matter_of_its_own(phone: Client, town: Town) -> None:
    known_case(town)
    assert send(phone, seen="1").status_code == 302
    assert Case.objects.count() == 2


def test_what_is_not_public_is_never_hinted_at(phone: Client, town: Town) -> None:
    Case.objects.filter(pk=known_case(town).pk).update(public=False)
    assert send(phone, category=town.category("污水井盖")).status_code == 302


def test_following_a_hidden_case_by_its_number_is_refused(phone: Client, town: Town) -> None:
    case = known_case(town)
    Case.objects.filter(pk=case.pk).update(public=False)
    answer = send(phone, follows=case.number)
    assert answer.status_code == 422
    assert "请作为新的诉求提交" in answer.content.decode()


def test_hints_come_while_one_types(phone: Client, town: Town) -> None:
    case = known_case(town)
    page = phone.post("/report/hints", {"text": "污水井盖坏了", "lon": "115.465", "lat": "35.2351"})
    text = page.content.decode()
    assert case.number in text
    assert f'data-kind="{town.category("污水井盖")}"' in text
    assert 'name="seen"' in text


@pytest.mark.parametrize("lon", ["", "NaN", "inf", "1e999", "abc", "-400", "𠮷"])
def test_hints_survive_any_place(phone: Client, lon: str) -> None:
    given = {"text": "井盖\x00𠮷‮", "lon": lon, "lat": "35.2", "category": "99999999999999999999"}
    assert phone.post("/report/hints", given).status_code == 200


def test_danger_shows_the_numbers_before_everything(phone: Client) -> None:
    assert "燃气泄漏" in phone.get("/report").content.decode()
    answer = send(phone, text="三号楼燃气泄漏，味道很大")
    assert answer["Location"].endswith("?call=1")
    assert 'href="tel:119"' in phone.get(answer["Location"]).content.decode()


def test_the_page_speaks_english_to_whoever_reads_it(phone: Client) -> None:
    phone.cookies["django_language"] = "en"
    page = phone.get("/report").content.decode()
    assert "Report a matter" in page
    assert "No login" in page


def test_no_session_is_touched(phone: Client) -> None:
    send(phone)
    assert "sessionid" not in phone.cookies


def test_the_report_page_costs_few_statements(
    phone: Client, django_assert_max_num_queries: Any
) -> None:
    settle(phone)
    with django_assert_max_num_queries(1):  # the versions of what is kept in memory
        phone.get("/report")


def test_sending_costs_few_statements(
    phone: Client, town: Town, django_assert_max_num_queries: Any
) -> None:
    settle(phone)
    form = typed(category=town.category("污水井盖"), seen="1")
    with django_assert_max_num_queries(12):
        phone.post("/report", form)


def test_the_case_a_merged_report_belongs_to_is_the_one_followed(phone: Client, town: Town) -> None:
    code = Report.objects.get(pk=town.report().report_id).follow_code
    target = town.accepted()
    merged = Report.objects.get(follow_code=code).case
    cases.perform(merged.pk, "merge", by=town.wang_fang, at=MORNING, target=target.number)
    assert target.number in phone.get(f"/f/{code}").content.decode()
