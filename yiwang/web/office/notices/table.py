"""The table: which event leaves the house by which channel, and whether at night."""

from datetime import datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from yiwang.kernel.accounts.models import User
from yiwang.kernel.notices import channels, registry
from yiwang.kernel.notices.actions.ruling import set_rules
from yiwang.kernel.notices.actions.writing import one_at_a_time
from yiwang.kernel.notices.rules.channels import (
    CHANNEL_NAMES,
    EVENT_NAMES,
    NIGHT_NAMES,
    OUTSIDE,
    Audience,
    Channel,
    Night,
    Rule,
)
from yiwang.web.kit.access import now, page, signed_in
from yiwang.web.kit.fragments import go
from yiwang.web.office.forms import SeenForm, tried
from yiwang.web.office.needs import ROUTES


class RulesForm(SeenForm):
    """A tick for each event and channel, and a choice for the night."""

    def __init__(self, data: Any = None) -> None:
        self.table = [channels.rule_of(event) for event in registry.events()]
        current: dict[str, object] = {}
        for rule in self.table:
            for channel in offered(rule):
                current[f"{rule.event}-{channel.value}"] = rule.uses(channel)
            if rule.audience is Audience.STAFF:
                current[f"{rule.event}-night"] = rule.night.value
        super().__init__(data, current=current)
        for rule in self.table:
            self._add_line(rule)

    def _add_line(self, rule: Rule) -> None:
        name = event_name(rule.event)
        for channel in offered(rule):
            field = forms.BooleanField(required=False)
            field.widget.attrs["aria-label"] = f"{name}：{_(CHANNEL_NAMES[channel])}"
            self.fields[f"{rule.event}-{channel.value}"] = field
        if rule.audience is Audience.STAFF:
            night = forms.ChoiceField(choices=[(k, _(v)) for k, v in NIGHT_NAMES.items()])
            night.widget.attrs["aria-label"] = _("%(event)s：夜间") % {"event": name}
            self.fields[f"{rule.event}-night"] = night

    @property
    def lines(self) -> list[dict[str, object]]:
        return [
            {
                "name": event_name(rule.event),
                "resident": rule.audience is Audience.RESIDENT,
                "boxes": [
                    (CHANNEL_NAMES[c], self[f"{rule.event}-{c.value}"] if c in offered(rule) else None)
                    for c in OUTSIDE
                ],
                "night": self[f"{rule.event}-night"]
                if rule.audience is Audience.STAFF
                else None,
            }
            for rule in self.table
        ]  # fmt: skip

    def typed_rules(self) -> list[Rule]:
        said = self.cleaned_data
        return [
            Rule(
                rule.event,
                **{c.value: bool(said.get(f"{rule.event}-{c.value}")) for c in OUTSIDE},
                night=Night(said.get(f"{rule.event}-night", rule.night)),
                audience=rule.audience,
            )
            for rule in self.table
        ]


def offered(rule: Rule) -> tuple[Channel, ...]:
    """A resident left a telephone at most."""
    return (Channel.SMS,) if rule.audience is Audience.RESIDENT else OUTSIDE


def event_name(event: str) -> str:
    return _(EVENT_NAMES.get(event, event))


@page(ROUTES)
def rules(request: HttpRequest) -> HttpResponse:
    user, at = signed_in(request), now(request)
    if request.method == "POST":
        one_at_a_time()
    form = RulesForm(request.POST if request.method == "POST" else None)
    status = 200
    if form.is_bound:
        status = tried(form, lambda: _save(form, user, at))
        if not status:
            messages.success(request, _("已保存，从下一件事起照新规则通知。"))
            return go(request, reverse("office:notice-rules"))
    context: dict[str, object] = {
        "form": form,
        "off": [CHANNEL_NAMES[c] for c in OUTSIDE if not channels.is_on(c)],
    }
    return render(request, "office/notices/rules.html", context, status=status)


def _save(form: RulesForm, user: User, at: datetime) -> None:
    form.must_be_fresh()
    set_rules(form.typed_rules(), by=user, at=at)
