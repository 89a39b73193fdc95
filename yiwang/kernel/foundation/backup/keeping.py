"""Which backups lie in a folder, and how many stay."""

import shutil
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from yiwang.kernel.foundation.backup.rules import MANIFEST, UNFINISHED, moment_of


@dataclass(frozen=True)
class Backup:
    """One finished backup."""

    folder: Path
    moment: datetime


def backups_in(into: Path) -> list[Backup]:
    """The finished backups of a folder, the newest first."""
    found = []
    for folder in into.iterdir() if into.is_dir() else ():
        moment = moment_of(folder.name)
        if moment is not None and (folder / MANIFEST).is_file():
            found.append(Backup(folder, moment))
    return sorted(found, key=lambda each: each.moment, reverse=True)


def rotate(into: Path, keep: int) -> list[Backup]:
    """Remove all but the newest `keep` finished backups, at least one stays; return those that went."""
    gone = backups_in(into)[max(1, keep) :]
    for backup in gone:
        doomed = backup.folder.with_name(f"{backup.folder.name}{UNFINISHED}")
        backup.folder.rename(doomed)  # half removed is no backup any more
        shutil.rmtree(doomed)
    return gone
