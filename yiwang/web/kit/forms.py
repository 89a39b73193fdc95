"""Plain Django forms in our clothes: label above, hint under it, error beside the field, and what was typed is kept.

`{{ form }}` draws a whole form, `{{ form.name.as_field_group }}` one field. Everything works without script.
"""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.forms.renderers import DjangoTemplates
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from yiwang.kernel.foundation.errors import Refused

_CHECKS = (forms.CheckboxInput, forms.RadioSelect, forms.CheckboxSelectMultiple)


class Field(BoundField):
    """A field that knows what kind of box it is drawn in."""

    @property
    def is_check(self) -> bool:
        return isinstance(self.field.widget, forms.CheckboxInput)

    @property
    def is_group(self) -> bool:
        """Several boxes under one legend."""
        return isinstance(self.field.widget, forms.RadioSelect | forms.CheckboxSelectMultiple)

    @property
    def is_wide(self) -> bool:
        return isinstance(self.field.widget, forms.Textarea)

    def build_widget_attrs(
        self, attrs: dict[str, Any], widget: forms.Widget | None = None
    ) -> dict[str, bool | str]:
        built: dict[str, Any] = super().build_widget_attrs(attrs, widget)
        # The server says what is missing, in words beside the field; the browser's own bubble would come first.
        if built.pop("required", False):
            built["aria-required"] = "true"
        style = style_of(widget or self.field.widget)
        given = (widget or self.field.widget).attrs.get("class", "")
        if style and style not in given:
            built["class"] = f"{style} {given}".strip()
        return built


def style_of(widget: forms.Widget) -> str:
    """The class that dresses a widget."""
    if isinstance(widget, forms.HiddenInput):
        return ""
    if isinstance(widget, _CHECKS):
        return "form-check-input"
    return "form-select" if isinstance(widget, forms.Select) else "form-control"


class Renderer(DjangoTemplates):
    """FORM_RENDERER: our templates for forms and fields; Django's own for the boxes themselves."""

    form_template_name = "kit/forms/form.html"
    field_template_name = "kit/forms/field.html"
    bound_field_class = Field

    def render(
        self, template_name: str, context: dict[str, Any], request: Any = None
    ) -> SafeString:
        """Ours come from the app folders, like every other template of the house."""
        if template_name.startswith("kit/"):
            return SafeString(render_to_string(template_name, context, request))
        return SafeString(super().render(template_name, context, request))


def put_refusal(form: forms.BaseForm, refused: Refused, fields: Mapping[str, str] = {}) -> None:
    """Put what an action refused beside the field it is about; `fields` maps the action's names to the form's."""
    name = fields.get(refused.field or "", refused.field)
    form.add_error(name if name in form.fields else None, str(refused.sentence))
