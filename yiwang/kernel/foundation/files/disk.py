"""Bytes on the disk: whole or not there at all, even when the power fails."""

import errno
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath

from django.conf import settings
from django.utils.translation import gettext as _

from yiwang.kernel.foundation.errors import NoSpace

FULL = {errno.ENOSPC, errno.EDQUOT}
HALF_WRITTEN = ".part"
ARRIVING = "arriving"
ROOM = 1024**3
"""What films and documents leave free."""


def folder() -> Path:
    """Where all files lie."""
    return Path(settings.YIWANG_HOME) / "files"


def write(place: PurePosixPath, content: bytes) -> None:
    """Write a file whose name tells its content; one that is there already is only marked as used again.

    Raises:
        NoSpace: the disk is full.
    """
    target = folder() / place
    try:
        os.utime(target)
    except FileNotFoundError:
        _write_new(target, content)


@contextmanager
def arriving() -> Iterator[Path]:
    """Give a place for bytes that are still coming; what was not settled is gone afterwards.

    Raises:
        NoSpace: the disk is full.
    """
    with saying_when_full():
        _make(folder() / ARRIVING)
        handle, name = tempfile.mkstemp(dir=folder() / ARRIVING, suffix=HALF_WRITTEN)
        os.close(handle)
    try:
        yield Path(name)
    finally:
        Path(name).unlink(missing_ok=True)


def keep_room() -> None:
    """Refuse what is large while there is still room for reports and the database.

    Raises:
        NoSpace: less than `ROOM` is left.
    """
    place = folder()
    while not place.exists():
        place = place.parent
    if shutil.disk_usage(place).free < ROOM:
        raise NoSpace(_("服务器存储空间不足，文件没有保存，请联系管理员"))


def settle(arrived: Path, place: PurePosixPath) -> None:
    """Let what has arrived whole lie at its place, safe on the disk.

    Raises:
        NoSpace: the disk is full.
    """
    target = folder() / place
    with saying_when_full():
        _make(target.parent)
        _sync(arrived)
        arrived.rename(target)
        _sync(target.parent)


@contextmanager
def saying_when_full() -> Iterator[None]:
    """Turn "no space left" into a refusal that says so."""
    try:
        yield
    except OSError as error:
        if error.errno in FULL:
            raise NoSpace(_("服务器存储空间不足，文件没有保存，请联系管理员")) from error
        raise


def remove(place: PurePosixPath) -> None:
    (folder() / place).unlink(missing_ok=True)


def older_than(moment: float) -> Iterator[Path]:
    """Files last used before a moment (seconds since the epoch), half-written ones too."""
    for path in folder().rglob("*.*"):
        if path.is_file() and path.stat().st_mtime < moment:
            yield path


def _write_new(target: Path, content: bytes) -> None:
    with saying_when_full():
        _make(target.parent)
        handle, name = tempfile.mkstemp(dir=target.parent, suffix=HALF_WRITTEN)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            Path(name).rename(target)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
        _sync(target.parent)


def _make(wanted: Path) -> None:
    """Make a folder and its parents, readable by the program alone and safe on the disk."""
    if wanted.is_dir():
        return
    _make(wanted.parent)
    wanted.mkdir(mode=0o700, exist_ok=True)
    _sync(wanted.parent)


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
