"""What a resident types. Nothing but the words is demanded; the kernel judges the rest."""

import math
import uuid
from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from yiwang.kernel.foundation.numbering import follow_code
from yiwang.web.residents.gateway import messages as m

_PLACE = ("lon", "lat", "accuracy")


class ReportForm(forms.Form):
    """The report. A place that makes no sense is said beside the address, where it can be mended."""

    id = forms.UUIDField(widget=forms.HiddenInput, required=False)
    text = forms.CharField(
        label=_("发生了什么事"),
        widget=forms.Textarea(
            attrs={"rows": 3, "placeholder": _("例如：路口的井盖坏了，晚上很危险")}
        ),
        error_messages={"required": _("请用几个字说明是什么事")},
        max_length=20_000,
    )
    category = forms.IntegerField(required=False, widget=forms.Select, label=_("类别"))
    lon = forms.FloatField(required=False, widget=forms.HiddenInput)
    lat = forms.FloatField(required=False, widget=forms.HiddenInput)
    accuracy = forms.FloatField(required=False, widget=forms.HiddenInput)
    address = forms.CharField(
        label=_("楼号或地名"),
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"placeholder": _("例如：中山小区 3 号楼门口")}),
    )
    area = forms.IntegerField(required=False, widget=forms.Select, label=_("在哪个社区"))
    name = forms.CharField(
        label=_("怎么称呼您"),
        required=False,
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    phone = forms.CharField(
        label=_("电话"),
        required=False,
        max_length=30,
        help_text=_("街道开通短信时，收到和办结会用短信告诉您"),
        widget=forms.TextInput(attrs={"autocomplete": "tel", "inputmode": "tel", "type": "tel"}),
    )

    # The files themselves are kept apart; these are where a refusal of one stands.
    photos = forms.Field(label=_("照片"), required=False)
    video = forms.Field(label=_("视频"), required=False)
    voice = forms.Field(label=_("录音"), required=False)
    documents = forms.Field(label=_("文件"), required=False)

    def __init__(self, town: m.Town, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds, area = self.fields["category"].widget, self.fields["area"].widget
        assert isinstance(kinds, forms.Select)
        assert isinstance(area, forms.Select)
        kinds.choices = [("", _("不清楚，由工作人员判断")), *kind_choices(town)]
        area.choices = [("", _("不清楚")), *((c.id, c.name) for c in town.communities)]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if any(name in self.errors for name in _PLACE):
            for name in _PLACE:
                self.errors.pop(name, None)
                cleaned[name] = None
            self.add_error("address", _("位置坐标不正确，请重新选择"))
        return cleaned

    def point(self) -> tuple[float, float] | None:
        """Where the pin is, when it is somewhere on earth."""
        lon, lat = self.cleaned_data.get("lon"), self.cleaned_data.get("lat")
        if lon is None or lat is None or not (math.isfinite(lon) and math.isfinite(lat)):
            return None
        return (lon, lat) if abs(lon) <= 180 and abs(lat) <= 90 else None

    def message(self, photo_ids: tuple[uuid.UUID, ...], follows: str) -> m.NewReport:
        """The report as it goes to the kernel, with an id and a code of our making where there is none."""
        data = self.cleaned_data
        return m.NewReport(
            id=data["id"] or uuid.uuid4(),
            follow_code=follow_code(),
            text=data["text"],
            lon=data["lon"],
            lat=data["lat"],
            accuracy_m=data["accuracy"],
            address=data["address"],
            area_id=data["area"],
            category_id=data["category"],
            name=data["name"],
            phone=data["phone"],
            follows=follows,
            photo_ids=photo_ids,
            language="en" if (get_language() or "").startswith("en") else "zh-hans",
        )


def kind_choices(town: m.Town) -> list[tuple[str, list[tuple[int, str]]]]:
    """All kinds under their headings, in the reader's language."""
    groups: dict[str, list[tuple[int, str]]] = {}
    for kind in town.kinds:
        groups.setdefault(said(kind.group, kind.group_en), []).append(
            (kind.id, said(kind.name, kind.name_en))
        )
    return list(groups.items())


def said(chinese: str, english: str) -> str:
    """A name in the reader's language."""
    from django.utils.translation import get_language

    return english if english and (get_language() or "").startswith("en") else chinese
