"""A workbook that is written row by row and held nowhere whole."""

from collections.abc import Iterable, Sequence
from contextlib import suppress
from pathlib import Path

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import Cell as SheetCell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter

from yiwang.kernel.foundation.exports.disk import Sink
from yiwang.kernel.foundation.exports.registry import Column
from yiwang.kernel.foundation.exports.rules import Cell, harmless

_HEAD = PatternFill("solid", fgColor="DCE6F2")
_SHEET_NAME_AT_MOST = 31


class Book:
    """One sheet: a title, some notes, the headings, then the rows."""

    def __init__(self, title: str, notes: Iterable[str], columns: Sequence[Column]) -> None:
        self._saved = False
        self._book = Workbook(write_only=True)
        self._sheet = self._book.create_sheet(_sheet_name(title))
        for number, column in enumerate(columns, start=1):
            self._sheet.column_dimensions[get_column_letter(number)].width = column.width
        above = [title, *notes]
        self._sheet.freeze_panes = f"A{len(above) + 2}"
        for number, text in enumerate(above):
            self._sheet.append(
                [
                    self._styled(
                        text, Font(bold=True, size=14) if not number else Font(color="666666")
                    )
                ]
            )
        self._sheet.append([self._heading(column.name) for column in columns])

    def add(self, row: Sequence[Cell]) -> None:
        """One row of values that `rules.cell_of` has made fit."""
        self._sheet.append(row)

    def save(self, path: Path) -> None:
        """Write the file.

        Raises:
            OSError: the disk is full.
        """
        self._saved = True
        with path.open("wb") as file:
            sink = Sink(file)
            self._book.save(sink)
            sink.end()

    def drop(self) -> None:
        """Leave nothing behind of a book that is not saved."""
        writer = getattr(self._sheet, "_writer", None)
        if writer is None or self._saved:
            return
        with suppress(OSError):  # the rows that wait find no room either
            self._sheet.close()
        writer.cleanup()

    def _styled(self, text: str, font: Font) -> SheetCell:
        cell = WriteOnlyCell(self._sheet, value=harmless(text))
        cell.font = font
        return cell

    def _heading(self, text: str) -> SheetCell:
        cell = self._styled(text, Font(bold=True))
        cell.fill, cell.alignment = _HEAD, Alignment(vertical="center")
        return cell


def _sheet_name(title: str) -> str:
    return "".join(sign for sign in title if sign not in "[]:*?/\\'")[:_SHEET_NAME_AT_MOST] or "1"
