"""What a queue goes by beside the stage: named conditions, each asked of a list and counted by its name."""

from collections.abc import Callable
from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet

from yiwang.kernel.cases.models import Report, Request


def _asked(at: datetime) -> Q:
    """A unit asked for more time or a pause; there are few of these, read at once."""
    return Q(pk__in=Request.objects.filter(state="asked").values("case"))


VOICES: dict[str, Q] = {
    # An answer was promised to them; nobody promised one to those another system's history brought.
    "unanswered": Q(answered_at=None, answer_due_at__isnull=False),
    # To be called: they left a telephone, have not rated and were not tried in vain too often.
    "to_call": Q(call_next_at__isnull=False),
}


def voices(name: str) -> "QuerySet[Report]":
    """The voices of a case that wait for something."""
    return Report.objects.filter(VOICES[name], case=OuterRef("pk"))


FACTS: dict[str, Callable[[datetime], Q]] = {
    "returned": lambda at: Q(return_count__gt=0),
    "late": lambda at: Q(clock_due_at__isnull=False, clock_due_at__lt=at),
    "supervised": lambda at: Q(supervised_at__isnull=False),
    "doubtful": lambda at: Q(place_confirmed=False) & ~Q(trust="trusted"),
    "asked": _asked,
    "unanswered": lambda at: Q(Exists(voices("unanswered"))),
    "to_call": lambda at: Q(Exists(voices("to_call"))),
}
OF_OPEN = ("returned", "late", "supervised", "doubtful", "asked")
OF_CLOSED = ("unanswered", "to_call")
