"""张桂兰 films the water on the stairs, says a few words, and adds the letter of the housing office."""

import io
import uuid
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client, TestCase

from tests.town.small import MORNING, Town
from yiwang.kernel.cases import actions as cases
from yiwang.kernel.cases.models import CasePhoto, Report
from yiwang.kernel.foundation import files
from yiwang.kernel.foundation.errors import Invalid
from yiwang.kernel.foundation.files.models import StoredFile
from yiwang.outside.media import fake
from yiwang.web.residents.tests.conftest import picture, typed

pytestmark = pytest.mark.slow  # films are looked at in processes of their own


@pytest.fixture(scope="session")
def film(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    return fake.film(tmp_path_factory.mktemp("film") / "film.mov", form="mov", seconds=1)


@pytest.fixture(scope="session")
def voice(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    path = tmp_path_factory.mktemp("voice") / "voice.amr"
    return fake.voice(path, form="amr", codec="libopencore_amrnb", rate=8000, seconds=1)


def sent(phone: Client, content: bytes, kind: str, name: str, **more: str) -> Any:
    file = SimpleUploadedFile(name, content)
    asks = {"kind": kind, "file": file, **more}
    return phone.post("/report/photos", asks, headers={"accept": "application/json"})


def made_ready() -> None:
    for waiting in StoredFile.objects.filter(state="preparing"):
        with TestCase.captureOnCommitCallbacks(execute=True):
            files.prepare(waiting.pk)


def test_a_film_a_voice_and_a_letter_go_ahead_and_with_the_report(
    phone: Client, town: Town, film: bytes, voice: bytes
) -> None:
    ids = {
        "video": sent(phone, film, "video", "IMG_1.MOV").json()["id"],
        "voice": sent(phone, voice, "voice", "rec.amr").json()["id"],
        "documents": sent(phone, fake.pdf(), "document", "通知.pdf").json()["id"],
    }
    assert phone.post("/report", typed(**ids)).status_code == 302
    attached = CasePhoto.objects.select_related("file").order_by("id")
    assert {one.file.kind for one in attached} == {"video", "voice", "document"}
    assert {str(one.file_id) for one in attached} == set(ids.values())


def test_all_of_it_goes_with_the_form_where_there_is_no_script(
    phone: Client, town: Town, film: bytes, voice: bytes
) -> None:
    given = {
        "files": picture(),
        "video_files": SimpleUploadedFile("a.mov", film),
        "voice_files": SimpleUploadedFile("a.amr", voice),
        "documents_files": SimpleUploadedFile("a.pdf", fake.pdf()),
    }
    assert phone.post("/report", typed(**given)).status_code == 302
    assert CasePhoto.objects.count() == 4


def test_a_mistake_elsewhere_keeps_the_film(phone: Client, town: Town, film: bytes) -> None:
    page = phone.post("/report", typed(text="", video_files=SimpleUploadedFile("a.mov", film)))
    kept = StoredFile.objects.get()
    assert f'name="video" value="{kept.pk}"' in page.content.decode()


def test_the_wrong_kind_is_said_beside_its_field_and_names_the_file(
    phone: Client, town: Town
) -> None:
    sham = SimpleUploadedFile("楼道.mp4", b"<html>")
    page = phone.post("/report", typed(video_files=sham)).content.decode()
    assert "楼道.mp4：这不是能播放的视频" in page
    assert not Report.objects.exists()
    said = sent(phone, fake.office("docm"), "document", "表.docm")
    assert said.status_code == 422
    assert "表.docm：里面有宏" in said.json()["message"]


def test_a_refusal_is_english_on_an_english_page(phone: Client, town: Town) -> None:
    said = phone.post(
        "/report/photos",
        {"kind": "video", "file": SimpleUploadedFile("a.mp4", b"<html>")},
        headers={"accept-language": "en", "accept": "application/json"},
    )
    assert "a.mp4: " in said.json()["message"]
    assert said.json()["message"].isascii()


def test_the_same_upload_twice_is_one_file(phone: Client, town: Town, film: bytes) -> None:
    key = str(uuid.uuid4())
    first = sent(phone, film, "video", "a.mov", key=key)
    again = sent(phone, film, "video", "a.mov", key=key)
    assert first.json() == again.json() == {"id": key}
    assert StoredFile.objects.count() == 1
    other = sent(phone, fake.pdf(), "document", "a.pdf", key=key)
    assert other.status_code == 409


def test_more_than_the_table_allows_is_refused(town: Town, film: bytes) -> None:
    from yiwang.kernel.foundation.actors import RESIDENT

    ids = tuple(
        files.store(io.BytesIO(film), files.Kind.VIDEO, by=RESIDENT, at=MORNING).pk for _ in "ab"
    )
    with pytest.raises(Invalid, match="视频最多 1 段") as refused:
        town.report(photo_ids=ids)
    assert refused.value.field == "video"


def test_the_public_sees_what_was_published_and_nothing_of_where_it_was_filmed(
    phone: Client, town: Town, film: bytes, voice: bytes
) -> None:
    ids = [sent(phone, film, "video", "家.mov").json()["id"], sent(phone, voice, "voice", "a.amr").json()["id"],
           sent(phone, fake.pdf(), "document", "王家的信.pdf").json()["id"]]  # fmt: skip
    made_ready()
    case = town.case(town.report(photo_ids=tuple(uuid.UUID(one) for one in ids)))
    video, speech, letter = CasePhoto.objects.filter(case=case).order_by("file__kind").reverse()
    video, speech = (video, speech) if video.file.kind == "video" else (speech, video)
    for one in (video, speech, letter):
        assert phone.get(f"/photos/{one.pk}").status_code == 404
    with pytest.raises(Invalid):
        cases.publish_photo(speech.pk, by=town.wang_fang, at=MORNING)
    cases.publish_photo(video.pk, by=town.wang_fang, at=MORNING)
    cases.publish_photo(letter.pk, by=town.wang_fang, at=MORNING + timedelta(minutes=1))
    shown = phone.get(f"/photos/{video.pk}")
    content = b"".join(shown.streaming_content) if shown.streaming else shown.content
    assert (shown["Content-Type"], b"35.24" in content) == ("video/mp4", False)
    part = phone.get(f"/photos/{video.pk}", headers={"range": "bytes=0-99"})
    assert (part.status_code, part.content) == (206, content[:100])
    assert phone.get(f"/photos/{video.pk}/thumb")["Content-Type"] == "image/jpeg"
    paper = phone.get(f"/photos/{letter.pk}")
    assert paper["Content-Disposition"] == f'attachment; filename="{letter.pk}.pdf"'
    assert b"Wang" not in paper.content
    page = phone.get(f"/f/{Report.objects.get(case=case).follow_code}").content.decode()
    assert f"/photos/{video.pk}" in page
    assert f"/photos/{speech.pk}" not in page
    assert "王家的信" not in page


def test_a_film_not_taken_leaves_nothing_behind(phone: Client, film: bytes, tmp_path: Path) -> None:
    sent(phone, film[:300], "video", "a.mov")
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]
