"""The workbook: what is written is read back, and a cell that cannot be read is named."""

from io import BytesIO

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from yiwang.kernel.catalogue.excel.layout import (
    CATEGORIES,
    CONDITIONS,
    LIMITS,
    RULES,
    SHEETS,
    Column,
    Holds,
)
from yiwang.kernel.catalogue.excel.reading import read
from yiwang.kernel.catalogue.excel.writing import CHOICES_SHEET, write
from yiwang.kernel.catalogue.rules.tree import tidy
from yiwang.kernel.foundation.calendar.rules import Limit, LimitUnit
from yiwang.kernel.foundation.errors import Invalid

codes = st.from_regex(r"[A-Za-z0-9][A-Za-z0-9._-]{0,18}", fullmatch=True)


def texts(longest: int):
    return st.text(max_size=min(longest, 40)).map(tidy)


def values_of(column: Column):
    """Any value the column can hold."""
    if column.choices:
        return st.sampled_from(list(column.choices))
    return {
        Holds.CODE: codes,
        Holds.CATEGORY: codes if column.needed else codes | st.just(""),
        Holds.NUMBER: st.integers(0, 2_000_000_000),
        Holds.LIMIT: st.builds(Limit, st.integers(1, 9999), st.sampled_from(LimitUnit)),
    }.get(column.holds, texts(column.longest).filter(lambda t: bool(t) or not column.needed))


def rows_of(sheet):
    row = st.fixed_dictionaries({column.key: values_of(column) for column in sheet.columns})
    return st.lists(row, max_size=4)


@pytest.mark.slow
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.fixed_dictionaries({sheet.name: rows_of(sheet) for sheet in SHEETS}))
def test_whatever_is_written_is_read_back(tables):
    """Formulas, noughts in front, quotes, marks of other scripts: a cell comes back as it went."""
    errors = {"#N/A", "#REF!", "#NAME?", "#VALUE!", "#DIV/0!", "#NUM!", "#NULL!"}
    said = {str(value) for rows in tables.values() for row in rows for value in row.values()}
    if said & errors:
        return  # the words Excel itself uses for a failed formula
    reading = read(BytesIO(write(tables, {}, {})))
    assert reading.problems == []
    assert {
        name: [line.values for line in lines] for name, lines in reading.lines.items()
    } == tables


@given(st.binary(max_size=400))
def test_other_bytes_are_refused_in_one_sentence(content):
    with pytest.raises(Invalid, match="xlsx"):
        read(BytesIO(content))


SOUND = write({}, {}, {})
wounds = st.lists(
    st.tuples(st.integers(0, len(SOUND) - 1), st.integers(1, 255)), min_size=1, max_size=30
)


@settings(max_examples=40, deadline=None)
@given(wounds)
def test_a_damaged_workbook_is_refused_or_read_and_nothing_else(wounds):
    content = bytearray(SOUND)
    for place, bits in wounds:
        content[place] ^= bits
    try:
        read(BytesIO(bytes(content)))
    except Invalid as refused:
        assert refused.field == "file"


def book_of(sheet: str, *rows: tuple) -> BytesIO:
    book = Workbook()
    page = book.active
    page.title = sheet
    for row in rows:
        page.append(row)
    stream = BytesIO()
    book.save(stream)
    stream.seek(0)
    return stream


def test_a_workbook_without_our_sheets_is_refused():
    with pytest.raises(Invalid, match="类别"):
        read(book_of("Sheet1", ("代码",)))


def test_columns_may_stand_in_any_order_and_some_may_be_missing():
    reading = read(book_of("环节时限", ("时限", "我的备注", "环节"), ("2小时", "x", "受理")))
    assert reading.problems == []
    assert reading.lines["环节时限"][0].values == {"stage": "accept", "limit": Limit.parse("2小时")}


def test_a_needed_column_that_is_missing_is_named():
    [problem] = read(book_of("环节时限", ("环节",), ("受理",))).problems[:1]
    assert (problem.sheet, problem.row, problem.column) == ("环节时限", 1, "时限")
    assert problem.sentence.text() == "第一行缺少“时限”这一列"


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        ("三小时", "“三小时”不是时限；可以填如 4小时、5天、2紧急工作时、2紧急工作日"),
        (4, "“4”不是时限；可以填如 4小时、5天、2紧急工作时、2紧急工作日"),
        (None, "不能空白：如 1小时、3天、2紧急工作时"),
        ("#REF!", "公式出错：#REF!"),
    ],
)
def test_a_wrong_cell_says_where_what_and_what_is_allowed(cell, said):
    [problem] = read(book_of("环节时限", ("环节", "时限"), ("受理", cell))).problems
    assert (problem.sheet, problem.row, problem.column, problem.cell) == (
        "环节时限",
        2,
        "时限",
        "B2",
    )
    assert problem.sentence.text() == said


def test_a_choice_that_is_none_is_told_the_choices():
    [problem] = read(book_of("环节时限", ("环节", "时限"), ("喝茶", "1小时"))).problems
    assert problem.sentence.text() == "没有“喝茶”；可以填：受理、派遣、处置、核查、答复、回访"


@pytest.mark.parametrize("written", ["是", "Y", "yes", True, 1, "√"])
def test_yes_may_be_written_in_many_ways(written):
    rows = ("代码", "名称", "可公开"), ("A1", "甲", written)
    assert read(book_of("类别", *rows)).lines["类别"][0].values["public"] is True


def test_a_blank_choice_says_nothing():
    """Else an emptied cell would make a private category public."""
    reading = read(book_of("类别", ("代码", "名称", "可公开", "关键词"), ("A1", "甲", None, None)))
    assert reading.lines["类别"][0].values == {"code": "A1", "name": "甲", "keywords": ""}


def test_a_number_typed_as_a_number_is_a_code():
    reading = read(book_of("类别", ("代码", "名称"), (101.0, "甲")))
    assert reading.lines["类别"][0].values["code"] == "101"


def test_empty_rows_between_are_left_out_and_rows_keep_their_number():
    reading = read(book_of("类别", ("代码", "名称"), (None, " "), ("A1", "甲")))
    assert [line.row for line in reading.lines["类别"]] == [3]


def test_a_formula_in_a_name_stays_text():
    row = {"code": "A1", "name": '=HYPERLINK("http://x","y")'}
    book = load_workbook(BytesIO(write({"类别": [row]}, {}, {})))
    assert book["类别"]["B2"].data_type == "s"


def test_a_clerk_finds_lists_to_choose_from_and_a_header_that_stays():
    choices = {Holds.CATEGORY: ["A1 甲"], Holds.UNIT: ["SZ01 市政"], Holds.AREA: ["南城街道"]}
    book = load_workbook(BytesIO(write({}, {}, choices)))
    assert book.sheetnames == [
        CATEGORIES.name,
        CONDITIONS.name,
        RULES.name,
        LIMITS.name,
        CHOICES_SHEET,
    ]
    assert book[CHOICES_SHEET].sheet_state == "hidden"
    for sheet in SHEETS:
        page = book[sheet.name]
        assert page.freeze_panes == sheet.freeze
        assert [cell.value for cell in page[1]] == [column.title for column in sheet.columns]
        assert len(page.data_validations.dataValidation) == len(sheet.columns)
    [units] = [
        guide
        for guide in book["派遣规则"].data_validations.dataValidation
        if guide.promptTitle.startswith("责任单位")
    ]
    assert units.formula1 == f"{CHOICES_SHEET}!$B$2:$B$2"
