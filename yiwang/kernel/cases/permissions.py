"""Who may read which case, and what a person brings to a case. Reading is `visible_to`; acting is `judge`."""

from collections.abc import Iterable
from datetime import datetime
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING

from django.db.models import Q

from yiwang.kernel.cases.models import Case, Report, Request, Task
from yiwang.kernel.cases.rules.judge import CaseFacts, Person, RequestFacts, TaskFacts
from yiwang.kernel.foundation.actors import Actor
from yiwang.kernel.organisation.duties import areas_of, duties_of, units_of
from yiwang.kernel.organisation.leave.reading import acting_for, stood_in_for
from yiwang.kernel.organisation.rules import Duty, Permission, any_reaches

if TYPE_CHECKING:
    from yiwang.kernel.accounts.models import User

Ids = tuple[int, ...]

# What an inspector does with a matter about staff, which nobody else sees: the desk's part of it.
INSPECTORS_PART = frozenset(
    {
        Permission.CASE_VIEW,
        Permission.CASE_ACCEPT,
        Permission.CASE_REFUSE,
        Permission.CASE_CLASSIFY,
        Permission.CASE_DISPATCH,
        Permission.CASE_VERIFY,
        Permission.REPORT_ANSWER,
        Permission.REPORT_CALL_BACK,
    }
)


def visible(user: object, *, at: datetime) -> Q:
    """Return the filter of cases a member of staff may read: their land, and the work of their units.

    A confidential case (about staff) is read by an inspector over the area and by the unit it was given to; whom it is
    about reads it in no capacity, and a unit it is about does not either.
    """
    from yiwang.kernel.accounts.models import User

    if not isinstance(user, User):
        return Q(pk__in=[])
    units = list(units_of(user, at, Permission.TASK_HANDLE))
    parts = [
        Q(area_path__startswith=path, confidential=False)
        for path in areas_of(user, Permission.CASE_VIEW, at)
    ]
    parts += [
        Q(area_path__startswith=path, confidential=True) & ~Q(about_user=user.pk)
        for path in areas_of(user, Permission.INSPECT_VIEW, at)
    ]
    if units:
        parts.append(Q(unit_ids__overlap=units) & not_about(user, units))
    return reduce(or_, parts) if parts else Q(pk__in=[])


def not_about(user: "User", units: Iterable[int], *, on: str = "") -> Q:
    """Return the filter of cases that are about neither this person nor these units; `on` leads to the case."""
    about = Q(**{f"{on}about_user": user.pk}) | Q(**{f"{on}about_unit__in": list(units)})
    return Q(**{f"{on}confidential": False}) | ~about


def readable(user: "User", case: Case, *, at: datetime) -> bool:
    """Say the same as `visible` of one case at hand; no query but duties."""
    if case.about_user_id == user.pk:
        return False
    wanted = Permission.INSPECT_VIEW if case.confidential else Permission.CASE_VIEW
    if any(case.area_path.startswith(path) for path in areas_of(user, wanted, at)):
        return True
    units = set(units_of(user, at, Permission.TASK_HANDLE))
    return case.about_unit_id not in units and not units.isdisjoint(case.unit_ids)


def person_of(by: Actor, case: Case, *, at: datetime) -> Person:
    """Return what the actor brings to this case: the permissions that reach it, and the units."""
    from yiwang.kernel.accounts.models import User

    if not isinstance(by, User):
        return Person(by.actor_kind, None)
    if not readable(by, case, at=at):
        return Person("staff", by.pk)
    duties = duties_of(by, at)
    units = frozenset(units_of(by, at, Permission.TASK_HANDLE))
    held = _held_here(duties, case)
    if units:
        held |= {Permission.TASK_HANDLE}
    stands_for = stood_in_for(by, at)
    return Person("staff", by.pk, frozenset(p.value for p in held), units, stands_for)


def _held_here(duties: tuple[Duty, ...], case: Case) -> set[Permission]:
    """Return what the duties give over the case's area; of a matter about staff, the inspector's part only."""
    if case.confidential:
        inspects = any_reaches(duties, Permission.INSPECT_VIEW, case.area_path, None)
        return set(INSPECTORS_PART) if inspects else set()
    return {
        permission
        for duty in duties
        for permission in duty.permissions
        if any_reaches(duties, permission, case.area_path, None)
    }


def acted_for(by: Actor, case: Case, permission: str, unit_id: int | None, *, at: datetime) -> Ids:
    """Return on whose behalf a stand-in acts, where no duty of their own reaches; for the record."""
    from yiwang.kernel.accounts.models import User

    if not isinstance(by, User):
        return ()
    asked = Permission(permission)
    if asked is Permission.TASK_HANDLE:
        return acting_for(by, asked, at=at, unit_id=unit_id)
    return acting_for(by, asked, at=at, area_path=case.area_path)


def facts_of(case: Case, tasks: list[Task], requests: list[Request]) -> CaseFacts:
    """Return what the rules need to know of a case; the lists are those of this case, oldest first."""
    return CaseFacts(
        stage=case.stage,
        level=case.level,
        fixer_ids=frozenset(case.fixer_ids),
        tasks=tuple(
            TaskFacts(t.pk, t.unit_id, t.role, t.state, t.handler_id, t.extension_count)
            for t in tasks
        ),
        requests=tuple(RequestFacts(r.pk, r.kind, r.task_id, r.asked_by_id) for r in requests),
        supervised=case.supervised_at is not None,
        suspended_before=case.suspension_count > 0,
        reopened=case.reopen_count,
    )


def may_read_reporter(user: "User", report: Report, *, at: datetime) -> bool:
    """Say whether to ask for the reporter at all. The database decides again, by row."""
    return any_reaches(duties_of(user, at), Permission.REPORTER_READ, report.case.area_path, None)
