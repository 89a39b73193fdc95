"""Wang Fang writes down what somebody says on the telephone."""

import uuid
from typing import Any

from tests.town.small import Town
from yiwang.kernel.cases.models import Case, Report, Reporter
from yiwang.kernel.foundation.viewer import speaking_as
from yiwang.web.desk.tests.conftest import Knock


def said(**more: Any) -> dict[str, Any]:
    return {
        "id": str(uuid.uuid4()),
        "channel": "phone",
        "kind": "help",
        "text": "路口井盖翘起来了",
        **more,
    }


def test_wang_fang_takes_a_call_without_name_or_place_and_reads_the_code_out(
    town: Town, as_: Knock
) -> None:
    answer = as_(town.wang_fang).post("/desk/new/", said(), follow=True)
    report = Report.objects.get()
    assert answer.status_code == 200
    code = f"{report.follow_code[:4]}-{report.follow_code[4:8]}-{report.follow_code[8:]}"
    assert code in answer.content.decode()
    assert report.taken_by == town.wang_fang


def test_sending_the_same_form_twice_is_one_case(town: Town, as_: Knock) -> None:
    form, desk = said(), as_(town.wang_fang)
    first = desk.post("/desk/new/", form)
    second = desk.post("/desk/new/", form)
    assert first["Location"] == second["Location"]
    assert Case.objects.count() == 1


def test_the_same_id_with_other_words_is_refused_and_offered_as_a_new_report(
    town: Town, as_: Knock
) -> None:
    form, desk = said(), as_(town.wang_fang)
    desk.post("/desk/new/", form)
    answer = desk.post("/desk/new/", form | {"text": "另一件事"})
    assert answer.status_code == 409
    assert "另一件事" in answer.content.decode()
    assert answer.context["form"].data["id"] != form["id"]
    assert Case.objects.count() == 1


def test_a_call_about_nothing_names_the_field_and_keeps_the_rest(town: Town, as_: Knock) -> None:
    answer = as_(town.wang_fang).post("/desk/new/", said(text=" ", address="和平路 3 号"))
    assert answer.status_code == 422
    assert answer.context["form"].errors.keys() == {"text"}
    assert "和平路 3 号" in answer.content.decode()


def test_a_report_for_a_neighbour_says_so_and_a_chosen_grid_is_kept(town: Town, as_: Knock) -> None:
    grid = town.grid("张楼-01")
    more = {"for_whom": "neighbour", "concerned": "李大娘", "name": "张三"}
    as_(town.wang_fang).post("/desk/new/", said(area=grid.pk, **more))
    report = Report.objects.select_related("case").get()
    assert report.text == "路口井盖翘起来了"
    assert report.case.area_path == grid.path
    with speaking_as(town.wang_fang):
        reporter = Reporter.objects.get()
    assert (reporter.for_whom, reporter.concerned, reporter.name) == ("neighbour", "李大娘", "张三")
    page = as_(town.wang_fang).get(f"/cases/{report.case.number}/").content.decode()
    assert "替邻居反映" in page
    assert "李大娘" not in page


def test_for_a_relative_without_any_name_it_is_still_on_record(town: Town, as_: Knock) -> None:
    as_(town.wang_fang).post("/desk/new/", said(for_whom="family"))
    with speaking_as(town.wang_fang):
        assert Reporter.objects.get().for_whom == "family"


def test_the_same_matter_is_offered_while_wang_fang_types_and_joined_when_chosen(
    town: Town, as_: Knock
) -> None:
    open_case = town.case(town.report(address="和平路 3 号"))
    desk = as_(town.wang_fang)
    found = desk.post("/desk/alike/", {"text": "井盖", "address": "和平路"}).content.decode()
    assert open_case.number in found
    answer = desk.post("/desk/new/", said(follows=open_case.number), follow=True)
    assert "并入已有的一件" in answer.content.decode()
    assert Case.objects.get().report_count == 2


def test_places_are_offered_by_the_name_of_the_grid_and_by_earlier_addresses(
    town: Town, as_: Knock
) -> None:
    town.report(address="幸福小区 3 号楼")
    desk = as_(town.wang_fang)
    assert "幸福小区 3 号楼" in desk.post("/desk/places/", {"address": "幸福小区"}).content.decode()
    grid = desk.post("/desk/places/", {"address": "中山-02"}).content.decode()
    assert f'data-area="{town.grid("中山-02").pk}"' in grid
    assert "<li" not in desk.post("/desk/places/", {"address": ""}).content.decode()


def test_the_slip_has_a_picture_of_the_address_and_two_sizes_of_paper(
    town: Town, as_: Knock
) -> None:
    slip = as_(town.wang_fang).post("/desk/new/", said())["Location"]
    page = as_(town.wang_fang).get(f"{slip}?paper=roll").content.decode()
    assert 'class="slip roll"' in page
    assert "slip-squares" in page
    assert 'class="slip a6"' in as_(town.wang_fang).get(f"{slip}?paper=a9").content.decode()


def test_wrong_letters_in_the_telephone_stand_beside_the_telephone(town: Town, as_: Knock) -> None:
    answer = as_(town.wang_fang).post("/desk/new/", said(phone="不记得"))
    assert answer.context["form"].errors.keys() == {"phone"}


def test_the_slip_of_wang_fang_is_not_for_chen_jing(town: Town, as_: Knock) -> None:
    slip = as_(town.wang_fang).post("/desk/new/", said())["Location"]
    assert as_(town.chen_jing).get(slip).status_code == 404


def test_li_na_of_the_works_takes_no_reports(town: Town, as_: Knock) -> None:
    assert as_(town.li_na).post("/desk/new/", said()).status_code == 403
    assert not Case.objects.exists()
