"""What a person must hold to change the catalogue. Everybody may read it."""

from datetime import datetime

from yiwang.kernel.foundation.actors import Actor
from yiwang.kernel.organisation.permissions import require
from yiwang.kernel.organisation.rules import Permission


def require_catalogue(by: Actor, at: datetime) -> None:
    """Categories, conditions and limits.

    Raises:
        Forbidden: without `catalogue.manage`.
    """
    require(by, Permission.CATALOGUE_MANAGE, at=at)


def require_rules(by: Actor, at: datetime) -> None:
    """The routing table.

    Raises:
        Forbidden: without `rules.manage`.
    """
    require(by, Permission.RULES_MANAGE, at=at)
