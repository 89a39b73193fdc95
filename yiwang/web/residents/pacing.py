"""How often residents may send, upload and look up codes. The two buckets are kit's; the arithmetic is ours.

A whole neighbourhood behind one address that sends more than its limit is asked a small sum and goes on; one device that
sends very often waits. What was typed stays on the page either way.
"""

import secrets
import unicodedata
from collections import OrderedDict

from django.conf import settings
from django.core import signing
from django.http import HttpRequest

from yiwang.web.kit import pace, uploads
from yiwang.web.kit.pace import Bucket, TooOften

BY_DEVICE = Bucket(per_minute=2, burst=6)
PHOTOS_BY_DEVICE = Bucket(per_minute=12, burst=36)
MISSES_BY_DEVICE = Bucket(per_minute=1, burst=10)
SUM_LIVES = 15 * 60  # seconds
_SALT = "yiwang.sum"
_used: OrderedDict[str, None] = OrderedDict()


class AskSum(TooOften):
    """The neighbourhood has sent a lot: a small sum, and on."""

    default_code = "sum"


def check_intake(request: HttpRequest, right_sum: bool = False) -> None:
    """Refuse when this device, or everybody behind this address, has sent too much just now; takes nothing.

    Raises:
        TooOften: the device must wait. AskSum: the address is busy; a right sum lets the person on.
    """
    device = pace.device_of(request)
    if settings.YIWANG_INTAKE_PER_MINUTE == 0:
        return
    if device and (waiting := BY_DEVICE.wait(device)):
        raise TooOften(waiting)
    if not right_sum and (waiting := pace.intake().wait(pace.address_of(request))):
        raise AskSum(waiting)


def count_intake(request: HttpRequest) -> None:
    """A report is being taken: count it for device and address."""
    if settings.YIWANG_INTAKE_PER_MINUTE:
        BY_DEVICE.take(pace.device_of(request) or f"new {pace.address_of(request)}")
        pace.intake().take(pace.address_of(request))


def count_file(request: HttpRequest, size: int) -> None:
    """Refuse a file when the device or the address has sent too many, or too much.

    Raises:
        TooOften: with the seconds to wait.
    """
    if settings.YIWANG_INTAKE_PER_MINUTE == 0:
        return
    device, address = pace.device_of(request), pace.address_of(request)
    waiting = pace.photos().take(address) or (PHOTOS_BY_DEVICE.take(device) if device else 0)
    if waiting:
        raise TooOften(waiting)
    uploads.weigh(request, size)


def check_guessing(request: HttpRequest) -> None:
    """Refuse to look a code up after many wrong ones, from this device or from its address.

    A device that was here before keeps its own allowance when its neighbours have used up theirs.

    Raises:
        TooOften: with the seconds to wait.
    """
    device = pace.device_of(request)
    waiting = MISSES_BY_DEVICE.wait(device) if device else 0.0
    if not waiting and not pace.is_settled(device):
        waiting = pace.misses().wait(pace.address_of(request))
    if waiting:
        raise TooOften(waiting)


def count_miss(request: HttpRequest) -> None:
    """A code was looked up that nobody has."""
    device = pace.device_of(request)
    if device:
        MISSES_BY_DEVICE.take(device)
    pace.misses().take(pace.address_of(request))


def new_sum() -> tuple[str, int, int]:
    """A sum to ask: its sealed form, and the two numbers."""
    one, other = secrets.randbelow(9) + 1, secrets.randbelow(9) + 1
    sealed = signing.dumps([one + other, secrets.token_hex(6)], salt=_SALT)
    return sealed, one, other


def is_right(sealed: str, answer: str) -> bool:
    """Whether a sum was answered right, in time, and for the first time."""
    try:
        wanted, nonce = signing.loads(sealed, salt=_SALT, max_age=SUM_LIVES)
    except (signing.BadSignature, ValueError, TypeError):
        return False
    if nonce in _used or unicodedata.normalize("NFKC", answer).strip() != str(wanted):
        return False
    _used[nonce] = None
    if len(_used) > pace.KEYS_KEPT:
        _used.popitem(last=False)
    return True


def forget() -> None:
    """Start counting anew (tests)."""
    for bucket in (BY_DEVICE, PHOTOS_BY_DEVICE, MISSES_BY_DEVICE, uploads.MEGABYTES):
        bucket.forget()
    pace.forget()
    _used.clear()
