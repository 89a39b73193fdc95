"""The files of a backup: copied once, shared with the backup before by hard links where the disk knows them."""

import hashlib
import os
import re
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from yiwang.kernel.foundation.backup.rules import FILES, LIST, BackupTrouble, Part

DIGEST = 64  # signs of a name that is the digest of what the file holds; others are ids
_CHUNK = 1024 * 1024
_LINE = re.compile(r"^([0-9a-f]{64})  files/((?:[\w-]+/)*[\w.-]+)$")


@dataclass
class Copied:
    """What was copied, by place beneath `files/`; contents that were not there, and such that are not what they say."""

    parts: dict[str, Part] = field(default_factory=dict)
    absent: set[str] = field(default_factory=set)
    damaged: set[str] = field(default_factory=set)

    @property
    def size(self) -> int:
        return sum(part.size for part in self.parts.values())

    def add(self, other: "Copied") -> None:
        self.parts |= other.parts
        self.absent |= other.absent
        self.damaged |= other.damaged


def make_folder(wanted: Path) -> None:
    """Make a folder and its parents, which nobody else may enter."""
    if not wanted.is_dir():
        make_folder(wanted.parent)
        wanted.mkdir(mode=0o700, exist_ok=True)


def new_file(path: Path) -> BinaryIO:
    """Open a new file for writing that nobody else may read."""
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")


def digest_of(path: Path) -> Part:
    digest, size = hashlib.sha256(), 0
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            digest.update(chunk)
            size += len(chunk)
    return Part(digest.hexdigest(), size)


def copy_named(names: set[str], source: Path, target: Path, before: Path | None) -> Copied:
    """Copy every file that belongs to one of some names: all sizes of a photo, a film's first picture.

    What the backup `before` has under the same name and with the same size is linked from there, not read again.
    """
    digests = _list_of(before)
    copied = Copied()
    for name in sorted(names):
        for path in _files_of(name, source):
            place = path.relative_to(source).as_posix()
            with suppress(FileNotFoundError):  # cleared away while we looked
                old = before / FILES / place if before and place in digests else None
                part = _linked(path, old, target / place, digests.get(place, ""))
                copied.parts[place] = part or copy_one(path, target / place)
    found = {_name_of(place) for place in copied.parts}
    whole = {_name_of(place) for place, part in copied.parts.items() if _is_whole(place, part)}
    copied.absent, copied.damaged = names - found, found - whole
    return copied


def _name_of(place: str) -> str:
    return Path(place).name.partition(".")[0]


def _is_whole(place: str, part: Part) -> bool:
    """Whether this is the file a name stands for, and holds what the name says; an id says nothing."""
    name, size = Path(place).name.split(".")[:2]
    return len(name) != DIGEST or (size == "full" and part.sha256 == name)


def _files_of(name: str, source: Path) -> list[Path]:
    """The completely written files of a name: they lie together."""
    folder = source / name[:2] / name[2:4]
    return sorted(path for path in folder.glob(f"{name}.*") if path.suffix != ".part")


def _list_of(before: Path | None) -> dict[str, str]:
    """The list of the backup before; a damaged one is no reason not to make a new one."""
    if before is None:
        return {}
    try:
        return read_list(before)
    except (OSError, BackupTrouble):
        return {}


def _linked(source: Path, old: Path | None, target: Path, digest: str) -> Part | None:
    """Share the bytes of the backup before; None where that cannot be, and they must be copied."""
    if old is None:
        return None
    size = source.stat().st_size
    try:
        if old.stat().st_size != size:
            return None
        make_folder(target.parent)
        os.link(old, target)
    except OSError:  # a disk without links, or the old one is gone
        return None
    return Part(digest, size)


def copy_one(source: Path, target: Path) -> Part:
    """Copy a file and tell what was read; safe on the disk when this returns."""
    digest, size = hashlib.sha256(), 0
    with source.open("rb") as read:
        make_folder(target.parent)
        with new_file(target) as write:
            while chunk := read.read(_CHUNK):
                digest.update(chunk)
                size += len(chunk)
                write.write(chunk)
            write.flush()
            os.fsync(write.fileno())
    return Part(digest.hexdigest(), size)


def write_list(folder: Path, parts: dict[str, Part]) -> Part:
    """Write the list as `sha256sum --check` reads it, so that a backup can be looked over without this program."""
    path = folder / LIST
    with new_file(path) as file:
        for place in sorted(parts):
            file.write(f"{parts[place].sha256}  {FILES}/{place}\n".encode())
        file.flush()
        os.fsync(file.fileno())
    return digest_of(path)


def read_list(folder: Path) -> dict[str, str]:
    """Digest by place beneath `files/`.

    Raises:
        BackupTrouble: a line is no line of ours.
    """
    digests = {}
    with (folder / LIST).open(encoding="utf-8", errors="replace") as file:
        for number, line in enumerate(file, 1):
            found = _LINE.match(line.rstrip("\n"))
            if found is None or ".." in found[2]:
                raise BackupTrouble(f"{LIST}, line {number}: damaged.")
            digests[found[2]] = found[1]
    return digests
