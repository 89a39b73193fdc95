"""Who may open and close accounts. The room that knows postings says so; without it only the program may."""

from collections.abc import Callable
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from yiwang.kernel.foundation.actors import Actor
from yiwang.kernel.foundation.errors import Forbidden

Judge = Callable[[Actor, datetime], bool]

_judges: list[Judge] = []


def decide_with(judge: Judge) -> None:
    """Let a higher room say whether an actor may manage accounts at a moment."""
    if judge not in _judges:
        _judges.append(judge)


def require_manager(by: Actor, at: datetime) -> None:
    """Do nothing for somebody who may manage accounts.

    Raises:
        Forbidden: for everybody else.
    """
    if by.actor_kind != "system" and not any(judge(by, at) for judge in _judges):
        raise Forbidden(_("您没有管理账号的权限"), code="staff.manage")


def is_self(by: Actor, user_id: int) -> bool:
    """Say whether the actor is the holder of the account."""
    return by.actor_kind == "staff" and by.actor_id == user_id
