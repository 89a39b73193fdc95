from django.urls import URLPattern, path

from yiwang.web.api import reference
from yiwang.web.api.reports import api
from yiwang.web.kit.access import Needs


def _public() -> list[URLPattern]:
    """The interface's own patterns, each declared as open to everybody and as ours."""
    patterns = [
        pattern
        for pattern in api.urls[0]
        if isinstance(pattern, URLPattern) and pattern.name != "api-root"
    ]
    for pattern in patterns:
        pattern.callback.needs = (Needs.PUBLIC,)  # type: ignore[attr-defined]  # read by tests/house
        pattern.callback.__module__ = "yiwang.web.api.reports"
    return patterns


app_name = "api"
urlpatterns: list[URLPattern] = [
    path("", reference.reference, name="reference"),
    path("openapi.json", reference.openapi, name="openapi"),
    *_public(),
]
