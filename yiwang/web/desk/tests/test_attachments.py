"""Who plays what a resident filmed and said: the desk all of it, the unit what it needs for the work."""

import io
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client, TestCase

from tests.town.small import MORNING, Town
from yiwang.kernel.cases.models import Case, CasePhoto
from yiwang.kernel.foundation import files
from yiwang.kernel.foundation.actors import RESIDENT
from yiwang.kernel.foundation.files import Kind
from yiwang.kernel.foundation.files.models import StoredFile
from yiwang.outside.media import fake

pytestmark = pytest.mark.slow  # films are made anew, in processes of their own


@pytest.fixture(autouse=True)
def home(tmp_path: Path, settings: Any) -> None:
    settings.YIWANG_HOME = tmp_path


def of(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


def kept(content: bytes, kind: Kind, name: str) -> StoredFile:
    return files.store(io.BytesIO(content), kind, name=name, by=RESIDENT, at=MORNING)


@pytest.fixture
def told(town: Town, tmp_path: Path) -> Case:
    """A case 李娜's unit works on, reported with a film, a voice and a letter, none made ready yet."""
    ids = (
        kept(fake.film(tmp_path / "a.mp4", seconds=1), Kind.VIDEO, "楼道漏水.mp4").pk,
        kept(fake.voice(tmp_path / "a.m4a", seconds=1), Kind.VOICE, "录音 1.m4a").pk,
        kept(fake.pdf(), Kind.DOCUMENT, "物业通知.pdf").pk,
    )
    return town.handling(photo_ids=ids)


def made_ready() -> None:
    for waiting in StoredFile.objects.filter(state="preparing"):
        with TestCase.captureOnCommitCallbacks(execute=True):
            files.prepare(waiting.pk)


def address(case: Case, kind: str, size: str = "full") -> str:
    found = CasePhoto.objects.get(case=case, file__kind=kind)
    return f"/desk/photos/{found.pk}/{size}"


def test_the_page_says_that_it_is_prepared_and_then_plays(town: Town, told: Case) -> None:
    desk = of(town.wang_fang)
    page = desk.get(f"/cases/{told.number}/").content.decode()
    assert "视频正在准备" in page
    assert "<video" not in page
    film = CasePhoto.objects.get(case=told, file__kind="video").pk
    assert f'<div id="publish-{film}"></div>' in page
    made_ready()
    part = desk.get(f"/desk/photos/{film}/").content.decode()
    assert f'id="publish-{film}"' in part and "hx-swap-oob" in part and "公开" in part
    assert "公开" not in of(town.li_na).get(f"/desk/photos/{film}/").content.decode()
    page = desk.get(f"/cases/{told.number}/").content.decode()
    assert "<video" in page
    assert "<audio" in page
    assert "物业通知.pdf" in page
    found = CasePhoto.objects.get(case=told, file__kind="voice")
    assert "<audio" in desk.get(f"/desk/photos/{found.pk}/").content.decode()


def test_the_desk_plays_parts_and_saves_papers(town: Town, told: Case) -> None:
    made_ready()
    desk = of(town.wang_fang)
    part = desk.get(address(told, "video"), headers={"range": "bytes=0-9"})
    assert (part.status_code, len(part.content)) == (206, 10)
    assert part["Content-Type"] == "video/mp4"
    assert desk.get(address(told, "video", "thumb"))["Content-Type"] == "image/jpeg"
    assert desk.get(address(told, "voice"))["Content-Type"] == "audio/mp4"
    paper = desk.get(address(told, "document"))
    assert paper["Content-Disposition"].startswith("attachment")
    assert "sandbox" in paper["Content-Security-Policy"]


def test_the_unit_sees_the_film_and_neither_hears_the_voice_nor_reads_the_letter(
    town: Town, told: Case
) -> None:
    made_ready()
    unit = of(town.li_na)
    assert unit.get(address(told, "video")).status_code == 200
    assert unit.get(address(told, "voice")).status_code == 404
    assert unit.get(address(told, "document")).status_code == 404
    found = CasePhoto.objects.get(case=told, file__kind="voice")
    assert unit.get(f"/desk/photos/{found.pk}/").status_code == 404
    page = unit.get(f"/cases/{told.number}/").content.decode()
    assert "<video" in page
    assert "<audio" not in page
    assert "物业通知" not in page


def test_a_stranger_to_the_case_gets_nothing(town: Town, told: Case) -> None:
    made_ready()
    assert of(town.zheng_kai).get(address(told, "video")).status_code == 404
    assert of(town.zhang_min).get(address(told, "video")).status_code == 200
    assert of(town.zhang_min).get(address(told, "voice")).status_code == 404
    assert Client().get(address(told, "video")).status_code in (302, 403)


def test_what_could_not_be_made_is_saved_as_it_was_sent(town: Town, told: Case) -> None:
    StoredFile.objects.filter(kind="video").update(state="failed", problem="gave_up")
    desk = of(town.wang_fang)
    assert "下载原件" in desk.get(f"/cases/{told.number}/").content.decode()
    answer = desk.get(address(told, "video"))
    assert answer["Content-Type"] == "application/octet-stream"
    assert answer["Content-Disposition"].startswith("attachment")
    answer.close()


def test_li_na_reports_back_with_a_photo_and_a_paper(town: Town) -> None:
    case = town.handling()
    unit = of(town.li_na)
    answer = unit.post(
        f"/cases/{case.pk}/moves/report_back/",
        {
            "version": case.version,
            "note": "换了井盖",
            "documents_files": SimpleUploadedFile("验收单.pdf", fake.pdf()),
        },
    )
    assert answer.status_code == 302, answer.content.decode()[:500]
    found = CasePhoto.objects.select_related("file").get(case=case)
    assert (found.purpose, found.file.name) == ("after", "验收单.pdf")
    assert of(town.li_na).get(f"/desk/photos/{found.pk}/full").status_code == 200


def test_a_wrong_paper_is_said_and_nothing_is_done(town: Town) -> None:
    case = town.handling()
    answer = of(town.li_na).post(
        f"/cases/{case.pk}/moves/report_back/",
        {
            "version": case.version,
            "note": "换了井盖",
            "documents_files": SimpleUploadedFile("验收单.docm", fake.office("docm")),
        },
    )
    assert answer.status_code == 422
    assert "验收单.docm：里面有宏" in answer.content.decode()
    assert not CasePhoto.objects.filter(case=case).exists()
