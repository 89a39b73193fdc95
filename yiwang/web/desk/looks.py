"""How a case looks on a list: the state by shape and word, the channel by an icon."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from yiwang.kernel.cases.rules.stages import CHANNEL_NAMES, STAGE_NAMES, Channel


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
