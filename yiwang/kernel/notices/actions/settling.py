"""Writing down how a handing-over ended: sent, to be tried again after a pause, or left to a person."""

from collections.abc import Sequence
from datetime import datetime

from yiwang.kernel.foundation.actors import SYSTEM
from yiwang.kernel.foundation.viewer import speaking_as
from yiwang.kernel.notices import channels
from yiwang.kernel.notices.actions import circuits
from yiwang.kernel.notices.models import Attempt, Sending
from yiwang.kernel.notices.rules.channels import Channel, State
from yiwang.kernel.notices.rules.retrying import pause_after
from yiwang.outside.answer import Answer, Fate

DOUBTFUL = Answer(Fate.UNCLEAR, "left")
_FIELDS = [
    "state", "claimed_at", "sent_at", "next_at", "reason", "detail", "provider_id", "overnight",
]  # fmt: skip


def settle(rows: Sequence[Sending], answer: Answer, at: datetime) -> None:
    """Write the answer on every row of a parcel, and on the outlet it went by."""
    with speaking_as(SYSTEM):
        held = {
            row.pk: row
            for row in Sending.objects.select_for_update(of=("self",)).filter(
                pk__in=[row.pk for row in rows], state=State.SENDING
            )
        }
        kept = [held[row.pk] for row in rows if row.pk in held]
        for row in kept:
            _write(row, answer, at)
        Sending.objects.bulk_update(kept, _FIELDS)
        Attempt.objects.bulk_create(
            [
                Attempt(
                    sending=row, at=at, outcome=answer.fate, reason=answer.reason,
                    detail=answer.detail,
                )
                for row in kept
            ]
        )  # fmt: skip
        if kept and answer.reason != "left":
            circuits.note(outlet_of(kept[0]), answer, at)


def outlet_of(row: Sending) -> str:
    return f"webhook:{row.endpoint_id}" if row.channel == Channel.WEBHOOK else row.channel


def _write(row: Sending, answer: Answer, at: datetime) -> None:
    row.claimed_at, row.next_at = None, None
    row.reason, row.detail = answer.reason, answer.detail
    if answer.fate is Fate.TAKEN:
        row.state, row.sent_at, row.provider_id = State.SENT, at, answer.provider_id
    elif answer.fate is Fate.UNCLEAR:
        row.state = State.UNCLEAR
    elif answer.fate is Fate.LATER and (pause := pause_after(row.attempts)) is not None:
        row.state, row.next_at = State.FAILED, at + pause
        until = None if row.urgent else channels.quiet_until(row.next_at)
        if until is not None:
            row.next_at, row.overnight = until, True
    else:
        row.state = State.GIVEN_UP
