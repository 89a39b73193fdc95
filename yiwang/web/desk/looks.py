"""How a case looks on a list: the state by shape and word, the channel by an icon."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from yiwang.kernel.cases.models import Case
from yiwang.kernel.cases.rules.stages import CHANNEL_NAMES, STAGE_NAMES, Channel, Stage

SOON = 0.8
"""A clock is due soon in the last fifth of its way, as the clock part of the kit draws it."""

_STILL = {
    Stage.SUSPENDED: "paused",
    Stage.CLOSED: "done",
    Stage.REFUSED: "off",
    Stage.MERGED: "off",
    Stage.VOID: "off",
}


def look_of(case: Case, at: datetime) -> str:
    """The key of the kit's state: late and soon before the stage itself."""
    stage = Stage(case.stage)
    if stage in _STILL:
        return _STILL[stage]
    due, start = case.clock_due_at, case.clock_started_at
    if due is not None and due < at:
        return "late"
    if (
        due is not None
        and start is not None
        and due > start
        and (at - start) / (due - start) >= SOON
    ):
        return "soon"
    return "new" if stage is Stage.REPORTED else "open"


def stage_name(stage: str) -> str:
    return _(STAGE_NAMES[stage]) if stage in STAGE_NAMES else stage


@dataclass(frozen=True)
class ChannelLook:
    """A channel as lists show it."""

    icon: str

    name: str = ""


_CHANNELS = {
    Channel.WEB: ChannelLook(icon="device-mobile"),
    Channel.PHONE: ChannelLook(icon="phone"),
    Channel.COUNTER: ChannelLook(icon="building-bank"),
    Channel.GRID_WORKER: ChannelLook(icon="walk"),
    Channel.HOTLINE: ChannelLook(icon="headset"),
    Channel.API: ChannelLook(icon="plug-connected"),
    Channel.IMPORT: ChannelLook(icon="file-import"),
}


def channel_of(channel: str) -> ChannelLook:
    """Icon and name of a channel, in the reader's language."""
    if channel not in CHANNEL_NAMES:
        return ChannelLook(icon="message", name=channel)
    return ChannelLook(icon=_CHANNELS[Channel(channel)].icon, name=_(CHANNEL_NAMES[channel]))
