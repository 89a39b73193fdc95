"""Endpoints of other systems: enter, change, a new secret, a test."""

from datetime import datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yiwang.kernel.accounts.models import User
from yiwang.kernel.notices import channels, registry
from yiwang.kernel.notices.actions import endpoints as actions
from yiwang.kernel.notices.actions.testing import try_endpoint
from yiwang.kernel.notices.models import Endpoint
from yiwang.kernel.notices.rules.channels import Audience, Channel
from yiwang.web.kit.access import now, page, signed_in
from yiwang.web.kit.fragments import go
from yiwang.web.office.forms import SeenForm, tried
from yiwang.web.office.needs import ROUTES
from yiwang.web.office.notices.outlets import say_answer
from yiwang.web.office.notices.table import event_name


class EndpointForm(SeenForm):
    """An address and the events it is told of."""

    name = forms.CharField(
        label=gettext_lazy("名称"), max_length=60, help_text=gettext_lazy("例：县城运平台")
    )
    url = forms.CharField(
        label=gettext_lazy("地址"),
        max_length=300,
        widget=forms.URLInput(attrs={"placeholder": "https://"}),
    )
    events = forms.MultipleChoiceField(
        label=gettext_lazy("只推送这些事件"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("都不选，就推送规则表里允许推送的全部事件"),
    )
    active = forms.BooleanField(label=gettext_lazy("启用"), required=False)

    def __init__(self, data: Any = None, *, endpoint: Endpoint | None = None) -> None:
        super().__init__(data, current=_values(endpoint) if endpoint else {})
        offered = [
            (event, event_name(event))
            for event in registry.events()
            if channels.rule_of(event).audience is Audience.STAFF
        ]
        self.fields["events"].choices = offered  # type: ignore[attr-defined]  # a choice field
        if endpoint is None:
            del self.fields["active"]


def _values(endpoint: Endpoint) -> dict[str, object]:
    return {
        "name": endpoint.name,
        "url": endpoint.url,
        "events": list(endpoint.events),
        "active": endpoint.active,
    }


@page(ROUTES)
def new(request: HttpRequest) -> HttpResponse:
    user, at = signed_in(request), now(request)
    form = EndpointForm(request.POST or None)
    made: list[tuple[Endpoint, str]] = []
    status = 200
    if form.is_bound:
        status = tried(form, lambda: made.append(_add(form, user, at)))
        if not status:
            return _secret(request, *made[0])
    return render(request, "office/notices/endpoint.html", {"form": form}, status=status)


def _add(form: EndpointForm, user: User, at: datetime) -> tuple[Endpoint, str]:
    said = form.cleaned_data
    return actions.add_endpoint(
        name=said["name"], url=said["url"], events=said["events"], by=user, at=at
    )


@page(ROUTES)
def endpoint(request: HttpRequest, endpoint_id: int) -> HttpResponse:
    user, at = signed_in(request), now(request)
    found = get_object_or_404(Endpoint, pk=endpoint_id)
    form = EndpointForm(request.POST if request.method == "POST" else None, endpoint=found)
    status = 200
    if form.is_bound:
        status = tried(form, lambda: _change(form, found, user, at))
        if not status:
            messages.success(request, _("已保存"))
            return go(request, reverse("office:notice-channels") + "#endpoints")
    context: dict[str, object] = {"form": form, "endpoint": found}
    return render(request, "office/notices/endpoint.html", context, status=status)


def _change(form: EndpointForm, found: Endpoint, user: User, at: datetime) -> None:
    form.must_be_fresh()
    said = form.cleaned_data
    actions.change_endpoint(
        found.pk, name=said["name"], url=said["url"], events=said["events"], active=said["active"],
        version=found.version, by=user, at=at,
    )  # fmt: skip


@page(ROUTES, methods=("POST",))
def renew(request: HttpRequest, endpoint_id: int) -> HttpResponse:
    """A new secret, shown this once."""
    secret = actions.renew_secret(endpoint_id, by=signed_in(request), at=now(request))
    return _secret(request, get_object_or_404(Endpoint, pk=endpoint_id), secret)


def _secret(request: HttpRequest, found: Endpoint, secret: str) -> HttpResponse:
    context: dict[str, object] = {"endpoint": found, "secret": secret}
    response = render(request, "office/notices/secret.html", context)
    response["Cache-Control"] = "no-store"
    return response


@page(ROUTES, methods=("POST",), one_transaction=False)
def trial(request: HttpRequest, endpoint_id: int) -> HttpResponse:
    """Post a test event now and say what the other side answered."""
    answer = try_endpoint(endpoint_id, by=signed_in(request), at=now(request))
    say_answer(request, answer, channels.adapter_of(Channel.WEBHOOK))
    return go(request, reverse("office:endpoint", args=[endpoint_id]))
