"""Who can log in, and how. What a user may do is decided by postings (organisation).

Nouns: user (a member of staff with a name to sign in with).
Promises: a closed account is out at its next request; a password is kept only as a hash and is never logged; every
change of an account is in the audit trail. Residents have no account.
"""

from importlib import import_module
from typing import TYPE_CHECKING

from yiwang.kernel.accounts.permissions import decide_with

if TYPE_CHECKING:
    from yiwang.kernel.accounts.actions import (
        change_password,
        create_user,
        deactivate,
        issue_password,
        note,
        prove,
        reactivate,
        rename,
        reset_password,
        set_contact,
        set_employee_number,
        set_language,
        set_password,
    )

__all__ = [
    "change_password",
    "create_user",
    "deactivate",
    "decide_with",
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

if not TYPE_CHECKING:

    def __getattr__(name):
        """Models load after the apps do, so the room that uses them opens at first use."""
        if name not in __all__:
            raise AttributeError(name)
        return getattr(import_module(f"{__name__}.actions"), name)
