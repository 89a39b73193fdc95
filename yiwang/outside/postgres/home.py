"""The folder of an installation: made, writable, and with room on its disk."""

import os
import shutil
import tempfile
from pathlib import Path

from yiwang.outside.machine.accounts import Account
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


def give(folder: Path, account: Account | None) -> None:
    """Make `folder` belong to the server's account."""
    if account is not None:
        os.chown(folder, account.uid, account.gid)
