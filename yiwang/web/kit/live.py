"""What a page needs to be live: where the stream is, and parts that are drawn once for all who see the same."""

import json
from collections.abc import Callable
from datetime import datetime
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, QueryDict

from yiwang.kernel.accounts.models import User

Part = Callable[[User, datetime, QueryDict], dict[str, object]]
"""Draws a piece of a page for one who asks. Nothing of the person may be in it but what `personal` says."""

PARTS: dict[str, Part] = {}
PERSONAL = frozenset({"mine"})
"""Parameters that make a part the asker's own."""

PLACE = "/live/stream"


def register_part(name: str, draw: Part) -> None:
    """Let the live process draw a part; doors call this when they start."""
    PARTS[name] = draw


def draw_part(name: str, user: User, at: datetime, query: str) -> bytes:
    """Return a part as JSON."""
    drawn = PARTS[name](user, at, QueryDict(query))
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
