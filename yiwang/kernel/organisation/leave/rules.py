"""When somebody is away and who acts for them. Pure: no Django, the day is an argument.

The rule of the office, in one place:

* A leave is a first and a last day, whole days of the town's own calendar, and one stand-in. On these days everything a
  posting gives (rights, work, notices) is the stand-in's and not the person's; on the day after, it is the person's
  again. Nothing has to run for that: every question is asked of a day.
* One person has one leave on a day. Who is away stands in for nobody, and who stands in does not go away on those days:
  so there is no chain to follow, and nobody's work falls to somebody who is not there. One may stand in for several.
* It begins today or later: who did what in the past is not rewritten.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from yiwang.kernel.foundation.sentences import N_

DAYS_AT_MOST = 366
REASON_AT_MOST = 200


class LeaveState(StrEnum):
    """Asked for, agreed to, refused, or taken back by the person (also: back early, before it began)."""

    ASKED = "asked"
    AGREED = "agreed"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


LIVE = (LeaveState.ASKED, LeaveState.AGREED)  # what keeps its days taken


@dataclass(frozen=True)
class Absence:
    """One person away from `first` to `last`, both included, and who acts for them."""

    user_id: int
    stand_in_id: int
    first: date
    last: date

    def covers(self, day: date) -> bool:
        return self.first <= day <= self.last

    def meets(self, other: "Absence") -> bool:
        """Say whether the two have a day in common."""
        return self.first <= other.last and other.first <= self.last


@dataclass(frozen=True)
class Fault:
    """Why a leave cannot be: a Chinese sentence for gettext, the field it is about, and the leave in the way."""

    sentence: str
    field: str
    other: Absence | None = None


def fault_of(wanted: Absence, others: Iterable[Absence], today: date) -> Fault | None:
    """Return what keeps a leave from being, or None. `others` are those of anybody, asked for or agreed to."""
    return _fault_of_days(wanted, today) or next(
        (fault for other in others if (fault := _clash(wanted, other))), None
    )


def _fault_of_days(wanted: Absence, today: date) -> Fault | None:
    if wanted.first < today:
        return Fault(N_("请假不能从今天以前开始"), "first_day")
    if wanted.last < wanted.first:
        return Fault(N_("最后一天不能早于第一天"), "last_day")
    if wanted.last - wanted.first >= timedelta(days=DAYS_AT_MOST):
        return Fault(N_("一次请假最多一年"), "last_day")
    if wanted.stand_in_id == wanted.user_id:
        return Fault(N_("不能由本人替自己"), "stand_in")
    return None


def _clash(wanted: Absence, other: Absence) -> Fault | None:
    if not wanted.meets(other):
        return None
    if other.user_id == wanted.user_id:
        return Fault(N_("这几天已经有请假：%(from)s 至 %(to)s"), "first_day", other)
    if other.user_id == wanted.stand_in_id:
        return Fault(
            N_("替岗人这几天自己也请假：%(from)s 至 %(to)s，请另选一人"), "stand_in", other
        )
    if other.stand_in_id == wanted.user_id:
        return Fault(
            N_("这几天要替别人的岗：%(from)s 至 %(to)s，请先给那次请假换替岗人"), "first_day", other
        )
    return None


def acting_on(absences: Iterable[Absence], day: date) -> dict[int, int]:
    """Return who acts for whom on a day: person away → stand-in."""
    return {absence.user_id: absence.stand_in_id for absence in absences if absence.covers(day)}
