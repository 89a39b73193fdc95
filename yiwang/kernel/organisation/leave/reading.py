"""Who is away and who acts for them: questions of a day, answered from the table."""

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING

from yiwang.kernel.organisation.duties import day_of, duties_of
from yiwang.kernel.organisation.models import Leave
from yiwang.kernel.organisation.rules import Permission

if TYPE_CHECKING:
    from yiwang.kernel.accounts.models import User


def leave_of(user: "User", at: datetime) -> Leave | None:
    """Return the leave a person is on at that moment."""
    return Leave.objects.on(day_of(at)).filter(user=user).select_related("stand_in").first()


def standing_in_for(user: "User", at: datetime) -> list["User"]:
    """Return the people this person acts for at that moment."""
    rows = Leave.objects.on(day_of(at)).filter(stand_in=user).select_related("user")
    return [leave.user for leave in rows.order_by("user__username")]


def stood_in_for(user: "User", at: datetime) -> frozenset[int]:
    """Return the ids of those the person acts for, from the duties at hand: no further query."""
    return frozenset(duty.acting_for for duty in duties_of(user, at) if duty.acting_for is not None)


def acting_for(
    user: "User",
    permission: Permission,
    *,
    at: datetime,
    area_path: str | None = None,
    unit_id: int | None = None,
) -> tuple[int, ...]:
    """Return whose right a person uses there: nobody's but their own is (), else the ids of those on leave.

    An own duty that reaches comes first: what one may do anyway is not done for somebody.
    """
    reaching = [
        duty for duty in duties_of(user, at) if duty.reaches(permission, area_path, unit_id)
    ]
    if any(duty.acting_for is None for duty in reaching):
        return ()
    return tuple(sorted({duty.acting_for for duty in reaching if duty.acting_for is not None}))


def present(user_ids: Iterable[int], at: datetime) -> set[int]:
    """Return whom to turn to instead of these people: themselves, or who stands in for them that day. One query."""
    wanted = set(user_ids)
    away = Leave.objects.on(day_of(at)).filter(user__in=wanted)
    stand_ins = dict(away.values_list("user_id", "stand_in_id"))
    return {stand_ins.get(user_id, user_id) for user_id in wanted}
