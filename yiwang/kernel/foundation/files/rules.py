"""The one table of what may be sent, and where its bytes lie. Pure."""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import PurePosixPath
from types import MappingProxyType
from typing import Literal
from uuid import UUID

from yiwang.kernel.foundation.sentences import N_

Size = Literal["full", "thumb", "public"]
MB = 1024 * 1024


class Kind(StrEnum):
    """What somebody sends beside their words."""

    PHOTO = "photo"
    VIDEO = "video"
    VOICE = "voice"
    DOCUMENT = "document"


@dataclass(frozen=True)
class KindRule:
    """`name` and `formats` are msgids; `most` is for one report, or one move of a case.

    `prepared`: the worker makes one kind of it that plays everywhere. `publishable`: a person may show it to all.
    """

    name: str
    formats: str
    most: int
    max_bytes: int
    max_seconds: int | None
    accepts: str
    publishable: bool
    prepared: bool


KINDS: Mapping[Kind, KindRule] = MappingProxyType(
    {
        Kind.PHOTO: KindRule(
            N_("照片"), N_("JPEG、PNG、WebP 照片"), 6, 20 * MB, None, "image/*",
            publishable=True, prepared=False,
        ),
        Kind.VIDEO: KindRule(
            N_("视频"), N_("手机拍的视频（MP4、MOV、3GP、WebM）"), 1, 50 * MB, 60, "video/*",
            publishable=True, prepared=True,
        ),
        # Whoever knows a voice knows who spoke: it is heard by those who handle the report and by nobody else.
        Kind.VOICE: KindRule(
            N_("录音"), N_("录音（M4A、AAC、AMR、MP3、OGG、WAV、WebM）"), 1, 20 * MB, 180,
            "audio/*,.m4a,.aac,.amr,.mp3,.ogg,.oga,.opus,.wav,.weba",
            publishable=False, prepared=True,
        ),
        Kind.DOCUMENT: KindRule(
            N_("文件"), N_("PDF、Word（docx）、Excel（xlsx）或纯文本（txt）文件"), 3, 20 * MB, None,
            ".pdf,.docx,.xlsx,.txt", publishable=True, prepared=False,
        ),
    }
)  # fmt: skip

MAX_BYTES = KINDS[Kind.PHOTO].max_bytes
LARGEST = max(rule.max_bytes for rule in KINDS.values())
MAX_PIXELS = 50_000_000
EDGES: dict[Size, int] = {"full": 2000, "thumb": 400, "public": 1280}  # longest edge, pixels
FORMATS = ("JPEG", "PNG", "WEBP")
MIME = "image/jpeg"  # of a photo that is kept, whatever was sent

SUFFIXES = {
    "image/jpeg": "jpg",
    "video/mp4": "mp4",
    "audio/mp4": "m4a",
    "application/pdf": "pdf",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "docx",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "xlsx",
    "text/plain": "txt",
}
NEVER_PUBLIC = frozenset(mime for mime in SUFFIXES if "openxmlformats" in mime)
"""Kept as they were sent, and nobody knows all that hides in them: who wrote, what was struck out."""
MIMES = {suffix: mime for mime, suffix in SUFFIXES.items()}
NAME_AT_MOST = 80
_ENDING_AT_MOST = 5
_AWKWARD = frozenset('<>:"|?*')

# "brands" of the HEIF family that phones write: https://github.com/strukturag/libheif (file type box, ISO 14496-12)
_HEIF = {b"heic", b"heix", b"hevc", b"hevx", b"heim", b"heis", b"mif1", b"msf1", b"avif", b"avis"}


def is_heif(head: bytes) -> bool:
    """Whether the first bytes are of a HEIC or AVIF picture."""
    return head[4:8] == b"ftyp" and head[8:12] in _HEIF


def place_of(sha256: str, size: Size, mime: str = MIME) -> PurePosixPath:
    """Where the bytes lie beneath the files folder: `ab/cd/abcd….thumb.jpg`. A thumb is always a picture."""
    suffix = "jpg" if size == "thumb" else SUFFIXES[mime]
    return PurePosixPath(sha256[:2], sha256[2:4], f"{sha256}.{size}.{suffix}")


def place_of_sent(file_id: UUID) -> PurePosixPath:
    """Where a film or voice lies as it was sent, until it was made ready; of one upload, shared with no other."""
    name = file_id.hex
    return PurePosixPath(name[:2], name[2:4], f"{name}.sent.bin")


def said_name(name: str) -> str:
    """A file's name as it may be shown: no path, no control, nothing that turns the direction of reading.

    Rare characters (𠮷) and every script stay.
    """
    last = unicodedata.normalize("NFC", name).replace("\\", "/").rsplit("/", 1)[-1]
    kept = (sign for sign in last if unicodedata.category(sign)[0] != "C" and sign not in _AWKWARD)
    seen = " ".join("".join(kept).split()).strip(". ")
    return seen if len(seen) <= NAME_AT_MOST else f"{seen[: NAME_AT_MOST - 9]}…{seen[-8:]}"


def safe_name(name: str, suffix: str) -> str:
    """A name to keep: as `said_name`, with the ending of what the file truly is, whatever it came with."""
    said = said_name(name)
    stem, dot, ending = said.rpartition(".")
    if not dot or len(ending) > _ENDING_AT_MOST:
        stem = said
    return f"{stem.rstrip('. ') or 'file'}.{suffix}"


def said_size(size: int) -> str:
    """12 KB, 3.4 MB, 203 MB."""
    if size < MB:
        return f"{max(1, round(size / 1024))} KB"
    return f"{size / MB:.1f} MB" if size < 10 * MB else f"{size // MB} MB"
