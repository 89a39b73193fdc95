"""Asking for a permission, and who may post whom."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from yiwang.kernel.foundation.actors import Actor
from yiwang.kernel.foundation.errors import Forbidden
from yiwang.kernel.organisation.duties import holds
from yiwang.kernel.organisation.leave.reading import acting_for, stood_in_for
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


_USED = "_right_used"


def use(
    by: Actor,
    permission: Permission,
    *,
    at: datetime,
    area_path: str | None = None,
    unit_id: int | None = None,
) -> None:
    """Keep on the actor whose right is used at this moment: the rows of the record that follow say so."""
    from yiwang.kernel.accounts.models import User

    if isinstance(by, User) and stood_in_for(by, at):
        used(by, acting_for(by, permission, at=at, area_path=area_path, unit_id=unit_id), at=at)


def used(by: Actor, people: tuple[int, ...], *, at: datetime) -> None:
    """Keep on the actor that at this moment they act for these people; () is for nobody but themselves."""
    by.__dict__[_USED] = (at, people)


def used_for(by: Actor, at: datetime) -> tuple[int, ...]:
    """Return the ids of those for whom the actor acts at this moment, as far as `use` was told."""
    moment, people = getattr(by, "__dict__", {}).get(_USED, (None, ()))
    return people if moment == at else ()


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
    use(by, permission, at=at, area_path=area_path, unit_id=unit_id)


def may_somewhere(by: Actor, permission: str, at: datetime) -> bool:
    """Say whether the actor has the permission in any area; asked by the rooms below."""
    return _may_and_uses(by, Permission(permission), at)


def may_manage_staff(by: Actor, at: datetime) -> bool:
    """Say whether the actor manages staff anywhere, which opens the accounts of everybody."""
    return _may_and_uses(by, Permission.STAFF_MANAGE, at)


def _may_and_uses(by: Actor, permission: Permission, at: datetime) -> bool:
    if not may(by, permission, at=at):
        return False
    use(by, permission, at=at)
    return True
