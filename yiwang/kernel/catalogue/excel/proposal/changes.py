"""The words in which a proposal tells what it would change and what is wrong."""

from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from yiwang.kernel.catalogue.excel.layout import CellValue, Sheet
from yiwang.kernel.catalogue.excel.reading import Line, Problem
from yiwang.kernel.foundation.sentences import N_, Sentence

What = Literal["added", "changed", "removed"]


@dataclass(frozen=True)
class Change:
    """One row that would be different: which, how, and the titles of the columns that differ."""

    sheet: str
    row: int
    what: What
    subject: str
    columns: tuple[str, ...] = ()

    def as_json(self) -> dict[str, object]:
        return {
            "sheet": self.sheet,
            "row": self.row,
            "what": self.what,
            "subject": self.subject,
            "columns": list(self.columns),
        }


def differences(
    values: Mapping[str, CellValue], stored: Mapping[str, CellValue]
) -> dict[str, CellValue]:
    """Return what the file says and is not so; what it does not say stays."""
    return {key: value for key, value in values.items() if stored.get(key) != value}


def titles(sheet: Sheet, keys: Mapping[str, object]) -> tuple[str, ...]:
    return tuple(column.title for column in sheet.columns if column.key in keys)


def unique(lines: Sequence[Line], problems: list[Problem]) -> Iterator[tuple[Hashable, Line]]:
    """Give each line with its key; lines whose key was said before, or cannot be read, are left out."""
    seen: dict[Hashable, int] = {}
    for line in lines:
        keys = line.sheet.keys
        if any(key not in line.values for key in keys):
            continue
        key = tuple(line.values[name] for name in keys)
        if key in seen:
            told = Sentence(N_("与第 %(row)s 行重复"), {"row": seen[key]})
            problems.append(line.problem(keys[-1], told))
            continue
        seen[key] = line.row
        yield key, line
