"""Limits and when they end. Pure: the calendar is an argument, every moment is aware.

小时 counts working time only; 天 is n working days later at the same clock time; 紧急工作时 and 紧急工作日 run through nights
and holidays (domain rules of municipal case handling). The zone must not change its clocks, as China's has not
since 1991: working time is counted on the wall clock.
"""

from yiwang.kernel.foundation.calendar.rules.deadlines import (
    Deadline,
    compute_deadline,
    due_after_pause,
    elapsed,
    extend,
    remaining,
)
from yiwang.kernel.foundation.calendar.rules.limits import Limit, LimitUnit
from yiwang.kernel.foundation.calendar.rules.working import (
    DEFAULT_SESSIONS,
    SHANGHAI,
    DayKind,
    Sessions,
    WorkingCalendar,
    check_sessions,
)

__all__ = [
    "DEFAULT_SESSIONS",
    "SHANGHAI",
    "DayKind",
    "Deadline",
    "Limit",
    "LimitUnit",
    "Sessions",
    "WorkingCalendar",
    "check_sessions",
    "compute_deadline",
    "due_after_pause",
    "elapsed",
    "extend",
    "remaining",
]
