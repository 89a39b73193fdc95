"""A forgotten password: the link by e-mail, and the page behind it. What is said is the same for every name."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from yiwang.kernel import accounts
from yiwang.kernel.accounts.models import User
from yiwang.kernel.accounts.resetting import is_good, user_of
from yiwang.kernel.accounts.rules import normalised_username
from yiwang.kernel.foundation.errors import Refused
from yiwang.web.kit.access import Needs, now, page
from yiwang.web.kit.errors import count
from yiwang.web.kit.forms import put_refusal
from yiwang.web.kit.pace import Bucket, TooOften, address_of
from yiwang.web.signin.forms import ForgottenForm, NewPasswordForm
from yiwang.web.signin.tasks import send_reset

# Everybody behind one address together: an office on its first Monday, not a machine that writes to the whole staff.
_asked = Bucket(per_minute=10, burst=20)


@page(Needs.PUBLIC)
def forgotten(request: HttpRequest) -> HttpResponse:
    """Ask for the name; answer alike whether anybody has it, has an address, or is locked."""
    form = ForgottenForm(request.POST or None)
    if not form.is_bound or not form.is_valid():
        status = 422 if form.is_bound else 200
        return render(request, "signin/forgotten.html", {"form": form}, status=status)
    wait = _asked.take(address_of(request))
    if wait:
        raise TooOften(wait)
    username = normalised_username(form.cleaned_data["username"])
    found = User.objects.filter(username=username, is_active=True).values_list("pk", flat=True)
    send_reset.defer(user_id=found.first() or 0, origin=request.build_absolute_uri("/"))
    return render(request, "signin/forgotten.html", {"form": None})


@sensitive_post_parameters()
@never_cache
@page(Needs.PUBLIC)
def reset(request: HttpRequest, uid: str, token: str) -> HttpResponse:
    """Set a new password by the link; then sign in with it."""
    user = user_of(uid)
    if user is None or not is_good(user, token):
        count(request, "link")
        return render(request, "signin/reset.html", {"form": None}, status=403)
    form = NewPasswordForm(request.POST or None)
    if form.is_bound and form.is_valid():
        try:
            accounts.reset_password(
                user, token=token, password=form.cleaned_data["password"], at=now(request)
            )
        except Refused as refused:
            put_refusal(form, refused)
        else:
            messages.success(request, _("新密码已设好，请登录。"))
            return redirect("signin:sign-in")
    context = {"form": form, "person": user}
    return render(request, "signin/reset.html", context, status=422 if form.is_bound else 200)
