"""My account: contact and language, password, second factor, the devices I am signed in on, leave."""

from allauth.account.internal.flows.logout import logout as sign_out_here
from allauth.account.internal.flows.reauthentication import raise_if_reauthentication_required
from allauth.mfa.models import Authenticator
from allauth.usersessions.internal.flows.sessions import end_other_sessions
from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters

from yiwang.kernel import accounts, organisation
from yiwang.kernel.accounts.models import User
from yiwang.kernel.foundation.errors import Refused
from yiwang.web.kit.access import Needs, now, page, signed_in
from yiwang.web.kit.forms import put_refusal
from yiwang.web.signin import locking
from yiwang.web.signin.devices import Device, device_of
from yiwang.web.signin.forms import ChangePasswordForm, ContactForm
from yiwang.web.signin.gate import needs_factor


@sensitive_post_parameters("current")
@page(Needs.SIGNED_IN)
def me(request: HttpRequest) -> HttpResponse:
    """Everything about the own account; a POST saves contact and language.

    Where a forgotten password goes is changed by nobody who found the page open: it takes the present password.
    """
    user, at = signed_in(request), now(request)
    if request.method == "POST" and locking.is_locked(request, user):
        return HttpResponse(status=429)
    current = {"email": user.email or "", "phone": user.phone or "", "language": user.language}
    form = ContactForm(request.POST if request.method == "POST" else None, initial=current)
    if form.is_bound and form.is_valid() and _saved(request, form, user):
        messages.success(request, _("已保存"))
        return redirect("signin:me")
    factor = Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).first()
    context = {
        "form": form,
        "factor": factor,
        "needs_factor": needs_factor(request, user),
        "devices": _devices(request, user),
        "leave": organisation.leave_of(user, at),
        "standing_in_for": organisation.standing_in_for(user, at),
        "duties": organisation.duties_of(user, at),
    }
    status = 422 if form.is_bound else 200
    return render(request, "signin/me.html", context, status=status)


def _saved(request: HttpRequest, form: ContactForm, user: User) -> bool:
    said, at = form.cleaned_data, now(request)
    typed = said["current"]
    try:
        with transaction.atomic():
            if (said["email"].strip(), said["phone"].strip()) != (
                user.email or "",
                user.phone or "",
            ):
                accounts.prove(user, password=typed)
            accounts.set_contact(user, email=said["email"], phone=said["phone"], by=user, at=at)
            if said["language"] != user.language:
                accounts.set_language(user, language=said["language"], by=user, at=at)
    except Refused as refused:
        put_refusal(form, refused)
        if refused.code == "wrong_password" and typed:
            locking.count_failure(request, user)
        return False
    return True


@sensitive_post_parameters()
@page(Needs.SIGNED_IN)
def password(request: HttpRequest) -> HttpResponse:
    """Change the own password; every other device is signed out."""
    user, at = signed_in(request), now(request)
    if locking.is_locked(request, user):
        return HttpResponse(status=429)
    issued = user.password_issued_at is not None
    form = ChangePasswordForm(request.POST or None)
    if form.is_bound and form.is_valid():
        said = form.cleaned_data
        try:
            changed = accounts.change_password(
                user, current=said["current"], password=said["password"], by=user, at=at
            )
        except Refused as refused:
            put_refusal(form, refused)
            if refused.code == "wrong_password":
                locking.count_failure(request, user)
        else:
            keep_only_this_session(request, changed)
            messages.success(request, _("密码已修改，其他设备都已退出。"))
            return redirect("signin:home" if issued else "signin:me")
    context = {"form": form, "issued": issued}
    return render(request, "signin/password.html", context, status=422 if form.is_bound else 200)


def keep_only_this_session(request: HttpRequest, user: User) -> None:
    """Go on here under the new password; the list of devices follows."""
    end_other_sessions(request, user)
    UserSession.objects.filter(session_key=request.session.session_key).delete()
    update_session_auth_hash(request, user)
    UserSession.objects.create_from_request(request)


def _devices(request: HttpRequest, user: User) -> list[Device]:
    """Where the person is signed in, this device first, then by last use."""
    kept = UserSession.objects.purge_and_list(user)
    found = [device_of(row, row.session_key == request.session.session_key) for row in kept]
    return sorted(found, key=lambda device: (not device.here, -device.began.timestamp()))


def confirm_first(request: HttpRequest) -> None:
    """Ask who it is before other devices are signed out; what was asked for goes on afterwards.

    Raises:
        ReauthenticationRequired: the person has not proved it in the last quarter of an hour.
    """
    raise_if_reauthentication_required(request, app="")


@page(Needs.SIGNED_IN, methods=("POST",))
def end_session(request: HttpRequest, session_id: int) -> HttpResponse:
    """Sign out one device of one's own."""
    user = signed_in(request)
    row = get_object_or_404(UserSession, pk=session_id, user=user)
    here = row.session_key == request.session.session_key
    if not here:
        confirm_first(request)
    row.end()
    accounts.note(user, "session_ended", by=user, at=now(request))
    if here:
        sign_out_here(request)
        return redirect("signin:sign-in")
    messages.success(request, _("那台设备已退出。"))
    return redirect("signin:me")


@page(Needs.SIGNED_IN, methods=("POST",))
def end_everywhere(request: HttpRequest) -> HttpResponse:
    """Sign out every other device."""
    user = signed_in(request)
    confirm_first(request)
    end_other_sessions(request, user)
    accounts.note(user, "other_sessions_ended", by=user, at=now(request))
    messages.success(request, _("其他设备都已退出。"))
    return redirect("signin:me")
