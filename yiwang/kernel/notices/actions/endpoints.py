"""The addresses of other systems that are told of events."""

import secrets
from collections.abc import Iterable, Mapping
from datetime import datetime
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from yiwang.kernel.accounts.models import User
from yiwang.kernel.foundation.errors import Invalid, Missing, Stale
from yiwang.kernel.notices.actions.writing import fits, record
from yiwang.kernel.notices.models import Endpoint
from yiwang.kernel.notices.permissions import require_manager
from yiwang.kernel.notices.registry import events as known_events
from yiwang.outside.webhook.addresses import Private, checked


@transaction.atomic
def add_endpoint(
    *, name: str, url: str, events: Iterable[str], by: User, at: datetime
) -> tuple[Endpoint, str]:
    """Enter an endpoint. Returns it with its secret, which is never shown again.

    Raises:
        Forbidden, Invalid.
    """
    require_manager(by, at)
    secret = secrets.token_urlsafe(32)
    row = Endpoint(secret=secret, **_endpoint(name, url, events))
    row.save()
    record("endpoint_added", by, at, {"endpoint": row.pk, "host": _host(url)})
    return row, secret


@transaction.atomic
def change_endpoint(
    endpoint_id: int,
    *,
    name: str,
    url: str,
    events: Iterable[str],
    active: bool,
    version: int,
    by: User,
    at: datetime,
) -> Endpoint:
    """Change an endpoint.

    Raises:
        Forbidden, Invalid, Missing. Stale: somebody changed it since `version`.
    """
    require_manager(by, at)
    row = _endpoint_locked(endpoint_id)
    if row.version != version:
        raise Stale(_("刚被别人改过，请看过新的内容再改"))
    for field, value in _endpoint(name, url, events).items():
        setattr(row, field, value)
    row.active, row.version = active, row.version + 1
    row.save(update_fields=["name", "url", "events", "active", "version"])
    facts: Mapping[str, object] = {"endpoint": row.pk, "host": _host(url), "active": active}
    record("endpoint_changed", by, at, facts)
    return row


@transaction.atomic
def renew_secret(endpoint_id: int, *, by: User, at: datetime) -> str:
    """Give an endpoint a new secret, at once; returns it, and it is never shown again."""
    require_manager(by, at)
    row = _endpoint_locked(endpoint_id)
    secret = secrets.token_urlsafe(32)
    row.secret = secret
    row.version += 1
    row.save(update_fields=["secret", "version"])
    record("endpoint_secret_renewed", by, at, {"endpoint": row.pk})
    return secret


def _endpoint_locked(endpoint_id: int) -> Endpoint:
    row = Endpoint.objects.select_for_update().filter(pk=endpoint_id).first()
    if row is None:
        raise Missing(_("没有这个推送地址"))
    return row


def _endpoint(name: str, url: str, chosen: Iterable[str]) -> dict[str, object]:
    name, url = " ".join(name.split()), url.strip()
    fits("name", name, 60)
    fits("url", url, 300)
    try:
        checked(url, private=settings.YIWANG_WEBHOOK_PRIVATE)
    except Private as private:
        raise Invalid(
            _("只能推送到互联网上的 https 地址；要推送到内部网络，请设置 YIWANG_WEBHOOK_PRIVATE"),
            field="url",
        ) from private
    except ValueError as error:
        raise Invalid(_("地址要像 https://example.cn/路径，不带用户名"), field="url") from error
    known = set(known_events())
    return {"name": name, "url": url, "events": [event for event in chosen if event in known]}


def _host(url: str) -> str:
    return urlsplit(url).hostname or ""
