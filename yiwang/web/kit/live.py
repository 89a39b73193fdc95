"""What a page needs to be live: where the stream is, and parts that are drawn once for all who see the same."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, QueryDict

from yiwang.kernel.accounts.models import User

Draw = Callable[[User, datetime, QueryDict], object]
"""Draws for one who asks. Nothing of the person may be in it, unless a parameter of `PERSONAL` asks for it."""


@dataclass(frozen=True)
class Piece:
    """A piece of a part, drawn by itself; `ignores`: parameters it does not look at, so that more may share it."""

    draw: Draw
    ignores: frozenset[str] = frozenset()


PARTS: dict[str, dict[str, Piece]] = {}
PERSONAL = frozenset({"mine"})
"""Parameters that make a part the asker's own."""

PLACE = "/live/stream"


def register_part(name: str, **pieces: Piece) -> None:
    """Let the live process draw a part, piece by piece; doors call this when they start."""
    PARTS[name] = pieces


def draw_piece(piece: Piece, user: User, at: datetime, query: str) -> bytes:
    """Return a piece as JSON."""
    drawn = piece.draw(user, at, QueryDict(query))
    return json.dumps(drawn, ensure_ascii=False, separators=(",", ":")).encode()


def address_for(request: HttpRequest) -> str:
    """Where the browser finds the stream: behind a proxy under the same origin, else on the port beside."""
    if settings.YIWANG_PROXIES:
        return PLACE
    host = urlsplit(f"//{request.get_host()}").hostname or "127.0.0.1"
    return f"http://{host}:{settings.YIWANG_LIVE_PORT}{PLACE}"


def origins() -> frozenset[str]:
    """Whose pages may listen: ours, under the names they are served by."""
    scheme = "https" if settings.SESSION_COOKIE_SECURE else "http"
    named = {f"{scheme}://{host.lstrip('.')}" for host in settings.ALLOWED_HOSTS if host != "*"}
    return frozenset(named | {f"{name}:{settings.YIWANG_PORT}" for name in named})
