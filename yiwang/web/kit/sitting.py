"""How long a session lasts: one rule for pages and for streams."""

from collections.abc import Mapping
from typing import Any

from django.conf import settings

BEGAN, SEEN = "began", "seen"  # in the session: seconds since 1970


def is_past(session: Mapping[str, Any], moment: float) -> bool:
    """Whether the session is past one of its limits: so long without a click, so long in all."""
    idle, whole = settings.YIWANG_IDLE_MINUTES * 60, settings.YIWANG_SESSION_HOURS * 3600
    return bool(moment - session.get(SEEN, 0) > idle or moment - session.get(BEGAN, 0) > whole)
