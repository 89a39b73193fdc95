"""Handing over what is due: claim and commit, hand over with no transaction open, write down how it ended.

A worker killed in between leaves a row in hand. E-mail and webhooks are handed over again (the same Message-ID, the same
key); a short message is not, unless the gateway knows keys: it becomes "unclear", and a person decides.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q
from django.utils import timezone

from yiwang.kernel.foundation.actors import SYSTEM
from yiwang.kernel.foundation.viewer import speaking_as
from yiwang.kernel.notices import channels
from yiwang.kernel.notices.actions import circuits, handing, settling
from yiwang.kernel.notices.models import Sending
from yiwang.kernel.notices.rules.channels import (
    AT_LEAST_ONCE,
    DUE,
    Channel,
    State,
)
from yiwang.kernel.notices.rules.retrying import STALE_AFTER
from yiwang.outside.answer import Answer, later

log = logging.getLogger(__name__)
AT_MOST = 500  # in one job, so that other work of the worker is not kept waiting for long
DIGEST_AT_MOST = 200


@dataclass(frozen=True)
class Parcel:
    """What is handed over in one piece: one row, or several held ones of one recipient."""

    rows: tuple[Sending, ...]

    @property
    def first(self) -> Sending:
        return self.rows[0]


def send_all_due() -> int:
    """Hand over what is due; returns how many parcels. One job at a time does this (a lock of the queue)."""
    done = 0
    _take_back_left()
    while done < AT_MOST and (parcel := claim(timezone.now())) is not None:
        settling.settle(parcel.rows, _handed_over(parcel), timezone.now())
        done += 1
    return done


def _handed_over(parcel: Parcel) -> Answer:
    """Hand over; what goes wrong in our own program is an answer too, and stops nothing behind it."""
    try:
        return handing.hand_over(parcel.rows)
    except Exception as error:
        # The traceback could hold an address: only its kind is logged.
        log.error("sending %s failed in the program: %s", parcel.first.pk, type(error).__name__)
        return later("program", type(error).__name__, theirs=False)


def claim(at: datetime) -> Parcel | None:
    """Take the next due row in hand, with what goes with it; None when nothing is due."""
    with speaking_as(SYSTEM):
        _hold_in_quiet_hours(at)
        resting = circuits.resting(at)
        row = (
            Sending.objects.select_for_update(skip_locked=True, of=("self",))
            .due(at)
            .exclude(_of_outlets(resting))
            .order_by("next_at", "id")
            .first()
        )
        if row is None:
            return None
        rows = _with_others(row, at)
        for each in rows:
            each.state, each.claimed_at = State.SENDING, at
            each.attempts = min(each.attempts + 1, 1000)
            each.digest = None if each is row else row
            each.adapter = channels.adapter_of(Channel(row.channel))
        Sending.objects.bulk_update(rows, ["state", "claimed_at", "attempts", "digest", "adapter"])
        return Parcel(tuple(rows))


def _hold_in_quiet_hours(at: datetime) -> None:
    until = channels.quiet_until(at)
    if until is not None:
        Sending.objects.due(at).filter(urgent=False).exclude(channel=Channel.WEBHOOK).update(
            state=State.HELD, overnight=True, next_at=until
        )


def _of_outlets(outlets: Sequence[str]) -> Q:
    found = Q(pk__in=[])
    for outlet in outlets:
        channel, _colon, endpoint = outlet.partition(":")
        found |= Q(channel=channel, endpoint=endpoint) if endpoint else Q(channel=channel)
    return found


def _with_others(row: Sending, at: datetime) -> list[Sending]:
    """The row with every other held one of its recipient by its channel, oldest first."""
    if not row.overnight:
        return [row]
    others = (
        Sending.objects.select_for_update(skip_locked=True, of=("self",))
        .filter(recipient=row.recipient, channel=row.channel, overnight=True, state__in=DUE)
        .filter(next_at__lte=at)
        .exclude(pk=row.pk)
        .order_by("id")[:DIGEST_AT_MOST]
    )
    return [row, *others]


def _take_back_left() -> None:
    """Put right what a killed worker left in hand."""
    now = timezone.now()
    with speaking_as(SYSTEM):
        left = list(
            Sending.objects.select_for_update(skip_locked=True, of=("self",)).filter(
                state=State.SENDING, claimed_at__lt=now - STALE_AFTER
            )
        )
    again = [row for row in left if _may_go_twice(row)]
    doubtful = [row for row in left if not _may_go_twice(row)]
    if again:
        settling.settle(again, later("left", theirs=False), now)
    if doubtful:
        settling.settle(doubtful, settling.DOUBTFUL, now)


def _may_go_twice(row: Sending) -> bool:
    return row.channel in AT_LEAST_ONCE or channels.sms_knows_keys()
