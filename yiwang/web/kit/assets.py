"""What the browser build made, under its hashed names: browser/dist and its manifest."""

import gzip
import json
import logging
import mimetypes
import time
from functools import cache, lru_cache
from pathlib import Path
from typing import TypedDict

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase

from yiwang.web.kit.access import Needs, page

log = logging.getLogger(__name__)
A_YEAR = 365 * 24 * 3600


class Chunk(TypedDict, total=False):
    """One entry of Vite's manifest, as far as we read it."""

    file: str
    css: list[str]
    imports: list[str]


def manifest_path() -> Path:
    return Path(settings.BROWSER_DIST) / "manifest.json"


def built() -> bool:
    """Whether the browser parts were built; the start of the program refuses to serve without them."""
    return manifest_path().is_file()


def manifest() -> dict[str, Chunk]:
    """The manifest, kept until the file changes; empty (and logged) when nothing was built."""
    try:
        return _read(_changed_at(str(settings.BROWSER_DIST), int(time.monotonic())))
    except FileNotFoundError:
        log.error("the browser parts are not built: run `make browser`")
        return {}


@lru_cache(maxsize=2)
def _changed_at(_folder: str, _second: int) -> int:
    """Looked at once a second: a page has a hundred icons."""
    return manifest_path().stat().st_mtime_ns


@cache
def _read(_changed: int) -> dict[str, Chunk]:
    held: dict[str, Chunk] = json.loads(manifest_path().read_text("utf-8"))
    return held


def address(file: str) -> str:
    return f"{settings.STATIC_URL}{file}"


def sprite() -> str:
    """Address of the sprite with all icons."""
    return address(manifest().get("icons.svg", {}).get("file", "icons.svg"))


def chunks_of(entry: str) -> list[Chunk]:
    """The chunk of an entry such as `map`, and those it imports, the entry first."""
    found = manifest()
    waiting, seen = [f"{entry}/index.ts"], dict[str, Chunk]()
    while waiting:
        name = waiting.pop(0)
        if name in seen or name not in found:
            continue
        seen[name] = found[name]
        waiting += found[name].get("imports", [])
    return list(seen.values())


@page(Needs.PUBLIC, methods=("GET", "HEAD"))
def file(request: HttpRequest, path: str) -> HttpResponseBase:
    """A built file, packed where the browser unpacks: a phone loads a fifth of the bytes."""
    root = Path(settings.BROWSER_DIST).resolve()
    found = (root / path).resolve()
    if not found.is_relative_to(root) or not found.is_file():
        raise Http404
    packed = "gzip" in request.headers.get("Accept-Encoding", "")
    kind = mimetypes.guess_type(found.name)[0] or "application/octet-stream"
    response = HttpResponse(_bytes(found, found.stat().st_mtime_ns, packed), content_type=kind)
    if packed:
        response["Content-Encoding"] = "gzip"
    response["Vary"] = "Accept-Encoding"
    if path.startswith("assets/"):
        response["Cache-Control"] = f"public, max-age={A_YEAR}, immutable"
    return response


@lru_cache(maxsize=64)
def _bytes(found: Path, _changed: int, packed: bool) -> bytes:
    """The content of a built file, packed once and kept: there are a dozen of them."""
    content = found.read_bytes()
    return gzip.compress(content, 9, mtime=0) if packed else content
