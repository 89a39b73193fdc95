"""What a system outside says to something handed over. Adapters never raise for it: a failure is an answer too."""

import re
from dataclasses import dataclass
from enum import StrEnum

DETAIL_AT_MOST = 200
_ADDRESS = re.compile(r"[\w.+-]+@[\w.-]+")
_DIGITS = re.compile(r"\+?\d[\d -]{5,}\d")


class Fate(StrEnum):
    """`later`: certainly not taken, may be tried again. `unclear`: perhaps taken, perhaps not."""

    TAKEN = "taken"
    LATER = "later"
    REFUSED = "refused"
    UNCLEAR = "unclear"


@dataclass(frozen=True)
class Answer:
    """`reason` is a code of ours, `detail` the other side's words without addresses and numbers.

    `theirs` says that the other system is in trouble, not this one message: it counts towards its circuit.
    """

    fate: Fate
    reason: str = ""
    detail: str = ""
    provider_id: str = ""
    theirs: bool = False


def taken(provider_id: str = "") -> Answer:
    return Answer(Fate.TAKEN, provider_id=provider_id[:120])


def refused(reason: str, detail: object = "") -> Answer:
    return Answer(Fate.REFUSED, reason, scrubbed(detail))


def later(reason: str, detail: object = "", *, theirs: bool = True) -> Answer:
    return Answer(Fate.LATER, reason, scrubbed(detail), theirs=theirs)


def unclear(reason: str, detail: object = "") -> Answer:
    return Answer(Fate.UNCLEAR, reason, scrubbed(detail), theirs=True)


def scrubbed(detail: object) -> str:
    """The other side's words on one line, with nobody's address or number in them."""
    text = detail.decode("utf-8", "replace") if isinstance(detail, bytes) else str(detail)
    text = _DIGITS.sub("…", _ADDRESS.sub("…", text))
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())[
        :DETAIL_AT_MOST
    ]
