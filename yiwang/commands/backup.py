"""`yiwang backup`: the whole office of this moment into one folder, while it works; and is a backup still whole?"""

import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import click

from yiwang.commands import installation
from yiwang.commands.installation import Installation
from yiwang.config import environment
from yiwang.outside.postgres import external

if TYPE_CHECKING:
    from yiwang.kernel.foundation.backup import Keys, Manifest

_STEPS = {"database": "Database …", "files": "Files …"}


@click.command()
@click.option(
    "--to", "into", type=click.Path(path_type=Path), help="Folder; YIWANG_BACKUPS when left out."
)
@click.option(
    "--keep", type=click.IntRange(1), help="Newest backups that stay; YIWANG_BACKUP_KEEP."
)
@click.option(
    "--verify", "verified", type=click.Path(path_type=Path), help="Check this backup instead."
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def backup(into: Path | None, keep: int | None, verified: Path | None, as_json: bool) -> None:
    """Make a backup of database and files while the office works, or check one (--verify FOLDER)."""
    if verified is not None:
        _verify(verified, as_json)
        return
    with installation.opened() as here:
        _make(here, into or installation.backups(here.home), keep, as_json)


def _make(here: Installation, into: Path, keep: int | None, as_json: bool) -> None:
    from yiwang.kernel.foundation import backup as room

    external.connect(here.owner_url, "DATABASE_OWNER_URL").close()
    office = room.Office(here.owner_url, here.home, keys_of(here.variables), installation.version())
    folder, manifest = room.make(
        office,
        into.expanduser().resolve(),
        at=datetime.now(UTC),
        say=lambda step: None if as_json else click.echo(_STEPS[step]),
    )
    gone = room.rotate(folder.parent, keep or cast(int, environment.read()["YIWANG_BACKUP_KEEP"]))
    report = {**_summary(folder, manifest), "removed": [str(each.folder) for each in gone]}
    click.echo(json.dumps(report, ensure_ascii=False) if as_json else _as_text(report))
    if manifest.lost or manifest.damaged:
        raise SystemExit(1)


def keys_of(variables: Any) -> "Keys":
    """The keys of an installation, by its variables."""
    from yiwang.kernel.foundation.backup import Keys
    from yiwang.kernel.foundation.secrets import keys_in

    return Keys(keys_in(variables["YIWANG_DATA_KEY"]), variables["YIWANG_SECRET_KEY"])


def _verify(folder: Path, as_json: bool) -> None:
    from yiwang.kernel.foundation import backup as room

    manifest = room.open_manifest(folder, keys_of(installation.known_keys()))
    faults = room.find_faults(folder, manifest)
    report = {**_summary(folder, manifest), "whole": not faults, "faults": faults}
    if as_json:
        click.echo(json.dumps(report, ensure_ascii=False))
    else:
        click.echo("\n".join([*faults, _as_text(report)]))
        click.echo(
            "The backup is whole." if not faults else f"{len(faults)} faults: do not rely on it."
        )
    if faults:
        sys.exit(1)


def _summary(folder: Path, manifest: "Manifest") -> dict[str, Any]:
    tables = manifest.picture.tables
    return {
        "folder": str(folder),
        "made_at": manifest.made_at,
        "cases": tables.get("cases_case", 0),
        "record_rows": tables.get("foundation_auditentry", 0),
        "last_seal": manifest.picture.last_seal,
        "files": manifest.files,
        "bytes": manifest.database.size + manifest.bytes_of_files,
        "data_keys": manifest.data_keys,
        "lost": manifest.lost,
        "damaged": manifest.damaged,
    }


def _as_text(report: dict[str, Any]) -> str:
    seal = report["last_seal"].get("day", "none yet")
    lines = [
        f"{report['folder']}: {report['cases']} cases, {report['record_rows']} rows of the record "
        f"(last seal: {seal}), {report['files']} files, {report['bytes'] / 1024**2:.1f} MB",
        f"Key {', '.join(report['data_keys'])} opens it and is not in it: keep the keys in another place.",
    ]
    for word, sentence in (
        ("lost", "files are named by the database but missing on the disk of the office"),
        ("damaged", "files were damaged on the disk of the office before they were saved"),
    ):
        if report[word]:
            lines.append(f"{len(report[word])} {sentence}: {', '.join(report[word][:5])}")
    if removed := report.get("removed"):
        lines.append(f"{len(removed)} older backups removed.")
    return "\n".join(lines)
