"""How long a session lasts: one rule for pages and for streams."""

from collections.abc import Mapping
from typing import Any

from django.conf import settings

BEGAN, SEEN = "began", "seen"  # in the session: seconds since 1970


def is_past(session: Mapping[str, Any], moment: float) -> bool:
    """Whether the session is past one of its limits: so long without a click, so long in all.

    One that lies far ahead is past too: the clock was wrong then or is now, and nobody can say how old it is.
    """
    idle, whole = settings.YIWANG_IDLE_MINUTES * 60, settings.YIWANG_SESSION_HOURS * 3600
    unused, age = moment - session.get(SEEN, 0), moment - session.get(BEGAN, 0)
    return bool(abs(unused) > idle or age > whole or age < -idle)
