"""Higher rooms register here to hear of leaves: who is to be told, for one."""

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from yiwang.kernel.organisation.models import Leave

    # (verb of the record, the leave as it is now, at)
    Listener = Callable[[str, Leave, datetime], None]

_listeners: list["Listener"] = []


def on_leave(listener: "Listener") -> "Listener":
    """Call `listener` within the transaction of every change of a leave. Registering twice has no effect."""
    if listener not in _listeners:
        _listeners.append(listener)
    return listener


def tell(verb: str, leave: "Leave", at: datetime) -> None:
    """Run every registered listener."""
    for listener in _listeners:
        listener(verb, leave, at)
