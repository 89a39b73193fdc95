"""Every write of the room. Doors call these and nothing else.

`take_report` takes a voice in; `perform` makes a move of the table, `perform_many` the same on many; `offers` says
which moves to show; answers, ratings and splits are about one report; `sweep` is the clock's own hand.
"""

from yiwang.kernel.cases.actions.answers import (
    answer,
    answer_all,
    confirm_solved,
    publish_photo,
    rate,
    split,
)
from yiwang.kernel.cases.actions.calling import call_back, held_call, next_call, waiting_calls
from yiwang.kernel.cases.actions.intake import Receipt, take_report
from yiwang.kernel.cases.actions.on_spot import report_solved
from yiwang.kernel.cases.actions.perform import Offer, Outcome, offers, perform, perform_many
from yiwang.kernel.cases.actions.sweeping import end_suspensions, recompute_running, sweep

__all__ = [
    "Offer",
    "Outcome",
    "Receipt",
    "answer",
    "answer_all",
    "call_back",
    "confirm_solved",
    "end_suspensions",
    "held_call",
    "next_call",
    "offers",
    "perform",
    "perform_many",
    "publish_photo",
    "rate",
    "recompute_running",
    "report_solved",
    "split",
    "sweep",
    "take_report",
    "waiting_calls",
]
