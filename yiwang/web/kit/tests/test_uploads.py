"""What arrives is stopped at its limit, and what is given out is bytes and nothing else."""

import io
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpRequest, StreamingHttpResponse
from django.test import RequestFactory

from yiwang.kernel.foundation.errors import Invalid, NoSpace
from yiwang.kernel.foundation.files.rules import MB, Kind
from yiwang.web.kit import serving, uploads

BOUNDARY = "yiwang"


class Long(io.RawIOBase):
    """A form with one file of `size` bytes, made as it is read; nothing of it is ever whole in memory."""

    def __init__(self, size: int, name: str = "楼道.mov") -> None:
        head = (
            f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="kind"\r\n\r\nvideo\r\n--{BOUNDARY}\r\n'
            f'Content-Disposition: form-data; name="file"; filename="{name}"\r\nContent-Type: video/mp4\r\n\r\n'
        ).encode()
        tail = f'\r\n--{BOUNDARY}\r\nContent-Disposition: form-data; name="after"\r\n\r\nyes\r\n--{BOUNDARY}--\r\n'.encode()
        self.parts = [head, size, tail]
        self.length = len(head) + size + len(tail)
        self.largest = 0

    def read(self, size: int = -1) -> bytes:
        if not self.parts:
            return b""
        first = self.parts[0]
        if isinstance(first, int):
            given = min(size if size > 0 else 65536, first, 1024 * 1024)
            self.parts[0] = first - given
            if not self.parts[0]:
                self.parts.pop(0)
            return b"x" * given
        self.parts.pop(0)
        return first


def form(size: int) -> tuple[HttpRequest, Long]:
    body = Long(size)
    request = RequestFactory().post(
        "/report/photos", content_type=f"multipart/form-data; boundary={BOUNDARY}"
    )
    request.META["CONTENT_LENGTH"] = str(body.length)
    request._stream = body  # type: ignore[attr-defined]  # as the server hands it over
    request._read_started = False  # type: ignore[attr-defined]
    return request, body


def test_two_hundred_megabytes_are_read_and_dropped_and_named_with_their_size(
    tmp_path: Path, settings: Any
) -> None:
    import resource

    settings.FILE_UPLOAD_TEMP_DIR = str(tmp_path)
    settings.YIWANG_HOME = tmp_path
    request, body = form(200 * MB)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    file, kind = uploads.one_of(request)
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    assert (file.size, kind, request.POST["after"]) == (200 * MB, Kind.VIDEO, "yes")
    assert not body.parts
    assert grown < 30
    assert not list(tmp_path.iterdir())
    with pytest.raises(Invalid, match=r"楼道\.mov：有 200 MB，太大了：视频最多 50 MB"):
        uploads.keep(file, kind, by=None, at=None)  # type: ignore[arg-type]  # refused before either is asked for


def test_what_nobody_sends_by_mistake_is_not_read_to_its_end() -> None:
    request, _body = form(1)
    request.META["CONTENT_LENGTH"] = str(2000 * MB)
    assert not request.FILES


def test_a_small_file_stays_in_memory_and_a_larger_one_goes_to_the_disk(
    tmp_path: Path, settings: Any
) -> None:
    settings.FILE_UPLOAD_TEMP_DIR = str(tmp_path)
    small, _kind = uploads.one_of(form(1000)[0])
    assert small.read() == b"x" * 1000
    request, _body = form(3 * MB)
    large, _kind = uploads.one_of(request)
    assert large.size == 3 * MB
    assert len(list(tmp_path.iterdir())) == 1
    assert sum(len(piece) for piece in large.chunks()) == 3 * MB
    large.close()
    assert not list(tmp_path.iterdir())


def test_a_full_disk_is_said_and_not_a_crash(monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(uploads.Capped, "_write", full)
    file, _kind = uploads.one_of(form(1000)[0])
    with pytest.raises(NoSpace):
        file.read()


def served(size: int = 1000) -> serving.Served:
    content = bytes(n % 251 for n in range(size))
    return serving.Served("video/mp4", size, "abc", "楼道.mp4", lambda s, n: content[s : s + n])


def got(size: int = 1000, **headers: str) -> Any:
    request = RequestFactory().get("/", headers=headers)
    return serving.serve(request, served(size), kept_for_s=60)


@pytest.mark.parametrize(
    ("asked", "status", "part", "first"),
    [
        ("bytes=0-1", 206, "bytes 0-1/1000", 2),
        ("bytes=0-", 206, "", 1000),
        ("bytes=990-", 206, "bytes 990-999/1000", 10),
        ("bytes=-5", 206, "bytes 995-999/1000", 5),
        ("bytes=10-5000", 206, "bytes 10-999/1000", 990),
        ("bytes=1000-", 416, "bytes */1000", 0),
        ("bytes=-0", 416, "bytes */1000", 0),
        ("bytes=5-1", 200, "", 1000),
        ("bytes=0-1,5-9", 200, "", 1000),
        ("lines=0-1", 200, "", 1000),
        ("bytes=99999999999999999999-", 200, "", 1000),
    ],
)
def test_a_player_is_given_the_part_it_asks_for(
    asked: str, status: int, part: str, first: int
) -> None:
    answer = got(range=asked)
    expected = 200 if status == 206 and first == 1000 else status
    assert answer.status_code == expected
    assert answer.headers.get("Content-Range", "") == part
    assert len(answer.content) == first


def test_a_part_of_something_that_has_changed_is_the_whole() -> None:
    assert got(range="bytes=0-1", if_range='"other"').status_code == 200
    assert got(range="bytes=0-1", if_range='"abc"').status_code == 206


def test_a_long_file_travels_in_pieces_and_what_has_not_changed_not_at_all() -> None:
    answer = got(size=3 * serving.PIECE + 7)
    assert isinstance(answer, StreamingHttpResponse)
    pieces = [len(piece) for piece in answer]  # type: ignore[arg-type]  # bytes
    assert pieces == [serving.PIECE] * 3 + [7]
    assert got(if_none_match='"abc"').status_code == 304


def test_an_uploaded_file_runs_nothing_and_says_so() -> None:
    answer = got()
    assert "sandbox" in answer["Content-Security-Policy"]
    assert "default-src 'none'" in answer["Content-Security-Policy"]
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Cross-Origin-Resource-Policy"] == "same-origin"
    assert answer["Content-Disposition"].startswith("inline; filename*=utf-8''")
    paper = serving.Served("application/pdf", 1, "x", 'a".pdf', lambda s, n: b"x")
    saved = serving.serve(RequestFactory().get("/"), paper, kept_for_s=60)
    assert saved["Content-Disposition"] == 'attachment; filename="a\\".pdf"'


def test_looking_at_the_head_opens_nothing(tmp_path: Path) -> None:
    path = tmp_path / "film"
    path.write_bytes(b"x" * 100)
    shown = serving.on_disk(path, "video/mp4", "t", "f.mp4")
    path.unlink()
    answer = serving.serve(RequestFactory().head("/"), shown, kept_for_s=60)
    assert answer["Content-Length"] == "100"


def test_a_refusal_names_the_file_safely() -> None:
    sham = SimpleUploadedFile("a\u202egpj.exe", b"")
    assert "\u202e" not in str(uploads.named(Invalid("空"), sham).sentence)
