"""Numbers people read out and codes nobody can guess."""

from yiwang.kernel.foundation.numbering.actions import next_number, next_numbers
from yiwang.kernel.foundation.numbering.rules import (
    follow_code,
    grouped_follow_code,
    normalise_follow_code,
)

__all__ = [
    "follow_code",
    "grouped_follow_code",
    "next_number",
    "next_numbers",
    "normalise_follow_code",
]
