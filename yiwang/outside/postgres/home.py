"""The folder of an installation: made, writable, with room, and open to the server's account."""

import os
import shutil
import tempfile
from pathlib import Path

from yiwang.outside.machine.accounts import Account, first_closed_folder
from yiwang.outside.postgres.trouble import DatabaseTrouble

ROOM_FOR_A_NEW_DATABASE = 500 * 1024 * 1024
ROOM_TO_GO_ON = 100 * 1024 * 1024


def prepare(home: Path) -> None:
    """Make the folder where it is missing, and see that something can be written there.

    Raises:
        DatabaseTrouble: it cannot be made or written, or the disk is full.
    """
    try:
        home.mkdir(parents=True, exist_ok=True, mode=0o700)
        with tempfile.TemporaryFile(dir=home) as probe:
            probe.write(b"room")
    except OSError as error:
        raise DatabaseTrouble(
            f"YIWANG_HOME ({home}) cannot be written: {error.strerror}."
        ) from error
    _refuse_without_room(home)


def _refuse_without_room(home: Path) -> None:
    needed = ROOM_TO_GO_ON if (home / "postgres").exists() else ROOM_FOR_A_NEW_DATABASE
    free = shutil.disk_usage(home).free
    if free < needed:
        raise DatabaseTrouble(
            f"The disk of YIWANG_HOME ({home}) has {free // 1024**2} MB left, {needed // 1024**2} MB are needed."
        )


def open_to(home: Path, account: Account | None, program: Path) -> None:
    """Let the server's account pass through `home`; folders that are not ours stay as they are.

    Raises:
        DatabaseTrouble: a folder above `home` or above the server's programs is closed to the account.
    """
    if account is None:
        return
    if not first_closed_folder(home.parent, account):
        home.chmod(home.stat().st_mode | 0o011)
    for path, meaning in ((home, "YIWANG_HOME"), (program, "the program's folder")):
        closed = first_closed_folder(path, account)
        if closed is not None:
            raise DatabaseTrouble(
                f"PostgreSQL must not run as root, and its account {account.name} cannot enter {closed}: "
                f"move {meaning} elsewhere (for example below /srv), or start as an ordinary user."
            )


def give(folder: Path, account: Account | None) -> None:
    """Make `folder` belong to the server's account."""
    if account is not None:
        os.chown(folder, account.uid, account.gid)
