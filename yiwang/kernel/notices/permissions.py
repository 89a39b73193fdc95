"""A notice is read by the person it was sent to, and by nobody else; what leaves the house is the administrator's."""

from datetime import datetime
from typing import TYPE_CHECKING

from yiwang.kernel.foundation.actors import Actor
from yiwang.kernel.notices.models import Notice, NoticeQuerySet
from yiwang.kernel.organisation.permissions import require
from yiwang.kernel.organisation.rules import Permission

if TYPE_CHECKING:
    from yiwang.kernel.accounts.models import User

MANAGE = Permission.RULES_MANAGE


def visible_to(user: "User") -> NoticeQuerySet:
    """Return the person's own notices, newest first."""
    return Notice.objects.of(user.pk)


def require_manager(by: Actor, at: datetime) -> None:
    """Do nothing for somebody who decides about channels, words and endpoints.

    Raises:
        Forbidden: for everybody else.
    """
    require(by, MANAGE, at=at)
