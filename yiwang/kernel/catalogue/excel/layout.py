"""The sheets and columns of the file: what each holds, and what may stand in it. No database."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Final

from yiwang.kernel.catalogue.rules.words import Kind, Stage, Urgency, Verifier
from yiwang.kernel.foundation.calendar.rules import Limit
from yiwang.kernel.foundation.sentences import N_

CellValue = str | int | bool | Limit

# Words of the file itself: they are read back, so they are the same in every language.
YES_NO: Final[Mapping[CellValue, str]] = {True: "是", False: "否"}
STATES: Final[Mapping[CellValue, str]] = {
    "draft": "草稿",
    "published": "已发布",
    "retired": "已停用",
}
KINDS: Final[Mapping[CellValue, str]] = {Kind.PART: "部件", Kind.EVENT: "事件", Kind.MATTER: "事项"}
URGENCIES: Final[Mapping[CellValue, str]] = {Urgency.NORMAL: "一般", Urgency.URGENT: "紧急"}
VERIFIERS: Final[Mapping[CellValue, str]] = {
    Verifier.DEPUTY: "AB 岗",
    Verifier.COMMUNITY: "社区",
    Verifier.DESK: "受理台",
    Verifier.RESIDENT: "诉求人",
}
LEVELS: Final[Mapping[CellValue, str]] = {
    "grid": "网格级",
    "community": "社区级",
    "subdistrict": "街道级",
    "county": "区县级",
}
STAGES: Final[Mapping[CellValue, str]] = {
    Stage.ACCEPT: "受理",
    Stage.DISPATCH: "派遣",
    Stage.HANDLE: "处置",
    Stage.VERIFY: "核查",
    Stage.ANSWER: "答复",
    Stage.CALL_BACK: "回访",
}


class Holds(Enum):
    """What a column holds."""

    TEXT = "text"
    CODE = "code"
    CATEGORY = "category"
    CHOICE = "choice"
    YES_NO = "yes_no"
    NUMBER = "number"
    LIMIT = "limit"
    UNIT = "unit"
    AREA = "area"


@dataclass(frozen=True)
class Column:
    """One column. `hint` is shown in Excel beside the chosen cell."""

    key: str
    title: str
    holds: Holds
    hint: str
    width: int = 12
    needed: bool = False
    longest: int = 200
    choices: Mapping[CellValue, str] = field(default_factory=dict)

    @property
    def blank_is_a_value(self) -> bool:
        """A blank text is an empty text; a blank choice says nothing and leaves things as they are."""
        texts = (Holds.TEXT, Holds.CATEGORY, Holds.AREA)
        return self.holds in texts or (self.holds is Holds.CHOICE and "" in self.choices)


@dataclass(frozen=True)
class Sheet:
    """One sheet; a row is known by its `keys`."""

    name: str
    keys: tuple[str, ...]
    columns: tuple[Column, ...]
    freeze: str = "B2"

    def column(self, key: str) -> Column:
        return next(column for column in self.columns if column.key == key)


_PUBLIC = Column(
    "public", "可公开", Holds.YES_NO, N_("是：处理结果可以给居民看；否：不公开"), 9, choices=YES_NO
)

CATEGORIES: Final = Sheet(
    "类别",
    ("code",),
    (
        Column(
            "code",
            "代码",
            Holds.CODE,
            N_("字母、数字、点、横线、下划线；定下后不能改"),
            18,
            needed=True,
            longest=60,
        ),
        Column("name", "名称", Holds.TEXT, N_("最多 80 字"), 30, needed=True, longest=80),
        Column("name_en", "英文名称", Holds.TEXT, N_("英文页面显示的名称"), 36, longest=120),
        Column("parent", "上级类别", Holds.CATEGORY, N_("上级的代码；空白为模块"), 26),
        Column("kind", "性质", Holds.CHOICE, N_("部件、事件或事项"), 8, choices=KINDS),
        Column(
            "state",
            "状态",
            Holds.CHOICE,
            N_("草稿、已发布或已停用；发布前要有派遣规则"),
            9,
            choices=STATES,
        ),
        _PUBLIC,
        Column(
            "emergency",
            "先拨急救报警",
            Holds.YES_NO,
            N_("是：先提示居民拨打 110、119、120"),
            13,
            choices=YES_NO,
        ),
        Column(
            "inspectors_only",
            "仅纪检可见",
            Holds.YES_NO,
            N_("是：只有纪检人员能看到这类案件"),
            11,
            choices=YES_NO,
        ),
        Column("keywords", "关键词", Holds.TEXT, N_("居民会怎么说；用空格隔开"), 44, longest=2_000),
        Column("sort_order", "顺序", Holds.NUMBER, N_("同级之间由小到大"), 7),
    ),
    freeze="C2",
)

CONDITIONS: Final = Sheet(
    "立案条件",
    ("category", "code"),
    (
        Column("category", "类别", Holds.CATEGORY, N_("类别的代码"), 26, needed=True),
        Column(
            "code",
            "条件代码",
            Holds.CODE,
            N_("同一类别内不重复，如 1、2"),
            9,
            needed=True,
            longest=20,
        ),
        Column("name", "立案条件", Holds.TEXT, N_("什么情况按这一条办"), 36, needed=True),
        Column("name_en", "英文", Holds.TEXT, N_("英文页面显示的条件"), 36),
        Column(
            "limit",
            "处置时限",
            Holds.LIMIT,
            N_("如 4小时、5天、2紧急工作时、2紧急工作日"),
            14,
            needed=True,
        ),
        Column("urgency", "紧急程度", Holds.CHOICE, N_("一般或紧急"), 9, choices=URGENCIES),
        Column(
            "is_default",
            "默认",
            Holds.YES_NO,
            N_("是：没人选时按这一条；每个类别一条"),
            7,
            choices=YES_NO,
        ),
        Column(
            "needs_photo_before",
            "处置前照片",
            Holds.YES_NO,
            N_("是：立案要有照片"),
            11,
            choices=YES_NO,
        ),
        Column(
            "needs_photo_after",
            "处置后照片",
            Holds.YES_NO,
            N_("是：反馈要有照片"),
            11,
            choices=YES_NO,
        ),
        Column(
            "verify_by",
            "核查人",
            Holds.CHOICE,
            N_("谁来核查；处置的人不能核查"),
            9,
            choices=VERIFIERS,
        ),
        _PUBLIC,
        Column("active", "启用", Holds.YES_NO, N_("否：不再用于新案件"), 7, choices=YES_NO),
        Column("source", "时限来源", Holds.TEXT, N_("时限出自哪里"), 24, longest=80),
        Column("sort_order", "顺序", Holds.NUMBER, N_("同一类别内由小到大"), 7),
    ),
    freeze="D2",
)

RULES: Final = Sheet(
    "派遣规则",
    ("number",),
    (
        Column("number", "规则号", Holds.NUMBER, N_("新规则留空；号码由系统给"), 8),
        Column("category", "类别", Holds.CATEGORY, N_("含下级；空白为任何类别"), 30),
        Column("level", "层级", Holds.CHOICE, N_("空白为任何层级"), 10, choices={"": "", **LEVELS}),
        Column("area", "区域", Holds.AREA, N_("含下级；空白为任何区域"), 44),
        Column("unit", "责任单位", Holds.UNIT, N_("单位代码或名称"), 32, needed=True),
        Column("note", "备注", Holds.TEXT, N_("为什么这样派"), 36),
        Column("active", "启用", Holds.YES_NO, N_("否：跳过这一条"), 7, choices=YES_NO),
    ),
)

LIMITS: Final = Sheet(
    "环节时限",
    ("stage",),
    (
        Column(
            "stage",
            "环节",
            Holds.CHOICE,
            N_("受理、派遣、处置、核查、答复、回访"),
            10,
            needed=True,
            choices=STAGES,
        ),
        Column("limit", "时限", Holds.LIMIT, N_("如 1小时、3天、2紧急工作时"), 14, needed=True),
    ),
)

SHEETS: Final = (CATEGORIES, CONDITIONS, RULES, LIMITS)
