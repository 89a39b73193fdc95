"""Roles, permissions, and the one table that joins them. Pure: no Django, time is an argument.

A resident has no role: a resident is the absence of a user.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Role(StrEnum):
    """What a person is posted as. One person may hold several postings."""

    GRID_WORKER = "grid_worker"
    COMMUNITY_OFFICER = "community_officer"
    DESK_OPERATOR = "desk_operator"
    UNIT_HANDLER = "unit_handler"
    LEADER = "leader"
    INSPECTOR = "inspector"
    ADMINISTRATOR = "administrator"


class Permission(StrEnum):
    """What a page, a move or a row of the database may ask for."""

    REPORT_TAKE = "report.take"
    REPORT_ANSWER = "report.answer"
    REPORT_CALL_BACK = "report.call_back"
    REPORTER_READ = "reporter.read"
    CASE_VIEW = "case.view"
    CASE_ACCEPT = "case.accept"
    CASE_CLASSIFY = "case.classify"
    CASE_REFUSE = "case.refuse"
    CASE_DISPATCH = "case.dispatch"
    CASE_MERGE = "case.merge"
    CASE_ESCALATE = "case.escalate"
    CASE_SUPERVISE = "case.supervise"
    CASE_VOID = "case.void"
    CASE_VERIFY = "case.verify"
    CASE_SOLVE_ON_SPOT = "case.solve_on_spot"
    CASE_EXTEND_APPROVE = "case.extend.approve"
    CASE_SUSPEND_APPROVE = "case.suspend.approve"
    TASK_HANDLE = "task.handle"
    PHOTO_PUBLISH = "photo.publish"
    FIGURES_VIEW = "figures.view"
    INSPECT_VIEW = "inspect.view"
    AUDIT_VERIFY = "audit.verify"
    TERRITORY_MANAGE = "territory.manage"
    STAFF_MANAGE = "staff.manage"
    LEAVE_APPROVE = "leave.approve"
    CATALOGUE_MANAGE = "catalogue.manage"
    RULES_MANAGE = "rules.manage"
    CALENDAR_MANAGE = "calendar.manage"


class Reach(StrEnum):
    """How far a permission goes: over an area of land, or over the work of one's own unit."""

    AREA = "area"
    UNIT = "unit"


class GridDuty(StrEnum):
    """What a grid worker is within the grid: 网格长, 专职, 兼职, 网格指导员."""

    NONE = ""
    GRID_HEAD = "grid_head"
    FULL_TIME = "full_time"
    PART_TIME = "part_time"
    GUIDE = "guide"


_P = Permission
TABLE: Mapping[Role, frozenset[Permission]] = {
    Role.GRID_WORKER: frozenset(
        {_P.REPORT_TAKE, _P.CASE_VIEW, _P.CASE_SOLVE_ON_SPOT, _P.CASE_VERIFY}
    ),
    # A community settles what it can itself (大事不出社区): it is a responsible unit too.
    Role.COMMUNITY_OFFICER: frozenset(
        {
            _P.REPORT_TAKE,
            _P.REPORTER_READ,
            _P.CASE_VIEW,
            _P.CASE_ACCEPT,
            _P.CASE_CLASSIFY,
            _P.CASE_ESCALATE,
            _P.CASE_VERIFY,
            _P.CASE_SOLVE_ON_SPOT,
            _P.TASK_HANDLE,
            _P.LEAVE_APPROVE,
            _P.FIGURES_VIEW,
        }
    ),
    Role.DESK_OPERATOR: frozenset(
        {
            _P.REPORT_TAKE,
            _P.REPORT_ANSWER,
            _P.REPORT_CALL_BACK,
            _P.REPORTER_READ,
            _P.CASE_VIEW,
            _P.CASE_ACCEPT,
            _P.CASE_CLASSIFY,
            _P.CASE_REFUSE,
            _P.CASE_DISPATCH,
            _P.CASE_MERGE,
            _P.CASE_ESCALATE,
            _P.CASE_VERIFY,
            _P.PHOTO_PUBLISH,
            _P.FIGURES_VIEW,
        }
    ),
    Role.UNIT_HANDLER: frozenset({_P.CASE_VIEW, _P.TASK_HANDLE}),
    Role.LEADER: frozenset(
        {
            _P.REPORT_TAKE,
            _P.CASE_VIEW,
            _P.CASE_ESCALATE,
            _P.CASE_SUPERVISE,
            _P.CASE_EXTEND_APPROVE,
            _P.CASE_SUSPEND_APPROVE,
            _P.LEAVE_APPROVE,
            _P.PHOTO_PUBLISH,
            _P.FIGURES_VIEW,
        }
    ),
    Role.INSPECTOR: frozenset({_P.CASE_VIEW, _P.INSPECT_VIEW, _P.AUDIT_VERIFY, _P.FIGURES_VIEW}),
    Role.ADMINISTRATOR: frozenset(
        {
            _P.CASE_VIEW,
            _P.CASE_VOID,
            _P.AUDIT_VERIFY,
            _P.FIGURES_VIEW,
            _P.TERRITORY_MANAGE,
            _P.STAFF_MANAGE,
            _P.LEAVE_APPROVE,
            _P.CATALOGUE_MANAGE,
            _P.RULES_MANAGE,
            _P.CALENDAR_MANAGE,
        }
    ),
}


def reach_of(role: Role, permission: Permission) -> Reach:
    """Say whether the permission goes over the posting's area or over the unit's own work.

    Work is handled by the unit it was given to, wherever it lies; and a unit handler sees the
    unit's work, not everything that happens in the area the unit serves.
    """
    if permission is Permission.TASK_HANDLE or role is Role.UNIT_HANDLER:
        return Reach.UNIT
    return Reach.AREA


@dataclass(frozen=True)
class Duty:
    """One posting in force: who one is there, for which unit, over which land.

    `area_path` is the materialised path of the division ("/1/7/9/"); a path below starts with it.
    `deputy` is true for the B of an AB 岗, who acts for the holder of the posting. `acting_for` is the person on leave
    whose duty it is, while one stands in for them.
    """

    posting_id: int
    role: Role
    unit_id: int
    area_id: int
    area_path: str
    permissions: frozenset[Permission]
    grid_duty: GridDuty = GridDuty.NONE
    deputy: bool = False
    acting_for: int | None = None

    def reaches(self, permission: Permission, area_path: str | None, unit_id: int | None) -> bool:
        """Say whether this duty gives the permission there; with neither place named, anywhere."""
        if permission not in self.permissions:
            return False
        if area_path is None and unit_id is None:
            return True
        if reach_of(self.role, permission) is Reach.UNIT:
            return unit_id is not None and unit_id == self.unit_id
        return area_path is not None and area_path.startswith(self.area_path)


def any_reaches(
    duties: Iterable[Duty], permission: Permission, area_path: str | None, unit_id: int | None
) -> bool:
    """Say whether one of the duties gives the permission at that place."""
    return any(duty.reaches(permission, area_path, unit_id) for duty in duties)


def widest(paths: Iterable[str]) -> tuple[str, ...]:
    """Drop every path that lies beneath another one: ("/1/", "/1/7/", "/2/") → ("/1/", "/2/")."""
    kept: list[str] = []
    for path in sorted(set(paths)):
        if not kept or not path.startswith(kept[-1]):
            kept.append(path)
    return tuple(kept)


def is_in_force(starts_on: date, ends_on: date | None, day: date) -> bool:
    """Say whether a posting counts on that day; `ends_on` is the first day off duty."""
    return starts_on <= day and (ends_on is None or day < ends_on)
