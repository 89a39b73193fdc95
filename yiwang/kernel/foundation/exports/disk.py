"""The files of exports: apart from what residents sent, so that no backup keeps them longer than they should last."""

import os
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from django.conf import settings

from yiwang.kernel.foundation.files.disk import FULL, saying_when_full

HALF = ".part"


def folder() -> Path:
    return Path(settings.YIWANG_HOME) / "exports"


def place_of(export_id: uuid.UUID) -> Path:
    return folder() / f"{export_id}.xlsx"


@contextmanager
def arriving(run: uuid.UUID) -> Iterator[Path]:
    """Give a place for a file in the making; what was not settled is gone afterwards.

    Raises:
        NoSpace: the disk is full.
    """
    with saying_when_full():
        folder().mkdir(mode=0o700, parents=True, exist_ok=True)
        part = folder() / f"{run}{HALF}"
        part.touch(mode=0o600)
        try:
            yield part
        finally:
            part.unlink(missing_ok=True)


class Sink:
    """An open file that takes what still comes once the disk is full, keeps none of it, and says so at the end.

    Who writes a workbook into it need not be able to stop in the middle: a half-written archive cannot be closed.
    """

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._full: OSError | None = None

    def write(self, piece: bytes) -> int:
        self._try(lambda: self._file.write(piece))
        return len(piece)

    def flush(self) -> None:
        self._try(self._file.flush)

    def seek(self, to: int, whence: int = os.SEEK_SET) -> int:
        self._try(lambda: self._file.seek(to, whence))
        return self.tell()

    def tell(self) -> int:
        return self._file.tell()

    def end(self) -> None:
        """Let everything be written.

        Raises:
            OSError: it was too much for the disk.
        """
        self.flush()
        if self._full is not None:
            raise self._full

    def _try(self, act: Callable[[], object]) -> None:
        if self._full is not None:
            return
        try:
            act()
        except OSError as error:
            if error.errno not in FULL:
                raise
            self._full = error


def settle(part: Path, export_id: uuid.UUID) -> int:
    """Let a whole file lie at its place, safe on the disk; return its size.

    Raises:
        NoSpace: the disk is full.
    """
    with saying_when_full():
        with part.open("rb") as file:
            os.fsync(file.fileno())
        size = part.stat().st_size
        part.rename(place_of(export_id))
    return size


def remove(export_id: uuid.UUID) -> None:
    place_of(export_id).unlink(missing_ok=True)


def strays(kept: set[str], before: float) -> Iterator[Path]:
    """Files last written before a moment that belong to no export: half-written ones, and those of a run that was lost."""
    if not folder().is_dir():
        return
    for path in folder().iterdir():
        with suppress(FileNotFoundError):
            if path.name not in kept and path.stat().st_mtime < before:
                yield path
