"""Tables → a workbook that is pleasant to work in: lists to choose from, hints, a header that stays."""

from collections.abc import Mapping, Sequence
from io import BytesIO

from openpyxl import Workbook
from openpyxl.cell.cell import Cell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from yiwang.kernel.catalogue.excel.cells import show
from yiwang.kernel.catalogue.excel.layout import SHEETS, CellValue, Column, Holds, Sheet

Row = Mapping[str, CellValue]
Tables = Mapping[str, Sequence[Row]]

CHOICES_SHEET = "选项"
SPARE_ROWS = 500  # lists and hints reach this far below the last row
_HEAD = PatternFill("solid", fgColor="1F5FA8")
_NEEDED = PatternFill("solid", fgColor="123E70")
_RULE = Border(bottom=Side(style="hair", color="C8CDD3"))
_MODULE = PatternFill("solid", fgColor="E8EFF7")


def write(
    tables: Tables, names: Mapping[str, str], choices: Mapping[Holds, Sequence[str]]
) -> bytes:
    """Return the workbook.

    `tables` are rows by sheet name; `names` the categories' names by code; `choices` the texts to
    choose from in columns that refer to a category, a unit or an area.
    """
    book = Workbook()
    book.remove(book.worksheets[0])
    ranges = {
        holds: _range(place, len(texts)) for place, (holds, texts) in enumerate(choices.items(), 1)
    }
    for sheet in SHEETS:
        _write_sheet(
            book.create_sheet(sheet.name), sheet, tables.get(sheet.name, ()), names, ranges
        )
    _write_choices(book.create_sheet(CHOICES_SHEET), choices)
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()


def _range(place: int, count: int) -> str:
    letter = get_column_letter(place)
    return f"{CHOICES_SHEET}!${letter}$2:${letter}${max(count, 1) + 1}"


def _write_choices(page: Worksheet, choices: Mapping[Holds, Sequence[str]]) -> None:
    titles = {Holds.CATEGORY: "类别", Holds.UNIT: "责任单位", Holds.AREA: "区域"}
    for place, (holds, texts) in enumerate(choices.items(), start=1):
        _put(_cell(page, 1, place), titles[holds])
        for row, text in enumerate(texts, start=2):
            _put(_cell(page, row, place), text)
    page.sheet_state = "hidden"


def _write_sheet(
    page: Worksheet,
    sheet: Sheet,
    rows: Sequence[Row],
    names: Mapping[str, str],
    ranges: Mapping[Holds, str],
) -> None:
    for place, column in enumerate(sheet.columns, start=1):
        _write_head(_cell(page, 1, place), column)
        page.column_dimensions[get_column_letter(place)].width = column.width
        for number, row in enumerate(rows, start=2):
            if column.key in row:
                _write_cell(_cell(page, number, place), column, row, names)
        _guide(page, column, get_column_letter(place), len(rows) + SPARE_ROWS, ranges)
    page.freeze_panes = sheet.freeze
    page.row_dimensions[1].height = 24
    page.auto_filter.ref = f"A1:{get_column_letter(len(sheet.columns))}{len(rows) + 1}"


def _cell(page: Worksheet, row: int, place: int) -> Cell:
    cell = page.cell(row, place)
    assert isinstance(cell, Cell)  # nothing is merged on a page just made
    return cell


def _write_head(cell: Cell, column: Column) -> None:
    _put(cell, column.title)
    cell.font = Font(bold=True, color="FFFFFF")
    cell.fill = _NEEDED if column.needed else _HEAD
    cell.alignment = Alignment(vertical="center")


def _write_cell(cell: Cell, column: Column, row: Row, names: Mapping[str, str]) -> None:
    _put(cell, show(column, row[column.key], names))
    cell.border = _RULE
    depth = row.get("depth")
    if depth == 0:
        cell.font, cell.fill = Font(bold=True), _MODULE
    if column.key == "name" and isinstance(depth, int):
        cell.alignment = Alignment(indent=depth)


def _put(cell: Cell, value: str | int) -> None:
    """Write a value as what it is: a text that begins with = is a text, and 0102 keeps its nought."""
    cell.value = value
    if isinstance(value, str):
        cell.data_type = "s"
        cell.number_format = "@"


def _guide(
    page: Worksheet, column: Column, letter: str, last: int, ranges: Mapping[Holds, str]
) -> None:
    """Attach the list to choose from and the hint to a column."""
    labels = [label for label in column.choices.values() if label]
    source = f'"{",".join(labels)}"' if labels else ranges.get(column.holds)
    guide = DataValidation(
        type="list" if source else None,
        formula1=source,
        allow_blank=True,
        # A reference may be to a row typed a moment ago, so the list warns and does not forbid.
        errorStyle="stop" if labels else "warning",
        showErrorMessage=source is not None,
        error="、".join(labels) if labels else column.hint,
        showInputMessage=True,
        promptTitle=column.title + ("（必填）" if column.needed else ""),
        prompt=column.hint,
    )
    guide.add(f"{letter}2:{letter}{last + 1}")
    page.add_data_validation(guide)
