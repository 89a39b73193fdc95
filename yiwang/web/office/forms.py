"""Forms of this door: what they showed is said back with what was typed, so that a stale tab is noticed."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date, time
from hashlib import blake2s
from typing import Any, cast

from django import forms
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yiwang.kernel.foundation.errors import Refused, Stale
from yiwang.web.kit.forms import put_refusal

STALE = gettext_lazy("刚被别人改过。您填写的内容还在；看过现在的内容，再提交一次就以您的为准。")


def mark(values: object) -> str:
    """A short name of a state, the same for the same values."""
    return blake2s(repr(values).encode(), digest_size=8).hexdigest()


class DayInput(forms.DateInput):
    """A day, chosen in the browser's own calendar."""

    input_type = "date"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%d")


class ClockInput(forms.TimeInput):
    input_type = "time"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%H:%M")


class SeenForm(forms.Form):
    """A form over something that exists. `current` holds its fields as they are stored now."""

    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, current: Mapping[str, object], **more: Any) -> None:
        self.current = dict(current)
        self.mark = mark(sorted(self.current.items()))
        more.setdefault("initial", {**self.current, "seen": self.mark})
        super().__init__(data, **more)

    def typed(self) -> dict[str, Any]:
        """The fields of the thing itself, as typed."""
        return {name: self.cleaned_data[name] for name in self.current if name in self.cleaned_data}

    def must_be_fresh(self) -> None:
        """Do nothing when the form showed what is stored, or asks for what is stored already.

        Raises:
            Stale: somebody changed it since.
        """
        if self.cleaned_data["seen"] != self.mark and self.typed() != self.current:
            raise Stale(STALE)

    def show_current(self) -> None:
        """Put what is stored now beside every field that says otherwise, and go on from there."""
        for name, value in self.current.items():
            if name in self.fields and self.cleaned_data.get(name, value) != value:
                said = _("现在是：%(value)s") % {"value": self._shown(name, value)}
                self.add_error(name, said)
        retype(self, "seen", self.mark)

    def _shown(self, name: str, value: object) -> str:
        field = self.fields[name]
        if isinstance(field, forms.ChoiceField):
            return _label_of(field, value)
        if isinstance(value, bool):
            return _("是") if value else _("否")
        return str(value) if value not in (None, "") else _("（空）")


def _label_of(field: forms.ChoiceField, value: object) -> str:
    wanted = "" if value is None else str(value)
    choices: Iterable[tuple[Any, Any]] = cast(Any, field.choices)
    for key, label in choices:
        if isinstance(label, list | tuple):
            for inner, name in label:
                if str(inner) == wanted:
                    return str(name)
        elif str(key) == wanted:
            return str(label)
    return wanted or _("（空）")


def retype(form: forms.Form, name: str, value: str) -> None:
    """Let a sent form carry another value in a hidden field when it is shown again."""
    data: Any = form.data
    form.data = data.copy()
    cast(Any, form.data)[form.add_prefix(name)] = value


def offer(form: forms.Form, name: str, choices: list[Any]) -> None:
    """Give a field its choices."""
    field = form.fields[name]
    assert isinstance(field, forms.ChoiceField)
    field.choices = choices


def tried(form: forms.Form, act: Callable[[], object], fields: Mapping[str, str] = {}) -> int:
    """Do what a valid form asks for, wholly or not at all; what is refused is put beside its field.

    Returns 0 when it was done, else the status of the answer.
    """
    if not form.is_valid():
        return 422
    try:
        with transaction.atomic():
            act()
    except Refused as refused:
        put_refusal(form, refused, fields)
        if isinstance(refused, Stale) and isinstance(form, SeenForm):
            form.show_current()
        return refused.status
    return 0


def as_id(text: object) -> int | None:
    """An id of a choice: digits, or None."""
    said = str(text or "")
    return int(said) if said.isascii() and said.isdigit() and len(said) < 19 else None


class IdChoice(forms.TypedChoiceField):
    """A choice of an id; blank is None."""

    def __init__(self, **more: Any) -> None:
        more.setdefault("coerce", int)
        more.setdefault("empty_value", None)
        super().__init__(**more)


def iso(value: date | time) -> str:
    return value.isoformat()
