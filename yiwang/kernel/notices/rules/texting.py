"""Texts that an administrator may write: their places, and how long a short message is. Pure: no Django.

A place is {number}; in Chinese it is shown and may be written as {案卷号}.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from math import ceil

from yiwang.kernel.foundation.sentences import N_

# The places of any text, with their Chinese names; none of them can hold a person's words.
PLACES: dict[str, str] = {
    "number": "案卷号",
    "category": "类别",
    "area": "区域",
    "unit": "单位",
    "due": "时限",
    "link": "链接",
    "town": "本地",
    "count": "条数",
    "list": "清单",
    "from": "起",
    "to": "止",
}
PLACE_MEANINGS: dict[str, str] = {
    "number": N_("案卷号，如 20261123-0042"),
    "category": N_("事项类别，如 污水井盖"),
    "area": N_("社区和网格，不是门牌"),
    "unit": N_("主办单位"),
    "due": N_("时限，如 11-23 16:20"),
    "link": N_("打开这件事的地址"),
    "town": N_("本街道的名称"),
    "count": N_("汇总里有几条"),
    "list": N_("汇总里的各条"),
    "from": N_("第一天"),
    "to": N_("最后一天"),
}
OF_EVENTS = ("number", "category", "area", "unit", "due", "link", "town")
OF_RESIDENTS = ("number", "link", "town")
OF_DIGESTS = ("count", "list", "link", "town")
IN_APP = ("number", "category", "area", "unit", "due")

_PLACE = re.compile(r"\{([^{}\n]{0,30})\}")
_GETTEXT = re.compile(r"%\((\w+)\)[sd]")
_BY_CHINESE = {chinese: name for name, chinese in PLACES.items()}
SINGLE, PART = (
    70,
    67,
)  # UTF-16 units of a short message in Chinese, alone and as part of a longer one


def canonical(text: str) -> str:
    """{案卷号} → {number}; what is no place stays as it is."""
    return _PLACE.sub(
        lambda found: f"{{{_BY_CHINESE.get(found[1].strip(), found[1].strip())}}}", text
    )


def shown(text: str, language: str) -> str:
    """How the places are shown to a writer of this language."""
    if not language.startswith("zh"):
        return text
    return _PLACE.sub(lambda found: f"{{{PLACES.get(found[1], found[1])}}}", text)


def from_wording(sentence: str) -> str:
    """A sentence of gettext with %(number)s in it, as a text with {number}."""
    return _GETTEXT.sub(r"{\1}", sentence)


def places_in(text: str) -> tuple[str, ...]:
    return tuple(_PLACE.findall(text))


def unknown_places(text: str, allowed: tuple[str, ...]) -> list[str]:
    """Places of a canonical text that nothing will fill, and stray braces."""
    unknown = [found for found in _PLACE.findall(text) if found not in allowed]
    rest = _PLACE.sub("", text)
    return unknown + [sign for sign in "{}" if sign in rest]


def filled(text: str, values: Mapping[str, object]) -> str:
    """The text with its places filled; a line whose places are all unknown is left out."""
    lines = []
    for line in text.splitlines():
        places = _PLACE.findall(line)
        if places and len(text.splitlines()) > 1 and not any(values.get(p) for p in places):
            continue
        lines.append(_PLACE.sub(lambda found: str(values.get(found[1]) or "—"), line))
    return "\n".join(lines).strip()


@dataclass(frozen=True)
class Size:
    """Length of a short message in UTF-16 units, and how many the sender pays for."""

    units: int
    segments: int


def size_of(text: str) -> Size:
    """Count as the gateways here do: 70 alone, 67 in each part; 𠮷 and emoji count two."""
    units = len(text.encode("utf-16-le")) // 2
    return Size(units, 0 if not units else 1 if units <= SINGLE else ceil(units / PART))
