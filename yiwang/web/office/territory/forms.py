"""Forms of the land."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from yiwang.kernel.territory.actions.divisions import CHANGEABLE
from yiwang.kernel.territory.models import KIND_NAMES, LEVEL_NAMES, Division
from yiwang.kernel.territory.rules.coords import Crs
from yiwang.kernel.territory.rules.levels import Kind, Level
from yiwang.kernel.territory.rules.reading import Fields
from yiwang.web.office import places
from yiwang.web.office.forms import DayInput, IdChoice, SeenForm, offer

KINDS = [(kind.value, name) for kind, name in KIND_NAMES.items()]
LEVELS = [(level.value, name) for level, name in LEVEL_NAMES.items()]
CRS = [
    (Crs.WGS84.value, _("WGS-84（GPS，EPSG:4326）")),
    (Crs.CGCS2000.value, _("CGCS2000（国家 2000，EPSG:4490）")),
    (Crs.GCJ02.value, _("GCJ-02（高德、腾讯地图）")),
    (Crs.BD09.value, _("BD-09（百度地图）")),
]


class DefaultPointForm(forms.Form):
    """A point some system writes when it does not know the place."""

    name = forms.CharField(
        label=_("说明"), max_length=80, help_text=_("例：热线系统的默认坐标（市政府门口）")
    )
    lon = forms.FloatField(label=_("经度"), min_value=-180, max_value=180)
    lat = forms.FloatField(label=_("纬度"), min_value=-90, max_value=90)
    radius_m = forms.FloatField(
        label=_("半径（米）"), initial=15, help_text=_("这个范围内的坐标都不算知道地点")
    )

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, auto_id="point_%s")
        for name in ("lon", "lat", "radius_m"):
            self.fields[name].widget.attrs["step"] = "any"


class DivisionForm(SeenForm):
    """What may change of a division: names, codes, kind, households and order."""

    name = forms.CharField(label=_("名称"), max_length=80)
    short_name = forms.CharField(
        label=_("简称"), max_length=40, required=False, help_text=_("列表和地图上显示")
    )
    code = forms.CharField(
        label=_("代码"),
        max_length=30,
        required=False,
        help_text=_("官方公布的区划代码；没有公布就留空"),
    )
    grid_code = forms.CharField(
        label=_("网格编码"),
        max_length=20,
        required=False,
        help_text=_("CJ/T 349：20 位，自左向右、自上而下编号"),
    )
    kind = forms.ChoiceField(label=_("网格类型"), choices=KINDS)
    households = forms.IntegerField(label=_("户数"), min_value=0, required=False)
    sort_order = forms.IntegerField(label=_("顺序"), min_value=0, initial=0)

    def __init__(self, data: Any, division: Division) -> None:
        current = {name: getattr(division, name) for name in CHANGEABLE}
        if division.level != Level.GRID:
            del current["kind"], current["grid_code"]
        super().__init__(data, current=current)
        for name in CHANGEABLE:
            if name not in current:
                del self.fields[name]


class NewDivisionForm(forms.Form):
    """A division made by hand; its boundary comes from an import."""

    parent = IdChoice(label=_("上级"), required=False)
    level = forms.ChoiceField(label=_("层级"), choices=LEVELS)
    name = forms.CharField(label=_("名称"), max_length=80)
    short_name = forms.CharField(label=_("简称"), max_length=40, required=False)
    code = forms.CharField(label=_("代码"), max_length=30, required=False)
    grid_code = forms.CharField(label=_("网格编码"), max_length=20, required=False)
    kind = forms.ChoiceField(label=_("网格类型"), choices=KINDS, help_text=_("只用于网格"))
    households = forms.IntegerField(label=_("户数"), min_value=0, required=False)
    valid_from = forms.DateField(label=_("启用日期"), widget=DayInput)

    def __init__(self, data: Any = None, **more: Any) -> None:
        super().__init__(data, **more)
        named = places.labels(places.in_force())
        offer(self, "parent", [("", _("没有上级")), *named.items()])


class CloseForm(forms.Form):
    """The day from which a division is no longer in force."""

    on = forms.DateField(label=_("停用日期"), widget=DayInput, help_text=_("从这一天起不再使用"))


class FileForm(forms.Form):
    """A GeoJSON file, or the one that was tried before, and how to read it."""

    file = forms.FileField(
        label=_("GeoJSON 文件"),
        required=False,
        allow_empty_file=True,
        widget=forms.ClearableFileInput(attrs={"accept": ".geojson,.json,application/geo+json"}),
    )
    token = forms.CharField(required=False, widget=forms.HiddenInput)
    name_field = forms.CharField(
        label=_("名称在哪个属性"), initial="name", help_text=_("properties 里的属性名")
    )
    code_field = forms.CharField(label=_("代码在哪个属性"), required=False)
    households_field = forms.CharField(label=_("户数在哪个属性"), required=False)
    crs = forms.ChoiceField(label=_("坐标系"), choices=CRS, initial=Crs.WGS84.value)

    @property
    def reading(self) -> Fields:
        said = self.cleaned_data
        parent = said.get("parent_field", "")
        return Fields(said["name_field"], said["code_field"], parent, said["households_field"])


class ImportForm(FileForm):
    """How the shapes of one level come in."""

    level = forms.ChoiceField(label=_("层级"), choices=LEVELS, initial=Level.GRID.value)
    parent_field = forms.CharField(
        label=_("上级在哪个属性"), required=False, help_text=_("上级的代码或名称；留空按位置判断")
    )
    parent = forms.CharField(
        label=_("全部归于一个上级"), required=False, help_text=_("上级的代码或名称")
    )
    valid_from = forms.DateField(label=_("启用日期"), widget=DayInput)
    source = forms.CharField(
        label=_("来源"), required=False, max_length=200, help_text=_("留空则记文件名")
    )
    partial = forms.BooleanField(label=_("只是一部分：不必填满上级"), required=False)
    repair = forms.BooleanField(label=_("修补环和 5 米以内的缝隙，并说明改了什么"), required=False)

    field_order = (
        "file", "level", "crs", "name_field", "code_field", "households_field", "parent_field",
        "parent", "valid_from", "source", "partial", "repair",
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        if said.get("parent") and said.get("parent_field"):
            self.add_error("parent", _("上级的属性和统一的上级只能填一个"))
        return said


class SplitForm(FileForm):
    """The parts of a division, drawn in a file, and from which day they hold."""

    on = forms.DateField(label=_("从哪一天起拆分"), widget=DayInput)


def tomorrow_or(day: date, division: Division) -> date:
    """The first day a division can end on."""
    return max(day, date.fromordinal(division.valid_from.toordinal() + 1))


def new_kind(level: str, kind: str) -> Kind | str:
    return Kind(kind) if level == Level.GRID else ""
