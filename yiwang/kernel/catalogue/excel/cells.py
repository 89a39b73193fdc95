"""One cell: how its text is read, and how a value is shown. No database."""

from collections.abc import Callable, Mapping
from typing import Final

from yiwang.kernel.catalogue.excel.layout import CellValue, Column, Holds
from yiwang.kernel.catalogue.rules.tree import is_code, tidy
from yiwang.kernel.foundation.calendar.rules import Limit
from yiwang.kernel.foundation.sentences import N_, Param, Sentence

_YES: Final = {"是", "y", "yes", "true", "1", "√"}
_NO: Final = {"否", "n", "no", "false", "0", "×"}
LIMIT_EXAMPLES: Final = "4小时、5天、2紧急工作时、2紧急工作日"
LARGEST_NUMBER: Final = 2_000_000_000


class WrongCell(Exception):
    """A cell cannot be read; `sentence` says what is wrong and what is allowed."""

    def __init__(self, msgid: str, **params: Param) -> None:
        super().__init__(msgid)
        self.sentence = Sentence(msgid, params)


def parse(column: Column, text: str) -> CellValue:
    """Read a cell that is not blank.

    Raises:
        WrongCell: saying what is wrong and what is allowed.
    """
    return _PARSERS[column.holds](column, tidy(text))


def _text(column: Column, text: str) -> CellValue:
    if len(text) > column.longest:
        raise WrongCell(
            N_("最多 %(longest)s 个字，现有 %(length)s 个"),
            longest=column.longest,
            length=len(text),
        )
    return text


def _code(column: Column, text: str) -> CellValue:
    if not is_code(text):
        raise WrongCell(N_("“%(text)s”不能作代码：只能用字母、数字、点、横线和下划线"), text=text)
    return _text(column, text)


def _category(column: Column, text: str) -> CellValue:
    """A reference is a code, with the name behind it for the reader."""
    return _code(column, text.split(" ")[0]) if text else ""


def _choice(column: Column, text: str) -> CellValue:
    for value, label in column.choices.items():
        if text.casefold().replace(" ", "") == label.casefold().replace(" ", ""):
            return value
    allowed = "、".join(label for label in column.choices.values() if label)
    raise WrongCell(N_("没有“%(text)s”；可以填：%(allowed)s"), text=text, allowed=allowed)


def _yes_no(column: Column, text: str) -> CellValue:
    if text.casefold() in _YES:
        return True
    if text.casefold() in _NO:
        return False
    raise WrongCell(N_("没有“%(text)s”；可以填：%(allowed)s"), text=text, allowed="是、否")


def _number(column: Column, text: str) -> CellValue:
    if not (text.isascii() and text.isdecimal()) or len(text) > 10 or int(text) > LARGEST_NUMBER:
        raise WrongCell(N_("“%(text)s”不是整数；可以填 0 或更大的整数"), text=text)
    return int(text)


def _limit(column: Column, text: str) -> CellValue:
    try:
        return Limit.parse(text)
    except ValueError:
        raise WrongCell(
            N_("“%(text)s”不是时限；可以填如 %(examples)s"), text=text, examples=LIMIT_EXAMPLES
        ) from None


_PARSERS: Final[Mapping[Holds, Callable[[Column, str], CellValue]]] = {
    Holds.TEXT: _text,
    Holds.CODE: _code,
    Holds.CATEGORY: _category,
    Holds.CHOICE: _choice,
    Holds.YES_NO: _yes_no,
    Holds.NUMBER: _number,
    Holds.LIMIT: _limit,
    Holds.UNIT: _text,
    Holds.AREA: _text,
}


def show(column: Column, value: CellValue, names: Mapping[str, str]) -> str | int:
    """Give a value the form it has in the file; `names` are the names of categories by code."""
    if isinstance(value, Limit):
        return value.as_text()
    if column.choices:
        return column.choices[value]
    if column.holds is Holds.CATEGORY:
        return f"{value} {names.get(str(value), '')}".strip()
    return value
