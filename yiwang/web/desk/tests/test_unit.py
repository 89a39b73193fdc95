"""Li Na of the works sees her unit's work by deadline and reports back with photos."""

import io
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from tests.town.small import MORNING, Town
from yiwang.kernel.cases.models import Case, CasePhoto
from yiwang.web.desk.tests.conftest import Knock
from yiwang.web.desk.unit.pages import group_of


def photo(name: str = "after.jpg") -> SimpleUploadedFile:
    out = io.BytesIO()
    Image.new("RGB", (64, 48), "grey").save(out, "JPEG")
    return SimpleUploadedFile(name, out.getvalue(), "image/jpeg")


@pytest.fixture
def home(tmp_path: Any, settings: Any) -> None:
    settings.YIWANG_HOME = tmp_path


def cards(answer: Any) -> dict[str, list[str]]:
    return {
        key: [card.task.case.title for card in some] for _n, key, some in answer.context["groups"]
    }


def test_work_stands_under_its_deadline(
    town: Town, as_: Knock, at_nine: Callable[[datetime], None]
) -> None:
    town.dispatched(text="四小时的")
    town.dispatched(text="三天的", category_id=town.category("病虫害"))
    assert cards(as_(town.li_na).get("/unit/")) == {
        "today": ["四小时的"],
        "later": ["三天的"],
    }
    at_nine(MORNING + timedelta(days=1))
    assert cards(as_(town.li_na).get("/unit/"))["late"] == ["四小时的"]


@pytest.mark.parametrize(
    ("due", "stage", "group"),
    [
        (MORNING - timedelta(minutes=1), "handling", "late"),
        (MORNING + timedelta(hours=2), "handling", "today"),
        (MORNING + timedelta(days=4), "handling", "week"),
        (MORNING + timedelta(days=5), "handling", "later"),
        (MORNING - timedelta(days=1), "suspended", "paused"),
        (None, "handling", "later"),
    ],
)
def test_the_week_ends_with_sunday(due: datetime | None, stage: str, group: str) -> None:
    assert group_of(due, stage, MORNING) == group


def test_another_unit_s_work_is_not_shown(town: Town, as_: Knock) -> None:
    town.dispatched()
    assert cards(as_(town.zhao_qiang).get("/unit/")) == {}


def test_only_what_i_handle(town: Town, as_: Knock) -> None:
    town.dispatched(text="没人签的")
    town.handling(text="李娜签的")
    assert cards(as_(town.li_na).get("/unit/?mine=1")).popitem()[1] == ["李娜签的"]
    assert cards(as_(town.qian_jun).get("/unit/?mine=1")) == {}


def test_li_na_signs_on_the_card_and_is_led_back(town: Town, as_: Knock) -> None:
    case = town.dispatched()
    form = {"version": case.version, "back": "/unit/?mine=1"}
    answer = as_(town.li_na).post(f"/cases/{case.pk}/moves/sign/", form)
    assert answer["Location"] == "/unit/?mine=1"
    assert Case.objects.get(pk=case.pk).stage == "handling"


def test_she_reports_back_with_two_photos_without_script(
    town: Town, as_: Knock, home: None
) -> None:
    case = town.handling(category_id=town.category("占道经营"))
    form = {"version": case.version, "note": "已清理", "photos": [photo(), photo("b.jpg")]}
    as_(town.li_na).post(f"/cases/{case.pk}/moves/report_back/", form)
    assert Case.objects.get(pk=case.pk).stage == "reported_back"
    assert CasePhoto.objects.filter(case=case, purpose="after").count() == 2


def test_what_is_no_photo_is_named_and_nothing_moves(town: Town, as_: Knock, home: None) -> None:
    case = town.handling()
    wrong = SimpleUploadedFile("结果.jpg", b"not a photo", "image/jpeg")
    form = {"version": case.version, "note": "已清理", "photos": [photo(), wrong]}
    answer = as_(town.li_na).post(f"/cases/{case.pk}/moves/report_back/", form)
    assert answer.status_code == 422
    assert "结果.jpg" in answer.content.decode()
    assert "已清理" in answer.content.decode()
    assert Case.objects.get(pk=case.pk).stage == "handling"


def test_evidence_that_the_kind_asks_for_is_asked_for_beside_the_photos(
    town: Town, as_: Knock
) -> None:
    case = town.handling(category_id=town.category("占道经营"))
    form = {"version": case.version, "note": "已清理"}
    answer = as_(town.li_na).post(f"/cases/{case.pk}/moves/report_back/", form)
    deed = next(deed for deed in answer.context["deeds"] if deed.move.name == "report_back")
    assert deed.form.errors.keys() == {"photos"}


def test_photos_are_for_readers_of_the_case_and_kept_by_their_browser_alone(
    town: Town, as_: Knock, home: None
) -> None:
    case = town.handling()
    form = {"version": case.version, "note": "已清理", "photos": [photo()]}
    as_(town.li_na).post(f"/cases/{case.pk}/moves/report_back/", form)
    address = f"/desk/photos/{CasePhoto.objects.get().pk}/thumb"
    seen = as_(town.wang_fang).get(address)
    assert seen["Content-Type"] == "image/jpeg"
    assert seen["Cache-Control"].startswith("private")
    assert seen.content[:2] == b"\xff\xd8"
    again = as_(town.wang_fang).get(address, headers={"If-None-Match": seen["ETag"]})
    assert again.status_code == 304
    assert as_(town.zheng_kai).get(address).status_code == 404
    assert as_(town.wang_fang).get(address.replace("thumb", "public")).status_code == 404


def test_wang_fang_publishes_a_photo_and_takes_it_back(town: Town, as_: Knock, home: None) -> None:
    case = town.handling()
    form = {"version": case.version, "note": "已清理", "photos": [photo()]}
    as_(town.li_na).post(f"/cases/{case.pk}/moves/report_back/", form)
    shot, desk = CasePhoto.objects.get(), as_(town.wang_fang)
    desk.post(f"/cases/photos/{shot.pk}/publish/", {"publish": "yes"})
    assert CasePhoto.objects.get().published_by == town.wang_fang
    desk.post(f"/cases/photos/{shot.pk}/publish/", {"publish": "no"})
    assert CasePhoto.objects.get().published_at is None
    assert as_(town.li_na).post(f"/cases/photos/{shot.pk}/publish/").status_code == 403


def test_more_time_is_asked_for_and_decided_by_somebody_else(town: Town, as_: Knock) -> None:
    case = town.handling()
    form = {"version": case.version, "reason": "等配件"}
    as_(town.li_na).post(f"/cases/{case.pk}/moves/ask_extension/", form)
    case.refresh_from_db()
    leader = as_(town.zhou_wei)
    assert "等配件" in leader.get(f"/cases/{case.number}/").content.decode()
    leader.post(f"/cases/{case.pk}/moves/approve_extension/", {"version": case.version})
    case.refresh_from_db()
    assert case.extension_count == 1


def test_the_task_passes_to_a_colleague(town: Town, as_: Knock) -> None:
    case = town.handling()
    answer = as_(town.li_na).get(f"/cases/{case.number}/")
    deed = next(deed for deed in answer.context["deeds"] if deed.move.name == "pass_on")
    names = [str(name) for _id, name in deed.form.fields["handler_id"].choices]
    assert {"李娜", "钱军"} <= set(names)
    form = {"version": case.version, "handler_id": town.qian_jun.pk}
    as_(town.li_na).post(f"/cases/{case.pk}/moves/pass_on/", form)
    assert case.tasks.get().handler == town.qian_jun
