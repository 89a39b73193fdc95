"""Asking for a permission, and who may post whom."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from yiwang.kernel.foundation.actors import Actor
from yiwang.kernel.foundation.errors import Forbidden
from yiwang.kernel.organisation.duties import holds
from yiwang.kernel.organisation.rules import Permission


def may(
    by: Actor,
    permission: Permission,
    *,
    at: datetime,
    area_path: str | None = None,
    unit_id: int | None = None,
) -> bool:
    """Say whether the actor has the permission there. The program itself may everything, a resident nothing."""
    from yiwang.kernel.accounts.models import User

    if by.actor_kind == "system":
        return True
    return isinstance(by, User) and holds(
        by, permission, at=at, area_path=area_path, unit_id=unit_id
    )


def require(
    by: Actor,
    permission: Permission,
    *,
    at: datetime,
    area_path: str | None = None,
    unit_id: int | None = None,
) -> None:
    """Do nothing for an actor who has the permission there.

    Raises:
        Forbidden: for everybody else.
    """
    if not may(by, permission, at=at, area_path=area_path, unit_id=unit_id):
        raise Forbidden(_("您没有权限在这个区域办理此事"), code=permission.value)


def may_somewhere(by: Actor, permission: str, at: datetime) -> bool:
    """Say whether the actor has the permission in any area; asked by the rooms below."""
    return may(by, Permission(permission), at=at)


def may_manage_staff(by: Actor, at: datetime) -> bool:
    """Say whether the actor manages staff anywhere, which opens the accounts of everybody."""
    return may(by, Permission.STAFF_MANAGE, at=at)
