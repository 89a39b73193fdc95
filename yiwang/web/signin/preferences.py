"""What I want to hear outside the program: mine alone, within what the town's table sends."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from yiwang.kernel.accounts.models import User
from yiwang.kernel.foundation.secrets import mask_phone
from yiwang.kernel.notices import channels, registry
from yiwang.kernel.notices.actions.ruling import set_preference
from yiwang.kernel.notices.models import Preference
from yiwang.kernel.notices.rules.channels import (
    CHANNEL_NAMES,
    EVENT_NAMES,
    TO_PEOPLE,
    Audience,
    Channel,
)
from yiwang.web.kit.access import Needs, now, page, signed_in


class PreferencesForm(forms.Form):
    """A tick for each event that the town sends by a channel; taken away, it stays a notice."""

    def __init__(self, data: Any, user: User) -> None:
        own = Preference.objects.filter(user=user).first()
        declined = {
            Channel.EMAIL: own.no_email if own else [],
            Channel.SMS: own.no_sms if own else [],
        }
        self.table = [rule for rule in map(channels.rule_of, registry.events()) if _sent(rule)]
        super().__init__(data)
        for rule in self.table:
            for channel in TO_PEOPLE:
                if rule.uses(channel):
                    field = forms.BooleanField(
                        required=False, initial=rule.event not in declined[channel]
                    )
                    name = _(EVENT_NAMES.get(rule.event, rule.event))
                    field.widget.attrs["aria-label"] = f"{name}：{_(CHANNEL_NAMES[channel])}"
                    self.fields[f"{rule.event}-{channel.value}"] = field

    @property
    def lines(self) -> list[tuple[str, list[tuple[str, Any]]]]:
        return [
            (
                _(EVENT_NAMES.get(rule.event, rule.event)),
                [
                    (
                        CHANNEL_NAMES[channel],
                        self[f"{rule.event}-{channel.value}"] if rule.uses(channel) else None,
                    )
                    for channel in TO_PEOPLE
                ],
            )
            for rule in self.table
        ]

    def declined(self, channel: Channel) -> list[str]:
        """Events whose tick was taken away, and those that were not asked about and were declined before."""
        said = self.cleaned_data
        return [
            rule.event
            for rule in self.table
            if rule.uses(channel) and not said.get(f"{rule.event}-{channel.value}")
        ]


def _sent(rule: Any) -> bool:
    return rule.audience is Audience.STAFF and any(rule.uses(channel) for channel in TO_PEOPLE)


@page(Needs.SIGNED_IN)
def preferences(request: HttpRequest) -> HttpResponse:
    user = signed_in(request)
    form = PreferencesForm(request.POST if request.method == "POST" else None, user)
    if request.method == "POST" and form.is_valid():
        set_preference(
            user,
            no_email=form.declined(Channel.EMAIL),
            no_sms=form.declined(Channel.SMS),
            at=now(request),
        )
        messages.success(request, _("已保存您的通知设置。"))
        return redirect("signin:notice-preferences")
    quiet = channels.quiet()
    context: dict[str, object] = {
        "form": form,
        "email": user.email or "",
        "phone": mask_phone(user.phone) if user.phone else "",
        "quiet": quiet if quiet.starts != quiet.ends else None,
        "mail_on": channels.is_on(Channel.EMAIL),
        "sms_on": channels.is_on(Channel.SMS),
    }
    return render(request, "signin/notice_preferences.html", context)
