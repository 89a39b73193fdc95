"""The form of a move, made from what the table says the move needs. Nothing here decides; the kernel refuses."""

import re
from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from yiwang.kernel.cases.rules.intake import ADDRESS_AT_MOST, PHOTOS_AT_MOST
from yiwang.kernel.cases.rules.moves import REASON_AT_MOST, Move, Need
from yiwang.kernel.foundation.files.rules import Kind

FILING = re.compile(r"^(\d{1,18})(?::(\d{1,18}))?$")

BESIDE: dict[str, tuple[Need, ...]] = {
    "dispatch": (Need.NOTE,),
    "add_assist": (Need.NOTE,),
    "pass_check": (Need.EVIDENCE,),
    "fail_check": (Need.EVIDENCE,),
}
"""What may be given with a move although the table does not ask for it."""

PHRASES: dict[str, tuple[Any, ...]] = {
    "refuse": (_("不属于本街道职责范围"), _("同一事项已在办理"), _("内容不清，无法核实")),
    "return": (_("不属于本单位职责"), _("位置有误，现场未发现"), _("需要其他单位先行处理")),
    "ask_extension": (_("需要采购材料"), _("天气原因无法施工"), _("需要与产权单位协调")),
    "fail_check": (_("现场没有处理"), _("处理不彻底"), _("照片与现场不符")),
    "escalate": (_("超出本级处置权限"), _("需要上级协调多个单位")),
    "supervise": (_("超时未办"), _("群众反映强烈")),
}
"""Reasons often given, one click each; the words can be changed before they are sent."""

NOTE_LABELS = {"dispatch": _("办理要求"), "add_assist": _("协办要求")}

FIELD_OF = {
    "category_id": "filing",
    "condition_id": "filing",
    "place": "address",
    "photo": "photos",
    "video": "photos",
    "voice": "photos",
    "document": "photos",
    "documents": "photos",
}
"""Where a refusal of the kernel stands on the form."""


BESIDE_PHOTOS = {
    Kind.VIDEO: "video_files",
    Kind.VOICE: "voice_files",
    Kind.DOCUMENT: "documents_files",
}
"""The boxes below the photos, by what they take."""


class SeveralFiles(forms.ClearableFileInput):
    allow_multiple_selected = True


class Photos(forms.FileField):
    """Any number of files; each is checked by content where it is stored."""

    widget = SeveralFiles

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile]:
        given = data if isinstance(data, list | tuple) else [data]
        return [file for file in given if file]


class Pick(forms.TypedChoiceField):
    """Offers the likely ones and takes any number: whether it is one that may be chosen, the kernel says."""

    def valid_value(self, value: Any) -> bool:
        return str(value).isascii() and str(value).isdigit()


class MoveForm(forms.Form):
    """What one move needs. Fields carry the names of the kernel's `Given` where they can."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, move: Move, choices: "Choices", *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("auto_id", f"{move.name}_%s")
        super().__init__(*args, **kwargs)
        self.move = move
        self.phrases = PHRASES.get(move.name, ())
        for need in (*move.needs, *BESIDE.get(move.name, ())):
            self._add(need, required=need in move.needs, choices=choices)

    def _add(self, need: Need, *, required: bool, choices: "Choices") -> None:
        for name, field in _fields(need, self.move, choices).items():
            field.required = required and name not in ("address", "photos")
            self.fields[name] = field

    def _clean_fields(self) -> None:
        """Check the shape only: what is missing, the kernel says in its own words."""
        asked = [field for field in self.fields.values() if field.required]
        for field in asked:
            field.required = False
        super()._clean_fields()  # type: ignore[misc]  # not in the stubs
        for field in asked:
            field.required = True

    def given(self) -> dict[str, Any]:
        """The words, ids and dates for `perform`; what was left empty is left out. Photos are stored apart."""
        said = {
            name: value
            for name, value in self.cleaned_data.items()
            if name not in ("version", "photos", "filing") and value not in (None, "")
        }
        return said | filed(self.cleaned_data.get("filing") or "")

    @property
    def photos(self) -> list[UploadedFile]:
        return list(self.cleaned_data.get("photos") or [])


class Choices:
    """Units and people a form offers: (id, name) pairs; the likeliest first."""

    def __init__(
        self, units: Iterable[tuple[int, str]] = (), handlers: Iterable[tuple[int, str]] = ()
    ) -> None:
        self.units, self.handlers = list(units), list(handlers)


def filed(text: str) -> dict[str, int]:
    """Read "category:condition" or "category"; anything else is no choice."""
    match = FILING.match(text)
    if not match:
        return {}
    category, condition = match.groups()
    return {"category_id": int(category)} | ({"condition_id": int(condition)} if condition else {})


def _fields(need: Need, move: Move, choices: Choices) -> dict[str, forms.Field]:
    if need is Need.PLACE:
        return _place()
    return {_NAME[need]: _ONE[need](move, choices)}


def _place() -> dict[str, forms.Field]:
    number = {"step": "any", "inputmode": "decimal"}
    return {
        "lon": forms.FloatField(label=_("经度"), widget=forms.NumberInput(attrs=number)),
        "lat": forms.FloatField(label=_("纬度"), widget=forms.NumberInput(attrs=number)),
        "address": forms.CharField(label=_("地点"), max_length=ADDRESS_AT_MOST),
    }


def _words(label: Any, rows: int = 3) -> forms.Field:
    box = forms.Textarea(attrs={"rows": rows, "maxlength": REASON_AT_MOST})
    return forms.CharField(label=label, widget=box)


def _pick(label: Any, pairs: list[tuple[int, str]], empty: Any = None) -> forms.Field:
    options: list[tuple[Any, Any]] = ([("", empty)] if empty else []) + list(pairs)
    return Pick(label=label, choices=options, coerce=int, empty_value=None)


def _until() -> forms.Field:
    day = {"type": "date", "min": timezone.localdate().isoformat()}
    box = forms.DateInput(format="%Y-%m-%d", attrs=day)
    return forms.DateField(label=_("挂账到"), widget=box)


_NAME = {
    Need.REASON: "reason",
    Need.NOTE: "note",
    Need.CATEGORY: "filing",
    Need.UNIT: "unit_id",
    Need.HANDLER: "handler_id",
    Need.CASE: "target",
    Need.UNTIL: "until",
    Need.EVIDENCE: "photos",
}
_ONE: dict[Need, Any] = {
    Need.REASON: lambda move, choices: _words(_("理由")),
    Need.NOTE: lambda move, choices: _words(NOTE_LABELS.get(move.name, _("处置结果"))),
    Need.CATEGORY: lambda move, choices: forms.CharField(label=_("类别"), max_length=40),
    Need.UNIT: lambda move, choices: _pick(_("单位"), choices.units, _("请选择单位")),
    Need.HANDLER: lambda move, choices: _pick(_("经办人"), choices.handlers, _("请选择经办人")),
    Need.CASE: lambda move, choices: forms.CharField(
        label=_("并入案卷"),
        max_length=24,
        widget=forms.TextInput(attrs={"placeholder": "20261123-0042"}),
    ),
    Need.UNTIL: lambda move, choices: _until(),
    Need.EVIDENCE: lambda move, choices: Photos(
        label=_("照片"),
        help_text=_("最多 %(most)s 张") % {"most": PHOTOS_AT_MOST},
        widget=SeveralFiles(attrs={"accept": "image/*"}),
    ),
}
