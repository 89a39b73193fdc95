"""How the channels do: for `yiwang check`, the administrator's page and the count on the first page."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count
from django.utils import timezone

from yiwang.kernel.notices import channels
from yiwang.kernel.notices.models import Circuit, Sending
from yiwang.kernel.notices.rules.channels import OUTSIDE, TROUBLE, Channel, State

_OPEN = [state for state in State if state is not State.SENT]


@dataclass(frozen=True)
class ChannelReport:
    """One channel. `adapter`: smtp, http, recorded or off; `configured`: something really goes out by it.

    `waiting` counts what is due now or later today, `held` what waits for the morning, `failed` what is tried again by
    itself, `given_up` what nobody will send unless a person does (with what is unclear). `resting_until`: the outlet
    did not answer and is left alone until then.
    """

    channel: Channel
    adapter: str
    configured: bool
    last_sent_at: datetime | None
    waiting: int
    held: int
    failed: int
    given_up: int
    resting_until: datetime | None
    last_reason: str


def channels_report() -> list[ChannelReport]:
    """Return how e-mail, short messages and webhooks do; three statements."""
    counts: dict[tuple[str, str], int] = {
        (row["channel"], row["state"]): row["n"]
        for row in Sending.objects.filter(state__in=_OPEN)
        .order_by()
        .values("channel", "state")
        .annotate(n=Count("id"))
    }
    circuits = list(Circuit.objects.all())
    return [_report(channel, counts, circuits) for channel in OUTSIDE]


def _report(
    channel: Channel, counts: dict[tuple[str, str], int], circuits: list[Circuit]
) -> ChannelReport:
    def count(*states: State) -> int:
        return sum(counts.get((channel.value, state.value), 0) for state in states)

    own = [row for row in circuits if row.outlet.partition(":")[0] == channel.value]
    now = timezone.now()
    resting = [row.resting_until for row in own if row.resting_until and row.resting_until > now]
    sent = [row.last_sent_at for row in own if row.last_sent_at]
    troubled = [row for row in own if row.troubles]
    adapter = channels.adapter_of(channel)
    return ChannelReport(
        channel=channel,
        adapter=adapter,
        configured=adapter not in (channels.RECORDED, channels.OFF),
        last_sent_at=max(sent, default=None),
        waiting=count(State.WAITING, State.SENDING),
        held=count(State.HELD),
        failed=count(State.FAILED),
        given_up=count(State.GIVEN_UP, State.UNCLEAR),
        resting_until=max(resting, default=None),
        last_reason=troubled[0].last_reason if troubled else "",
    )


def troubles() -> int:
    """How many did not go out: the count on the administrator's first page."""
    return Sending.objects.filter(state__in=TROUBLE).count()
