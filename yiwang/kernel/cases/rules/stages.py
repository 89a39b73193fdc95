"""Stages of a case after GB/T 30428, and the few words that go with them."""

from enum import StrEnum

from yiwang.kernel.foundation.sentences import N_


class Stage(StrEnum):
    """Where a case stands. The seven stages of GB/T 30428 plus the ends a case can have."""

    REPORTED = "reported"
    ACCEPTED = "accepted"
    DISPATCHED = "dispatched"
    HANDLING = "handling"
    SUSPENDED = "suspended"
    REPORTED_BACK = "reported_back"
    CLOSED = "closed"
    REFUSED = "refused"
    MERGED = "merged"
    VOID = "void"


OPEN_STAGES = (
    Stage.REPORTED,
    Stage.ACCEPTED,
    Stage.DISPATCHED,
    Stage.HANDLING,
    Stage.SUSPENDED,
    Stage.REPORTED_BACK,
)
ENDED_STAGES = tuple(stage for stage in Stage if stage not in OPEN_STAGES)
WITH_A_UNIT = (Stage.DISPATCHED, Stage.HANDLING, Stage.SUSPENDED)

STAGE_NAMES: dict[str, str] = {
    Stage.REPORTED: N_("待受理"),
    Stage.ACCEPTED: N_("待派遣"),
    Stage.DISPATCHED: N_("待签收"),
    Stage.HANDLING: N_("处理中"),
    Stage.SUSPENDED: N_("挂账"),
    Stage.REPORTED_BACK: N_("待核查"),
    Stage.CLOSED: N_("已办结"),
    Stage.REFUSED: N_("不予受理"),
    Stage.MERGED: N_("已合并"),
    Stage.VOID: N_("已作废"),
}


class ClockStage(StrEnum):
    """What a clock measures; the limits of all but HANDLE are the town's stage limits."""

    ACCEPT = "accept"
    DISPATCH = "dispatch"
    HANDLE = "handle"
    VERIFY = "verify"


CLOCK_NAMES: dict[str, str] = {
    ClockStage.ACCEPT: N_("受理时限"),
    ClockStage.DISPATCH: N_("派遣时限"),
    ClockStage.HANDLE: N_("处置时限"),
    ClockStage.VERIFY: N_("核查时限"),
}


class TaskRole(StrEnum):
    """主办 or 协办."""

    LEAD = "lead"
    ASSIST = "assist"


class TaskState(StrEnum):
    """The work of one unit."""

    OFFERED = "offered"
    WORKING = "working"
    DONE = "done"
    RETURNED = "returned"
    CANCELLED = "cancelled"


OPEN_TASKS = (TaskState.OFFERED, TaskState.WORKING)

TASK_NAMES: dict[str, str] = {
    TaskState.OFFERED: N_("待签收"),
    TaskState.WORKING: N_("处理中"),
    TaskState.DONE: N_("已反馈"),
    TaskState.RETURNED: N_("已退单"),
    TaskState.CANCELLED: N_("已取消"),
}


class CaseLevel(StrEnum):
    """Who settles it: a matter starts low and climbs only with a reason (提级)."""

    GRID = "grid"
    COMMUNITY = "community"
    SUBDISTRICT = "subdistrict"
    COUNTY = "county"


LEVELS = (CaseLevel.GRID, CaseLevel.COMMUNITY, CaseLevel.SUBDISTRICT, CaseLevel.COUNTY)

LEVEL_NAMES: dict[str, str] = {
    CaseLevel.GRID: N_("网格"),
    CaseLevel.COMMUNITY: N_("社区"),
    CaseLevel.SUBDISTRICT: N_("街道"),
    CaseLevel.COUNTY: N_("区县"),
}


def level_above(level: str) -> CaseLevel | None:
    """Return the next level up, None at the top."""
    place = LEVELS.index(CaseLevel(level))
    return LEVELS[place + 1] if place + 1 < len(LEVELS) else None


def level_below(level: str) -> CaseLevel | None:
    """Return the next level down, None at the bottom."""
    place = LEVELS.index(CaseLevel(level))
    return LEVELS[place - 1] if place else None


class Channel(StrEnum):
    """How a voice reached the office."""

    WEB = "web"
    PHONE = "phone"
    COUNTER = "counter"
    GRID_WORKER = "grid_worker"
    HOTLINE = "hotline_12345"
    API = "api"
    IMPORT = "import"


CHANNEL_NAMES: dict[str, str] = {
    Channel.WEB: N_("居民网页"),
    Channel.PHONE: N_("电话"),
    Channel.COUNTER: N_("窗口"),
    Channel.GRID_WORKER: N_("网格员上报"),
    Channel.HOTLINE: N_("12345 工单"),
    Channel.API: N_("系统接入"),
    Channel.IMPORT: N_("历史导入"),
}


class ReportKind(StrEnum):
    """What the person wants (the six kinds of a 12345 order)."""

    CONSULT = "consult"
    HELP = "help"
    COMPLAIN = "complain"
    DENOUNCE = "denounce"
    SUGGEST = "suggest"
    PRAISE = "praise"


KIND_NAMES: dict[str, str] = {
    ReportKind.CONSULT: N_("咨询"),
    ReportKind.HELP: N_("求助"),
    ReportKind.COMPLAIN: N_("投诉"),
    ReportKind.DENOUNCE: N_("举报"),
    ReportKind.SUGGEST: N_("建议"),
    ReportKind.PRAISE: N_("表扬"),
}


class Rating(StrEnum):
    """The four answers of a rating call."""

    VERY_SATISFIED = "very_satisfied"
    SATISFIED = "satisfied"
    BASICALLY_SATISFIED = "basically_satisfied"
    DISSATISFIED = "dissatisfied"


RATING_NAMES: dict[str, str] = {
    Rating.VERY_SATISFIED: N_("非常满意"),
    Rating.SATISFIED: N_("满意"),
    Rating.BASICALLY_SATISFIED: N_("基本满意"),
    Rating.DISSATISFIED: N_("不满意"),
}
