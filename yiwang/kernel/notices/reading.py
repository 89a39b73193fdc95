"""What a person has been told."""

from typing import TYPE_CHECKING

from yiwang.kernel.foundation.statements import ask
from yiwang.kernel.notices.models import Notice
from yiwang.kernel.notices.permissions import visible_to

if TYPE_CHECKING:
    from yiwang.kernel.accounts.models import User

PAGE = 30
MANY = 100


def latest(user: "User", *, before: int | None = None, size: int = PAGE) -> list[Notice]:
    """Return one page of notices, newest first; `before` is the last id of the page above."""
    return list(visible_to(user).before(before)[:size])


def unread_count(user: "User") -> int:
    """Return how many wait to be read; stops counting at 100, so that a badge never grows slow."""
    return len(
        ask(
            ("unread", user.pk),
            (),
            lambda: visible_to(user).unread().order_by().values_list("pk")[:MANY],
        )
    )
