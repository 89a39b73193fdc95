"""Appointing people, ending postings, and passing a posting on with its open work."""

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from yiwang.kernel.accounts.models import User
from yiwang.kernel.foundation import audit
from yiwang.kernel.foundation.actors import Actor
from yiwang.kernel.foundation.errors import Conflict, Invalid
from yiwang.kernel.organisation.duties import day_of, forget_duties
from yiwang.kernel.organisation.handover import hand_over
from yiwang.kernel.organisation.models import Post, Posting, Unit
from yiwang.kernel.organisation.permissions import require
from yiwang.kernel.organisation.rules import GridDuty, Permission, Role
from yiwang.kernel.territory.models import Division
from yiwang.kernel.territory.rules.levels import Level


@transaction.atomic
def appoint(
    user: User,
    *,
    unit: Unit,
    role: Role,
    area: Division,
    by: Actor,
    at: datetime,
    duty: GridDuty = GridDuty.NONE,
    post: Post | None = None,
    starts_on: date | None = None,
    ends_on: date | None = None,
) -> Posting:
    """Post a person to a unit in a role over an area, from today or the day given.

    `ends_on` is the first day off duty. A grid worker's area is a grid; a grid duty is for grid workers.

    Raises:
        Forbidden: without `staff.manage` over the area.
        Invalid: dates, area or duty do not fit, or the account is closed.
        Conflict: the person holds this very posting at that time already.
    """
    require(by, Permission.STAFF_MANAGE, at=at, area_path=area.path)
    posting = Posting(
        user=user,
        unit=unit,
        post=post,
        role=role.value,
        area=area,
        duty=duty.value,
        starts_on=starts_on or day_of(at),
        ends_on=ends_on,
    )
    _check(posting)
    return _begin(posting, "person_appointed", by, at)


@transaction.atomic
def stand_in(
    posting: Posting,
    *,
    deputy: User,
    by: Actor,
    at: datetime,
    starts_on: date | None = None,
    ends_on: date | None = None,
) -> Posting:
    """Let a deputy (the B of an AB 岗) act for the holder of a posting: same unit, role and area.

    Raises:
        Forbidden: without `staff.manage` over the area.
        Invalid: the deputy is the holder, or the posting is itself a deputy's or has ended.
    """
    posting = _locked(posting)
    require(by, Permission.STAFF_MANAGE, at=at, area_path=posting.area.path)
    if posting.stands_in_for_id is not None:
        raise Invalid(_("替岗人员不能再由他人替岗"), field="posting")
    if deputy.pk == posting.user_id:
        raise Invalid(_("本人不能替自己的岗"), field="deputy")
    first = starts_on or day_of(at)
    if posting.ends_on is not None and posting.ends_on <= first:
        raise Invalid(_("这一任职届时已结束"), field="starts_on")
    standing = Posting(
        user=deputy,
        unit=posting.unit,
        role=posting.role,
        area=posting.area,
        stands_in_for=posting,
        starts_on=max(first, posting.starts_on),
        ends_on=_earlier(ends_on, posting.ends_on),
    )
    _check(standing)
    return _begin(standing, "deputy_named", by, at)


@transaction.atomic
def end_posting(posting: Posting, *, by: Actor, at: datetime, on: date | None = None) -> Posting:
    """End a posting and its deputies' with it; `on` is the first day off duty, today when not given.

    Raises:
        Forbidden: without `staff.manage` over the area.
        Invalid: the day lies before the posting began.
        Conflict: it has ended before that day already.
    """
    posting = _locked(posting)
    require(by, Permission.STAFF_MANAGE, at=at, area_path=posting.area.path)
    day = on or day_of(at)
    if posting.ends_on is not None and posting.ends_on <= day:
        raise Conflict(_("这一任职已结束"))
    if day < posting.starts_on:
        raise Invalid(_("离岗日期不能早于到岗日期"), field="ends_on")
    _end(posting, day, by, at)
    for standing in posting.stand_ins.exclude(ends_on__lte=day).select_related("user"):
        _end(standing, max(day, standing.starts_on), by, at)
    return posting


@transaction.atomic
def reassign(
    posting: Posting, *, to: User, by: Actor, at: datetime, on: date | None = None
) -> Posting:
    """Pass a posting to another person: theirs ends, the other's begins, open work is handed over.

    Past work and its counts stay with who did it. Deputies move along, except the new holder.

    Raises:
        Forbidden: without `staff.manage` over the area.
        Invalid: to the same person, of a deputy's posting, or with a day that does not fit.
        Conflict: it has ended already, or the other holds the same posting.
    """
    posting = _locked(posting)
    day = on or day_of(at)
    if to.pk == posting.user_id:
        raise Invalid(_("接任者已在这个岗位上"), field="to")
    if posting.stands_in_for_id is not None:
        raise Invalid(_("替岗不能移交，请结束后另行指定"), field="posting")
    deputies = list(
        posting.stand_ins.exclude(ends_on__lte=day).exclude(user=to).select_related("user")
    )
    lasts_until = posting.ends_on
    deputies_until = {standing.pk: standing.ends_on for standing in deputies}
    end_posting(posting, by=by, at=at, on=day)
    successor = appoint(
        to,
        unit=posting.unit,
        role=Role(posting.role),
        area=posting.area,
        duty=GridDuty(posting.duty),
        post=posting.post,
        starts_on=day,
        ends_on=lasts_until,
        by=by,
        at=at,
    )
    for standing in deputies:
        stand_in(
            successor,
            deputy=standing.user,
            starts_on=max(day, standing.starts_on),
            ends_on=deputies_until[standing.pk],
            by=by,
            at=at,
        )
    hand_over(posting.user, to, posting, by, at)
    return successor


def _locked(posting: Posting) -> Posting:
    return (
        Posting.objects.select_for_update(of=("self",))
        .select_related("user", "unit", "area", "post")
        .get(pk=posting.pk)
    )


def _check(posting: Posting) -> None:
    """Refuse what the database would refuse, with a sentence for the reader."""
    if not posting.user.is_active:
        raise Invalid(_("%(name)s的账号已停用") % {"name": posting.user.display_name}, field="user")
    if posting.ends_on is not None and posting.ends_on < posting.starts_on:
        raise Invalid(_("离岗日期不能早于到岗日期"), field="ends_on")
    if posting.role == Role.GRID_WORKER and posting.area.level != Level.GRID:
        raise Invalid(_("网格员须任职到网格"), field="area")
    if posting.duty and posting.role != Role.GRID_WORKER:
        raise Invalid(_("只有网格员有网格职责"), field="duty")
    if posting.post is not None and posting.post.unit_id != posting.unit_id:
        raise Invalid(_("岗位不属于这个单位"), field="post")
    if _clashing(posting):
        raise Conflict(_("%(name)s此时已有同样的任职") % {"name": posting.user.display_name})


def _clashing(posting: Posting) -> bool:
    """Say whether the same posting exists at an overlapping time (the exclusion constraint, asked first)."""
    same = Posting.objects.filter(
        user=posting.user,
        unit=posting.unit,
        role=posting.role,
        area=posting.area,
        stands_in_for=posting.stands_in_for,
    ).exclude(ends_on__lte=posting.starts_on)
    return (same.filter(starts_on__lt=posting.ends_on) if posting.ends_on else same).exists()


def _begin(posting: Posting, verb: str, by: Actor, at: datetime) -> Posting:
    posting.save()
    forget_duties(posting.user)
    audit.record("posting", posting.pk, verb, by=by, at=at, facts=_facts(posting))
    return posting


def _end(posting: Posting, day: date, by: Actor, at: datetime) -> None:
    posting.ends_on = day
    posting.save(update_fields=["ends_on"])
    forget_duties(posting.user)
    audit.record("posting", posting.pk, "posting_ended", by=by, at=at, facts=_facts(posting))


def _earlier(one: date | None, other: date | None) -> date | None:
    return min((day for day in (one, other) if day is not None), default=None)


def _facts(posting: Posting) -> dict[str, object]:
    return {
        "user": posting.user_id,
        "unit": posting.unit_id,
        "role": posting.role,
        "area": posting.area_id,
        "duty": posting.duty,
        "stands_in_for": posting.stands_in_for_id,
        "starts_on": posting.starts_on.isoformat(),
        "ends_on": posting.ends_on.isoformat() if posting.ends_on else None,
    }
