"""The people on duty: units, posts, postings to areas with dates, roles and what they permit.

Nouns: unit (单位), post (岗位), posting (任职), duty (a posting in force), role, permission, leave (请假) and stand-in.
Promises: a permission reaches exactly the area or unit of a posting in force; a posting is ended,
never rewritten, so past work keeps its owner; a reassignment hands open work over in the same
transaction; on leave all of it is the stand-in's, and comes back by itself; the database answers the same question
(`yiwang_areas`) as the program.
"""

from importlib import import_module
from typing import TYPE_CHECKING

from yiwang.kernel.organisation.handover import on_handover
from yiwang.kernel.organisation.leave.listening import on_leave
from yiwang.kernel.organisation.rules import Duty, GridDuty, Permission, Reach, Role

if TYPE_CHECKING:
    from yiwang.kernel.organisation.actions import (
        add_post,
        add_unit,
        appoint,
        change_unit,
        end_posting,
        reassign,
        stand_in,
        sync_role_permissions,
    )
    from yiwang.kernel.organisation.duties import (
        areas_of,
        duties_of,
        forget_duties,
        holds,
        people_in,
        people_over,
        roles_of,
        staff_of_grid,
        units_of,
    )
    from yiwang.kernel.organisation.leave.actions import (
        agree_leave,
        ask_leave,
        end_leave,
        may_decide,
        refuse_leave,
    )
    from yiwang.kernel.organisation.leave.reading import (
        acting_for,
        leave_of,
        present,
        standing_in_for,
        stood_in_for,
    )
    from yiwang.kernel.organisation.permissions import require

__all__ = [
    "Duty",
    "GridDuty",
    "Permission",
    "Reach",
    "Role",
    "acting_for",
    "add_post",
    "add_unit",
    "agree_leave",
    "appoint",
    "areas_of",
    "ask_leave",
    "change_unit",
    "duties_of",
    "end_leave",
    "end_posting",
    "forget_duties",
    "holds",
    "leave_of",
    "may_decide",
    "on_handover",
    "on_leave",
    "people_in",
    "people_over",
    "present",
    "reassign",
    "refuse_leave",
    "require",
    "roles_of",
    "staff_of_grid",
    "stand_in",
    "standing_in_for",
    "stood_in_for",
    "sync_role_permissions",
    "units_of",
]

if not TYPE_CHECKING:
    _ROOM_OF = {
        **dict.fromkeys(
            [
                "add_post",
                "add_unit",
                "appoint",
                "change_unit",
                "end_posting",
                "reassign",
                "stand_in",
                "sync_role_permissions",
            ],
            "actions",
        ),
        **dict.fromkeys(
            [
                "areas_of",
                "duties_of",
                "forget_duties",
                "holds",
                "people_in",
                "people_over",
                "roles_of",
                "staff_of_grid",
                "units_of",
            ],
            "duties",
        ),
        **dict.fromkeys(
            ["agree_leave", "ask_leave", "end_leave", "may_decide", "refuse_leave"],
            "leave.actions",
        ),
        **dict.fromkeys(
            ["acting_for", "leave_of", "present", "standing_in_for", "stood_in_for"],
            "leave.reading",
        ),
        "require": "permissions",
    }

    def __getattr__(name):
        """Models load after the apps do, so the rooms that use them open at first use."""
        if name not in _ROOM_OF:
            raise AttributeError(name)
        return getattr(import_module(f"{__name__}.{_ROOM_OF[name]}"), name)
