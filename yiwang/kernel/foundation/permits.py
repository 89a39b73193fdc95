"""Asking who may, in the rooms that lie below those who know it: `organisation` answers."""

from collections.abc import Callable
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from yiwang.kernel.foundation.actors import Actor
from yiwang.kernel.foundation.errors import Forbidden

May = Callable[[Actor, str, datetime], bool]
ForWhom = Callable[[Actor, datetime], tuple[int, ...]]
_deciding: list[May] = []
_telling: list[ForWhom] = []


def decide_with(may: May) -> None:
    """Let `may(by, permission, at)` decide from now on; whoever called last."""
    _deciding[:] = [may]


def tell_for_whom_with(told: ForWhom) -> None:
    """Let `told(by, at)` say from now on whose right an actor uses at that moment."""
    _telling[:] = [told]


def for_whom(by: Actor, at: datetime) -> tuple[int, ...]:
    """Return the ids of those on leave whose right the actor uses; nobody's but their own is ()."""
    return tuple(person for told in _telling for person in told(by, at))


def require(by: Actor, permission: str, *, at: datetime) -> None:
    """Do nothing for an actor who has the permission somewhere. The program itself may everything.

    Raises:
        Forbidden: for everybody else; for every person while nobody decides.
    """
    if by.actor_kind == "system":
        return
    if not any(may(by, permission, at) for may in _deciding):
        raise Forbidden(_("您没有权限办理此事"), code=permission)
