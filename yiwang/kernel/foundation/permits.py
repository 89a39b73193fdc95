"""Asking who may, in the rooms that lie below those who know it: `organisation` answers."""

from collections.abc import Callable
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from yiwang.kernel.foundation.actors import Actor
from yiwang.kernel.foundation.errors import Forbidden

May = Callable[[Actor, str, datetime], bool]
_deciding: list[May] = []


def decide_with(may: May) -> None:
    """Let `may(by, permission, at)` decide from now on; whoever called last."""
    _deciding[:] = [may]


def require(by: Actor, permission: str, *, at: datetime) -> None:
    """Do nothing for an actor who has the permission somewhere. The program itself may everything.

    Raises:
        Forbidden: for everybody else; for every person while nobody decides.
    """
    if by.actor_kind == "system":
        return
    if not any(may(by, permission, at) for may in _deciding):
        raise Forbidden(_("您没有权限办理此事"), code=permission)
