"""Every door that reads Excel: what would fill a memory or a day is refused before it is unpacked."""

import zipfile
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest
from openpyxl import Workbook

from tests.house.source import ROOT
from yiwang.kernel.cases.importing.mapping import Mapping, WrongMapping
from yiwang.kernel.cases.importing.reading import LOOKED_AT, opened
from yiwang.kernel.catalogue.excel.reading import read as read_catalogue
from yiwang.kernel.foundation import workbooks
from yiwang.kernel.foundation.errors import Invalid
from yiwang.kernel.organisation.excel.reading import read as read_staff

DOORS: dict[str, tuple[str, Callable[[bytes], object]]] = {
    "catalogue": ("类别", lambda content: read_catalogue(BytesIO(content))),
    "staff": ("人员", read_staff),
}


def changed(sheet: str, part: str, change: Callable[[bytes], bytes], more: int = 0) -> bytes:
    """A sound workbook with one part changed and some added."""
    book, stream, made = Workbook(), BytesIO(), BytesIO()
    book.active.title = sheet
    book.active.append(["甲", "乙"])
    book.save(stream)
    with (
        zipfile.ZipFile(stream) as sound,
        zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as packed,
    ):
        assert not part or part in sound.namelist()
        for info in sound.infolist():
            content = sound.read(info)
            packed.writestr(info, change(content) if info.filename == part else content)
        for number in range(more):
            packed.writestr(f"xl/media/{number}.txt", b"")
    return made.getvalue()


def refused(door: str, content: bytes) -> str:
    with pytest.raises(Invalid) as said:
        DOORS[door][1](content)
    assert said.value.field == "file"
    return str(said.value)


@pytest.fixture(params=DOORS)
def door(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def test_a_bomb_is_refused_before_it_is_unpacked(
    door: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unpacked(*_args: object, **_more: object) -> None:
        raise AssertionError("it was unpacked")

    monkeypatch.setattr(zipfile.ZipFile, "open", unpacked)
    monkeypatch.setattr(zipfile.ZipFile, "read", unpacked)
    assert "解压后太大：最多 64 MB" in refused(door, BOMBS[door])


BOMBS = {
    name: changed(
        sheet,
        "xl/worksheets/sheet1.xml",
        lambda content: content + b" " * workbooks.LARGEST_UNPACKED,
    )
    for name, (sheet, _read) in DOORS.items()
}


def test_a_thousand_small_parts_are_refused(door: str) -> None:
    many = changed(DOORS[door][0], "", bytes, more=workbooks.MOST_PARTS)
    assert "解压后太大" in refused(door, many)


@pytest.mark.timeout(60)
def test_a_row_with_an_endless_number_ends(door: str) -> None:
    """openpyxl fills the rows before it with empty ones; a thousand million million of them never end."""
    sheet, read = DOORS[door]
    content = changed(
        sheet,
        "xl/worksheets/sheet1.xml",
        lambda page: page.replace(b'<dimension ref="A1:B1" />', b"").replace(
            b"</sheetData>", b'<row r="999999999999999"><c><v>1</v></c></row></sheetData>'
        ),
    )
    assert b"dimension" not in zipfile.ZipFile(BytesIO(content)).read("xl/worksheets/sheet1.xml")
    try:
        assert read(content)
    except Invalid as said:
        assert said.field == "file"


def test_lines_beyond_what_the_sheet_says_of_its_size_are_read() -> None:
    """Other programs write a dimension that is too small; nothing of the staff is left out for it."""
    book, stream, made = Workbook(), BytesIO(), BytesIO()
    book.active.title = "人员"
    book.active.append(["用户名", "姓名"])
    book.active.append(["ma.li", "马丽"])
    book.save(stream)
    with zipfile.ZipFile(stream) as sound, zipfile.ZipFile(made, "w") as packed:
        for info in sound.infolist():
            packed.writestr(info, sound.read(info).replace(b'ref="A1:B2"', b'ref="A1"'))
    lines, _problems = read_staff(made.getvalue())
    assert [line.texts["username"] for line in lines["人员"]] == ["ma.li"]


def test_entities_are_not_resolved(door: str) -> None:
    """Neither a file of ours nor a thousand million laughs."""
    evil = b"""<!DOCTYPE s [<!ENTITY a SYSTEM "file:///etc/passwd">]>"""
    content = changed(
        DOORS[door][0],
        "xl/worksheets/sheet1.xml",
        lambda page: evil + page.replace(b"</sheetData>", b"<row><c>&a;</c></row></sheetData>"),
    )
    assert "xlsx" in refused(door, content)


def test_a_table_that_unpacks_without_end_is_not_imported(tmp_path: Path) -> None:
    bomb = tmp_path / "rows.zip"
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("rows.csv", b" " * 2 * LOOKED_AT)
    utf8 = cast(Mapping, SimpleNamespace(encoding="utf-8"))
    with pytest.raises(WrongMapping, match="packed more tightly"), opened(bomb, utf8):
        pass


def test_nobody_opens_a_workbook_without_asking_how_large_it_is() -> None:
    readers = [
        path
        for path in (ROOT / "yiwang").rglob("*.py")
        if "tests" not in path.parts and "load_workbook(" in path.read_text(encoding="utf-8")
    ]
    assert len(readers) == len(DOORS)
    for path in readers:
        assert "workbooks.check(" in path.read_text(encoding="utf-8"), path
