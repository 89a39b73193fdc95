"""Words that call for a siren, not for an office: which number to show first."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

CALLS: dict[str, Promise] = {
    "119": _("火警、燃气、被困"),
    "120": _("急救"),
    "110": _("报警"),
}


@dataclass(frozen=True)
class Call:
    """A number, what it is for, and the words that mean it."""

    number: str
    words: tuple[str, ...]

    @property
    def purpose(self) -> str:
        return str(CALLS[self.number])


@cache
def calls() -> tuple[Call, ...]:
    """Every number in the order it is shown."""
    table = tomllib.loads(Path(__file__).with_suffix(".toml").read_text("utf-8"))
    return tuple(Call(call["number"], tuple(call["words"])) for call in table["call"])


def all_words() -> list[str]:
    """Every word that makes the numbers appear."""
    return sorted({word for call in calls() for word in call.words})


def is_emergency(text: str) -> bool:
    """Whether the words call for a siren."""
    small = text.lower()
    return any(word in small for call in calls() for word in call.words)
