"""How often somebody may do something, without punishing a neighbourhood that shares one address.

Two buckets: a device (a signed cookie that holds a random number and nothing else) pays into its own, everybody behind
one address together into a generous one. Counting is in memory, for it must cost nothing: each of the
YIWANG_WORKERS processes gives out its share of the limit, so that together they give out the whole; a restart forgets.
Nothing of it is stored or logged, and a device's number lives for a day.
"""

import secrets
from collections import OrderedDict
from dataclasses import dataclass, field
from functools import cache
from ipaddress import IPv6Address, ip_address
from time import monotonic, time

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponseBase
from django.utils.translation import gettext as _

from yiwang.kernel.foundation.errors import Refused
from yiwang.web.kit import cookies

DEVICE_COOKIE = "yw_device"
A_DAY = 24 * 3600
SETTLED_AFTER = 600  # seconds
KEYS_KEPT = 20_000
PHOTOS_PER_REPORT = 6
MISSES_PER_MINUTE = 30
_signer = signing.TimestampSigner(salt="yiwang.device")


class TooOften(Refused):
    """Come again in `wait` seconds; nothing of what was typed is lost."""

    status = 429
    default_code = "too_often"

    def __init__(self, wait: float, sentence: str = "") -> None:
        self.wait = max(1, round(wait + 0.5))
        said = sentence or _("提交得有些频繁，请在 %(seconds)s 秒后再试") % {"seconds": self.wait}
        super().__init__(said)


@dataclass
class Bucket:
    """So many a minute for each key, and `burst` at once. A key that was idle is full again."""

    per_minute: float
    burst: float
    _left: OrderedDict[str, tuple[float, float]] = field(default_factory=OrderedDict)

    def wait(self, key: str, now: float | None = None) -> float:
        """Seconds until the key may take one; 0 when it may now."""
        return max(0.0, (1 - self._level(key, now)) * 60 / self.per_minute)

    def take(self, key: str, now: float | None = None) -> float:
        """Take one and return 0, or take none and return the seconds to wait."""
        waiting = self.wait(key, now)
        if waiting == 0:
            self._left[key] = (self._level(key, now) - 1, self._now(now))
            self._left.move_to_end(key)
            if len(self._left) > KEYS_KEPT:
                self._left.popitem(last=False)
        return waiting

    def forget(self) -> None:
        self._left.clear()

    def _level(self, key: str, now: float | None) -> float:
        left, seen = self._left.get(key, (self.burst, 0.0))
        return min(self.burst, left + (self._now(now) - seen) * self.per_minute / 60)

    @staticmethod
    def _now(now: float | None) -> float:
        return monotonic() if now is None else now


def share(per_minute: float) -> float:
    """This process's part of a limit; at least one a minute."""
    return max(1.0, per_minute / max(1, settings.YIWANG_WORKERS))


def intake() -> Bucket:
    """Reports of everybody behind one address, through any door (YIWANG_INTAKE_PER_MINUTE)."""
    return _bucket("intake", share(settings.YIWANG_INTAKE_PER_MINUTE))


def photos() -> Bucket:
    """Photos of everybody behind one address: as many as go with the reports."""
    return _bucket("photos", share(settings.YIWANG_INTAKE_PER_MINUTE * PHOTOS_PER_REPORT))


def misses() -> Bucket:
    """Look-ups of codes that nobody has, of everybody behind one address."""
    return _bucket("misses", share(MISSES_PER_MINUTE))


@cache
def _bucket(name: str, per_minute: float) -> Bucket:
    """One bucket for each thing counted; `burst` is a minute's worth."""
    return Bucket(per_minute, burst=per_minute)


def forget() -> None:
    """Start counting anew (tests)."""
    _bucket.cache_clear()


def address_of(request: HttpRequest) -> str:
    """The address a request came from; of IPv6 the network a household gets (/64).

    X-Forwarded-For is believed as far as the proxies of YIWANG_PROXIES wrote it.
    """
    address = request.META.get("REMOTE_ADDR", "")
    if address in settings.YIWANG_PROXIES:
        hops = [hop.strip() for hop in request.headers.get("X-Forwarded-For", "").split(",")]
        outer = [hop for hop in hops if hop and hop not in settings.YIWANG_PROXIES]
        address = outer[-1] if outer else address
    try:
        known = ip_address(address)
    except ValueError:
        return "unknown"
    return str(IPv6Address(int(known) >> 64 << 64)) if isinstance(known, IPv6Address) else address


def device_of(request: HttpRequest) -> str:
    """The device's number, "" when it has shown none, or a forged or an old one."""
    try:
        return _signer.unsign(request.COOKIES.get(cookies.named(DEVICE_COOKIE), ""), max_age=A_DAY)
    except signing.BadSignature:
        return ""


def is_settled(device: str) -> bool:
    """Whether a device has had its number for a while: one cannot simply fetch a new one to start afresh."""
    given = device.rpartition("-")[2]
    return given.isdecimal() and time() - int(given) >= SETTLED_AFTER


def mark_device(request: HttpRequest, response: HttpResponseBase) -> None:
    """Give a device without a number one, for a day."""
    if not device_of(request):
        number = _signer.sign(f"{secrets.token_hex(8)}-{int(time())}")
        cookies.keep(response, cookies.named(DEVICE_COOKIE), number, seconds=A_DAY)
