"""Higher rooms register here what must be handed over when a posting passes to another person."""

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from yiwang.kernel.accounts.models import User
    from yiwang.kernel.foundation.actors import Actor
    from yiwang.kernel.organisation.models import Posting

    # (from_user, to_user, the posting that ended, by, at)
    Handover = Callable[[User, User, Posting, Actor, datetime], None]

_handovers: list["Handover"] = []


def on_handover(handover: "Handover") -> "Handover":
    """Call `handover(from_user, to_user, posting, by, at)` within the transaction of a reassignment.

    It moves open work only; what was done stays with who did it. Registering twice has no effect.
    """
    if handover not in _handovers:
        _handovers.append(handover)
    return handover


def hand_over(
    from_user: "User", to_user: "User", posting: "Posting", by: "Actor", at: datetime
) -> None:
    """Run every registered handover."""
    for handover in _handovers:
        handover(from_user, to_user, posting, by, at)
