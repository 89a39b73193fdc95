"""When somebody cannot get in: lift a lock, take a lost second factor off, sign an account out everywhere.

The lists allauth and axes keep are asked here by their own models; both doors that use them are strangers to one another.
"""

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from axes.handlers.proxy import AxesProxyHandler
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from yiwang.kernel import accounts
from yiwang.kernel.accounts.models import User
from yiwang.kernel.accounts.permissions import require_manager
from yiwang.web.kit.access import now, page, signed_in
from yiwang.web.kit.fragments import go
from yiwang.web.office.needs import PEOPLE
from yiwang.web.office.staff.accounts import PersonForm, RescueForm, fetch, shown


@page(PEOPLE, methods=("POST",))
def rescue(request: HttpRequest, user_id: int) -> HttpResponse:
    """`do`: unlock, factor-off, sign-out; each with the reason."""
    user, at = signed_in(request), now(request)
    require_manager(user, at)
    found = fetch(request, user_id)
    form = RescueForm(request.POST)
    if not form.is_valid():
        return shown(request, found, PersonForm(None, found), 422, form)
    reason = form.cleaned_data["reason"]
    do = request.POST.get("do", "")
    if do == "unlock":
        AxesProxyHandler.reset_attempts(username=found.username)
        accounts.note(found, "lock_lifted", by=user, at=at, reason=reason)
        messages.success(request, _("已解除锁定"))
    elif do == "factor-off":
        _factor_off(found)
        accounts.note(found, "factor_lifted", by=user, at=at, reason=reason)
        messages.success(request, _("已取消两步验证，请提醒本人重新开启"))
    elif do == "sign-out":
        _sign_out(found)
        accounts.note(found, "sessions_ended", by=user, at=at, reason=reason)
        messages.success(request, _("已在所有设备上退出"))
    return go(request, reverse("office:person", args=[found.pk]))


def _factor_off(person: User) -> None:
    """What is signed in by it goes too: somebody else may have asked in this person's name."""
    Authenticator.objects.filter(user=person).delete()
    _sign_out(person)


def _sign_out(person: User) -> None:
    for session in UserSession.objects.filter(user=person):
        session.end()
