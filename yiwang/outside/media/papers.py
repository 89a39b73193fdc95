"""A look at a document: what it is by its content, and nothing in it that acts by itself."""

import io
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from pypdf import PdfReader, PdfWriter
from pypdf.errors import PyPdfError
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject, NameObject, StreamObject

from yiwang.outside.media.unfit import (
    PACKED_AT_MOST,
    PAGES_AT_MOST,
    PARTS_AT_MOST,
    TEXT_AT_MOST,
    UNPACKED_AT_MOST,
    UnfitFile,
)

MAIN_PARTS = {
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml": "docx",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml": "xlsx",
}
_TYPES = "[Content_Types].xml"
_ACTS = re.compile(
    r"(^|/)(vbaproject|vbadata)|/activex/|/macrosheets/|\.exe$|\.dll$|\.js$|\.vbs$", re.I
)
_MARKUP = re.compile(
    rb"^\s*<(!doctype|html|head|body|script|svg|\?xml|iframe|img|meta)\b|^\s*<\?", re.I
)
_BESIDE_THE_PAGE = ("/Annots", "/Metadata", "/PieceInfo", "/LastModified", "/Thumb", "/AA", "/B")
_OFFICE_97 = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_READING = (
    PyPdfError,
    ValueError,
    KeyError,
    TypeError,
    AttributeError,
    IndexError,
    RecursionError,
    OSError,
)


def look(path: Path) -> dict[str, Any]:
    """Return the kind of document (pdf, docx, xlsx, txt) and its pages where it has such.

    Raises:
        UnfitFile: not_document, old_office, macros, locked, damaged, too_large_inside, too_many_pages, not_text.
    """
    content = path.read_bytes()
    if content.startswith(b"%PDF-"):
        return {"type": "pdf", "pages": _pdf(content)}
    if content.startswith(b"PK\x03\x04"):
        return {"type": _office(content), "pages": 0}
    if content.startswith(_OFFICE_97):
        raise UnfitFile("old_office")
    _text(content)
    return {"type": "txt", "pages": 0}


def _pdf(content: bytes) -> int:
    if b"%%EOF" not in content[-2048:]:
        raise UnfitFile("damaged")
    try:
        reader = PdfReader(io.BytesIO(content))
        if reader.is_encrypted:
            raise UnfitFile("locked")
        pages = len(reader.pages)
        acts = _acting(reader)
    except UnfitFile:
        raise
    except _READING as error:
        raise UnfitFile("damaged") from error
    if not pages:
        raise UnfitFile("damaged")
    if pages > PAGES_AT_MOST:
        raise UnfitFile("too_many_pages", pages=pages, most=PAGES_AT_MOST)
    if acts:
        raise UnfitFile("macros")
    return pages


def _acting(reader: PdfReader) -> bool:
    """Whether anything in it is a script, starts a program, or carries another file."""
    numbers = [*reader.xref_objStm, *(number for table in reader.xref.values() for number in table)]
    return any(_acts(part) for number in numbers for part in _parts(_resolved(reader, number)))


def _parts(found: object) -> Iterator[DictionaryObject]:
    """Every dictionary written within an object; what is only pointed to has a number of its own."""
    waiting = [found]
    while waiting:
        part = waiting.pop()
        if isinstance(part, DictionaryObject):
            yield part
            waiting += [dict.get(part, key) for key in part]
        elif isinstance(part, ArrayObject):
            waiting += list.__iter__(part)


def _acts(part: DictionaryObject) -> bool:
    return (
        dict.get(part, "/S") in ("/JavaScript", "/Launch", "/ImportData")
        or "/JS" in part
        or dict.get(part, "/Type") == "/EmbeddedFile"
        or "/EmbeddedFiles" in part
        or dict.get(part, "/Subtype") in ("/RichMedia", "/3D", "/Movie", "/Screen")
    )


def _resolved(reader: PdfReader, number: int) -> object:
    try:
        return IndirectObject(number, 0, reader).get_object()
    except _READING:
        return None


def _office(content: bytes) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            parts = packed.infolist()
            _check_parts(parts, len(content))
            kind = _main_part(packed)
            _check_behind(packed, content)
            return kind
    except (zipfile.BadZipFile, NotImplementedError, EOFError, OSError, ValueError) as error:
        raise UnfitFile("damaged") from error


def _check_parts(parts: list[zipfile.ZipInfo], sent: int) -> None:
    if len(parts) > PARTS_AT_MOST or sum(part.file_size for part in parts) > UNPACKED_AT_MOST:
        raise UnfitFile("too_large_inside")
    for part in parts:
        if part.flag_bits & 1:
            raise UnfitFile("locked")
        if part.file_size > 1024**2 and part.file_size > PACKED_AT_MOST * max(
            1, part.compress_size
        ):
            raise UnfitFile("too_large_inside")
        if part.filename.startswith(("/", "\\")) or ".." in re.split(r"[/\\]", part.filename):
            raise UnfitFile("damaged")
        if _ACTS.search(part.filename):
            raise UnfitFile("macros")


def _main_part(packed: zipfile.ZipFile) -> str:
    """Read the list of parts: which document this is, and whether it claims macros."""
    try:
        with packed.open(_TYPES) as listed:
            text = listed.read(TEXT_AT_MOST + 1)
    except KeyError as error:
        raise UnfitFile("not_document") from error
    if len(text) > TEXT_AT_MOST or b"<!DOCTYPE" in text or b"<!ENTITY" in text:
        raise UnfitFile("damaged")
    try:
        types = [node.get("ContentType", "") for node in ElementTree.fromstring(text)]  # noqa: S314 - no entities, checked above
    except ElementTree.ParseError as error:
        raise UnfitFile("damaged") from error
    if any("macroenabled" in kind.lower() or "vbaproject" in kind.lower() for kind in types):
        raise UnfitFile("macros")
    for kind in types:
        if kind in MAIN_PARTS:
            return MAIN_PARTS[kind]
    raise UnfitFile("not_document")


def _check_behind(packed: zipfile.ZipFile, content: bytes) -> None:
    """Nothing may lie before the first part or behind the list of parts, and every sum must be right."""
    end = content.rfind(b"PK\x05\x06")
    if end < 0 or len(content) - end != 22 + len(packed.comment) or len(packed.comment) > 256:
        raise UnfitFile("damaged")
    if packed.testzip() is not None:
        raise UnfitFile("damaged")


def _text(content: bytes) -> None:
    if (
        len(content) > TEXT_AT_MOST
        or b"\x00" in content
        or _MARKUP.search(content[:1024].lstrip(b"\xef\xbb\xbf"))
    ):
        raise UnfitFile("not_document")
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            said = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if any(ord(sign) < 32 and sign not in "\t\n\r\f" for sign in said):
            break
        return
    raise UnfitFile("not_document")


def strip(source: Path, target: Path) -> dict[str, Any]:
    """Write a PDF without title, author, dates, notes, hidden data, or the places inside its photos.

    Raises:
        UnfitFile: damaged; hidden where a picture cannot be cleaned.
    """
    try:
        writer = PdfWriter()
        for page in PdfReader(source).pages:
            for name in _BESIDE_THE_PAGE:
                page.pop(NameObject(name), None)
            writer.add_page(page)
        for found in list(writer._objects):
            _bare(found)
        writer.metadata = None
        writer.compress_identical_objects(remove_unreferenced=True)
        writer.write(target)
    except UnfitFile:
        raise
    except _READING as error:
        raise UnfitFile("damaged") from error
    return {"size": target.stat().st_size}


def _bare(found: object) -> None:
    if not isinstance(found, DictionaryObject):
        return
    for name in ("/Metadata", "/PieceInfo"):
        found.pop(NameObject(name), None)
    if not isinstance(found, StreamObject) or found.get("/Subtype") != "/Image":
        return
    coding = found.get("/Filter")
    names = [str(name) for name in coding] if isinstance(coding, list) else [str(coding)]
    if "/JPXDecode" in names or ("/DCTDecode" in names and len(names) > 1):
        raise UnfitFile("hidden")
    if names == ["/DCTDecode"]:
        found._data = bare_jpeg(found._data)


def bare_jpeg(content: bytes) -> bytes:
    """A JPEG without its EXIF, XMP, maker's blocks and comments; the colour transform (Adobe, APP14) stays.

    Raises:
        UnfitFile: hidden, where it is no orderly JPEG.
    """
    if content[:2] != b"\xff\xd8":
        raise UnfitFile("hidden")
    kept, place = [b"\xff\xd8"], 2
    while place + 4 <= len(content):
        if content[place] != 0xFF:
            raise UnfitFile("hidden")
        mark, length = content[place + 1], int.from_bytes(content[place + 2 : place + 4])
        if mark == 0xDA:
            end = content.rfind(b"\xff\xd9")
            return b"".join([*kept, content[place : end + 2 if end > place else None]])
        if not (0xE0 <= mark <= 0xEF or mark == 0xFE) or mark == 0xEE:
            kept.append(content[place : place + 2 + length])
        place += 2 + length
    raise UnfitFile("hidden")
