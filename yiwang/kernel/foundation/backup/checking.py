"""Is a backup whole? Every byte is read."""

from collections.abc import Callable, Iterator
from pathlib import Path

from yiwang.kernel.foundation.backup import files
from yiwang.kernel.foundation.backup.rules import (
    DUMP,
    FILES,
    LIST,
    MANIFEST,
    UNFINISHED,
    BackupTrouble,
    Keys,
    Manifest,
    Part,
    read,
)

Progress = Callable[[int, int], object]


def open_manifest(folder: Path, keys: Keys) -> Manifest:
    """What a backup says it holds.

    Raises:
        BackupTrouble: no backup, never finished, made with another key, or its manifest was touched.
    """
    path = folder / MANIFEST
    if not path.is_file():
        if folder.name.endswith(UNFINISHED) or (folder / DUMP).exists():
            raise BackupTrouble(f"{folder} was never finished: it has no {MANIFEST}.")
        raise BackupTrouble(f"{folder} is no backup: it has no {MANIFEST}.")
    try:
        return read(path.read_text(encoding="utf-8", errors="replace"), keys)
    except OSError as error:
        raise BackupTrouble(f"{path} cannot be read: {error.strerror}.") from error


def find_faults(
    folder: Path, manifest: Manifest, progress: Progress = lambda done, total: None
) -> list[str]:
    """What is wrong with the parts of a backup, each naming its file; an empty list when it is whole."""
    return [
        *_fault_of(folder, DUMP, manifest.database),
        *(list_faults := list(_fault_of(folder, LIST, manifest.list_of_files))),
        *([] if list_faults else _faults_of_files(folder, manifest.files, progress)),
    ]


def _fault_of(folder: Path, name: str, wanted: Part) -> Iterator[str]:
    try:
        found = files.digest_of(folder / name)
    except OSError as error:
        yield f"{name}: {_why(error)}"
        return
    if found.size < wanted.size:
        yield f"{name}: cut off, {found.size} of {wanted.size} bytes"
    elif found != wanted:
        yield f"{name}: changed after it was written"


def _faults_of_files(folder: Path, total: int, progress: Progress) -> Iterator[str]:
    for done, (place, digest) in enumerate(files.read_list(folder).items(), 1):
        try:
            if files.digest_of(folder / FILES / place).sha256 != digest:
                yield f"{FILES}/{place}: changed after it was written"
        except OSError as error:
            yield f"{FILES}/{place}: {_why(error)}"
        progress(done, total)


def _why(error: OSError) -> str:
    return "missing" if isinstance(error, FileNotFoundError) else f"unreadable, {error.strerror}"
