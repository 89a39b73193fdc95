"""What a grid should look like: size, the one community it belongs to, its codes and its number."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from yiwang.kernel.foundation.sentences import Sentence
from yiwang.kernel.territory.rules.codes import (
    Extent,
    check_division_code,
    check_grid_code,
    check_under,
    parse_grid_code,
    reading_order,
)
from yiwang.kernel.territory.rules.findings import Finding, Problem
from yiwang.kernel.territory.rules.levels import Kind, Level

# Resident households: a grid in a city, and a micro-grid (local regulations that follow GB/T 34300-2017).
HOUSEHOLDS = {Level.GRID: (300, 500), Level.MICRO_GRID: (50, 80)}


@dataclass(frozen=True)
class Node:
    """A division as the standard sees it; `above` is the parent."""

    name: str
    level: Level
    kind: str = ""
    code: str = ""
    grid_code: str = ""
    households: int | None = None
    above: Node | None = None

    @property
    def nearest_code(self) -> tuple[Level, str] | None:
        """Level and code of the nearest division above that has a code."""
        node = self.above
        while node is not None and not node.code:
            node = node.above
        return (node.level, node.code) if node else None


def check_node(node: Node) -> Iterator[Finding]:
    """Everything the standard says about one division by itself."""
    yield from _check_households(node)
    yield from _check_parent(node)
    for sentence in _code_sentences(node):
        said = Sentence("“%(name)s”：%(what)s", {"name": node.name, "what": sentence})
        yield Finding(Problem.WRONG_CODE, (node.name,), said)


def _check_households(node: Node) -> Iterator[Finding]:
    """A grid of its own (a market, a school) has no residents to count."""
    if node.level not in HOUSEHOLDS or node.kind == Kind.DEDICATED:
        return
    least, most = HOUSEHOLDS[node.level]
    says: dict[str, str | int] = {"name": node.name, "least": least, "most": most}
    if node.households is None:
        sentence = Sentence("“%(name)s”没有登记户数，标准是 %(least)s–%(most)s 户", says)
        yield Finding(Problem.HOUSEHOLDS, (node.name,), sentence, advice=True)
    elif not least <= node.households <= most:
        says["count"] = node.households
        sentence = Sentence("“%(name)s”有 %(count)s 户，标准是 %(least)s–%(most)s 户", says)
        yield Finding(Problem.HOUSEHOLDS, (node.name,), sentence, advice=True)


def _check_parent(node: Node) -> Iterator[Finding]:
    """Every grid belongs to one community, every micro-grid to one grid."""
    wanted = {Level.GRID: Level.COMMUNITY, Level.MICRO_GRID: Level.GRID}.get(node.level)
    if wanted is None or (node.above is not None and node.above.level is wanted):
        return
    sentence = (
        Sentence("“%(name)s”不属于任何社区", {"name": node.name})
        if node.level is Level.GRID
        else Sentence("“%(name)s”不属于任何网格", {"name": node.name})
    )
    yield Finding(Problem.WRONG_PARENT, (node.name,), sentence)


def _code_sentences(node: Node) -> Iterator[Sentence]:
    found = [check_division_code(node.level, node.code)]
    if node.nearest_code:
        found.append(check_under(node.level, node.code, *node.nearest_code))
    if node.level is Level.GRID:
        found.append(check_grid_code(node.grid_code, node.above.code if node.above else ""))
    yield from (sentence for sentence in found if sentence is not None)


@dataclass(frozen=True)
class NumberedGrid:
    """A grid of one community with its grid code, blank when it has none, and its bounds."""

    name: str
    grid_code: str
    extent: Extent


def check_numbers(community: str, grids: Sequence[NumberedGrid]) -> Iterator[Finding]:
    """Whether grid codes of a community run 01, 02 … left to right, top to bottom; 00 only when not divided."""
    if not grids or not all(
        len(grid.grid_code) == 20 and grid.grid_code.isdecimal() for grid in grids
    ):
        return
    order = reading_order([grid.extent for grid in grids])
    numbers = [parse_grid_code(grids[i].grid_code).number for i in order]
    wanted = [0] if len(grids) == 1 and numbers == [0] else list(range(1, len(grids) + 1))
    if numbers != wanted:
        says = {"name": community, "numbers": "、".join(f"{n:02d}" for n in numbers)}
        sentence = Sentence(
            "“%(name)s”的网格自左向右、自上而下编号应当连续，现在是 %(numbers)s", says
        )
        yield Finding(
            Problem.WRONG_ORDER, tuple(grids[i].name for i in order), sentence, advice=True
        )
