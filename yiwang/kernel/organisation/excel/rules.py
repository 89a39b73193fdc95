"""The two sheets: which columns there are, what is needed, and what each is for. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from yiwang.kernel.foundation.sentences import Sentence

MOST_ROWS = 5000


@dataclass(frozen=True)
class Column:
    """`key` in the program, `title` in the first row, `hint` in the sheet of explanations."""

    key: str
    title: str
    needed: bool
    hint: str
    example: str = ""


@dataclass(frozen=True)
class Sheet:
    name: str
    columns: tuple[Column, ...]

    def title_of(self, key: str) -> str:
        return next((column.title for column in self.columns if column.key == key), "")


PEOPLE = Sheet(
    "人员",
    (
        Column(
            "username",
            "用户名",
            True,
            "登录用；3 至 60 个小写字母或数字，中间可用 . _ -",
            "zhang.min",
        ),
        Column("display_name", "姓名", True, "最多 60 字", "张敏"),
        Column("employee_number", "工号", False, "单位自己的编号，不能重复", "0012"),
        Column("email", "电子邮箱", False, "忘记密码时用来重设", ""),
        Column("phone", "手机", False, "收短信通知；加密保存", ""),
        Column("language", "语言", False, "中文 或 English；不填是中文", "中文"),
    ),
)
POSTINGS = Sheet(
    "任职",
    (
        Column("username", "用户名", True, "“人员”表里的，或已有账号的用户名", "zhang.min"),
        Column("unit", "单位", True, "单位代码，或不重复的名称", "works"),
        Column(
            "role",
            "角色",
            True,
            "网格员、社区干部、受理派遣员、责任单位经办人、领导、纪检监督员、系统管理员",
            "网格员",
        ),
        Column("area", "区域", True, "代码，或名称；重名的写全：社区/网格", "中山社区/第一网格"),
        Column(
            "duty",
            "网格职责",
            False,
            "只有网格员填：网格长、专职网格员、兼职网格员、网格指导员",
            "专职网格员",
        ),
        Column("post", "岗位", False, "单位里的岗位名称，没有的会新建", ""),
        Column("starts_on", "到岗日期", False, "例 2026-12-01；不填是今天", "2026-12-01"),
        Column("ends_on", "离岗日期", False, "离岗的第一天；不填是长期", ""),
        Column(
            "stands_in_for",
            "替谁的岗",
            False,
            "AB 岗的 B 岗：填 A 岗的用户名，单位、角色、区域与其相同",
            "",
        ),
    ),
)
SHEETS = (PEOPLE, POSTINGS)


@dataclass(frozen=True)
class Problem:
    """One thing wrong: where, and in a sentence what. `column` is its title, "" for the row as a whole."""

    sheet: str
    row: int
    column: str
    sentence: Sentence | str
    cell: str = ""

    @property
    def said(self) -> str:
        return self.sentence.text() if isinstance(self.sentence, Sentence) else self.sentence


@dataclass
class Line:
    """One filled row: texts by key; `letters` are the columns' letters in this file."""

    sheet: Sheet
    row: int
    texts: Mapping[str, str]
    letters: Mapping[str, str] = field(default_factory=dict)

    def __getitem__(self, key: str) -> str:
        return self.texts.get(key, "")

    def problem(self, key: str, sentence: Sentence | str) -> Problem:
        letter = self.letters.get(key, "")
        cell = f"{letter}{self.row}" if letter else ""
        return Problem(self.sheet.name, self.row, self.sheet.title_of(key), sentence, cell)


def date_of(text: str) -> date | None:
    """Read a day as people write it: 2026-12-01, 2026/12/1, 2026.12.1, 2026年12月1日; None for a blank.

    Raises:
        ValueError: none of these.
    """
    if not text:
        return None
    plain = text.strip().removesuffix("日")
    for sign in ("年", "月", "/", "."):
        plain = plain.replace(sign, "-")
    return datetime.strptime(plain, "%Y-%m-%d").date()  # noqa: DTZ007 - a day has no zone
