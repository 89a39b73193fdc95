"""The channels themselves: how each is set up and how it does, a test message, the quiet hours, what the fakes recorded."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yiwang.kernel.accounts.models import User
from yiwang.kernel.foundation.errors import Refused
from yiwang.kernel.notices import channels, channels_report
from yiwang.kernel.notices.actions.ruling import set_quiet_hours
from yiwang.kernel.notices.actions.testing import try_address
from yiwang.kernel.notices.models import Endpoint
from yiwang.kernel.notices.reporting import ChannelReport
from yiwang.kernel.notices.rules.channels import CHANNEL_NAMES, TO_PEOPLE, Channel
from yiwang.kernel.notices.rules.reasons import REASONS, UNKNOWN
from yiwang.outside import recorded
from yiwang.outside.answer import Answer, Fate
from yiwang.web.kit.access import now, page, signed_in
from yiwang.web.kit.forms import put_refusal
from yiwang.web.kit.fragments import go
from yiwang.web.office.forms import ClockInput, SeenForm, tried
from yiwang.web.office.needs import ROUTES

_ADAPTERS = {
    "smtp": gettext_lazy("经邮件服务器发出"),
    "http": gettext_lazy("经 HTTP 接口发出"),
    "recorded": gettext_lazy("只记录，不发出"),
    "off": gettext_lazy("没有启用"),
}
_SETTINGS = {
    Channel.EMAIL: "YIWANG_MAIL",
    Channel.SMS: "YIWANG_SMS",
    Channel.WEBHOOK: "YIWANG_WEBHOOK",
}
_BOOKS = {Channel.EMAIL: "mail", Channel.SMS: "sms", Channel.WEBHOOK: "webhook"}


class QuietForm(SeenForm):
    """From when to when nothing rings that can wait."""

    starts = forms.TimeField(label=gettext_lazy("从"), widget=ClockInput)
    ends = forms.TimeField(
        label=gettext_lazy("到"),
        widget=ClockInput,
        help_text=gettext_lazy("两个时间一样，就是不设免打扰"),
    )

    def __init__(self, data: Any = None) -> None:
        quiet = channels.quiet()
        current: dict[str, object] = {"starts": quiet.starts, "ends": quiet.ends}
        super().__init__(data, current=current, auto_id="quiet_%s")


class TrialForm(forms.Form):
    """One test message."""

    channel = forms.ChoiceField(
        label=gettext_lazy("渠道"), choices=[(c.value, CHANNEL_NAMES[c]) for c in TO_PEOPLE]
    )
    address = forms.CharField(
        label=gettext_lazy("发给"),
        max_length=120,
        help_text=gettext_lazy("邮箱或手机号；用过就忘，不保存"),
    )

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, auto_id="trial_%s")
        self.fields["channel"].choices = [(c.value, _(CHANNEL_NAMES[c])) for c in TO_PEOPLE]  # type: ignore[attr-defined]  # a ChoiceField


@dataclass(frozen=True)
class Card:
    """One channel as the page shows it."""

    report: ChannelReport
    name: str
    adapter: str
    setting: str
    look: str
    reason: str


def _card(report: ChannelReport) -> Card:
    look = "done" if report.configured else "paused" if report.adapter == "recorded" else "off"
    if report.resting_until:
        look = "late"
    return Card(
        report=report,
        name=_(CHANNEL_NAMES[report.channel]),
        adapter=str(_ADAPTERS.get(report.adapter, report.adapter)),
        setting=_SETTINGS[report.channel],
        look=look,
        reason=_(REASONS.get(report.last_reason, UNKNOWN)) if report.last_reason else "",
    )


@page(ROUTES, methods=("GET", "HEAD"))
def outlets(request: HttpRequest) -> HttpResponse:
    return _shown(request)


def _shown(request: HttpRequest, status: int = 200, **forms_: forms.Form) -> HttpResponse:
    everybody = User.objects.filter(is_active=True).aggregate(
        people=Count("id"),
        no_email=Count("id", filter=Q(email=None)),
        no_phone=Count("id", filter=Q(phone=None)),
    )
    context: dict[str, object] = {
        "cards": [_card(report) for report in channels_report()],
        "quiet_form": QuietForm(),
        "trial_form": TrialForm(),
        "endpoints": Endpoint.objects.all(),
        **everybody,
        **forms_,
    }
    return render(request, "office/notices/outlets.html", context, status=status)


@page(ROUTES, methods=("POST",))
def quiet(request: HttpRequest) -> HttpResponse:
    user, at = signed_in(request), now(request)
    form = QuietForm(request.POST)
    status = tried(form, lambda: _set_quiet(form, user, at))
    if status:
        return _shown(request, status, quiet_form=form)
    messages.success(request, _("已保存免打扰时段。"))
    return go(request, reverse("office:notice-channels"))


def _set_quiet(form: QuietForm, user: User, at: datetime) -> None:
    form.must_be_fresh()
    said = form.cleaned_data
    set_quiet_hours(said["starts"], said["ends"], by=user, at=at)


@page(ROUTES, methods=("POST",), one_transaction=False)
def trial(request: HttpRequest) -> HttpResponse:
    """Send one message now and say what the other side answered."""
    form = TrialForm(request.POST)
    if not form.is_valid():
        return _shown(request, 422, trial_form=form)
    said = form.cleaned_data
    try:
        answer = try_address(
            Channel(said["channel"]), said["address"], by=signed_in(request), at=now(request)
        )
    except Refused as refused:
        put_refusal(form, refused)
        return _shown(request, refused.status, trial_form=form)
    say_answer(request, answer, channels.adapter_of(Channel(said["channel"])))
    return go(request, reverse("office:notice-channels") + "#trial")


def say_answer(request: HttpRequest, answer: Answer, adapter: str) -> None:
    """Tell how a test ended."""
    if answer.fate is not Fate.TAKEN:
        reason = _(REASONS.get(answer.reason, UNKNOWN))
        said = f"{reason}（{answer.detail}）" if answer.detail else reason
        messages.error(request, _("没有发出：%(reason)s") % {"reason": said})
    elif adapter == channels.RECORDED:
        messages.success(request, _("已记录，没有真的发出。"))
    else:
        messages.success(request, _("对方已接收。"))


@page(ROUTES, methods=("GET", "HEAD"))
def book(request: HttpRequest) -> HttpResponse:
    """What the fakes wrote down, newest first."""
    books = [
        (_(CHANNEL_NAMES[channel]), _entries(recorded.read(channels.outbox(), name, 30)))
        for channel, name in _BOOKS.items()
    ]
    return render(request, "office/notices/book.html", {"books": books})


def _entries(lines: list[dict[str, object]]) -> list[dict[str, object]]:
    return [line | {"at": parse_datetime(str(line.get("at", "")))} for line in lines]
