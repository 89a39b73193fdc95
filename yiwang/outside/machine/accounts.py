"""An account without rights, for a server that refuses to run as root."""

import os
import pwd
import shutil
import stat
import subprocess
from dataclasses import dataclass
from pathlib import Path

NAME = "yiwang"
NOBODY = "nobody"


@dataclass(frozen=True)
class Account:
    """A system account by name, user id and group id."""

    name: str
    uid: int
    gid: int


def unprivileged(owner_of: Path) -> Account | None:
    """Return the account a server must change to, or None when this process is not root.

    The owner of an existing folder `owner_of` stays the owner; otherwise the system account `yiwang`
    is used (made where the machine can make one), else `nobody`.
    """
    if os.geteuid() != 0:
        return None
    if owner_of.exists() and owner_of.stat().st_uid != 0:
        return _by_id(owner_of.stat().st_uid) or _named(NOBODY)
    return _named(NAME) or _made() or _named(NOBODY)


def _by_id(uid: int) -> Account | None:
    try:
        entry = pwd.getpwuid(uid)
    except KeyError:
        return None
    return Account(entry.pw_name, entry.pw_uid, entry.pw_gid)


def _named(name: str) -> Account | None:
    try:
        entry = pwd.getpwnam(name)
    except KeyError:
        return None
    return Account(entry.pw_name, entry.pw_uid, entry.pw_gid)


def _made() -> Account | None:
    useradd = shutil.which("useradd", path="/usr/sbin:/sbin:/usr/bin")
    if useradd is None:
        return None
    command = [useradd, "--system", "--user-group", "--no-create-home"]
    subprocess.run(  # noqa: S603 - fixed words only
        [*command, "--shell", "/usr/sbin/nologin", NAME], capture_output=True, check=False
    )
    return _named(NAME)


def first_closed_folder(path: Path, account: Account) -> Path | None:
    """Return the first folder on the way to `path` that the account cannot enter, or None."""
    for folder in [*reversed(path.parents), path]:
        if folder.is_dir() and not _may_enter(folder.stat(), account):
            return folder
    return None


def _may_enter(status: os.stat_result, account: Account) -> bool:
    if status.st_uid == account.uid:
        return bool(status.st_mode & stat.S_IXUSR)
    if status.st_gid == account.gid:
        return bool(status.st_mode & stat.S_IXGRP)
    return bool(status.st_mode & stat.S_IXOTH)
