from allauth.account.internal.flows.login import perform_password_login
from allauth.account.models import Login
from django.conf import settings
from django.contrib.auth import REDIRECT_FIELD_NAME, logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from yiwang.kernel import accounts, notices
from yiwang.kernel.accounts.models import User
from yiwang.kernel.notices.reading import PAGE
from yiwang.web.kit.access import Needs, now, page, signed_in, staff
from yiwang.web.kit.cookies import keep, named
from yiwang.web.kit.frame import LOOK_COOKIE, LOOKS
from yiwang.web.kit.navigation import address_of, home_of
from yiwang.web.signin import locking
from yiwang.web.signin.forms import SignInForm

A_YEAR = 365 * 24 * 3600
# What the browser of a shared machine forgets: pages and files it kept, and what was typed and not sent.
FORGET = '"cache", "storage"'


@page(Needs.PUBLIC, methods=("GET", "HEAD"))
def home(request: HttpRequest) -> HttpResponse:
    """To the door of the person's role; a stranger to the residents' door, or to the sign-in."""
    user = staff(request)
    address = home_of(user, now(request))
    if address:
        return redirect(address)
    return render(request, "signin/no_duty.html") if user else redirect("signin:sign-in")


@sensitive_post_parameters("password")
@never_cache
@page(Needs.PUBLIC)
def sign_in(request: HttpRequest) -> HttpResponse:
    onward = _onward(request, request.POST.get(REDIRECT_FIELD_NAME) or request.GET.get("next"))
    if staff(request) is not None:
        return redirect(onward)
    if request.method == "POST":
        locking.check_address(request)
    form = SignInForm(request, data=request.POST or None)
    if request.method == "POST" and form.is_valid():
        user = form.get_user()
        request.session.pop("account_login", None)
        begun = Login(user=user, redirect_url=onward)
        response = perform_password_login(request, {"username": user.username}, begun)
        return _in_their_language(request, user, response)
    status = 422 if form.is_bound else 200
    return render(request, "signin/sign_in.html", {"form": form, "next": onward}, status=status)


def _in_their_language(request: HttpRequest, user: User, response: HttpResponse) -> HttpResponse:
    """A device that has no choice yet speaks the language of the person's account."""
    if settings.LANGUAGE_COOKIE_NAME not in request.COOKIES:
        keep(response, settings.LANGUAGE_COOKIE_NAME, user.language, seconds=A_YEAR)
    return response


@page(Needs.PUBLIC, methods=("POST",))
def sign_out(request: HttpRequest) -> HttpResponse:
    logout(request)
    response = redirect("signin:sign-in")
    response["Clear-Site-Data"] = FORGET
    return response


@page(Needs.PUBLIC, methods=("POST",))
def choose_language(request: HttpRequest) -> HttpResponse:
    response = redirect(_onward(request, request.POST.get("next")))
    language = request.POST.get("language", "")
    if language not in dict(settings.LANGUAGES):
        return response
    user = staff(request)
    if user is not None and user.language != language:
        accounts.set_language(user, language=language, by=user, at=now(request))
    keep(response, settings.LANGUAGE_COOKIE_NAME, language, seconds=A_YEAR)
    return response


@page(Needs.PUBLIC, methods=("POST",))
def choose_look(request: HttpRequest) -> HttpResponse:
    response = redirect(_onward(request, request.POST.get("next")))
    look = request.POST.get("look", "")
    if look in LOOKS:
        keep(response, named(LOOK_COOKIE), look, seconds=A_YEAR)
    return response


@page(Needs.SIGNED_IN)
def told(request: HttpRequest) -> HttpResponse:
    """What the person has been told; a POST marks everything shown so far as read."""
    user = signed_in(request)
    if request.method == "POST":
        notices.mark_read(user, at=now(request))
        return redirect("signin:notices")
    before = request.GET.get("before", "")
    found = notices.latest(user, before=int(before) if before.isdecimal() else None)
    rows = [(notice, address_of(notice.subject_type, notice.subject_id)) for notice in found]
    more = found[-1].pk if len(found) == PAGE else None
    return render(request, "signin/notices.html", {"rows": rows, "more": more})


def _onward(request: HttpRequest, address: str | None) -> str:
    """Where to go next: an address of this house, else home."""
    safe = url_has_allowed_host_and_scheme(
        address, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return address if address and safe else reverse("signin:home")
