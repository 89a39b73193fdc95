"""The lines of the routing table as forms: numbered fields in, drafts out."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yiwang.kernel.catalogue import book
from yiwang.kernel.catalogue.actions import RuleDraft
from yiwang.kernel.catalogue.models import LEVEL_NAMES
from yiwang.kernel.foundation.errors import Invalid
from yiwang.kernel.organisation.models import Unit
from yiwang.web.office import places
from yiwang.web.office.forms import IdChoice, as_id, offer

SPARE = 3
MOST = 1000


class LineForm(forms.Form):
    """One rule. Category and area are written as the lists beside them offer them; blank means any."""

    number = forms.IntegerField(required=False, widget=forms.HiddenInput)
    order = forms.DecimalField(label=gettext_lazy("顺序"), required=False)
    category = forms.CharField(
        label=gettext_lazy("事项类别"),
        required=False,
        widget=forms.TextInput(attrs={"list": "categories", "autocomplete": "off"}),
    )
    level = forms.ChoiceField(label=gettext_lazy("层级"), required=False)
    area = forms.CharField(
        label=gettext_lazy("区域"),
        required=False,
        widget=forms.TextInput(attrs={"list": "areas", "autocomplete": "off"}),
    )
    unit = IdChoice(label=gettext_lazy("责任单位"), required=False)
    note = forms.CharField(label=gettext_lazy("备注"), required=False, max_length=200)
    active = forms.BooleanField(label=gettext_lazy("启用"), required=False)
    drop = forms.BooleanField(label=gettext_lazy("删除"), required=False)

    def __init__(self, data: Any, *, units: list[Any], **more: Any) -> None:
        super().__init__(data, **more)
        levels = [("", _("任何层级")), *LEVEL_NAMES.items()]
        offer(self, "level", levels)
        offer(self, "unit", [("", "—"), *units])
        self.fields["order"].widget.attrs |= {"step": "any", "inputmode": "decimal"}
        self.fields["category"].widget.attrs["placeholder"] = _("任何类别")
        self.fields["area"].widget.attrs["placeholder"] = _("任何区域")
        for field in self.fields.values():
            field.widget.attrs["aria-label"] = str(field.label or "")

    @property
    def is_blank(self) -> bool:
        """A spare line nobody wrote into."""
        said = self.cleaned_data
        named = any(said.get(name) for name in ("category", "area", "unit", "note", "level"))
        return not said.get("number") and not named

    def draft(self) -> RuleDraft:
        """The rule as the kernel takes it.

        Raises:
            Invalid: the category or area is not known, or no unit is chosen.
        """
        said = self.cleaned_data
        if not said["unit"]:
            raise Invalid(_("请选择责任单位"), field="unit")
        return RuleDraft(
            unit_id=said["unit"],
            category_id=_category_of(said["category"]),
            level=said["level"],
            area_id=places.area_of(said["area"]),
            note=said["note"],
            active=said["active"],
            number=said["number"],
        )


def _category_of(text: str) -> int | None:
    """The category whose code begins the text; None for a blank.

    Raises:
        Invalid: no such code.
    """
    words = text.split()
    if not words:
        return None
    entry = book().by_code(words[0])
    if entry is None:
        raise Invalid(_("没有这个类别：%(text)s") % {"text": text}, field="category")
    return entry.id


def category_labels() -> list[str]:
    return [f"{entry.code} {entry.title}" for entry in book().categories]


def forms_of(table: Sequence[RuleDraft]) -> list[LineForm]:
    """The stored table, and a few spare lines."""
    units = unit_choices(table)
    areas = places.labels(places.in_force())
    known = book()
    found = []
    for place, draft in enumerate(table, start=1):
        entry = known.category(draft.category_id) if draft.category_id else None
        area = draft.area_id and (areas.get(draft.area_id) or places.name_of(draft.area_id))
        initial = {
            "number": draft.number, "order": place, "level": draft.level, "unit": draft.unit_id,
            "category": f"{entry.code} {entry.title}" if entry else "", "area": area or "",
            "note": draft.note, "active": draft.active,
        }  # fmt: skip
        found.append(LineForm(None, units=units, prefix=f"r{place}", initial=initial))
    last = len(found)
    return found + [_spare(last + extra, units) for extra in range(1, SPARE + 1)]


def _spare(place: int, units: list[Any]) -> LineForm:
    return LineForm(None, units=units, prefix=f"r{place}", initial={"active": True})


def sent_forms(data: Any, table: Sequence[RuleDraft]) -> list[LineForm]:
    """The lines that were sent, in the order of their numbers."""
    count = min(as_id(data.get("lines")) or 0, MOST)
    units = unit_choices(table)
    return [LineForm(data, units=units, prefix=f"r{place}") for place in range(1, count + 1)]


def unit_choices(table: Sequence[RuleDraft]) -> list[Any]:
    """Units that take work, and those a stored line still names."""
    used = {draft.unit_id for draft in table}
    return [
        (unit.pk, unit.name if unit.active else _("%(unit)s（已停用）") % {"unit": unit.name})
        for unit in Unit.objects.order_by("code")
        if unit.active or unit.pk in used
    ]


def drafts_of(lines: Sequence[LineForm]) -> list[RuleDraft] | None:
    """The table the lines ask for, in their order; None when a line cannot be read, and it says why."""
    valid = [line.is_valid() for line in lines]
    if not all(valid):
        return None
    kept = [(_order(line, place), line) for place, line in enumerate(lines, 1) if _counts(line)]
    kept.sort(key=lambda pair: pair[0])
    wanted: list[RuleDraft] = []
    for _place, line in kept:
        try:
            wanted.append(line.draft())
        except Invalid as refused:
            line.add_error(refused.field, str(refused.sentence))
    return wanted if len(wanted) == len(kept) else None


def _counts(line: LineForm) -> bool:
    return not line.is_blank and not line.cleaned_data["drop"]


def _order(line: LineForm, place: int) -> tuple[Decimal, int]:
    """Where a line stands: its number; without one, at the end."""
    typed = line.cleaned_data["order"]
    return (Decimal(MOST * 10) if typed is None else typed, place)
