"""A notice is read by the person it was sent to, and by nobody else."""

from typing import TYPE_CHECKING

from yiwang.kernel.notices.models import Notice, NoticeQuerySet

if TYPE_CHECKING:
    from yiwang.kernel.accounts.models import User


def visible_to(user: "User") -> NoticeQuerySet:
    """Return the person's own notices, newest first."""
    return Notice.objects.of(user.pk)
