"""Backups: the whole office of one moment in one folder, made while it works, and brought back from there.

A backup is a folder named for its moment: `database.dump` (pg_dump of one snapshot), `files/` (what that snapshot names),
`files.sha256` (a line each), and, written last, `manifest.json`: counts, heads of the record, structure, fingerprints of
the keys, digests of the rest, and a seal that only the office's own key can make. No key lies in a backup.

Promises: a backup without a manifest was never finished and is not restored; a changed, cut or missing part is named;
what was acknowledged before the snapshot is in it.
"""

from yiwang.kernel.foundation.backup.checking import find_faults, open_manifest
from yiwang.kernel.foundation.backup.keeping import Backup, backups_in, rotate
from yiwang.kernel.foundation.backup.making import make
from yiwang.kernel.foundation.backup.restoring import bring_back, refuse_unfit
from yiwang.kernel.foundation.backup.rules import BackupTrouble, Keys, Manifest, Office

__all__ = [
    "Backup",
    "BackupTrouble",
    "Keys",
    "Manifest",
    "Office",
    "backups_in",
    "bring_back",
    "find_faults",
    "make",
    "open_manifest",
    "refuse_unfit",
    "rotate",
]
