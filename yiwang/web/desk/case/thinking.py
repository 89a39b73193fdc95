"""What the program thinks of a case, each with why: place, kind, unit, deadline, neighbours that may be the same."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yiwang.kernel.cases.models import Clock
from yiwang.kernel.cases.nearby import Near, nearby
from yiwang.kernel.cases.rules.stages import CLOCK_NAMES, Stage
from yiwang.kernel.foundation.calendar.rules import Limit
from yiwang.kernel.foundation.sentences import Sentence
from yiwang.kernel.territory.rules.trust import Trust
from yiwang.web.desk import names
from yiwang.web.desk.case.sight import Sight
from yiwang.web.desk.looks import stage_name
from yiwang.web.kit.say import moment
from yiwang.web.kit.states import state_of

SAME_WITHIN_M = 150
"""Metres within which another open case may be the same matter."""

TRUST_NAMES: dict[str, Any] = {
    Trust.TRUSTED: gettext_lazy("位置可靠"),
    Trust.NO_POINT: gettext_lazy("没有坐标"),
    Trust.DEFAULT_POINT: gettext_lazy("是常见的默认坐标"),
    Trust.OUTSIDE: gettext_lazy("在辖区之外"),
    Trust.DISAGREES: gettext_lazy("与所选网格不一致"),
    Trust.NEAR_BORDER: gettext_lazy("离网格边界太近"),
}

Trace = Sequence[Sentence | Mapping[str, Any]]


@dataclass(frozen=True)
class Thought:
    """One thing the program found out by rule, and the trace that led to it."""

    icon: str
    about: str
    said: str
    why: Trace = field(default=())
    doubt: str = ""


@dataclass(frozen=True)
class Neighbour:
    """An open case nearby that may be the same matter."""

    near: Near
    address: str
    metres: int
    look: str
    stage: str
    category: str


def thoughts_of(sight: Sight) -> list[Thought]:
    """Place, unit and running clocks, in the order a person asks."""
    parts = [_place(sight), _unit(sight), *_clocks(sight)]
    return [thought for thought in parts if thought]


def _place(sight: Sight) -> Thought:
    case = sight.case
    doubtful = case.trust != Trust.TRUSTED and not case.place_confirmed
    return Thought(
        icon="map-pin",
        about=_("网格"),
        said=names.short_area(case.area_path) or _("没有定位到网格"),
        why=case.trust_why,
        doubt=str(TRUST_NAMES.get(case.trust, case.trust)) if doubtful else "",
    )


def _unit(sight: Sight) -> Thought | None:
    case = sight.case
    if case.suggested_unit is None:
        said = (
            _("先选类别，再由规则建议单位")
            if not case.category_id
            else _("没有规则适用，请人工选择")
        )
        return Thought(icon="route", about=_("建议单位"), said=said)
    return Thought(
        icon="route", about=_("建议单位"), said=case.suggested_unit.name, why=case.routing_why
    )


def _clocks(sight: Sight) -> list[Thought]:
    units = {task.pk: task.unit.name for task in sight.tasks}
    return [
        _clock(clock, units.get(clock.task_id or 0, ""), sight.at)
        for clock in sight.clocks
        if not clock.stopped_at
    ]


def _clock(clock: Clock, unit: str, at: datetime) -> Thought:
    about = _(CLOCK_NAMES[clock.stage])
    said = _("%(limit)s → %(due)s") % {
        "limit": str(Limit.parse(clock.limit).as_sentence()),
        "due": moment(clock.due_at, at),
    }
    doubt = _("跨入尚未公布放假安排的年份，公布后重算") if clock.provisional else ""
    return Thought(
        icon="clock",
        about=f"{about} · {unit}" if unit else about,
        said=said,
        why=clock.trace,
        doubt=doubt,
    )


def neighbours_of(sight: Sight) -> list[Neighbour]:
    """Open cases close by, while this one can still be merged into one of them: one query."""
    case = sight.case
    if case.stage not in (Stage.REPORTED, Stage.ACCEPTED) or case.lon is None or case.lat is None:
        return []
    found = nearby(
        case.lon, case.lat, SAME_WITHIN_M, at=sight.at, category_path=case.category_path,
        viewer=sight.user, leave_out=case.pk,
    )  # fmt: skip
    return [
        Neighbour(
            near=near,
            address=reverse("cases:case", args=[near.case.number]),
            metres=round(near.metres),
            look=state_of(near.case, sight.at),
            stage=stage_name(near.case.stage),
            category=names.category_title(near.case.category_id),
        )
        for near in found
    ]
