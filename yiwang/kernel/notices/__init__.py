"""Who is told what, by which channel, in which words.

Nouns: event (something that happened, named as in the audit trail), resolver (says who is told), notice (one event to
one person).
Promises: an event is enqueued in the transaction of the change, with ids and never content; with the worker down
nothing is lost, and delivering twice tells once.
"""

from importlib import import_module
from typing import TYPE_CHECKING

from yiwang.kernel.notices.registry import Delivery, Event, register

if TYPE_CHECKING:
    from yiwang.kernel.notices.actions import enqueue, enqueue_many, mark_read
    from yiwang.kernel.notices.reading import latest, unread_count

__all__ = [
    "Delivery",
    "Event",
    "enqueue",
    "enqueue_many",
    "latest",
    "mark_read",
    "register",
    "unread_count",
]

if not TYPE_CHECKING:
    _ROOM_OF = {
        **dict.fromkeys(["enqueue", "enqueue_many", "mark_read"], "actions"),
        **dict.fromkeys(["latest", "unread_count"], "reading"),
    }

    def __getattr__(name):
        """Models load after the apps do, so the rooms that use them open at first use."""
        if name not in _ROOM_OF:
            raise AttributeError(name)
        return getattr(import_module(f"{__name__}.{_ROOM_OF[name]}"), name)
