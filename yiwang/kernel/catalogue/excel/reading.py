"""A workbook → tables, with every cell that cannot be read named. No database."""

import warnings
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import IO, Final

from django.utils.translation import gettext_lazy as _
from openpyxl import load_workbook
from openpyxl.utils import get_column_letter

from yiwang.kernel.catalogue.excel.cells import WrongCell, parse
from yiwang.kernel.catalogue.excel.layout import SHEETS, CellValue, Column, Sheet
from yiwang.kernel.catalogue.rules.tree import tidy
from yiwang.kernel.foundation import workbooks
from yiwang.kernel.foundation.errors import Invalid
from yiwang.kernel.foundation.sentences import N_, Sentence

MOST_ROWS: Final = 20_000
MOST_COLUMNS: Final = 60
_ERRORS: Final = {"#N/A", "#REF!", "#NAME?", "#VALUE!", "#DIV/0!", "#NUM!", "#NULL!"}


@dataclass(frozen=True)
class Problem:
    """One thing wrong in the file: where, and in a sentence what, and what is allowed.

    `column` is the title of the column, "" for the sheet as a whole; `cell` is its place, as "E12".
    """

    sheet: str
    row: int
    column: str
    sentence: Sentence
    cell: str = ""

    def as_json(self) -> dict[str, object]:
        """In the active language."""
        return {
            "sheet": self.sheet,
            "row": self.row,
            "column": self.column,
            "cell": self.cell,
            "sentence": self.sentence.text(),
        }


@dataclass(frozen=True)
class Line:
    """One row of a sheet: its number, and what its cells say. A key that is absent was not said."""

    sheet: Sheet
    row: int
    values: dict[str, CellValue]
    letters: dict[str, str]

    def problem(self, key: str, sentence: Sentence) -> Problem:
        """Name something wrong in one cell of this row."""
        letter = self.letters.get(key, "")
        cell = f"{letter}{self.row}" if letter else ""
        return Problem(self.sheet.name, self.row, self.sheet.column(key).title, sentence, cell)


@dataclass
class Reading:
    """The lines of each sheet that is in the file, and everything wrong with it."""

    lines: dict[str, list[Line]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)


def read(file: IO[bytes]) -> Reading:
    """Read every known sheet of a workbook; other sheets are left aside.

    Raises:
        Invalid: the file is no workbook, or too large.
    """
    reading = Reading()
    try:
        workbooks.check(file)
        _read_sheets(file, reading)
    except Invalid:
        raise
    except Exception as error:  # a damaged file makes openpyxl stumble in any way there is
        raise Invalid(_("这个文件不是 Excel 工作簿（.xlsx）"), field="file") from error
    if not reading.lines:
        raise Invalid(
            _("工作簿里没有任何可用的表：%(sheets)s")
            % {"sheets": "、".join(sheet.name for sheet in SHEETS)},
            field="file",
        )
    return reading


def _read_sheets(file: IO[bytes], reading: Reading) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # openpyxl tells of decorations it does not keep
        book = load_workbook(file, read_only=True, data_only=True)
    for sheet in SHEETS:
        if sheet.name in book.sheetnames:
            rows = book[sheet.name].iter_rows(
                max_row=workbooks.LAST_ROW, max_col=MOST_COLUMNS, values_only=True
            )
            _read_sheet(sheet, rows, reading)


def _read_sheet(sheet: Sheet, rows: Iterable[Sequence[object]], reading: Reading) -> None:
    stream = iter(rows)
    places = _header(sheet, next(stream, ()), reading)
    lines = reading.lines[sheet.name] = []
    for number, cells in _filled(stream):
        if len(lines) == MOST_ROWS:
            told = Sentence(N_("最多 %(most)s 行"), {"most": MOST_ROWS})
            reading.problems.append(Problem(sheet.name, number, "", told))
            return
        lines.append(_read_line(sheet, number, cells, places, reading))


def _header(sheet: Sheet, cells: Sequence[object], reading: Reading) -> dict[int, Column]:
    """Find the columns by their titles, in any order; a needed one that is missing is a problem."""
    titles = {tidy(text): place for place, text in reversed(list(enumerate(map(_plain, cells))))}
    for column in sheet.columns:
        if column.needed and column.title not in titles:
            told = Sentence(N_("第一行缺少“%(title)s”这一列"), {"title": column.title})
            reading.problems.append(Problem(sheet.name, 1, column.title, told))
    return {titles[c.title]: c for c in sheet.columns if c.title in titles}


def _filled(stream: Iterator[Sequence[object]]) -> Iterator[tuple[int, list[str]]]:
    for number, cells in enumerate(stream, start=2):
        if cells.count(None) == len(cells):
            continue
        texts = [_plain(cell) for cell in cells]
        if any(texts):
            yield number, texts


def _plain(cell: object) -> str:
    """Give the text a person sees in a cell."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "是" if cell else "否"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return tidy(str(cell))


def _read_line(
    sheet: Sheet, number: int, cells: Sequence[str], places: dict[int, Column], reading: Reading
) -> Line:
    line = Line(sheet, number, {}, {c.key: get_column_letter(p + 1) for p, c in places.items()})
    for place, column in places.items():
        try:
            _read_cell(line, column, cells[place] if place < len(cells) else "")
        except WrongCell as wrong:
            reading.problems.append(line.problem(column.key, wrong.sentence))
    return line


def _read_cell(line: Line, column: Column, text: str) -> None:
    if text in _ERRORS:
        raise WrongCell(N_("公式出错：%(text)s"), text=text)
    if text:
        line.values[column.key] = parse(column, text)
    elif column.needed:
        raise WrongCell(N_("不能空白：%(hint)s"), hint=Sentence(column.hint))
    elif column.blank_is_a_value:
        line.values[column.key] = ""
