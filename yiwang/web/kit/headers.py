"""Headers that every answer carries, beyond those of Django and the content security policy."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase

# A place and a photo are what a report needs; nothing here listens, pays or reads sensors.
ALLOWED = "geolocation=(self), camera=(self), microphone=(), payment=(), usb=(), accelerometer=()"


class Headers:
    """Middleware. A page is kept by nobody but its reader, who asks again whether it is still true.

    What somebody sees who is signed in is not kept at all: the back button of a shared machine shows nothing of it.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        response.headers.setdefault("Permissions-Policy", ALLOWED)
        response.headers.setdefault("Cache-Control", _kept(request))
        return response


def _kept(request: HttpRequest) -> str:
    """The words for the browser's memory; a session is enough to tell, whoever it belongs to."""
    inside = settings.SESSION_COOKIE_NAME in request.COOKIES
    return "private, no-store" if inside else "private, no-cache"
