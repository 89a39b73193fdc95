"""Bytes of a file as an answer: in pieces, from the middle where a player asks for it, and acting as nothing but bytes.

A file is opened for each piece and closed again: an answer that nobody reads to its end leaves nothing open.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponseNotModified,
    StreamingHttpResponse,
)
from django.utils.http import content_disposition_header, quote_etag

PIECE = 256 * 1024
ALONE = "default-src 'none'; img-src 'self'; media-src 'self'; style-src 'unsafe-inline'; sandbox"
"""The policy of an uploaded file: whatever it holds, it runs no script and reaches nobody."""
INLINE = ("image/jpeg", "video/mp4", "audio/mp4")
"""What a browser may show by itself; everything else is saved."""
_RANGE = re.compile(r"^bytes=(\d{0,15})-(\d{0,15})$")


@dataclass(frozen=True)
class Served:
    """A file as it is given out. `read(start, length)` returns at least one byte while there are some."""

    mime: str
    size: int
    tag: str
    name: str
    read: Callable[[int, int], bytes]


def on_disk(path: Path, mime: str, tag: str, name: str) -> Served:
    """A file of ours."""

    def read(start: int, length: int) -> bytes:
        with path.open("rb") as file:
            file.seek(start)
            return file.read(length)

    return Served(mime, path.stat().st_size, tag, name, read)


def serve(request: HttpRequest, served: Served, *, kept_for_s: int) -> HttpResponseBase:
    """Answer with the whole, with the part asked for, or that nothing has changed."""
    tag = quote_etag(served.tag)
    if request.headers.get("If-None-Match") == tag:
        answer: HttpResponseBase = HttpResponseNotModified()
    else:
        answer = _content(request, served, tag)
    answer["ETag"] = tag
    answer["Cache-Control"] = f"private, max-age={kept_for_s}"
    answer["Content-Security-Policy"] = ALONE
    answer["Cross-Origin-Resource-Policy"] = "same-origin"
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


def _content(request: HttpRequest, served: Served, tag: str) -> HttpResponseBase:
    asked = request.headers.get("Range", "")
    if asked and request.headers.get("If-Range", tag) != tag:
        asked = ""
    part = part_of(asked, served.size)
    if part is None:
        answer: HttpResponseBase = HttpResponse(status=416)
        answer["Content-Range"] = f"bytes */{served.size}"
        return answer
    start, length = part
    answer = _answer(request, served, start, length)
    if length != served.size:
        answer.status_code = 206
        answer["Content-Range"] = f"bytes {start}-{start + length - 1}/{served.size}"
    answer["Accept-Ranges"] = "bytes"
    answer["Content-Length"] = str(length)
    answer["Content-Disposition"] = (
        content_disposition_header(served.mime not in INLINE, served.name) or "inline"
    )
    return answer


def _answer(request: HttpRequest, served: Served, start: int, length: int) -> HttpResponseBase:
    if request.method == "HEAD":
        return HttpResponse(content_type=served.mime)
    if length <= PIECE:
        return HttpResponse(b"".join(_pieces(served, start, length)), content_type=served.mime)
    return StreamingHttpResponse(_pieces(served, start, length), content_type=served.mime)


def _pieces(served: Served, start: int, length: int) -> Iterator[bytes]:
    while length > 0:
        piece = served.read(start, min(PIECE, length))
        if not piece:
            return
        yield piece
        start, length = start + len(piece), length - len(piece)


def part_of(asked: str, size: int) -> tuple[int, int] | None:
    """Return (start, length) of a Range header; the whole where it is none we know, None where there is no such part."""
    match = _RANGE.match(asked)
    if not match or match.groups() == ("", ""):
        return 0, size
    first, last = match.groups()
    if not first:
        length = min(int(last), size)
        return (size - length, length) if length else None
    start, end = int(first), min(int(last), size - 1) if last else size - 1
    if last and int(last) < start:
        return 0, size
    return (start, end - start + 1) if start < size else None
