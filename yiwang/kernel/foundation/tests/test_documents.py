"""The papers people bring: kept as they were sent, refused when they act, named safely."""

import io
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from yiwang.kernel.foundation import files
from yiwang.kernel.foundation.actors import RESIDENT, SYSTEM
from yiwang.kernel.foundation.errors import Invalid
from yiwang.kernel.foundation.files import Kind
from yiwang.kernel.foundation.files.models import StoredFile
from yiwang.kernel.foundation.files.rules import (
    safe_name,
    said_name,
)
from yiwang.outside.media import fake

pytestmark = pytest.mark.slow  # each is looked at in a process apart

AT = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def home(tmp_path: Path, settings: Any) -> Path:
    settings.YIWANG_HOME = tmp_path
    return tmp_path / "files"


def store(content: bytes, kind: Kind, name: str = "", **more: Any) -> StoredFile:
    return files.store(io.BytesIO(content), kind, name=name, by=RESIDENT, at=AT, **more)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "content", "kept"),
    [
        ("决定.pdf", fake.pdf(), "决定.pdf"),
        ("合同.docx", fake.office(), "合同.docx"),
        ("名单.xlsx", fake.office("xlsx"), "名单.xlsx"),
        ("说明.txt", "𠮷野家门口".encode(), "说明.txt"),
        ("说明.txt", "门口".encode("gb18030"), "说明.txt"),
        ("report.exe", fake.pdf(), "report.pdf"),
    ],
)
def test_a_document_is_kept_as_it_was_sent(name: str, content: bytes, kept: str) -> None:
    file = store(content, Kind.DOCUMENT, name)
    assert (file.name, file.state) == (kept, "ready")
    assert files.path_of(file).read_bytes() == content


CUT = -60
HTML = b"<!doctype html><script>alert(1)</script>"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (HTML, "不接受这种文件"),
        (SVG, "不接受这种文件"),
        (b"MZ\x90\x00" + b"\x00" * 60, "不接受这种文件"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600, "旧版 Office"),
        (fake.office("docm"), "有宏"),
        (fake.office("xlsm"), "有宏"),
        (fake.office("pptx"), "不接受这种文件"),
        (fake.office("docx", {"word/vbaProject.bin": b"x"}), "有宏"),
        (fake.office("docx", {"word/bomb.xml": b"\x00" * 30_000_000}), "解开后太大"),
        (fake.office("docx", {"../../etc/passwd": b"x"}), "不完整"),
        (fake.office("docx", {f"p{n}": b"" for n in range(3100)}), "解开后太大"),
        (fake.office()[:CUT], "不完整"),
        (fake.office() + HTML, "不完整"),
        (b"GIF89a" + fake.office(), "不接受这种文件"),
        (fake.pdf()[:CUT], "不完整"),
        (b"%PDF-1.7\n%%EOF", "不完整"),
        (fake.pdf(script=True), "脚本"),
        (fake.pdf(pages=501), "501 页，最多 500 页"),
    ],
    ids=lambda value: value if isinstance(value, str) else f"{len(value)} bytes",
)
def test_a_document_that_acts_or_hides_is_refused(content: bytes, said: str, home: Path) -> None:
    with pytest.raises(Invalid, match=said):
        store(content, Kind.DOCUMENT)
    assert not [path for path in home.rglob("*") if path.is_file()]


@pytest.mark.django_db
def test_a_published_pdf_names_neither_author_nor_place() -> None:
    exif = Image.Exif()
    exif[0x010F] = "SpyPhone"
    stream = io.BytesIO()
    Image.new("RGB", (60, 40), "red").save(stream, "JPEG", exif=exif, comment=b"Wang's house")
    sent = fake.pdf(photo=stream.getvalue(), words="Letter of Wang")
    assert b"SpyPhone" in sent
    file = files.publish(store(sent, Kind.DOCUMENT), by=SYSTEM, at=AT)
    public = files.path_of(file, "public").read_bytes()
    for word in (b"SpyPhone", b"SpyWriter", b"Wang"):
        assert word not in public
    assert b"DCTDecode" in public
    assert files.path_of(file).read_bytes() == sent


@pytest.mark.parametrize(
    ("sent", "shown"),
    [
        ("𠮷野家.pdf", "𠮷野家.pdf"),
        ("../../etc/passwd", "passwd.pdf"),
        ("C:\\secret\\合同.docx", "合同.pdf"),
        ("invoice\u202efdp.exe", "invoicefdp.pdf"),
        ("a\x00b\nc.pdf", "abc.pdf"),
        ("<script>.pdf", "script.pdf"),
        ("", "file.pdf"),
        ("...", "file.pdf"),
        (".pdf", "pdf.pdf"),
    ],
)
def test_a_name_is_shown_safely(sent: str, shown: str) -> None:
    assert safe_name(sent, "pdf") == shown


def test_a_long_name_keeps_its_two_ends() -> None:
    assert len(said_name("很" * 300 + ".pdf")) <= 80
    assert said_name("很" * 300 + ".pdf").endswith(".pdf")
