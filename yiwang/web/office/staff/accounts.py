"""People and their accounts: finding somebody, opening, renaming, closing, a new password."""

import secrets
from datetime import datetime
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from axes.helpers import get_cool_off
from axes.models import AccessAttempt
from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.sessions.models import Session
from django.db.models import Prefetch, Q, Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.debug import sensitive_post_parameters

from yiwang.kernel import accounts
from yiwang.kernel.accounts.models import User
from yiwang.kernel.accounts.rules import (
    NAME_AT_MOST,
    REASON_AT_MOST,
    USERNAME_AT_MOST,
    normalised_username,
)
from yiwang.kernel.foundation.errors import Conflict
from yiwang.kernel.foundation.secrets import mask_phone
from yiwang.kernel.organisation.duties import day_of
from yiwang.kernel.organisation.models import Posting, Unit
from yiwang.web.kit.access import now, page, signed_in
from yiwang.web.kit.fragments import go
from yiwang.web.kit.paging import page_of
from yiwang.web.office.forms import SeenForm, as_id, offer, tried
from yiwang.web.office.needs import PEOPLE

LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
LANGUAGES = [("zh-hans", gettext_lazy("简体中文")), ("en", gettext_lazy("English"))]
STATES = [
    ("", gettext_lazy("全部人员")),
    ("on", gettext_lazy("可登录")),
    ("off", gettext_lazy("已停用")),
    ("idle", gettext_lazy("没有任职")),
]


def new_password() -> str:
    """Sixteen letters and digits that cannot be taken for one another, to be read out over the telephone."""
    return "-".join("".join(secrets.choice(LETTERS) for _ in range(4)) for _ in range(4))


class SearchForm(forms.Form):
    """Whom to look for."""

    q = forms.CharField(label=gettext_lazy("姓名或用户名"), required=False, max_length=60)
    unit = forms.ChoiceField(label=gettext_lazy("单位"), required=False)
    state = forms.ChoiceField(label=gettext_lazy("状态"), required=False, choices=STATES)

    def __init__(self, data: Any) -> None:
        super().__init__(data, auto_id="find_%s")
        named = Unit.objects.order_by("-active", "code").values_list("pk", "name")
        offer(self, "unit", [("", _("全部单位")), *named])


class PersonForm(SeenForm):
    """What may change of an account."""

    display_name = forms.CharField(label=gettext_lazy("姓名"), max_length=NAME_AT_MOST)
    language = forms.ChoiceField(label=gettext_lazy("语言"), choices=LANGUAGES)

    def __init__(self, data: Any, person: User) -> None:
        current = {"display_name": person.display_name, "language": person.language}
        super().__init__(data, current=current)


class PasswordForm(forms.Form):
    """A password in plain sight: it is told to its owner, who sets another."""

    password = forms.CharField(
        label=gettext_lazy("首次密码"),
        max_length=128,
        help_text=gettext_lazy("程序给出的可以直接用，也可以改；保存后只显示这一次"),
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "spellcheck": "false", "autocapitalize": "none"}
        ),
    )


class RescueForm(forms.Form):
    """Why somebody is let in again, or put out everywhere."""

    reason = forms.CharField(
        label=gettext_lazy("原因"),
        max_length=REASON_AT_MOST,
        help_text=gettext_lazy("例如：手机丢了，当面核对过工作证；会记录下来"),
    )


class NewPersonForm(PasswordForm):
    """A new account."""

    username = forms.CharField(
        label=gettext_lazy("用户名"),
        max_length=USERNAME_AT_MOST,
        help_text=gettext_lazy("小写字母和数字，例 zhang.min"),
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "spellcheck": "false", "autocapitalize": "none"}
        ),
    )
    display_name = forms.CharField(label=gettext_lazy("姓名"), max_length=NAME_AT_MOST)
    language = forms.ChoiceField(label=gettext_lazy("语言"), choices=LANGUAGES, initial="zh-hans")

    field_order = ("username", "display_name", "language", "password")


@page(PEOPLE, methods=("GET", "HEAD"))
def people(request: HttpRequest) -> HttpResponse:
    """Everybody with an account, and what they are posted as today."""
    form = SearchForm(request.GET)
    form.is_valid()
    today = day_of(now(request))
    held = Posting.objects.on(today).select_related("unit", "area").order_by("id")
    rows = _matching(form, today).prefetch_related(
        Prefetch("postings", queryset=held, to_attr="held")
    )
    found = page_of(rows, request, by=("username",), size=50)
    context = {"form": form, "page": found, "asked": any(request.GET.get(k) for k in form.fields)}
    return render(request, "office/staff/people.html", context)


def _matching(form: SearchForm, today: Any) -> Any:
    said = form.cleaned_data
    rows = User.objects.all()
    if words := said.get("q", "").strip():
        rows = rows.filter(Q(display_name__icontains=words) | Q(username__icontains=words.lower()))
    in_force = Posting.objects.on(today)
    if unit := as_id(said.get("unit")):
        rows = rows.filter(pk__in=in_force.filter(unit=unit).values("user"))
    state = said.get("state", "")
    if state in ("on", "off"):
        rows = rows.filter(is_active=state == "on")
    return rows.exclude(pk__in=in_force.values("user")) if state == "idle" else rows


@sensitive_post_parameters("password")
@page(PEOPLE)
def new(request: HttpRequest) -> HttpResponse:
    """Open an account; its password is shown once, on the page that answers."""
    user, at = signed_in(request), now(request)
    form = NewPersonForm(
        request.POST or None, initial={"password": new_password(), "language": "zh-hans"}
    )
    opened: list[User] = []
    status = 200
    if form.is_bound:
        status = tried(form, lambda: opened.append(_open(form.cleaned_data, user, at)))
        if not status:
            return _told_once(request, opened[0], form.cleaned_data["password"], opened=True)
    return render(request, "office/staff/person_new.html", {"form": form}, status=status)


def _open(said: dict[str, Any], user: User, at: datetime) -> User:
    """Open the account; the same form sent twice opens it once."""
    try:
        return accounts.create_user(**said, issued=True, by=user, at=at)
    except Conflict:
        same = User.objects.filter(
            username=normalised_username(said["username"]), display_name=said["display_name"]
        ).first()
        if same is None or same.last_login or not same.check_password(said["password"]):
            raise
        return same


def _told_once(request: HttpRequest, person: User, password: str, *, opened: bool) -> HttpResponse:
    context = {"person": person, "password": password, "opened": opened}
    answer = render(request, "office/staff/password_told.html", context)
    answer["Cache-Control"] = "no-store"
    return answer


def fetch(request: HttpRequest, user_id: int) -> User:
    rows = User.objects.select_for_update() if request.method == "POST" else User.objects.all()
    return get_object_or_404(rows, pk=user_id)


@page(PEOPLE)
def person(request: HttpRequest, user_id: int) -> HttpResponse:
    """An account with its postings; a POST changes name and language."""
    user, at = signed_in(request), now(request)
    found = fetch(request, user_id)
    form = PersonForm(request.POST if request.method == "POST" else None, found)
    status = 200
    if form.is_bound:
        status = tried(form, lambda: _change(form, found, user, at))
        if not status:
            messages.success(request, _("已保存"))
            return go(request, reverse("office:person", args=[found.pk]))
    return shown(request, found, form, status)


def _change(form: PersonForm, found: User, user: User, at: datetime) -> None:
    form.must_be_fresh()
    said = form.cleaned_data
    if said["display_name"] != found.display_name:
        accounts.rename(found, display_name=said["display_name"], by=user, at=at)
    if said["language"] != found.language:
        accounts.set_language(found, language=said["language"], by=user, at=at)


def shown(
    request: HttpRequest,
    found: User,
    form: PersonForm,
    status: int,
    rescue: RescueForm | None = None,
) -> HttpResponse:
    """The page of a person, with what was typed."""
    today = day_of(now(request))
    postings = found.postings.select_related("unit", "area", "post", "stands_in_for__user")
    rows = list(postings.order_by("-starts_on", "-id"))
    context: dict[str, object] = {
        "person": found,
        "form": form,
        "current": [p for p in rows if p.ends_on is None or p.ends_on > today],
        "past": [p for p in rows if p.ends_on is not None and p.ends_on <= today],
        "today": today,
        "contact": masked(found),
        "rescue": rescue or RescueForm(),
        "locked": _is_locked(found),
        "devices": _devices(found),
        "factor": Authenticator.objects.filter(user=found, type=Authenticator.Type.TOTP).exists(),
    }
    return render(request, "office/staff/person.html", context, status=status)


def masked(person: User) -> dict[str, str]:
    """Mobile and e-mail so that one can tell whether they are the right ones, and not read them."""
    name, _at, domain = (person.email or "").partition("@")
    return {
        "phone": mask_phone(person.phone or ""),
        "email": f"{name[:1]}***@{domain}" if domain else "",
    }


def _is_locked(found: User) -> bool:
    """Whether the name is locked from any address just now."""
    since = timezone.now() - get_cool_off()
    tries = AccessAttempt.objects.filter(username=found.username, attempt_time__gt=since)
    groups = tries.values("ip_address").annotate(wrong=Sum("failures_since_start"))
    return bool(groups.filter(wrong__gte=settings.AXES_FAILURE_LIMIT).exists())


def _devices(found: User) -> int:
    """On how many devices the person is signed in."""
    living = Session.objects.filter(expire_date__gt=timezone.now()).values("session_key")
    return int(UserSession.objects.filter(user=found, session_key__in=living).count())


@page(PEOPLE, methods=("POST",))
def switch(request: HttpRequest, user_id: int) -> HttpResponse:
    """Close an account or open it again; asking for what is so already changes nothing."""
    user, at = signed_in(request), now(request)
    found = fetch(request, user_id)
    if request.POST.get("active") == "yes":
        accounts.reactivate(found, by=user, at=at)
        messages.success(request, _("%(name)s 的账号已恢复") % {"name": found.display_name})
    else:
        accounts.deactivate(found, by=user, at=at)
        messages.success(request, _("%(name)s 的账号已停用") % {"name": found.display_name})
    return go(request, reverse("office:person", args=[found.pk]))


@sensitive_post_parameters("password")
@page(PEOPLE)
def password(request: HttpRequest, user_id: int) -> HttpResponse:
    """A new password for somebody who lost theirs; shown once."""
    user, at = signed_in(request), now(request)
    found = fetch(request, user_id)
    form = PasswordForm(request.POST or None, initial={"password": new_password()})
    status = 200
    if form.is_bound:
        status = tried(
            form,
            lambda: accounts.issue_password(
                found, password=form.cleaned_data["password"], by=user, at=at
            ),
        )
        if not status:
            return _told_once(request, found, form.cleaned_data["password"], opened=False)
    context = {"form": form, "person": found}
    return render(request, "office/staff/password.html", context, status=status)
