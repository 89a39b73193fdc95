"""Photos, films, voices and documents: checked by content, stripped of everything but what they show, private until a
person publishes them.

Noun: StoredFile. Promise: no stored photo, prepared film or voice carries a place, a camera or a comment; a document is
kept as it was sent and only a cleaned copy of it is ever public; bytes are on the disk before their row.
"""

from yiwang.kernel.foundation.files.actions import (
    open_photo,
    path_of,
    publish,
    sweep_orphans,
    withdraw,
)
from yiwang.kernel.foundation.files.preparing import prepare, waiting
from yiwang.kernel.foundation.files.rules import Kind
from yiwang.kernel.foundation.files.storing import store, store_photo, store_same

__all__ = [
    "Kind",
    "open_photo",
    "path_of",
    "prepare",
    "publish",
    "store",
    "store_photo",
    "store_same",
    "sweep_orphans",
    "waiting",
    "withdraw",
]
