"""What a proxy in front says of a request, and whether it may say so."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase

# Nobody here reads X-Forwarded-Host: a proxy passes the Host on.
SAID = ("HTTP_X_FORWARDED_FOR", "HTTP_X_FORWARDED_PROTO", "HTTP_X_FORWARDED_HOST", "HTTP_FORWARDED")


class Behind:
    """Middleware, the outermost: what anybody but YIWANG_PROXIES says of where a request came from is not heard."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.META.get("REMOTE_ADDR", "") not in settings.YIWANG_PROXIES:
            for name in SAID:
                request.META.pop(name, None)
        return self.get_response(request)
