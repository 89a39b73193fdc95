"""Lists that leave as Excel: made in the background, for one person, and gone after a week.

Nouns: source (a list that can be exported; a door registers it), listing (what it holds for one person now), export.
Promises: rows are those the person may see while they are written; a file is there whole or not at all; a text is
never a formula; every export is one row of the record; after a week the file is gone.
"""

from yiwang.kernel.foundation.exports.actions import ask, ask_again, drop, expire, file_of, own
from yiwang.kernel.foundation.exports.making import make
from yiwang.kernel.foundation.exports.registry import (
    AT_MOST,
    Column,
    Listing,
    Source,
    known_source,
    register,
    table,
)

__all__ = [
    "AT_MOST",
    "Column",
    "Listing",
    "Source",
    "ask",
    "ask_again",
    "drop",
    "expire",
    "file_of",
    "known_source",
    "make",
    "own",
    "register",
    "table",
]
