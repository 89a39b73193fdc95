"""Parts of this door for its templates: `{% load office %}`."""

from django import template

from yiwang.web.office.tabs import Tab, tabs_for

register = template.Library()


@register.simple_tag(takes_context=True)
def office_tabs(context: template.RequestContext) -> list[tuple[Tab, bool]]:
    return tabs_for(context["request"])
