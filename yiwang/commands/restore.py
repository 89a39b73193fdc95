"""`yiwang restore`: bring a backup back into an empty database, and see that everything is as it was saved."""

import contextlib
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from yiwang.commands import installation, prepare
from yiwang.commands.backup import keys_of
from yiwang.commands.installation import Installation, command
from yiwang.config import environment
from yiwang.outside.postgres import external
from yiwang.outside.postgres.locks import FileLock

if TYPE_CHECKING:
    from yiwang.kernel.foundation.backup import Manifest

_MIGRATING = 7_301_947  # the lock of `yiwang migrate`: no program fills the database while it is brought back


@click.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option(
    "--rehearse",
    is_flag=True,
    help="Bring it back into a server of its own for the moment, check everything, and throw that away.",
)
def restore(folder: Path, rehearse: bool) -> None:
    """Bring a backup back: into the empty database of this installation, or for rehearsal only."""
    manifest = _whole(folder)
    if rehearse:
        with _for_a_moment(), installation.opened() as here:
            _restore(folder, manifest, here)
        click.echo("Rehearsed: this backup can be relied on. Nothing was left behind.")
        return
    with _nobody_else(), installation.opened() as here:
        _restore(folder, manifest, here)
    click.echo("Restored. Everybody signs in anew; start the office now.")


def _whole(folder: Path) -> "Manifest":
    """Read every byte of the backup.

    Raises:
        ClickException, BackupTrouble: it is not whole, or not of this office.
    """
    from yiwang.kernel.foundation.backup import find_faults, open_manifest

    keys = keys_of(installation.known_keys())
    manifest = open_manifest(folder, keys)
    click.echo(
        f"The backup of {manifest.made_at}, program {manifest.program}: reading every byte …"
    )
    if faults := find_faults(folder, manifest):
        shown = "".join(f"\n  {fault}" for fault in faults[:20])
        raise click.ClickException(f"The backup is not whole, nothing was changed:{shown}")
    if manifest.secret_key != keys.secret_print:
        click.echo(
            "YIWANG_SECRET_KEY is another than then: links in messages already sent do not open."
        )
    return manifest


@contextlib.contextmanager
def _nobody_else() -> Iterator[None]:
    """Keep `yiwang run` from starting meanwhile.

    Raises:
        ClickException: it runs.
    """
    from yiwang.commands.run import LOCK

    folder = Path(str(environment.read()["YIWANG_HOME"]))
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    lock = FileLock(folder / LOCK)
    try:
        if not lock.try_alone():
            raise click.ClickException(f"Yiwang runs in {folder}: end it first.")
        yield
    finally:
        lock.close()


@contextlib.contextmanager
def _for_a_moment() -> Iterator[None]:
    """Let the settings lead to an empty installation that is removed afterwards; the keys stay."""
    keys = installation.known_keys()
    folder = tempfile.mkdtemp(prefix="yiwang-rehearsal-")
    os.environ.update({**keys, "YIWANG_HOME": folder})
    for name in ("DATABASE_URL", "DATABASE_OWNER_URL"):
        os.environ.pop(name, None)
    try:
        yield
    finally:
        place = (Path(folder) / "postgres").resolve()
        if place.parent != Path(folder).resolve():  # the server's account could not go there
            shutil.rmtree(place.parent, ignore_errors=True)
        shutil.rmtree(folder, ignore_errors=True)


def _restore(folder: Path, manifest: "Manifest", here: Installation) -> None:
    from yiwang.kernel.foundation.backup import bring_back, refuse_unfit

    os.environ.update(here.variables)
    external.check(here.program_url, here.owner_url)
    with external.connect(here.owner_url, "DATABASE_OWNER_URL") as guard:
        prepare()
        refuse_unfit(here.owner_url, manifest, _known_migrations(), besides=guard.info.backend_pid)
        guard.execute("SELECT pg_advisory_lock(%s)", [_MIGRATING])
        click.echo("Files and database …")
        wrong = bring_back(folder, manifest, here.owner_url, here.home)
    click.echo("Rights and record …")
    subprocess.run(command("migrate"), check=True, env={**os.environ, **here.variables})  # noqa: S603
    wrong += _wrong_afterwards(here)
    if wrong:
        shown = "".join(f"\n  {each}" for each in wrong[:20])
        raise click.ClickException(f"What came back is not what was saved:{shown}")
    _say_what_is_back(manifest)


def _known_migrations() -> set[str]:
    from django.db.migrations.loader import MigrationLoader

    return {f"{app}.{name}" for app, name in MigrationLoader(None).disk_migrations}


def _wrong_afterwards(here: Installation) -> list[str]:
    """See that the roles are as narrow as they must be and the record is whole."""
    from yiwang.kernel.foundation.audit import verify
    from yiwang.kernel.foundation.database import wrong_rights

    external.check(here.program_url, here.owner_url)
    return [*wrong_rights(), *(finding.sentence.text() for finding in verify())]


def _say_what_is_back(manifest: "Manifest") -> None:
    tables = manifest.picture.tables
    click.echo(
        f"{tables.get('cases_case', 0)} cases, {tables.get('foundation_auditentry', 0)} rows of the record, "
        f"{manifest.files} files are back; the record is whole, roles and policies hold."
    )
    if manifest.lost or manifest.damaged:
        click.echo(
            f"{len(manifest.lost) + len(manifest.damaged)} files were lost or damaged in the office before the backup."
        )
