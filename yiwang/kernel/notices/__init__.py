"""Who is told what, by which channel, in which words.

Nouns: event (something that happened, named as in the audit trail), resolver (says who is told), notice (one event to
one person), sending (one notice on its way out by e-mail, short message or webhook), outlet and its circuit, wording.
Promises: an event is enqueued in the transaction of the change, with ids and never content; with the worker down
nothing is lost, and delivering twice tells once. E-mail and webhooks go at least once, with an id that shows a second
copy; a short message goes at most once, unless its gateway knows keys: what is doubtful is shown, and a person decides.
"""

from importlib import import_module
from typing import TYPE_CHECKING

from yiwang.kernel.notices.registry import (
    Delivery,
    Event,
    Reached,
    Voice,
    register,
    register_address,
    register_guard,
    register_opener,
    register_residents,
)

if TYPE_CHECKING:
    from yiwang.kernel.notices.actions import enqueue, enqueue_many, enqueue_told, mark_read
    from yiwang.kernel.notices.reading import latest, unread_count
    from yiwang.kernel.notices.reporting import ChannelReport, channels_report

__all__ = [
    "ChannelReport",
    "Delivery",
    "Event",
    "Reached",
    "Voice",
    "channels_report",
    "enqueue",
    "enqueue_many",
    "enqueue_told",
    "latest",
    "mark_read",
    "register",
    "register_address",
    "register_guard",
    "register_opener",
    "register_residents",
    "unread_count",
]

if not TYPE_CHECKING:
    _ROOM_OF = {
        **dict.fromkeys(["enqueue", "enqueue_many", "enqueue_told", "mark_read"], "actions"),
        **dict.fromkeys(["latest", "unread_count"], "reading"),
        **dict.fromkeys(["ChannelReport", "channels_report"], "reporting"),
    }

    def __getattr__(name):
        """Models load after the apps do, so the rooms that use them open at first use."""
        if name not in _ROOM_OF:
            raise AttributeError(name)
        return getattr(import_module(f"{__name__}.{_ROOM_OF[name]}"), name)
