"""Every write of this room."""

from yiwang.kernel.accounts.actions.passwords import (
    change_password,
    issue_password,
    note,
    prove,
    reset_password,
    set_password,
)
from yiwang.kernel.accounts.actions.users import (
    create_user,
    deactivate,
    reactivate,
    rename,
    set_contact,
    set_employee_number,
    set_language,
)

__all__ = [
    "change_password",
    "create_user",
    "deactivate",
    "issue_password",
    "note",
    "prove",
    "reactivate",
    "rename",
    "reset_password",
    "set_contact",
    "set_employee_number",
    "set_language",
    "set_password",
]
