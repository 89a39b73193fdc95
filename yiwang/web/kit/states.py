"""How a state looks: a shape, a word and a colour, in this order of importance."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from yiwang.kernel.cases.models import Case
from yiwang.kernel.cases.rules.stages import Stage

if TYPE_CHECKING:
    from yiwang.kernel.foundation.errors import Sayable


@dataclass(frozen=True)
class Look:
    """`key` names the style class `is-<key>`; `shape` the symbol of the sprite."""

    key: str
    shape: str
    word: "Sayable"


LOOKS = {
    look.key: look
    for look in (
        Look("late", "state-late", _("超时")),
        Look("soon", "state-soon", _("将到期")),
        Look("open", "state-open", _("办理中")),
        Look("new", "state-new", _("待受理")),
        Look("done", "state-done", _("办结")),
        Look("paused", "state-paused", _("已暂停")),
        Look("off", "state-off", _("已作废")),
    )
}


def look_of(key: str) -> Look:
    """The look of a state; an unknown key is a mistake of the page, not of the reader."""
    return LOOKS[key]


SOON = 0.8
"""A clock is due soon in the last fifth of its way, as the clock part draws it."""

_STILL = {
    Stage.SUSPENDED: "paused",
    Stage.CLOSED: "done",
    Stage.REFUSED: "off",
    Stage.MERGED: "off",
    Stage.VOID: "off",
}


def state_of(case: Case, at: datetime) -> str:
    """The key of a case's look: late and soon before the stage itself."""
    stage = Stage(case.stage)
    if stage in _STILL:
        return _STILL[stage]
    due, start = case.clock_due_at, case.clock_started_at
    if due is not None and due < at:
        return "late"
    if due is not None and start is not None and _is_soon(start, due, at):
        return "soon"
    return "new" if stage is Stage.REPORTED else "open"


def _is_soon(start: datetime, due: datetime, at: datetime) -> bool:
    return due > start and (at - start) / (due - start) >= SOON
