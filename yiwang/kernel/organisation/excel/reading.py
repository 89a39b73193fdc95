"""A workbook → lines and what is wrong with them, without looking at the database; and the empty template."""

import warnings
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from io import BytesIO

from django.utils.translation import gettext as _
from openpyxl import Workbook, load_workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter

from yiwang.kernel.foundation import workbooks
from yiwang.kernel.foundation.errors import Invalid
from yiwang.kernel.foundation.sentences import N_, Sentence
from yiwang.kernel.organisation.excel.rules import MOST_ROWS, SHEETS, Column, Line, Problem, Sheet

MOST_COLUMNS = 40
EXPLAINED = "说明"


def read(content: bytes) -> tuple[dict[str, list[Line]], list[Problem]]:
    """Return the filled lines by sheet, and everything that can be said against them already.

    Raises:
        Invalid: no workbook, too large, or neither sheet in it.
    """
    lines: dict[str, list[Line]] = {}
    problems: list[Problem] = []
    try:
        workbooks.check(BytesIO(content))
        for sheet, rows in _sheets(content):
            lines[sheet.name] = list(_lines(sheet, rows, problems))
    except Invalid:
        raise
    except Exception as error:  # a damaged file makes openpyxl stumble in any way there is
        raise Invalid(_("这个文件不是 Excel 工作簿（.xlsx）"), field="file") from error
    if not lines:
        raise Invalid(_("工作簿里没有“人员”或“任职”表"), field="file")
    return lines, problems


def _sheets(content: bytes) -> Iterator[tuple[Sheet, Iterable[Sequence[object]]]]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # openpyxl tells of decorations it does not keep
        book = load_workbook(BytesIO(content), read_only=True, data_only=True)
    for sheet in SHEETS:
        if sheet.name in book.sheetnames:
            yield (
                sheet,
                book[sheet.name].iter_rows(
                    max_row=workbooks.LAST_ROW, max_col=MOST_COLUMNS, values_only=True
                ),
            )


def _lines(
    sheet: Sheet, rows: Iterable[Sequence[object]], problems: list[Problem]
) -> Iterator[Line]:
    stream = iter(rows)
    places = _header(sheet, next(stream, ()), problems)
    letters = {column.key: get_column_letter(place + 1) for place, column in places.items()}
    count = 0
    for number, cells in enumerate(stream, start=2):
        if cells.count(None) == len(cells):
            continue
        texts = {column.key: plain(cells[place]) for place, column in places.items()}
        if not any(texts.values()):
            continue
        count += 1
        if count > MOST_ROWS:
            told = Sentence(N_("最多 %(most)s 行"), {"most": MOST_ROWS})
            problems.append(Problem(sheet.name, number, "", told))
            return
        line = Line(sheet, number, texts, letters)
        for column in places.values():
            if column.needed and not texts[column.key]:
                problems.append(line.problem(column.key, Sentence(N_("不能空着"), {})))
        yield line


def _header(sheet: Sheet, cells: Sequence[object], problems: list[Problem]) -> dict[int, Column]:
    """Find the columns by their titles, in any order; a star behind a title is decoration."""
    titles = {plain(text).rstrip("*＊ "): place for place, text in enumerate(cells)}
    for column in sheet.columns:
        if column.needed and column.title not in titles:
            told = Sentence(N_("第一行缺少“%(title)s”这一列"), {"title": column.title})
            problems.append(Problem(sheet.name, 1, column.title, told))
    return {titles[c.title]: c for c in sheet.columns if c.title in titles}


def plain(cell: object) -> str:
    """Return the text a person sees in a cell; a number that Excel made of 0012's like stays whole."""
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell).replace("\x00", "").strip()


def template() -> bytes:
    """Return an empty workbook with headings and a sheet that explains each of them."""
    book = Workbook()
    explained = book.worksheets[0]
    explained.title = EXPLAINED
    explained.append(["表", "列", "必填", "怎么填", "例"])
    for sheet in SHEETS:
        page = book.create_sheet(sheet.name)
        page.append([f"{c.title}*" if c.needed else c.title for c in sheet.columns])
        for column in sheet.columns:
            said = [sheet.name, column.title, "是" if column.needed else "", column.hint]
            explained.append([*said, column.example])
        for place, column in enumerate(sheet.columns, start=1):
            page.column_dimensions[get_column_letter(place)].width = max(14, len(column.title) * 3)
        for row in page.iter_rows(min_row=2, max_row=500, max_col=len(sheet.columns)):
            for cell in row:
                cell.number_format = "@"  # 0012 stays 0012
    for page in book.worksheets:
        page.freeze_panes = "A2"
        for cell in page[1]:
            cell.font = Font(bold=True, color="FFFFFF")
            cell.fill = PatternFill("solid", fgColor="1F5FA8")
    for letter, width in zip("ABCDE", (8, 14, 8, 60, 22), strict=True):
        explained.column_dimensions[letter].width = width
    for row in explained.iter_rows(min_row=2):
        row[3].alignment = Alignment(wrap_text=True, vertical="top")
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()
