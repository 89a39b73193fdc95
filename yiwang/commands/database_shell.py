"""`yiwang database-shell`: psql on the installation's database."""

import os
import shutil
import subprocess

import click

from yiwang.commands import installation
from yiwang.outside.postgres.binaries import program


@click.command()
@click.option("--owner", is_flag=True, help="As the role that owns the tables; no policy binds it.")
def database_shell(owner: bool) -> None:
    """Open psql on the database, as the program's own role."""
    installation.enter()
    url = os.environ["DATABASE_OWNER_URL" if owner else "DATABASE_URL"]
    psql = shutil.which("psql") or str(program("psql"))
    raise SystemExit(subprocess.run([psql, url], check=False).returncode)  # noqa: S603
