"""The user guide (docs/guide) as pages of the program: one's own role first, in the language of the page."""

import struct
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from pathlib import Path

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from markdown_it import MarkdownIt
from markdown_it.token import Token

from yiwang.kernel import organisation
from yiwang.kernel.organisation.rules import Role
from yiwang.web.kit.access import Needs, now, page, staff

FOLDER = Path(settings.ROOT) / "docs" / "guide"
PAGES = (
    "everybody", "desk", "unit", "grid-worker", "leader", "inspector", "administrator", "resident",
)  # fmt: skip
OF_ROLE = {
    Role.DESK_OPERATOR: "desk",
    Role.UNIT_HANDLER: "unit",
    Role.GRID_WORKER: "grid-worker",
    Role.COMMUNITY_OFFICER: "leader",
    Role.LEADER: "leader",
    Role.INSPECTOR: "inspector",
    Role.ADMINISTRATOR: "administrator",
}
KEPT_FOR_S = 3600


@dataclass(frozen=True)
class Chapter:
    """One page of the guide, its heading apart."""

    name: str
    title: str
    body: SafeString


@page(Needs.PUBLIC, methods=("GET", "HEAD"))
def start(request: HttpRequest) -> HttpResponse:
    """The chapter of the reader's own role; residents get theirs and no list of the others."""
    return _show(request, _own(request)[0])


@page(Needs.PUBLIC, methods=("GET", "HEAD"))
def chapter(request: HttpRequest, name: str) -> HttpResponse:
    """One chapter.

    Raises:
        Http404: there is none of this name.
    """
    if name not in PAGES:
        raise Http404
    return _show(request, name)


@page(Needs.PUBLIC, methods=("GET", "HEAD"))
def picture(request: HttpRequest, language: str, name: str) -> HttpResponse:
    """A picture of the guide.

    Raises:
        Http404: there is none of this name.
    """
    path = FOLDER / "pictures" / language / f"{name}.png"
    if language not in ("zh", "en") or not path.is_file():
        raise Http404
    answer = HttpResponse(path.read_bytes(), content_type="image/png")
    answer["Cache-Control"] = f"public, max-age={KEPT_FOR_S}"
    return answer


def _show(request: HttpRequest, name: str) -> HttpResponse:
    language = "en" if (get_language() or "").startswith("en") else "zh"
    first = _own(request)
    names = [*first, *(each for each in PAGES if each not in first and staff(request))]
    context = {
        "layout": "kit/staff.html" if staff(request) else "kit/resident.html",
        "chapter": read(language, name),
        "chapters": [read(language, each) for each in names],
    }
    return render(request, "signin/guide.html", context)


def _own(request: HttpRequest) -> list[str]:
    user = staff(request)
    if user is None:
        return ["resident"]
    roles = organisation.roles_of(user, now(request))
    own = dict.fromkeys(name for role, name in OF_ROLE.items() if role in roles)
    return [*own, "everybody"]


@lru_cache(maxsize=2 * len(PAGES))
def read(language: str, name: str) -> Chapter:
    """Return a chapter as HTML. The text is ours; what looks like HTML in it is shown as text all the same."""
    text = (FOLDER / language / f"{name}.md").read_text(encoding="utf-8")
    heading, _line, rest = text.partition("\n")
    parser = MarkdownIt("commonmark", {"html": False}).enable("table")
    tokens = parser.parse(rest)
    for opening, words in pairwise(tokens):
        if opening.type == "heading_open":
            opening.attrs["id"] = words.content.lower().replace(" ", "-")
    for token in tokens:
        _lead(token.children or [])
    body = parser.renderer.render(tokens, parser.options, {})
    return Chapter(name, heading.lstrip("# "), mark_safe(body))  # noqa: S308 - a file of ours, HTML in it escaped


def _lead(tokens: list[Token]) -> None:
    """Let links to chapters and pictures lead to their pages; what is no chapter is named and not linked."""
    dropped = False
    for token in tokens:
        if token.type == "link_open":
            path, _sharp, place = str(token.attrs.get("href", "")).partition("#")
            dropped = path.startswith("../")
            if path.endswith(".md") and not dropped:
                chapter_at = reverse("signin:guide-chapter", args=[Path(path).stem])
                token.attrs["href"] = f"{chapter_at}#{place}" if place else chapter_at
        if token.type in ("link_open", "link_close"):
            token.hidden = dropped
        if token.type == "image":
            _show_picture(token)


def _show_picture(token: Token) -> None:
    """A picture says its size, so that nothing jumps when it arrives."""
    path = Path(str(token.attrs["src"]))
    language, name = path.parent.name, path.stem
    token.attrs["src"] = reverse("signin:guide-picture", args=[language, name])
    width, height = _size(FOLDER / "pictures" / language / path.name)
    token.attrs |= {"width": width, "height": height, "loading": "lazy"}


def _size(png: Path) -> tuple[int, int]:
    """Return width and height as the head of a PNG says them."""
    with png.open("rb") as file:
        width, height = struct.unpack(">II", file.read(24)[16:])
    return width, height
