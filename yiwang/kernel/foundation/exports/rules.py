"""What may stand in a cell, and how long an export lasts. No Django."""

import re
from datetime import UTC, datetime, timedelta, tzinfo

LASTS = timedelta(days=7)
AT_ONCE = 3
"""Exports of one person that may be waiting or in the making."""
ATTEMPTS = 3
"""An export that brings the worker down so often is given up."""
SILENT_FOR = timedelta(seconds=30)
"""A worker that has said nothing for so long is taken for dead, and another begins anew."""
CELL_AT_MOST = 32_000  # signs; Excel holds 32,767
BATCH = 500

WAITING, MAKING, READY, FAILED, EXPIRED = "waiting", "making", "ready", "failed", "expired"
UNDER_WAY = (WAITING, MAKING)

Cell = str | int | float | datetime | None

_UNWRITABLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff\u202a-\u202e\u2066-\u2069]"
)
"""What a sheet cannot hold, and what turns the direction of reading so that a name looks like another."""
_BEGINS_A_FORMULA = re.compile(r"^\s*[=+\-@＝＋－＠|%]|^[\t\r\n]")


def cell_of(value: Cell, zone: tzinfo = UTC) -> Cell:
    """Return a value as a cell holds it: moments in the town's time, texts that no program takes for a formula."""
    if isinstance(value, datetime):
        local = value.astimezone(zone) if value.tzinfo else value
        return local.replace(tzinfo=None, microsecond=0)
    return harmless(value) if isinstance(value, str) else value


def harmless(text: str) -> str:
    """Put an apostrophe before what begins like a formula; drop what a sheet cannot hold, cut what is too long."""
    clean = _UNWRITABLE.sub("", text)[:CELL_AT_MOST]
    return f"'{clean}" if _BEGINS_A_FORMULA.match(clean) else clean


def share_of(done: int, total: int | None) -> int:
    """Return per cent; 0 while nobody knows how much it is."""
    return min(100, done * 100 // total) if total else 0
