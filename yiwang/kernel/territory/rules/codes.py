"""Codes of the land: divisions after GB/T 2260 and GB/T 10114, grids after CJ/T 349-2010. Nothing here invents one."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from yiwang.kernel.foundation.sentences import Sentence
from yiwang.kernel.territory.rules.levels import Level

# Shape of the official code of each level; None where no standard gives one.
_SHAPES: dict[Level, re.Pattern[str] | None] = {
    Level.PROVINCE: re.compile(r"[1-8][0-9]0000"),
    Level.CITY: re.compile(r"[1-8][0-9](?!00)[0-9]{2}00"),
    Level.COUNTY: re.compile(r"[1-8][0-9]{3}(?!00)[0-9]{2}"),
    # 001–099 subdistricts, 100–199 towns, 200–399 townships.
    Level.SUBDISTRICT: re.compile(r"[1-8][0-9]{5}(?!000)[0-3][0-9]{2}"),
    Level.COMMUNITY: re.compile(r"[1-8][0-9]{8}(?!000)[0-9]{3}"),
    Level.GRID: None,
    Level.MICRO_GRID: None,
}
# Leading digits that a code shares with the codes beneath it.
_STEM = {
    Level.PROVINCE: 2,
    Level.CITY: 4,
    Level.COUNTY: 6,
    Level.SUBDISTRICT: 9,
    Level.COMMUNITY: 12,
}
_GRID_CODE = re.compile(
    r"(?P<object>\d{6})(?P<county>\d{6})(?P<street>\d{3})(?P<community>\d{3})(?P<grid>\d{2})"
)
UNDIVIDED = 0


def stem(level: Level, code: str) -> str:
    """The leading digits of a division code that every code beneath it begins with."""
    return code[: _STEM[level]] if level in _STEM else ""


def check_division_code(level: Level, code: str) -> Sentence | None:
    """What is wrong with the shape of an official code; None when it is right, blank, or no standard applies."""
    shape = _SHAPES[level]
    if not code or shape is None or shape.fullmatch(code):
        return None
    return Sentence("代码 %(code)s 不符合 GB/T 2260、GB/T 10114 的位数与取值", {"code": code})


def check_under(level: Level, code: str, above: Level, above_code: str) -> Sentence | None:
    """Whether a code begins with the digits of the code of a division above it."""
    if not code or not above_code or _SHAPES[level] is None or _SHAPES[above] is None:
        return None
    if code.startswith(stem(above, above_code)):
        return None
    return Sentence(
        "代码 %(code)s 不在上级代码 %(above)s 之下", {"code": code, "above": above_code}
    )


@dataclass(frozen=True)
class GridCode:
    """The 20 digits of a grid: object class 6, county 6, street 3, community 3, grid 2 (0 when not divided)."""

    object_class: str
    county: str
    street: str
    community: str
    number: int

    def __str__(self) -> str:
        return f"{self.object_class}{self.county}{self.street}{self.community}{self.number:02d}"

    @property
    def community_code(self) -> str:
        """The 12-digit code of the community the grid belongs to."""
        return self.county + self.street + self.community


def parse_grid_code(text: str) -> GridCode:
    """Read 20 digits.

    Raises:
        ValueError: not 20 digits.
    """
    found = _GRID_CODE.fullmatch(text)
    if not found:
        raise ValueError(text)
    parts = found.groupdict()
    return GridCode(
        parts["object"], parts["county"], parts["street"], parts["community"], int(parts["grid"])
    )


def build_grid_code(object_class: str, community_code: str, number: int) -> str:
    """The code of a grid of a community with a published 12-digit code.

    Args:
        object_class: 6 digits, given by the town: the standard's table was not available.
        number: 1–99 in `reading_order`, 0 when the community is not divided.

    Raises:
        ValueError: a part has the wrong number of digits.
    """
    if not 0 <= number <= 99:
        raise ValueError(number)
    return str(parse_grid_code(f"{object_class}{community_code}{number:02d}"))


def check_grid_code(text: str, community_code: str) -> Sentence | None:
    """What is wrong with a grid code; None when it is right or blank."""
    if not text:
        return None
    if not _GRID_CODE.fullmatch(text):
        return Sentence("网格编码 %(code)s 不是 20 位数字（CJ/T 349）", {"code": text})
    if community_code and parse_grid_code(text).community_code != community_code:
        return Sentence(
            "网格编码 %(code)s 与所属社区代码 %(above)s 不一致",
            {"code": text, "above": community_code},
        )
    return None


@dataclass(frozen=True)
class Extent:
    """Bounds of a grid, in any unit that grows east and north."""

    west: float
    south: float
    east: float
    north: float

    @property
    def centre(self) -> tuple[float, float]:
        return (self.west + self.east) / 2, (self.south + self.north) / 2


def reading_order(extents: Sequence[Extent]) -> list[int]:
    """Positions in the order CJ/T 349 numbers grids: left to right, top to bottom.

    The standard does not say when two grids are in one row. Here: a row begins with the northernmost grid left over and
    takes every grid whose centre is north of that grid's own middle line or less than a quarter of its height below it.
    """
    left = sorted(range(len(extents)), key=lambda i: -extents[i].centre[1])
    order: list[int] = []
    while left:
        first = extents[left[0]]
        line = first.centre[1] - (first.north - first.south) / 4
        row = [i for i in left if extents[i].centre[1] >= line]
        order += sorted(row, key=lambda i: extents[i].centre[0])
        left = [i for i in left if i not in row]
    return order
