"""Names of our cookies: behind TLS each is kept by the browser to this very host, over https, for the whole site."""

from django.conf import settings
from django.contrib.messages.storage.cookie import CookieStorage
from django.contrib.messages.storage.fallback import FallbackStorage
from django.contrib.messages.storage.session import SessionStorage
from django.http import HttpResponseBase


def named(name: str) -> str:
    """Return the name a cookie has here; the prefix is refused by browsers where there is no TLS."""
    return f"__Host-{name}" if settings.SESSION_COOKIE_SECURE else name


def keep(response: HttpResponseBase, name: str, value: str, *, seconds: int) -> None:
    """Let a browser keep a value of ours. No script of ours reads any."""
    response.set_cookie(
        name,
        value,
        max_age=seconds,
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )


class _MessageCookie(CookieStorage):
    cookie_name = named("messages")


class Messages(FallbackStorage):
    """Django's own: what is said after a redirect, in a cookie, or in the session where it is long."""

    storage_classes = (_MessageCookie, SessionStorage)
