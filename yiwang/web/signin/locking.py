"""Locked out: who, until when, and what is said. django-axes counts; a lock is one user name from one address.

So somebody who guesses a colleague's password locks that name on that machine only: the rest of the office behind the
same address works on, and the colleague signs in from elsewhere. A name nobody has is locked just the same.

Whoever tries many names once each (passwords stolen elsewhere) meets another limit: so many wrong ones from one address,
whatever the names. Those who are signed in already work on; who signs in waits some seconds, and only while it lasts.
"""

from datetime import timedelta

from axes.handlers.proxy import AxesProxyHandler
from axes.models import AccessAttempt
from axes.signals import user_locked_out
from django.conf import settings
from django.contrib.auth.signals import user_login_failed
from django.db.models import Max
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from yiwang.kernel import accounts
from yiwang.kernel.accounts import turned_away
from yiwang.kernel.accounts.models import User
from yiwang.kernel.accounts.rules import USERNAME_AT_MOST, normalised_username
from yiwang.kernel.foundation.actors import SYSTEM
from yiwang.web.kit.access import now
from yiwang.web.kit.pace import Bucket, TooOften, address_of

Credentials = dict[str, object] | None
BEYOND_THE_DOOR = "code"
# Of each web process. An office of a hundred and fifty on its first Monday stays far below it.
WRONG_FROM_ONE_ADDRESS = Bucket(per_minute=5, burst=60)


def name_of(request: HttpRequest, credentials: Credentials = None) -> str:
    """The one spelling of a user name, so that capitals and blanks give no further tries."""
    given = (credentials or {}).get("username") or request.POST.get("username", "")
    return normalised_username(str(given)).replace("\x00", "")[:USERNAME_AT_MOST]


def address(request: HttpRequest) -> str | None:
    found = address_of(request)
    return None if found == "unknown" else found


def cool_off(request: HttpRequest | None = None) -> timedelta:
    return timedelta(minutes=settings.YIWANG_LOCKED_MINUTES)


def is_locked(request: HttpRequest, user: User) -> bool:
    """Ask before a further secret of this person is tried, and let the answer be the page that says so."""
    locked = not AxesProxyHandler.is_allowed(request, {"username": user.username})
    if locked:
        request.axes_locked_out = True  # type: ignore[attr-defined]  # axes turns it into the answer
        request.axes_credentials = {"username": user.username}  # type: ignore[attr-defined]
    return locked


def check_address(request: HttpRequest) -> None:
    """Refuse a try from an address that sent too many wrong ones, before any password is looked at.

    Raises:
        TooOften: with the seconds to wait.
    """
    wait = WRONG_FROM_ONE_ADDRESS.wait(address_of(request))
    if wait:
        raise TooOften(
            wait,
            _("这个地址刚才有很多次登录失败，请在 %(seconds)s 秒后再试。")
            % {"seconds": round(wait + 1)},
        )


def count_failure(request: HttpRequest, user: User) -> None:
    """A wrong second factor or a wrong present password counts like a wrong password at the door."""
    user_login_failed.send(
        sender=BEYOND_THE_DOOR, credentials={"username": user.username}, request=request
    )


def answer(
    request: HttpRequest, response: HttpResponse | None, credentials: Credentials
) -> HttpResponse:
    """Say until when, alike for names that exist and names that do not."""
    attempts = AccessAttempt.objects.filter(
        username=name_of(request, credentials), ip_address=address(request)
    )
    latest = attempts.aggregate(latest=Max("attempt_time"))["latest"] or now(request)
    until = latest + cool_off()
    said = render(request, "signin/locked.html", {"until": until}, status=429)
    said["Retry-After"] = str(max(1, round((until - now(request)).total_seconds())))
    said["Cache-Control"] = "no-store"
    return said


def write_down(
    sender: object, request: HttpRequest, username: str | None = None, **_more: object
) -> None:
    """Put the beginning of a lock into the record of the account, where there is one."""
    if getattr(request, "axes_failures_since_start", None) is None:
        return  # a try while it is locked already
    user = User.objects.filter(username=username or "").first()
    if user is not None:
        accounts.note(user, "locked_out", by=SYSTEM, at=now(request))


def count(
    sender: object,
    credentials: Credentials = None,
    request: HttpRequest | None = None,
    **_more: object,
) -> None:
    """Count every try that failed, for whoever inspects: whose account it was, and nothing that was typed."""
    if request is None:
        return
    WRONG_FROM_ONE_ADDRESS.take(address_of(request))
    user = User.objects.filter(username=name_of(request, credentials)).first()
    if getattr(request, "axes_locked_out", False):
        kind = "locked"
    else:
        kind = "code" if sender == BEYOND_THE_DOOR else "password"
    turned_away.count(kind, at=now(request), user_id=user.pk if user else None)


user_locked_out.connect(write_down, dispatch_uid="signin.locked_out")
user_login_failed.connect(count, dispatch_uid="signin.count")
