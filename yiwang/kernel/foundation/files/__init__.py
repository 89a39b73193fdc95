"""Photos: checked by content, resized, stripped of everything but their pixels, private until a person publishes them.

Noun: StoredFile. Promise: no stored photo carries a place, a camera or a comment; bytes are on the disk before their row.
"""

from yiwang.kernel.foundation.files.actions import (
    open_photo,
    publish_photo,
    store_photo,
    sweep_orphans,
    withdraw_photo,
)

__all__ = ["open_photo", "publish_photo", "store_photo", "sweep_orphans", "withdraw_photo"]
