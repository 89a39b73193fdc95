import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from yiwang.kernel.cases.models import Case, CasePhoto, Report
from yiwang.kernel.cases.rules.stages import Channel, Stage
from yiwang.kernel.foundation.files.models import StoredFile
from yiwang.web.field.tests.conftest import matter, photo

REPORT, SOLVE = "/field/report/", "/field/solve/"


def test_zhang_min_reports_a_full_bin_with_its_place_and_photo(town, phone_of):
    answer = phone_of(town.zhang_min).post(REPORT, matter(before_files=photo()), follow=True)
    assert answer.status_code == 200
    case = Case.objects.get()
    assert (case.channel, case.area, case.level) == (
        Channel.GRID_WORKER,
        town.grid("中山-01"),
        "grid",
    )
    assert Report.objects.get().taken_by == town.zhang_min
    assert CasePhoto.objects.get().purpose == "before"
    assert case.number in answer.content.decode()
    assert 'data-forget="field"' in answer.content.decode()


def test_without_a_point_the_chosen_grid_is_the_place(town, phone_of):
    typed = matter(lon=None, lat=None, accuracy=None, area=town.grid("中山-01").pk)
    phone_of(town.zhang_min).post(REPORT, typed)
    assert Case.objects.get().area == town.grid("中山-01")


def test_a_double_tap_is_one_report(town, phone_of):
    phone, typed = phone_of(town.zhang_min), matter()
    first, again = phone.post(REPORT, typed), phone.post(REPORT, typed)
    assert first.url == again.url
    assert Case.objects.count() == Report.objects.count() == 1


def test_sent_again_without_script_the_photo_goes_along_and_it_is_still_one_report(town, phone_of):
    phone, typed = phone_of(town.zhang_min), matter()
    phone.post(REPORT, {**typed, "before_files": photo()})
    again = phone.post(REPORT, {**typed, "before_files": photo()})
    assert again.status_code == 302
    assert CasePhoto.objects.count() == 1


def test_the_same_id_with_other_words_is_refused_and_offered_under_a_new_one(town, phone_of):
    phone, typed = phone_of(town.zhang_min), matter()
    phone.post(REPORT, typed)
    answer = phone.post(REPORT, {**typed, "text": "路灯不亮"})
    assert answer.status_code == 409
    body = answer.content.decode()
    assert "路灯不亮" in body
    assert typed["id"] not in body
    assert "data-renewed" in body


def test_nothing_said_is_asked_for_and_the_photo_is_kept(town, phone_of):
    answer = phone_of(town.zhang_min).post(REPORT, matter(text=" ", before_files=photo()))
    assert answer.status_code == 422
    kept = StoredFile.objects.get()
    assert f'name="before" value="{kept.pk}"' in answer.content.decode()
    assert not Case.objects.exists()


def test_a_file_that_is_no_photo_is_named(town, phone_of):
    sham = SimpleUploadedFile("清单.jpg", b"not a photo", "image/jpeg")
    answer = phone_of(town.zhang_min).post(REPORT, matter(before_files=sham))
    assert answer.status_code == 422
    assert "清单.jpg" in answer.content.decode()
    assert not Case.objects.exists()


def test_a_place_off_the_earth_is_said_beside_the_address(town, phone_of):
    answer = phone_of(town.zhang_min).post(REPORT, matter(lat="inf"))
    assert answer.status_code == 422
    assert "位置坐标不正确" in answer.content.decode()


def test_a_photo_of_somebody_else_does_not_come_along(town, phone_of):
    sent = phone_of(town.liu_yang).post("/field/photos/", {"photo": photo()}).json()["id"]
    phone_of(town.zhang_min).post(REPORT, matter(before=sent))
    assert not CasePhoto.objects.exists()


def test_a_photo_sent_ahead_comes_along(town, phone_of):
    phone = phone_of(town.zhang_min)
    sent = phone.post("/field/photos/", {"photo": photo()}).json()["id"]
    phone.post(REPORT, matter(before=sent))
    assert str(CasePhoto.objects.get().file_id) == sent


def test_the_search_without_script_keeps_everything_and_takes_nothing(town, phone_of):
    answer = phone_of(town.zhang_min).post(REPORT, matter(find="1", q="占道", before_files=photo()))
    body = answer.content.decode()
    assert answer.status_code == 200
    assert "占道经营" in body
    assert "垃圾桶满了" in body
    assert str(StoredFile.objects.get().pk) in body
    assert not Case.objects.exists()


def test_the_search_finds_by_name_code_and_meaning(town, phone_of):
    phone = phone_of(town.zhang_min)
    for typed in ({"q": "井盖"}, {"q": "p0102"}, {"text": "路上的污水井盖坏了"}):
        assert "污水井盖" in phone.post("/field/kinds/", typed).content.decode(), typed
    nothing = phone.post("/field/kinds/", {"q": "火箭"}).content.decode()
    assert "没有找到这样的类别" in nothing


def solved(town, **more) -> dict[str, object]:
    return matter(category=town.category("占道经营"), note="已劝离", **more)


def test_zhang_min_settles_it_on_the_spot_in_one_sending(town, phone_of):
    typed = solved(town, before_files=photo(), after_files=photo("b.jpg", "green"))
    answer = phone_of(town.zhang_min).post(SOLVE, typed, follow=True)
    case = Case.objects.get()
    assert (case.stage, case.on_spot, case.result) == (Stage.REPORTED_BACK, True, "已劝离")
    assert case.fixer_ids == [town.zhang_min.pk]
    assert set(CasePhoto.objects.values_list("purpose", flat=True)) == {"before", "after"}
    assert "等待核查" in answer.content.decode()


def test_without_the_photo_after_neither_the_report_nor_the_settlement_is_taken(town, phone_of):
    answer = phone_of(town.zhang_min).post(SOLVE, solved(town))
    assert answer.status_code == 422
    assert "须附处置后的照片" in answer.content.decode()
    assert not Case.objects.exists()
    assert not Report.objects.exists()


def test_a_double_tap_on_the_spot_is_one_matter(town, phone_of):
    phone, typed = phone_of(town.zhang_min), solved(town)
    phone.post(SOLVE, {**typed, "after_files": photo()})
    again = phone.post(SOLVE, {**typed, "after_files": photo()})
    assert again.status_code == 302
    assert Case.objects.count() == 1


def test_on_the_spot_with_another_result_under_the_same_id_is_refused(town, phone_of):
    phone, typed = phone_of(town.zhang_min), solved(town)
    phone.post(SOLVE, {**typed, "after_files": photo()})
    again = phone.post(SOLVE, {**typed, "note": "另一个结果", "after_files": photo()})
    assert again.status_code == 409
    assert Case.objects.get().result == "已劝离"


def test_in_somebody_elses_grid_it_can_be_reported_only(town, phone_of):
    phone = phone_of(town.zhang_min)
    typed = solved(town, lat="35.225", after_files=photo())
    answer = phone.post(SOLVE, typed)
    assert answer.status_code == 403
    assert "可以只上报" in answer.content.decode()
    assert 'formaction="/field/report/"' in answer.content.decode()
    assert not Case.objects.exists()
    assert phone.post(REPORT, matter(lat="35.225")).status_code == 302


@pytest.mark.parametrize("name", ["li_na", "wang_fang", "zhou_wei", "sun_li", "wu_gang"])
def test_who_is_not_on_the_ground_is_not_let_in(town, phone_of, name):
    browser = phone_of(getattr(town, name))
    for address in ("/field/", REPORT, SOLVE, "/field/mine/"):
        assert browser.get(address).status_code == 403
    assert browser.post(REPORT, matter()).status_code == 403
    assert not Case.objects.exists()


def test_a_stranger_is_shown_to_the_sign_in(town, client):
    assert client.get("/field/").url.startswith("/sign-in")


def test_what_somebody_else_sent_is_not_shown(town, phone_of):
    address = phone_of(town.zhang_min).post(REPORT, matter()).url
    assert phone_of(town.liu_yang).get(address).status_code == 404
    assert phone_of(town.zhang_min).get(f"/field/sent/{uuid.uuid4()}/").status_code == 404
