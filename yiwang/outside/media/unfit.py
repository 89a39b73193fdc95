"""How the child says no, and the measures it goes by."""

VIDEO_SECONDS = 60
VOICE_SECONDS = 180
GRACE_S = 1.0
"""Telephones stop a little after the minute."""
MOST_PIXELS = 4096 * 2304
"""Of one frame: 4K as telephones film it."""
PAGES_AT_MOST = 500
PARTS_AT_MOST = 3000
UNPACKED_AT_MOST = 200 * 1024**2
PACKED_AT_MOST = 150
"""How many times larger a part of a packed document may be than what was sent (beyond its first megabyte)."""
TEXT_AT_MOST = 1024**2


class UnfitFile(Exception):
    """The file cannot be taken."""

    def __init__(self, code: str, **figures: float | str) -> None:
        super().__init__(code)
        self.code, self.figures = code, figures
