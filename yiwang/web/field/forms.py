"""What a grid worker types about a matter. Only shapes are checked here; the kernel says what is missing."""

import math
import uuid
from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from yiwang.kernel import catalogue
from yiwang.kernel.cases.rules.intake import ADDRESS_AT_MOST, TEXT_AT_MOST, NewReport
from yiwang.kernel.cases.rules.moves import REASON_AT_MOST
from yiwang.kernel.cases.rules.stages import Channel, ReportKind
from yiwang.kernel.territory.land import Place

_POINT = ("lon", "lat", "accuracy")


class MatterForm(forms.Form):
    """A matter seen. `category` comes from the search, `listed` from the whole list; the first one given counts."""

    id = forms.UUIDField(widget=forms.HiddenInput(attrs={"data-client-id": "field"}))
    text = forms.CharField(
        label=_("什么事"),
        required=False,
        strip=False,
        widget=forms.Textarea(
            attrs={
                "rows": 3,
                "maxlength": TEXT_AT_MOST,
                "placeholder": _("例如：垃圾桶满溢，占了半边路"),
            }
        ),
    )
    category = forms.IntegerField(label=_("类别"), required=False)
    listed = forms.TypedChoiceField(
        label=_("从全部类别里选"), required=False, coerce=int, empty_value=None
    )
    lon = forms.FloatField(required=False, widget=forms.HiddenInput)
    lat = forms.FloatField(required=False, widget=forms.HiddenInput)
    accuracy = forms.FloatField(required=False, widget=forms.HiddenInput)
    area = forms.TypedChoiceField(label=_("网格"), required=False, coerce=int, empty_value=None)
    address = forms.CharField(
        label=_("楼号或地名"),
        required=False,
        max_length=ADDRESS_AT_MOST,
        widget=forms.TextInput(attrs={"placeholder": _("例如：3 号楼东侧")}),
    )
    note = forms.CharField(
        label=_("怎么解决的"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2, "maxlength": REASON_AT_MOST}),
    )
    before = forms.Field(required=False)
    after = forms.Field(required=False)

    def __init__(self, grids: Iterable[Place], *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"id": uuid.uuid4()})
        super().__init__(*args, **kwargs)
        named: list[Any] = [(grid.id, grid.name) for grid in grids]
        self._offer("area", named if len(named) == 1 else [("", _("请选择网格")), *named])
        self._offer("listed", [("", _("不清楚，由受理台判断")), *_all_kinds()])

    def _offer(self, name: str, choices: list[Any]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.TypedChoiceField)
        field.choices = choices

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        numbers = [cleaned.get(name) for name in _POINT]
        if any(name in self.errors for name in _POINT) or not all(
            number is None or math.isfinite(number) for number in numbers
        ):
            for name in _POINT:
                self.errors.pop(name, None)
                cleaned[name] = None
            self.add_error("address", _("位置坐标不正确，请重新选择"))
        return cleaned

    @property
    def kind(self) -> int | None:
        """The category chosen."""
        chosen: int | None = self.cleaned_data.get("category") or self.cleaned_data.get("listed")
        return chosen

    def report(self, photo_ids: tuple[uuid.UUID, ...]) -> NewReport:
        """What the kernel takes in. The grid is named only where there is no point to find it by."""
        said = self.cleaned_data
        return NewReport(
            id=said["id"],
            text=said["text"],
            channel=Channel.GRID_WORKER,
            kind=ReportKind.HELP,
            lon=said["lon"],
            lat=said["lat"],
            accuracy_m=said["accuracy"],
            address=said["address"],
            chosen_area_id=said["area"] if said["lon"] is None else None,
            category_id=self.kind,
            photo_ids=photo_ids,
        )


def _all_kinds() -> list[Any]:
    """Every kind under its module, in the reader's language."""
    book = catalogue.book()
    groups: dict[str, list[tuple[int, str]]] = {}
    for entry in book.assignable:
        groups.setdefault(book.lineage(entry.id)[0].title, []).append((entry.id, entry.title))
    return list(groups.items())
