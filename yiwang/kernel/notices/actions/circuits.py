"""The circuit before each outlet: a system that does not answer is left alone for a while, and tried with one message."""

from datetime import datetime

from yiwang.kernel.notices.models import Circuit
from yiwang.kernel.notices.rules.retrying import CircuitState
from yiwang.outside.answer import Answer, Fate


def resting(at: datetime) -> list[str]:
    """Return the outlets that are left alone at `at`."""
    rows = Circuit.objects.filter(resting_until__gt=at)
    return list(rows.values_list("outlet", flat=True))


def note(outlet: str, answer: Answer, at: datetime) -> None:
    """Write down how an outlet answered. A refusal of one message says that the outlet works."""
    row, _made = Circuit.objects.select_for_update().get_or_create(outlet=outlet)
    if answer.fate is Fate.LATER and not answer.theirs:
        return
    after = CircuitState(row.troubles, row.resting_until).after(answer.theirs, at)
    row.troubles, row.resting_until = after.troubles, after.resting_until
    if answer.fate is Fate.TAKEN:
        row.last_sent_at = at
    elif answer.theirs:
        row.last_trouble_at, row.last_reason = at, answer.reason
    row.save()


def close(outlet: str) -> None:
    """Let an outlet be tried at once; a person says that it was mended."""
    Circuit.objects.filter(outlet=outlet).update(troubles=0, resting_until=None)
