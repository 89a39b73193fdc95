"""Who may open a page. Every view says it with `@page`; tests/house walks all URLs and reads `view.needs`."""

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from datetime import datetime
from enum import StrEnum
from functools import wraps
from typing import Concatenate, ParamSpec, cast

from django.contrib.auth import REDIRECT_FIELD_NAME
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect
from django.template.response import SimpleTemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from yiwang.kernel import organisation
from yiwang.kernel.accounts.models import User
from yiwang.kernel.foundation.actors import RESIDENT, Actor
from yiwang.kernel.foundation.errors import Forbidden
from yiwang.kernel.foundation.viewer import speaking_as
from yiwang.kernel.organisation.rules import Permission


class Needs(StrEnum):
    """Needs that are no permission of a posting."""

    PUBLIC = "public"
    SIGNED_IN = "signed_in"


Need = Needs | Permission
Given = ParamSpec("Given")
View = Callable[Concatenate[HttpRequest, Given], HttpResponseBase]


def now(request: HttpRequest) -> datetime:
    """The one moment a request speaks about: asked twice, answered the same."""
    known: datetime | None = getattr(request, "moment", None)
    if known is None:
        known = timezone.now()
        request.moment = known  # type: ignore[attr-defined]  # ours, read only here
    return known


def staff(request: HttpRequest) -> User | None:
    """The signed-in member of staff, or None."""
    user = getattr(request, "user", None)
    return user if isinstance(user, User) and user.is_active else None


def signed_in(request: HttpRequest) -> User:
    """The signed-in member of staff.

    Raises:
        Forbidden: nobody is signed in.
    """
    user = staff(request)
    if user is None:
        raise Forbidden(_("请先登录。"), code="sign_in")
    return user


def current_actor(request: HttpRequest) -> Actor:
    """Who signs what this request writes: the member of staff, or the nameless resident."""
    return staff(request) or RESIDENT


def meets(user: User | None, needs: tuple[Need, ...], at: datetime) -> bool:
    """Whether one of the needs is met somewhere; what may be done to one object is asked of the kernel."""
    return any(_met(user, need, at) for need in needs)


def _met(user: User | None, need: Need, at: datetime) -> bool:
    if need is Needs.PUBLIC:
        return True
    if user is None:
        return False
    return need is Needs.SIGNED_IN or organisation.holds(user, need, at=at)


def page(
    needs: Need | tuple[Need, ...],
    *,
    methods: tuple[str, ...] = ("GET", "HEAD", "POST"),
    one_transaction: bool = True,
) -> Callable[[View[Given]], View[Given]]:
    """Declare what a view needs (any one of several), and keep everybody else out.

    A page of a member of staff is fetched and drawn in one transaction in which the database knows the reader.
    `one_transaction=False` leaves that to the view: for work done piece by piece.
    """
    wanted = needs if isinstance(needs, tuple) else (needs,)

    def declare(view: View[Given]) -> View[Given]:
        @wraps(view)
        def guarded(
            request: HttpRequest, /, *args: Given.args, **kwargs: Given.kwargs
        ) -> HttpResponseBase:
            user = staff(request)
            if not meets(user, wanted, now(request)):
                return _turn_away(request, user)
            with _reader(user if one_transaction else None):
                return _drawn(view(request, *args, **kwargs))

        declared = require_http_methods(list(methods))(guarded)
        declared.needs = wanted  # type: ignore[attr-defined]  # read by tests/house
        return cast(View[Given], declared)

    return declare


def _reader(user: User | None) -> AbstractContextManager[None]:
    return speaking_as(user) if user is not None else nullcontext()


def _drawn(response: HttpResponseBase) -> HttpResponseBase:
    """Draw lazy responses here, where the rows can still be read."""
    return response.render() if isinstance(response, SimpleTemplateResponse) else response


def _turn_away(request: HttpRequest, user: User | None) -> HttpResponseBase:
    """A stranger is shown to the sign-in; a member of staff is told that this is not theirs.

    Raises:
        Forbidden: signed in, but without the permission.
    """
    if user is not None:
        raise Forbidden(_("您的岗位没有打开这个页面的权限。"))
    address = _sign_in_address(request)
    if wants_json(request):
        return JsonResponse({"code": "sign_in", "message": _("请先登录。")}, status=401)
    if request.headers.get("HX-Request") == "true":
        return HttpResponse(status=401, headers={"HX-Redirect": address})
    return redirect(address)


def _sign_in_address(request: HttpRequest) -> str:
    address = reverse("signin:sign-in")
    if request.method != "GET" or request.headers.get("HX-Request") == "true":
        return address
    return f"{address}?{urlencode({REDIRECT_FIELD_NAME: request.get_full_path()})}"


def wants_json(request: HttpRequest) -> bool:
    """Whether the answer should be data: the caller prefers JSON to a page."""
    preferred = request.get_preferred_type(["text/html", "application/json"])
    return preferred == "application/json" or request.path.startswith("/api/")
