"""The rows of the table: each category and each condition is a small form of its own."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from yiwang.kernel.catalogue.actions import CategoryFields, ConditionFields
from yiwang.kernel.catalogue.models import (
    KIND_NAMES,
    LIMIT_UNIT_NAMES,
    URGENCY_NAMES,
    VERIFIER_NAMES,
    Category,
    Condition,
)
from yiwang.kernel.catalogue.rules.words import Kind, Urgency, Verifier
from yiwang.kernel.foundation.calendar.rules import Limit, LimitUnit
from yiwang.web.office.forms import SeenForm, mark, retype

KINDS = [(kind.value, name) for kind, name in KIND_NAMES.items()]
UNITS = [(unit.value, name) for unit, name in LIMIT_UNIT_NAMES.items()]
URGENCIES = [(urgency.value, name) for urgency, name in URGENCY_NAMES.items()]
VERIFIERS = [(verifier.value, name) for verifier, name in VERIFIER_NAMES.items()]


class Row(SeenForm):
    """One row. `version` is the category's, as the page showed it."""

    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, data: Any, *, current: Mapping[str, object], version: int, prefix: str):
        super().__init__(data, current=current, prefix=prefix)
        self.stored_version = version
        self.initial["version"] = version
        for field in self.fields.values():
            field.widget.attrs["aria-label"] = str(field.label or "")

    @property
    def is_there(self) -> bool:
        """Whether the page that was sent had this row at all."""
        return self.add_prefix("seen") in self.data

    @property
    def is_touched(self) -> bool:
        """Whether it asks for something else than it showed and than is stored."""
        typed = self.typed()
        return typed != self.current and mark_of(typed) != self.cleaned_data["seen"]

    @property
    def base(self) -> int | None:
        """The version the change began with; where these very fields are still as shown, that of now."""
        as_shown = self.cleaned_data["seen"] == self.mark
        version: int | None = self.cleaned_data["version"]
        return self.stored_version if as_shown else version

    def show_current(self) -> None:
        super().show_current()
        retype(self, "version", str(self.stored_version))


def mark_of(typed: Mapping[str, object]) -> str:
    return mark(sorted(typed.items()))


class CategoryRow(Row):
    """A category in the table."""

    name = forms.CharField(label=_("名称"), max_length=80)
    name_en = forms.CharField(label=_("英文名称"), max_length=120, required=False)
    kind = forms.ChoiceField(label=_("性质"), choices=KINDS)
    public = forms.BooleanField(label=_("可公开"), required=False)
    emergency = forms.BooleanField(label=_("先拨急救报警"), required=False)
    inspectors_only = forms.BooleanField(label=_("仅纪检可见"), required=False)
    keywords = forms.CharField(label=_("关键词"), max_length=2000, required=False)
    place = forms.DecimalField(label=_("顺序"), required=False, min_value=0)

    def __init__(self, data: Any, category: Category) -> None:
        names = CategoryFields.__annotations__
        current = {name: getattr(category, name) for name in names}
        super().__init__(data, current=current, version=category.version, prefix=f"c{category.pk}")
        self.category = category

    def fields_of(self) -> CategoryFields:
        said = self.typed()
        return CategoryFields(**{**said, "kind": Kind(said["kind"])})  # type: ignore[typeddict-item]  # the names are its own


class ConditionFormFields(forms.Form):
    """What may be set of a condition."""

    name = forms.CharField(label=_("立案条件"), max_length=200)
    name_en = forms.CharField(label=_("英文"), max_length=200, required=False)
    limit_amount = forms.IntegerField(label=_("时限"), min_value=1, max_value=9999)
    limit_unit = forms.ChoiceField(label=_("时限单位"), choices=UNITS)
    urgency = forms.ChoiceField(label=_("紧急程度"), choices=URGENCIES)
    needs_photo_before = forms.BooleanField(label=_("处置前照片"), required=False)
    needs_photo_after = forms.BooleanField(label=_("处置后照片"), required=False)
    verify_by = forms.ChoiceField(label=_("核查人"), choices=VERIFIERS)
    public = forms.BooleanField(label=_("可公开"), required=False)
    is_default = forms.BooleanField(label=_("默认"), required=False)
    active = forms.BooleanField(label=_("启用"), required=False)
    source = forms.CharField(label=_("时限来源"), max_length=80, required=False)


CONDITION_FIELDS = tuple(ConditionFormFields.base_fields)


def condition_fields(said: Mapping[str, Any]) -> ConditionFields:
    """What a form says, as the kernel takes it."""
    limit = Limit(said["limit_amount"], LimitUnit(said["limit_unit"]))
    typed = {
        "urgency": Urgency(said["urgency"]),
        "verify_by": Verifier(said["verify_by"]),
        "limit": limit,
    }
    plain = {
        name: said[name]
        for name in CONDITION_FIELDS
        if name in said and not name.startswith("limit_")
    }
    return ConditionFields(**{**plain, **typed})  # type: ignore[typeddict-item]  # the names are its own


class ConditionRow(ConditionFormFields, Row):
    """A condition in the table."""

    def __init__(self, data: Any, condition: Condition, version: int) -> None:
        current = {name: getattr(condition, name) for name in CONDITION_FIELDS}
        super().__init__(data, current=current, version=version, prefix=f"k{condition.pk}")
        self.condition = condition


class NewConditionForm(ConditionFormFields):
    """A condition that is not there yet. It is in use; the first of a category is its default."""

    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, data: Any = None, **more: Any) -> None:
        super().__init__(data, **more)
        del self.fields["active"], self.fields["is_default"]


class NewCategoryForm(forms.Form):
    """A category that is not there yet: a draft at the end of its siblings."""

    code = forms.CharField(
        label=_("代码"), max_length=60, help_text=_("字母、数字、点、横线、下划线；定下后不能改")
    )
    name = forms.CharField(label=_("名称"), max_length=80)
    name_en = forms.CharField(label=_("英文名称"), max_length=120, required=False)
    kind = forms.ChoiceField(label=_("性质"), choices=KINDS, initial=Kind.MATTER.value)
    public = forms.BooleanField(label=_("可公开"), required=False, initial=True)
    emergency = forms.BooleanField(label=_("先拨急救报警"), required=False)
    inspectors_only = forms.BooleanField(label=_("仅纪检可见"), required=False)
    keywords = forms.CharField(
        label=_("关键词"),
        max_length=2000,
        required=False,
        help_text=_("居民会怎么说；用空格隔开"),
    )


class MoveForm(forms.Form):
    """Where a category goes, with all beneath it."""

    under = forms.TypedChoiceField(label=_("移到"), required=False, coerce=int, empty_value=None)
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)
