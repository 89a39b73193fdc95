"""What stands between a session and the pages: how long it lasts, and what must be done first.

A session ends after `YIWANG_IDLE_MINUTES` without a click and `YIWANG_SESSION_HOURS` after the sign-in, whatever happens.
Whoever was given a password by somebody else sets an own one before anything else; whose role needs a second factor
(`YIWANG_SECOND_FACTOR`) adds one. On the device after the last of `YIWANG_SESSIONS` the oldest session ends. Residents
and static files pay nothing for it: without a session nothing is looked up.
"""

from collections.abc import Callable

from allauth.account.internal.flows.login import get_authentication_records
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import SESSION_KEY, logout
from django.contrib.auth.signals import user_logged_in
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from yiwang.kernel import accounts, organisation
from yiwang.kernel.accounts.models import User
from yiwang.web.kit.access import now, staff, wants_json
from yiwang.web.kit.sitting import BEGAN, SEEN, is_past

TOUCH_EVERY = 60  # seconds: a session is written at most so often for being used
# What may be opened while something must be done first.
ALWAYS = frozenset({"asset", "signin:sign-out", "signin:language", "signin:look", "signin:sign-in"})
FOR_PASSWORD = ALWAYS | {"signin:password"}
FOR_FACTOR = FOR_PASSWORD | {
    "mfa_activate_totp",
    "mfa_view_recovery_codes",
    "account_reauthenticate",
    "mfa_reauthenticate",
    "signin:me",
}


def begin(sender: object, request: HttpRequest | None, user: object, **_more: object) -> None:
    """Stamp a session when somebody signs in."""
    if request is None or not hasattr(request, "session"):
        return
    request.session[BEGAN] = request.session[SEEN] = int(now(request).timestamp())
    if isinstance(user, User):
        end_the_oldest(request, user)


def end_the_oldest(request: HttpRequest, user: User) -> None:
    """Leave room for this device among the `YIWANG_SESSIONS` a person may be signed in on."""
    if UserSession.objects.filter(user=user).count() < settings.YIWANG_SESSIONS:
        return
    living = sorted(UserSession.objects.purge_and_list(user), key=lambda each: each.created_at)
    too_many = living[: max(0, len(living) + 1 - settings.YIWANG_SESSIONS)]
    for session in too_many:
        session.end()
    if too_many:
        accounts.note(user, "oldest_session_ended", by=user, at=now(request))


user_logged_in.connect(begin, dispatch_uid="signin.begin")


class Gate:
    """Middleware: ends sessions that are too old, and sends people to what they must do first."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: object, args: object, kwargs: object
    ) -> HttpResponseBase | None:
        match = request.resolver_match
        here = match.view_name if match else ""
        if here == "asset" or settings.SESSION_COOKIE_NAME not in request.COOKIES:
            return None
        if getattr(view, "csrf_exempt", False):  # asks for no token, so it may look at no session
            return None
        if SESSION_KEY not in request.session:
            return None
        if is_over(request):
            logout(request)
            messages.info(request, _("太久没有操作，已自动退出，请重新登录。"))
            return None
        user = staff(request)
        first = must_do(request, user, here) if user else None
        return _send(request, *first) if first else None


def is_over(request: HttpRequest) -> bool:
    """Say whether the session is past one of its limits; note that it is in use otherwise."""
    moment = int(now(request).timestamp())
    if is_past(request.session, moment):
        return True
    if moment - request.session.get(SEEN, 0) >= TOUCH_EVERY and not _by_itself(request):
        request.session[SEEN] = moment
    return False


def _by_itself(request: HttpRequest) -> bool:
    """A stream that stays open or a page that asks by itself is nobody's click."""
    return "text/event-stream" in request.headers.get("Accept", "") or bool(
        request.headers.get("X-By-Itself")
    )


def must_do(request: HttpRequest, user: User, here: str) -> tuple[str, str] | None:
    """Return the address and the reason of what this person must do before `here`, or None."""
    if user.password_issued_at is not None:
        return (
            None
            if here in FOR_PASSWORD
            else (reverse("signin:password"), _("请先设置自己的新密码。"))
        )
    if here in FOR_FACTOR or not needs_factor(request, user) or has_factor(request, user):
        return None
    return reverse("mfa_activate_totp"), _("您的岗位须开启两步验证，请先完成设置。")


def needs_factor(request: HttpRequest, user: User) -> bool:
    """Whether one of the person's roles or permissions, also those of who they stand in for, asks for it."""
    wanted = set(settings.YIWANG_SECOND_FACTOR)
    if not wanted:
        return False
    duties = organisation.duties_of(user, now(request))
    held = {str(duty.role) for duty in duties} | {str(p) for d in duties for p in d.permissions}
    return not wanted.isdisjoint(held)


def has_factor(request: HttpRequest, user: User) -> bool:
    """Whether the second factor was shown, or has just been added, in this session."""
    return any(record["method"] == "mfa" for record in get_authentication_records(request, user))


def _send(request: HttpRequest, address: str, reason: str) -> HttpResponseBase:
    if wants_json(request):
        return JsonResponse({"code": "first", "message": reason}, status=403)
    if request.headers.get("HX-Request") == "true":
        return HttpResponse(status=403, headers={"HX-Redirect": address})
    messages.info(request, reason)
    return redirect(address)
