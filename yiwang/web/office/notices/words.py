"""The words of each event: the town's own in place of ours, with a preview and the length of a short message."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from yiwang.kernel.foundation.errors import Refused, Stale
from yiwang.kernel.notices import channels, registry, texts
from yiwang.kernel.notices.actions.words import check_words, reset_words, set_words
from yiwang.kernel.notices.rules import texting
from yiwang.kernel.notices.rules.channels import CHANNEL_NAMES, Audience, Channel, shipped
from yiwang.kernel.notices.rules.wording import DIGEST
from yiwang.web.kit.access import now, page, signed_in
from yiwang.web.kit.forms import put_refusal
from yiwang.web.kit.fragments import go
from yiwang.web.office.forms import as_id, retype
from yiwang.web.office.needs import ROUTES
from yiwang.web.office.notices.table import event_name

LANGUAGE_NAMES = {"zh-hans": gettext_lazy("中文"), "en": gettext_lazy("英文")}
_EXAMPLE = {
    "from": "11-23",
    "to": "11-25",
    "number": "20261123-0042",
    "count": 3,
    "due": "11-23 16:20",
}


class WordsForm(forms.Form):
    """Subject (of a letter) and body, with places."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    subject = forms.CharField(label=gettext_lazy("邮件标题"), max_length=200, required=False)
    body = forms.CharField(
        label=gettext_lazy("正文"),
        required=False,
        max_length=8000,
        widget=forms.Textarea(attrs={"rows": 10, "spellcheck": "false"}),
    )

    def __init__(self, data: Any, words: texts.Words, channel: Channel, language: str) -> None:
        start = {
            "version": words.version,
            "subject": texting.shown(words.subject, language),
            "body": texting.shown(words.body, language),
        }
        super().__init__(data, initial=start)
        if channel is not Channel.EMAIL:
            del self.fields["subject"]
            self.fields["body"].widget.attrs["rows"] = 4


@dataclass(frozen=True)
class Text:
    """Which text it is."""

    event: str
    channel: Channel
    language: str

    @property
    def address(self) -> str:
        return reverse("office:notice-word", args=[self.event, self.channel.value, self.language])


def channels_of(event: str) -> tuple[Channel, ...]:
    """By which channels an event may speak: nobody signs in to read what residents are told."""
    if event == DIGEST:
        return (Channel.EMAIL, Channel.SMS)
    if shipped(event).audience is Audience.RESIDENT:
        return (Channel.SMS,)
    return (Channel.IN_APP, Channel.EMAIL, Channel.SMS)


def _events() -> list[str]:
    return [*registry.events(), DIGEST]


@page(ROUTES, methods=("GET", "HEAD"))
def words(request: HttpRequest) -> HttpResponse:
    """Every event with its texts; those of the town's own are marked."""
    own = texts.own_words()
    rows = [
        (
            event_name(event),
            [
                [
                    (Text(event, channel, language), name, (event, channel.value, language) in own)
                    for language, name in LANGUAGE_NAMES.items()
                ]
                if channel in channels_of(event)
                else []
                for channel in (Channel.IN_APP, Channel.EMAIL, Channel.SMS)
            ],
        )
        for event in _events()
    ]
    return render(request, "office/notices/words.html", {"rows": rows, "own": len(own)})


@page(ROUTES)
def word(request: HttpRequest, event: str, channel: str, language: str) -> HttpResponse:
    """One text: look at it as it would arrive, save it, or go back to ours."""
    text = _text_or_404(event, channel, language)
    known = texts.words_of(text.event, text.channel, text.language)
    form = WordsForm(request.POST or None, known, text.channel, text.language)
    status = 200
    seen: texts.Words | None = known
    if request.method == "POST":
        if request.POST.get("reset"):
            return _reset(request, text)
        status, seen = _tried(request, form, text)
        if not status:
            messages.success(request, _("已保存，从下一条通知起用新的文字。"))
            return go(request, text.address)
    return _shown(request, text, form, seen, known, status)


def _text_or_404(event: str, channel: str, language: str) -> Text:
    if event not in _events() or language not in LANGUAGE_NAMES:
        raise Http404
    if channel not in {c.value for c in channels_of(event)}:
        raise Http404
    return Text(event, Channel(channel), language)


def _tried(request: HttpRequest, form: WordsForm, text: Text) -> tuple[int, texts.Words | None]:
    """Check what was typed; save it unless only a preview was asked for. 0: saved."""
    if not form.is_valid():
        return 422, None
    said = form.cleaned_data
    try:
        checked = check_words(text.event, text.channel, said.get("subject", ""), said["body"])
        if request.POST.get("preview"):
            return 200, checked
        set_words(
            text.event, text.channel, text.language, subject=said.get("subject", ""),
            body=said["body"], version=said["version"], by=signed_in(request), at=now(request),
        )  # fmt: skip
    except Stale as stale:
        form.add_error(None, str(stale))
        current = texts.words_of(text.event, text.channel, text.language)
        retype(form, "version", str(current.version))
        return stale.status, current
    except Refused as refused:
        put_refusal(form, refused)
        return refused.status, None
    return 0, checked


def _reset(request: HttpRequest, text: Text) -> HttpResponse:
    version = as_id(request.POST.get("version")) or 0
    try:
        reset_words(
            text.event, text.channel, text.language, version=version, by=signed_in(request),
            at=now(request),
        )  # fmt: skip
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("已恢复为自带的文字。"))
    return go(request, text.address)


def _shown(
    request: HttpRequest,
    text: Text,
    form: WordsForm,
    seen: texts.Words | None,
    known: texts.Words,
    status: int,
) -> HttpResponse:
    places = texts.places_of(text.event, text.channel)
    chinese = text.language.startswith("zh")
    context: dict[str, object] = {
        "text": text,
        "name": event_name(text.event),
        "channel_name": CHANNEL_NAMES[text.channel],
        "language_name": LANGUAGE_NAMES[text.language],
        "form": form,
        "own": known.own,
        "places": [
            (
                texting.PLACES.get(name, name) if chinese else name,
                texting.PLACE_MEANINGS.get(name, ""),
            )
            for name in places
        ],
        "status_shown": status,
        **_preview(text, seen),
    }
    return render(request, "office/notices/word.html", context, status=status)


def _preview(text: Text, seen: texts.Words | None) -> dict[str, object]:
    """The text as it would arrive, with invented values."""
    if seen is None:
        return {}
    with override(text.language):
        values: dict[str, Any] = _EXAMPLE | {
            "category": _("污水井盖"), "area": _("中山社区第一网格"), "unit": _("市政服务中心"),
            "list": "· …\n· …\n· …",
        }  # fmt: skip
        message = texts.written(seen, text.channel, values, "/cases/42/")
    size = texting.size_of(message.body) if text.channel is Channel.SMS else None
    return {"message": message, "size": size, "sms_off": not channels.is_on(Channel.SMS)}
