"""What a photo must be, and where its bytes lie. Pure."""

from pathlib import PurePosixPath
from typing import Literal

Size = Literal["full", "thumb", "public"]

MAX_BYTES = 20 * 1024 * 1024
MAX_PIXELS = 50_000_000
EDGES: dict[Size, int] = {"full": 2000, "thumb": 400, "public": 1280}  # longest edge, pixels
FORMATS = ("JPEG", "PNG", "WEBP")
MIME = "image/jpeg"  # of what is kept, whatever was sent

# "brands" of the HEIF family that phones write: https://github.com/strukturag/libheif (file type box, ISO 14496-12)
_HEIF = {b"heic", b"heix", b"hevc", b"hevx", b"heim", b"heis", b"mif1", b"msf1", b"avif", b"avis"}


def is_heif(head: bytes) -> bool:
    """Whether the first bytes are of a HEIC or AVIF picture."""
    return head[4:8] == b"ftyp" and head[8:12] in _HEIF


def place_of(sha256: str, size: Size) -> PurePosixPath:
    """Where the bytes lie beneath the files folder: `ab/cd/abcd….thumb.jpg`."""
    return PurePosixPath(sha256[:2], sha256[2:4], f"{sha256}.{size}.jpg")
