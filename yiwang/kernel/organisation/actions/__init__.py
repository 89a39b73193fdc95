"""Every write of this room."""

from yiwang.kernel.organisation.actions.mirror import sync_role_permissions
from yiwang.kernel.organisation.actions.postings import appoint, end_posting, reassign, stand_in
from yiwang.kernel.organisation.actions.units import add_post, add_unit, change_unit

__all__ = [
    "add_post",
    "add_unit",
    "appoint",
    "change_unit",
    "end_posting",
    "reassign",
    "stand_in",
    "sync_role_permissions",
]
