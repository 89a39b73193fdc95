"""What of a case's words may leave the house in a list: no telephone, no identity or bank card, no address of mail."""

import re

_KEPT = re.compile(r"20\d{2}-?\d{2}-?\d{2}(?:-\d{4,6})?(?!\d)")  # a day, the number of a case
_OF_A_PERSON = re.compile(
    r"[A-Za-z0-9_.+-]+@[A-Za-z0-9.-]+"
    r"|(?<!\d)\+?\d(?:[ \-()（）－—]{0,2}\d){6,}[xX]?"
    r"|[〇零一二三四五六七八九幺两壹贰叁肆伍陆柒捌玖]{7,}"
)
HIDDEN = "＊＊＊"


def without_numbers(text: str) -> str:
    """Return the text with every number that may be a person's hidden."""
    return _OF_A_PERSON.sub(lambda m: m[0] if _KEPT.fullmatch(m[0]) else HIDDEN, text)
