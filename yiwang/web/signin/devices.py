"""A signed-in device, named as people name it."""

from dataclasses import dataclass
from datetime import datetime

from allauth.usersessions.models import UserSession
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

# The first that is found in what a browser says of itself; the order matters (Edge says it is Chrome, Chrome Safari).
_BROWSERS = (
    ("MicroMessenger", gettext_lazy("微信")),
    ("DingTalk", gettext_lazy("钉钉")),
    ("Edg", "Edge"),
    ("Firefox", "Firefox"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
_SYSTEMS = (
    ("HarmonyOS", "HarmonyOS"),
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS", "macOS"),
    ("Linux", "Linux"),
)


@dataclass(frozen=True)
class Device:
    """`here`: the one this page is read on."""

    id: int
    name: str
    address: str
    began: datetime
    here: bool


def device_of(row: UserSession, here: bool) -> Device:
    parts = [
        next((str(name) for sign, name in table if sign in row.user_agent), "")
        for table in (_SYSTEMS, _BROWSERS)
    ]
    name = " · ".join(part for part in parts if part) or _("其他设备")
    return Device(row.pk, name, "" if row.ip == "::" else row.ip, row.created_at, here)
