"""Where notices and a forgotten password of somebody go: seen masked, set anew, never read out whole."""

from datetime import datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.debug import sensitive_post_parameters

from yiwang.kernel import accounts
from yiwang.kernel.accounts.models import User
from yiwang.kernel.accounts.permissions import require_manager
from yiwang.kernel.accounts.rules import REASON_AT_MOST
from yiwang.web.kit.access import now, page, signed_in
from yiwang.web.kit.fragments import go
from yiwang.web.office.forms import tried
from yiwang.web.office.needs import PEOPLE
from yiwang.web.office.staff.accounts import fetch, masked

QUIET = {"autocomplete": "off", "spellcheck": "false"}


class ContactForm(forms.Form):
    """What is left blank stays as it is."""

    phone = forms.CharField(
        label=gettext_lazy("新手机"),
        required=False,
        max_length=30,
        widget=forms.TextInput(attrs={**QUIET, "inputmode": "tel"}),
    )
    email = forms.CharField(
        label=gettext_lazy("新电子邮箱"),
        required=False,
        max_length=200,
        widget=forms.EmailInput(attrs=QUIET),
    )
    without_phone = forms.BooleanField(label=gettext_lazy("删除现有手机"), required=False)
    without_email = forms.BooleanField(label=gettext_lazy("删除现有电子邮箱"), required=False)
    reason = forms.CharField(
        label=gettext_lazy("原因"),
        max_length=REASON_AT_MOST,
        help_text=gettext_lazy("例如：本人换了手机号，当面核对过工作证；会记录下来"),
    )

    field_order = ("phone", "without_phone", "email", "without_email", "reason")

    def __init__(self, data: Any, person: User) -> None:
        super().__init__(data)
        for name, held in (("phone", person.phone), ("email", person.email)):
            if not held:
                del self.fields[f"without_{name}"]

    def chosen(self, name: str, held: str | None) -> str:
        """What is stored from now on."""
        if self.cleaned_data.get(f"without_{name}"):
            return ""
        return self.cleaned_data[name] or held or ""


@sensitive_post_parameters("phone", "email")
@page(PEOPLE)
def contact(request: HttpRequest, user_id: int) -> HttpResponse:
    """Set e-mail and mobile of a person, with the reason."""
    user, at = signed_in(request), now(request)
    require_manager(user, at)
    found = fetch(request, user_id)
    form = ContactForm(request.POST if request.method == "POST" else None, found)
    status = 200
    if form.is_bound:
        status = tried(form, lambda: _set(form, found, user, at))
        if not status:
            messages.success(request, _("已保存"))
            return go(request, reverse("office:person", args=[found.pk]))
    context = {"form": form, "person": found, "contact": masked(found)}
    return render(request, "office/staff/contact.html", context, status=status)


def _set(form: ContactForm, found: User, user: User, at: datetime) -> None:
    accounts.set_contact(
        found,
        phone=form.chosen("phone", found.phone),
        email=form.chosen("email", found.email),
        reason=form.cleaned_data["reason"],
        by=user,
        at=at,
    )
