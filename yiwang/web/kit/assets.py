"""What the browser build made, under its hashed names: browser/dist and its manifest."""

import json
import logging
from functools import cache
from pathlib import Path
from typing import TypedDict

from django.conf import settings
from django.http import FileResponse, HttpRequest, HttpResponseBase
from django.views.static import serve

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
        return _read(manifest_path().stat().st_mtime_ns)
    except FileNotFoundError:
        log.error("the browser parts are not built: run `make browser`")
        return {}


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
    """A built file. In an office the web server answers this address itself; this is for every other start."""
    response = serve(request, path, document_root=str(settings.BROWSER_DIST))
    if isinstance(response, FileResponse) and path.startswith("assets/"):
        response["Cache-Control"] = f"public, max-age={A_YEAR}, immutable"
    return response
