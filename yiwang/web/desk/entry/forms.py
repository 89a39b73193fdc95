"""The form of a telephone or counter report. Only the words are asked for; the kernel says what is wrong."""

import uuid
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext, override
from django.utils.translation import gettext_lazy as _

from yiwang.kernel.cases.rules.intake import ADDRESS_AT_MOST, NAME_AT_MOST, TEXT_AT_MOST, NewReport
from yiwang.kernel.cases.rules.stages import CHANNEL_NAMES, KIND_NAMES, Channel, ReportKind
from yiwang.web.desk import names
from yiwang.web.desk.case.forms import Photos, SeveralFiles, filed

CHANNELS = (Channel.PHONE, Channel.COUNTER)
FOR_WHOM = {
    "": _("本人"),
    "family": _("家人"),
    "neighbour": _("邻居"),
    "other": _("其他人"),
}
"""For whom somebody speaks."""

FIELD_OF = {
    "place": "address",
    "category_id": "filing",
    "photo": "photos",
    "video": "photos",
    "voice": "photos",
    "document": "photos",
    "documents": "photos",
}


class EntryForm(forms.Form):
    """`id` is made by the browser, or by the server for a browser without script: the same id is the same report."""

    id = forms.UUIDField(widget=forms.HiddenInput(attrs={"data-client-id": "entry"}))
    channel = forms.ChoiceField(label=_("渠道"), widget=forms.RadioSelect)
    text = forms.CharField(
        label=_("什么事"),
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 5, "maxlength": TEXT_AT_MOST, "autofocus": True}),
    )
    kind = forms.ChoiceField(label=_("诉求类型"))
    filing = forms.CharField(required=False, max_length=40)
    address = forms.CharField(
        label=_("地点"),
        required=False,
        max_length=ADDRESS_AT_MOST * 2,
        widget=forms.TextInput(attrs={"placeholder": _("例：和平路与双井街路口东 20 米")}),
    )
    area = forms.TypedChoiceField(
        label=_("社区或网格"), required=False, coerce=int, empty_value=None
    )
    lon = forms.FloatField(required=False, widget=forms.HiddenInput)
    lat = forms.FloatField(required=False, widget=forms.HiddenInput)
    name = forms.CharField(label=_("姓名"), required=False, max_length=NAME_AT_MOST * 2)
    phone = forms.CharField(
        label=_("电话"),
        required=False,
        max_length=40,
        help_text=_("可以不留；加密保存，只有办理人员凭理由查看"),
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"}),
    )
    for_whom = forms.ChoiceField(label=_("替谁反映"), required=False)
    photos = Photos(
        label=_("照片"), required=False, widget=SeveralFiles(attrs={"accept": "image/*"})
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("auto_id", "entry_%s")
        kwargs.setdefault(
            "initial", {"id": uuid.uuid4(), "channel": Channel.PHONE, "kind": ReportKind.HELP}
        )
        super().__init__(*args, **kwargs)
        self._offer("channel", [(c.value, _(CHANNEL_NAMES[c])) for c in CHANNELS])
        self._offer("kind", [(key, _(name)) for key, name in KIND_NAMES.items()])
        self._offer("for_whom", list(FOR_WHOM.items()))
        self._offer("area", [("", _("不确定")), *_areas()])
        self.fields["text"].widget.attrs["data-asked"] = "true"

    def _offer(self, name: str, choices: list[Any]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices

    def report(self, photo_ids: tuple[uuid.UUID, ...]) -> NewReport:
        """What the kernel takes in."""
        said = self.cleaned_data
        return NewReport(
            id=said["id"],
            text=_spoken(said["text"], said["for_whom"]),
            channel=Channel(said["channel"]),
            kind=ReportKind(said["kind"]),
            lon=said["lon"],
            lat=said["lat"],
            address=said["address"],
            chosen_area_id=said["area"],
            category_id=filed(said["filing"]).get("category_id"),
            name=said["name"],
            phone=said["phone"],
            photo_ids=photo_ids,
        )


def _spoken(text: str, for_whom: str) -> str:
    """The words, and for whom they were said, in the office's language whoever has typed them."""
    if not text.strip() or not for_whom:
        return text
    with override(settings.LANGUAGE_CODE):
        said = gettext("（替%(whom)s反映）") % {"whom": FOR_WHOM[for_whom]}
    return f"{text.rstrip()}\n{said}"


def _areas() -> list[Any]:
    """Communities as headings, each with itself as a whole and its grids."""
    return [
        (community.name, [(community.id, _("整个%(area)s") % {"area": community.name})]
         + [(grid.id, grid.short_name or grid.name) for grid in names.grids_of(community)])
        for community in names.communities()
    ]  # fmt: skip
