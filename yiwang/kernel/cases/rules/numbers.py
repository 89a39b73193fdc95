"""What somebody types when they mean a number: the whole one, its beginning, as a list shows it, or the last four."""

import re
from dataclasses import dataclass
from datetime import date, timedelta

from yiwang.kernel.foundation.numbering.rules import normalise_follow_code

_WHOLE = re.compile(r"^[A-Z]{0,2}\d{8}-\d{3,}$")
_BEGINNING = re.compile(r"^[A-Z]{0,2}20\d{2,6}(-\d{0,4})?$")
_OF_A_DAY = re.compile(r"^(\d{2})-?(\d{2})[ -](\d{3,})$")  # 11-23 0042, as a list shows it
_SERIAL = re.compile(r"^\d{3,6}$")
_OUTER = re.compile(r"^[A-Z0-9][A-Z0-9-]{5,63}$")
SERIAL_BACK_DAYS = 60


@dataclass(frozen=True)
class Numbers:
    """What may be meant: whole numbers, the beginning of one, the number of another system, a follow code."""

    whole: tuple[str, ...] = ()
    beginning: str = ""
    outer: str = ""
    code: str = ""

    def __bool__(self) -> bool:
        return bool(self.whole or self.beginning or self.outer or self.code)


def numbers_of(typed: str, today: date) -> Numbers:
    """Return which numbers are meant; nothing when words are meant."""
    text = typed.strip().upper()
    outer = text if _OUTER.match(text) and any(sign.isdigit() for sign in text) else ""
    code = normalise_follow_code(text)
    if _WHOLE.match(text):
        return Numbers(whole=(text,), outer=outer)
    if _BEGINNING.match(text):
        return Numbers(beginning=text, outer=outer)
    if told := _OF_A_DAY.match(text):
        month, day, serial = told.groups()
        return Numbers(whole=tuple(f"{today.year - back}{month}{day}-{serial}" for back in (0, 1)))
    if _SERIAL.match(text):
        days = (today - timedelta(days=back) for back in range(SERIAL_BACK_DAYS))
        return Numbers(whole=tuple(f"{day:%Y%m%d}-{text.zfill(4)}" for day in days), outer=outer)
    return Numbers(outer=outer, code=code)
