"""The form of a telephone or counter report. Only the words are asked for; the kernel says what is wrong."""

import uuid
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from yiwang.kernel.cases.rules.intake import (
    ADDRESS_AT_MOST,
    FOR_WHOM_NAMES,
    NAME_AT_MOST,
    TEXT_AT_MOST,
    NewReport,
)
from yiwang.kernel.cases.rules.stages import CHANNEL_NAMES, KIND_NAMES, Channel, ReportKind
from yiwang.web.desk import names
from yiwang.web.desk.case.forms import Photos, SeveralFiles, filed

CHANNELS = (Channel.PHONE, Channel.COUNTER)
FIELD_OF = {
    "place": "address",
    "category_id": "filing",
    "photo": "photos",
    "video": "photos",
    "voice": "photos",
    "document": "photos",
    "documents": "photos",
}


def _plain_box() -> forms.TextInput:
    """A box in which the browser offers nobody else's name."""
    return forms.TextInput(attrs={"autocomplete": "off"})


class EntryForm(forms.Form):
    """`id` is made by the server with the empty form: the same id is the same draft, and the same report."""

    id = forms.UUIDField(widget=forms.HiddenInput)
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
        widget=forms.TextInput(
            attrs={
                "placeholder": _("楼名、路名，或网格名"),
                "role": "combobox",
                "autocomplete": "off",
                "aria-expanded": "false",
                "aria-autocomplete": "list",
                "aria-controls": "entry-places",
            }
        ),
    )
    area = forms.TypedChoiceField(
        label=_("社区或网格"), required=False, coerce=int, empty_value=None
    )
    lon = forms.FloatField(required=False, widget=forms.HiddenInput)
    lat = forms.FloatField(required=False, widget=forms.HiddenInput)
    name = forms.CharField(
        label=_("反映人姓名"), required=False, max_length=NAME_AT_MOST * 2, widget=_plain_box()
    )
    phone = forms.CharField(
        label=_("电话"),
        required=False,
        max_length=40,
        help_text=_("可以不留；加密保存，只有办理人员凭理由查看"),
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"}),
    )
    for_whom = forms.ChoiceField(label=_("替谁反映"), required=False, widget=forms.RadioSelect)
    concerned = forms.CharField(
        label=_("当事人姓名"), required=False, max_length=NAME_AT_MOST * 2, widget=_plain_box()
    )
    follows = forms.CharField(required=False, max_length=24)
    photos = Photos(
        label=_("照片"), required=False, widget=SeveralFiles(attrs={"accept": "image/*"})
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("auto_id", "entry_%s")
        kwargs.setdefault(
            "initial",
            {"id": uuid.uuid4(), "channel": Channel.PHONE, "kind": ReportKind.HELP, "for_whom": ""},
        )
        super().__init__(*args, **kwargs)
        self._offer("channel", [(c.value, _(CHANNEL_NAMES[c])) for c in CHANNELS])
        self._offer("kind", [(key, _(name)) for key, name in KIND_NAMES.items()])
        self._offer("for_whom", [("", _("本人")), *((k, _(n)) for k, n in FOR_WHOM_NAMES.items())])
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
            text=said["text"],
            channel=Channel(said["channel"]),
            kind=ReportKind(said["kind"]),
            lon=said["lon"],
            lat=said["lat"],
            address=said["address"],
            chosen_area_id=said["area"],
            category_id=filed(said["filing"]).get("category_id"),
            name=said["name"],
            phone=said["phone"],
            for_whom=said["for_whom"],
            concerned=said["concerned"] if said["for_whom"] else "",
            follows=said["follows"].strip(),
            photo_ids=photo_ids,
        )


def _areas() -> list[Any]:
    """Communities as headings, each with itself as a whole and its grids."""
    return [
        (community.name, [(community.id, _("整个%(area)s") % {"area": community.name})]
         + [(grid.id, grid.short_name or grid.name) for grid in names.grids_of(community)])
        for community in names.communities()
    ]  # fmt: skip
