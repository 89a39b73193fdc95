"""Reading who is on duty: the questions every other room asks before it acts."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.db.models import Case, F, Value, When
from django.utils import timezone

from yiwang.kernel.foundation.statements import ask
from yiwang.kernel.organisation.models import Leave, LeaveQuerySet, Posting, PostingQuerySet
from yiwang.kernel.organisation.rules import (
    TABLE,
    Duty,
    GridDuty,
    Permission,
    Reach,
    Role,
    any_reaches,
    reach_of,
    widest,
)

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from yiwang.kernel.accounts.models import User

_CACHE = "_duties_by_day"


def day_of(at: datetime) -> date:
    """Return the calendar day of a moment in the town's own time zone."""
    return timezone.localtime(at, timezone.get_default_timezone()).date()


def duties_of(user: "User", at: datetime) -> tuple[Duty, ...]:
    """Return the postings of a person in force at that moment: one query, then kept on the object.

    While the person is on leave these are nobody's but the stand-in's, who has them beside their own. Someone who may
    not sign in any more has no duties, whatever their postings say.
    """
    if not user.is_active:
        return ()
    cache: dict[date, tuple[Duty, ...]] = user.__dict__.setdefault(_CACHE, {})
    day = day_of(at)
    if day not in cache:
        cache[day] = _look(user, day)
    return cache[day]


def _look(user: "User", day: date) -> tuple[Duty, ...]:
    held = ask(("duties", user.pk, day), (), lambda: _own_and_stood_in(user, day))
    return tuple(_duty(user, *row) for row in held)


def _own_and_stood_in(user: "User", day: date) -> "QuerySet[Posting, tuple[Any, ...]]":
    rows = _rows(Posting.objects.filter(user=user).exclude(user__in=_away(day).values("user")), day)
    others = _away(day).filter(stand_in=user, user__is_active=True).values("user")
    return rows.union(_rows(Posting.objects.filter(user__in=others), day), all=True)


def foresee_duties(users: Iterable["User"], first: date, last: date) -> None:
    """Keep the duties of people for all days from `first` to `last`, with one look for each time without a change.

    For who writes down many days at once; the people's objects must then be the ones that act.
    """
    days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    changes = _changes()
    for user in users:
        if not user.is_active:
            continue
        cache: dict[date, tuple[Duty, ...]] = user.__dict__.setdefault(_CACHE, {})
        held: tuple[Duty, ...] | None = None
        for day in days:
            if held is None or day in changes:
                held = _look(user, day)
            cache[day] = held


def _changes() -> set[date]:
    """The days on which the duties of anybody change."""
    found: set[date | None] = set()
    for pair in Posting.objects.values_list("starts_on", "ends_on").distinct():
        found.update(pair)
    for begins, ends in Leave.objects.values_list("first_day", "last_day").distinct():
        found |= {begins, ends + timedelta(days=1)}
    return {day for day in found if day}


def forget_duties(user: "User") -> None:
    """Drop what is kept on the object, after its postings changed."""
    user.__dict__.pop(_CACHE, None)


def _away(day: date) -> LeaveQuerySet:
    return Leave.objects.on(day)


def _rows(postings: PostingQuerySet, day: date) -> "QuerySet[Posting, tuple[Any, ...]]":
    """Postings in force, each as `_duty` takes it."""
    return (
        postings.filter(unit__active=True)
        .on(day)
        .values_list(
            "pk", "user_id", "role", "unit_id", "area_id", "area__path", "duty", "stands_in_for_id"
        )
    )


def _duty(
    user: "User",
    posting_id: int,
    holder_id: int,
    role: str,
    unit_id: int,
    area_id: int,
    area_path: str,
    grid_duty: str,
    deputy_of: int | None,
) -> Duty:
    return Duty(
        posting_id=posting_id,
        role=Role(role),
        unit_id=unit_id,
        area_id=area_id,
        area_path=area_path,
        permissions=TABLE[Role(role)],
        grid_duty=GridDuty(grid_duty),
        deputy=deputy_of is not None,
        acting_for=None if holder_id == user.pk else holder_id,
    )


def holds(
    user: "User",
    permission: Permission,
    *,
    at: datetime,
    area_path: str | None = None,
    unit_id: int | None = None,
) -> bool:
    """Say whether the person has the permission there.

    Name the area of the matter, its unit, or both; with neither the answer is "anywhere at all",
    which is enough to open a page and never enough to act on a case.
    """
    return any_reaches(duties_of(user, at), permission, area_path, unit_id)


def areas_of(user: "User", permission: Permission, at: datetime) -> tuple[str, ...]:
    """Return the path prefixes of the land over which the person has the permission."""
    return widest(
        duty.area_path
        for duty in duties_of(user, at)
        if permission in duty.permissions and reach_of(duty.role, permission) is Reach.AREA
    )


def units_of(user: "User", at: datetime, permission: Permission | None = None) -> tuple[int, ...]:
    """Return the units a person works for; with a permission, those whose work it opens."""
    return tuple(
        sorted(
            {
                duty.unit_id
                for duty in duties_of(user, at)
                if permission is None
                or (
                    permission in duty.permissions and reach_of(duty.role, permission) is Reach.UNIT
                )
            }
        )
    )


def roles_of(user: "User", at: datetime) -> frozenset[Role]:
    """Return every role the person has somewhere."""
    return frozenset(duty.role for duty in duties_of(user, at))


_HEADS_FIRST = Case(
    *(
        When(duty=duty.value, then=Value(rank))
        for rank, duty in enumerate(
            (GridDuty.GRID_HEAD, GridDuty.FULL_TIME, GridDuty.PART_TIME, GridDuty.GUIDE)
        )
    ),
    default=Value(9),
)


def staff_of_grid(division_id: int, at: datetime) -> PostingQuerySet:
    """Return the grid workers of a grid with their people: heads first, deputies last."""
    return (
        Posting.objects.filter(area_id=division_id, role=Role.GRID_WORKER.value)
        .on(day_of(at))
        .select_related("user", "unit")
        .order_by(F("stands_in_for").asc(nulls_first=True), _HEADS_FIRST, "id")
    )


def people_in(unit_id: int, at: datetime, role: Role | None = None) -> PostingQuerySet:
    """Return the postings in force of a unit, with their people."""
    postings = Posting.objects.filter(unit_id=unit_id).on(day_of(at)).select_related("user", "area")
    return postings.filter(role=role.value) if role else postings


def people_over(
    area_path: str, roles: Iterable[Role], at: datetime, permission: Permission | None = None
) -> PostingQuerySet:
    """Return the postings in force whose area contains the given one (who answers for this place).

    `area_path` is the path of the place; a posting over "/1/" answers for "/1/7/" too.
    """
    wanted = [role.value for role in roles if permission is None or permission in TABLE[role]]
    parts = [part for part in area_path.split("/") if part]
    prefixes = ["/" + "/".join(parts[: length + 1]) + "/" for length in range(len(parts))]
    return (
        Posting.objects.filter(role__in=wanted, area__path__in=prefixes)
        .on(day_of(at))
        .select_related("user", "area")
    )
