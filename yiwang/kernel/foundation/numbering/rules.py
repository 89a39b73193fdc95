"""How numbers and follow codes are written."""

import secrets
import unicodedata
from datetime import date

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford: no I, L, O, U
LENGTH = 13  # 13 × 5 bits hold 64 random bits
_PAIRS = [first + second for first in ALPHABET for second in ALPHABET]
_MISREAD = str.maketrans("OIL", "011")


def written(day: date, count: int) -> str:
    """`20261123-0042`; grows past four digits."""
    return f"{day:%Y%m%d}-{count:04d}"


def follow_code() -> str:
    """Thirteen characters holding 64 random bits; whoever knows it may follow the report."""
    bits = secrets.randbits(64)
    pairs = [_PAIRS[bits >> 10 * place & 1023] for place in (5, 4, 3, 2, 1, 0)]
    return ALPHABET[bits >> 60] + "".join(pairs)


def grouped_follow_code(code: str) -> str:
    """`0K7Q-F2M9-X4TBR`, as it is shown and read out."""
    return f"{code[:4]}-{code[4:8]}-{code[8:]}"


def normalise_follow_code(text: str) -> str:
    """The code somebody typed, or "" when it cannot be one.

    Forgives small letters, full-width characters, spaces, dashes, and O for 0, I or L for 1.
    """
    plain = unicodedata.normalize("NFKC", text).upper()
    code = "".join(sign for sign in plain if sign.isalnum()).translate(_MISREAD)
    return code if len(code) == LENGTH and set(code) <= set(ALPHABET) else ""
