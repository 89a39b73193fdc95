"""The figures and their formulas. Pure: two counts in, a rate out.

Formulas after the assessment tables of city management offices (处置率, 按期处置率, 结案率, 返工率 …). All counts are
over the cases reported within the period, so that one case is in one period only.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from yiwang.kernel.foundation.sentences import N_


class By(StrEnum):
    """What a table of figures is divided by. Never a person."""

    UNIT = "unit"
    COMMUNITY = "community"
    GRID = "grid"
    CATEGORY = "category"
    MONTH = "month"


BY_NAMES: dict[str, str] = {
    By.UNIT: N_("按单位"),
    By.COMMUNITY: N_("按社区"),
    By.GRID: N_("按网格"),
    By.CATEGORY: N_("按类别"),
    By.MONTH: N_("按月"),
}

COUNT_NAMES: dict[str, str] = {
    "reported": N_("上报：本期上报的案卷（已合并、已作废的除外）"),
    "decided": N_("已审核：已受理或不予受理"),
    "valid": N_("有效：已审核，且没有不予受理"),
    "sent": N_("派遣：派给单位的案卷（自行处置除外）"),
    "sent_right": N_("一次派准：派遣后没有被退单"),
    "due": N_("应处置：已处置，或处置时限已过仍未处置"),
    "handled": N_("已处置：单位或网格员已反馈结果"),
    "handled_in_time": N_("按期处置：在处置时限内反馈"),
    "late_open": N_("超期待处置：处置时限已过仍未处置"),
    "extended": N_("延期：应处置的案卷中批准过延期"),
    "due_to_close": N_("应结案：已结案，或处置、核查时限已过仍未结案"),
    "closed": N_("已结案：核查通过"),
    "closed_in_time": N_("按期结案：处置和核查都在时限内"),
    "reworked": N_("返工：应结案的案卷中核查不通过过"),
    "due_to_check": N_("应核查：已结案，或核查时限已过仍未核查"),
    "checked_in_time": N_("按期核查：在核查时限内通过"),
    "rated": N_("评价：诉求人给出评价"),
    "satisfied": N_("满意：非常满意、满意或基本满意"),
    "very_satisfied": N_("非常满意：诉求人给出“非常满意”"),
    "quite_satisfied": N_("满意的：诉求人给出“满意”"),
    "basically_satisfied": N_("基本满意：诉求人给出“基本满意”"),
    "dissatisfied": N_("不满意：诉求人给出“不满意”"),
    "unrated": N_("未评价：已办结，还没有评价，也没有下面两种结果"),
    "unreachable": N_("联系不上：三个不同半天都没有接通"),
    "refused_to_rate": N_("不愿评价：接通了，不愿评价"),
}
"""Every count with its definition."""

RATED = ("very_satisfied", "quite_satisfied", "basically_satisfied", "dissatisfied")
SILENT = ("unrated", "unreachable", "refused_to_rate")
"""Voices that have not said whether they are content: in neither part of the rate, and shown beside it."""

FROM_VOICES = ("rated", "satisfied", *RATED, *SILENT)
"""Counts of reports; the others are counts of cases."""


@dataclass(frozen=True)
class Figure:
    """A rate: `numerator` and `denominator` name counts. `fewer_is_better` where a low rate is the good one."""

    name: str
    label: str
    numerator: str
    denominator: str
    fewer_is_better: bool = False


FIGURES: tuple[Figure, ...] = (
    Figure("handled", N_("处置率"), "handled", "due"),
    Figure("handled_in_time", N_("按期处置率"), "handled_in_time", "due"),
    Figure("closed", N_("结案率"), "closed", "due_to_close"),
    Figure("closed_in_time", N_("按期结案率"), "closed_in_time", "due_to_close"),
    Figure("satisfied", N_("满意率"), "satisfied", "rated"),
    Figure("reworked", N_("返工率"), "reworked", "due_to_close", fewer_is_better=True),
    Figure("late_open", N_("超期待处置率"), "late_open", "due", fewer_is_better=True),
    Figure("extended", N_("延期率"), "extended", "due", fewer_is_better=True),
    Figure("sent_right", N_("准确派遣率"), "sent_right", "sent"),
    Figure("checked_in_time", N_("按期核查率"), "checked_in_time", "due_to_check"),
    Figure("valid", N_("有效上报率"), "valid", "decided"),
)

BY_NAME: dict[str, Figure] = {figure.name: figure for figure in FIGURES}


@dataclass(frozen=True)
class Rate:
    """A figure with its counts; `share` is None where nothing was due."""

    figure: Figure
    numerator: int
    denominator: int

    @property
    def share(self) -> float | None:
        return self.numerator / self.denominator if self.denominator else None


def rate(figure: Figure, counts: Mapping[str, int]) -> Rate:
    """Return the figure of these counts; a count that is not there is nothing."""
    return Rate(figure, counts.get(figure.numerator, 0), counts.get(figure.denominator, 0))


def rates(counts: Mapping[str, int]) -> tuple[Rate, ...]:
    """Return every figure, in the order of the table."""
    return tuple(rate(figure, counts) for figure in FIGURES)


PERIOD_AT_MOST_DAYS = 366
EARLIEST = date(2000, 1, 1)


@dataclass(frozen=True)
class Period:
    """Days from `first` to `last`, both included, at most a year."""

    first: date
    last: date

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1


def period_of(first: date | None, last: date | None, today: date) -> Period:
    """Return the period asked for; this month where nothing is, at most a year back from its last day.

    Nothing lies before the year 2000 or after today.
    """
    end = min(max(last or today, EARLIEST), today)
    begin = min(max(first or end.replace(day=1), EARLIEST), today)
    begin, end = min(begin, end), max(begin, end)
    return Period(max(begin, end - timedelta(days=PERIOD_AT_MOST_DAYS - 1)), end)


class Held(StrEnum):
    """Where a case waits."""

    DESK = "desk"
    UNIT = "unit"
    CHECK = "check"


HELD_NAMES: dict[str, str] = {
    Held.DESK: N_("受理派遣"),
    Held.UNIT: N_("责任单位"),
    Held.CHECK: N_("核查"),
}

CHECK_SILENT_AT_MOST = timedelta(minutes=10)
"""An audit check that has said nothing for so long was broken off with its worker."""


def is_broken_off(touched_at: datetime, finished_at: datetime | None, at: datetime) -> bool:
    """Say whether an unfinished check can be given up."""
    return finished_at is None and at - touched_at > CHECK_SILENT_AT_MOST
