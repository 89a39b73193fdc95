"""The disk of the files is full, really: a small one of its own. What does not fit is refused by name, nothing is half."""

import io
import json
import os
import shutil
import subprocess
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from tests.faults.conftest import Knock
from tests.town.small import Town
from yiwang.kernel.cases.models import Report
from yiwang.kernel.foundation.actors import SYSTEM
from yiwang.kernel.foundation.exports import making
from yiwang.kernel.foundation.exports.models import Export
from yiwang.kernel.foundation.files import disk
from yiwang.kernel.foundation.files.models import StoredFile
from yiwang.kernel.foundation.viewer import speaking_as

KB = 1024
MATTER = {"text": "路口的井盖坏了", "lon": "115.465", "lat": "35.235", "seen": "1"}


def mount(place: Path, size: int) -> None:
    place.mkdir()
    words = ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(place)]
    if os.geteuid() != 0 or not shutil.which("mount"):
        pytest.skip("mounting a small disk needs root")
    if subprocess.run(words, capture_output=True, check=False).returncode:
        pytest.skip("this machine lets nobody mount a disk")


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """256 KB for all files of the office."""
    place = tmp_path / "files"
    mount(place, 256 * KB)
    yield place
    subprocess.run(["umount", "--lazy", str(place)], check=True)


def photo(side: int = 1400) -> SimpleUploadedFile:
    """Noise: it does not get smaller."""
    stream = io.BytesIO()
    Image.frombytes("RGB", (side, side), os.urandom(side * side * 3)).save(stream, "JPEG")
    return SimpleUploadedFile("路口.jpg", stream.getvalue(), "image/jpeg")


def left(place: Path) -> list[str]:
    return [path.name for path in place.rglob("*") if path.is_file()]


def test_a_program_is_told_that_the_disk_is_full(town: Town, as_: Knock, small_disk: Path) -> None:
    answer = as_(None).post("/api/v1/photos", {"photo": photo()})
    said = json.loads(answer.content)
    assert (answer.status_code, said["code"]) == (507, "no_space")
    assert "路口.jpg" in said["message"]
    assert "存储空间不足" in said["message"]
    assert not left(small_disk)
    assert not StoredFile.objects.exists()


def test_a_report_whose_photo_does_not_fit_keeps_its_words_and_goes_without(
    town: Town, as_: Knock, small_disk: Path
) -> None:
    key, browser = str(uuid.uuid4()), as_(None)
    answer = browser.post("/report", {**MATTER, "id": key, "files": photo()})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "存储空间不足" in page
    assert MATTER["text"] in page
    assert not Report.objects.exists()
    assert not left(small_disk)
    assert browser.post("/report", {**MATTER, "id": key}).status_code == 302
    assert Report.objects.get().pk == uuid.UUID(key)


def test_what_was_there_before_is_whole_and_is_still_shown(
    town: Town, as_: Knock, small_disk: Path
) -> None:
    browser = as_(None)
    kept = json.loads(browser.post("/api/v1/photos", {"photo": photo(200)}).content)["id"]
    before = left(small_disk)
    assert browser.post("/api/v1/photos", {"photo": photo()}).status_code == 507
    assert left(small_disk) == before
    town.report(photo_ids=(uuid.UUID(kept),))
    case = town.accepted()
    report = Report.objects.exclude(photos=None).get()
    shown = as_(town.wang_fang).get(f"/desk/photos/{report.photos.get().pk}/full")
    assert shown.status_code == 200
    assert case.pk


def test_a_film_leaves_the_last_room_to_reports(town: Town, as_: Knock, small_disk: Path) -> None:
    film = SimpleUploadedFile("楼道.mp4", b"\x00" * 2048, "video/mp4")
    answer = as_(None).post("/api/v1/files", {"file": film, "kind": "video"})
    assert (answer.status_code, json.loads(answer.content)["code"]) == (507, "no_space")
    assert not left(small_disk)


def test_a_document_that_fills_the_last_of_it_leaves_nothing_half(
    town: Town, as_: Knock, small_disk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(disk, "ROOM", 0)
    paper = SimpleUploadedFile("说明.txt", "井盖坏了。\n".encode() * 40_000, "text/plain")
    answer = as_(None).post("/api/v1/files", {"file": paper, "kind": "document"})
    assert (answer.status_code, json.loads(answer.content)["code"]) == (507, "no_space")
    assert not left(small_disk)
    assert not StoredFile.objects.exists()


def test_a_full_disk_for_what_arrives_is_said_too(
    town: Town, as_: Knock, small_disk: Path, tmp_path: Path, settings: Any
) -> None:
    """Large files lie in the folder for temporary files while they arrive; that may be the full disk."""
    settings.FILE_UPLOAD_TEMP_DIR = str(small_disk)
    settings.YIWANG_HOME = tmp_path / "elsewhere"
    large = SimpleUploadedFile("照片.jpg", os.urandom(3 * KB * KB), "image/jpeg")
    answer = as_(None).post("/api/v1/photos", {"photo": large})
    assert (answer.status_code, json.loads(answer.content)["code"]) == (507, "no_space")
    assert not left(small_disk)
    answer = as_(town.wang_fang).post(
        "/desk/new/", {"id": str(uuid.uuid4()), "channel": "phone", "kind": "help", "text": "井盖坏了",
        "photos": SimpleUploadedFile("照片.jpg", os.urandom(3 * KB * KB), "image/jpeg")},
    )  # fmt: skip
    assert answer.status_code == 507
    assert "存储空间不足" in answer.content.decode()
    assert "井盖坏了" in answer.content.decode()


def test_a_list_that_does_not_fit_says_so_and_leaves_no_file(
    town: Town, as_: Knock, tmp_path: Path
) -> None:
    place = tmp_path / "exports"
    mount(place, 8 * KB)
    try:
        for number in range(40):
            town.report(f"井盖坏了 {number} {os.urandom(60).hex()}")
        wang_fang = as_(town.wang_fang)
        assert wang_fang.post("/exports/desk-list/", {"query": "queue=all"}).status_code == 302
        with speaking_as(SYSTEM):
            making.make(Export.objects.get().pk)
            export = Export.objects.get()
        assert export.state == "failed"
        assert "存储空间不足" in wang_fang.get("/exports/").content.decode()
        assert not left(place)
    finally:
        subprocess.run(["umount", "--lazy", str(place)], check=True)
