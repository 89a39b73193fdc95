"""The installation a command works on: its settings, its keys and its database, whoever runs the server.

After `enter()` the environment has everything that `yiwang.config` reads: DATABASE_URL, DATABASE_OWNER_URL and the
keys, from the environment itself or from `YIWANG_HOME`, with the embedded server running until this process ends.
"""

import atexit
import contextlib
import os
import subprocess
import sys
import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from yiwang.config import environment
from yiwang.outside.postgres import Database, DatabaseTrouble, external, hold, home, secrets

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Installation:
    """`variables` are those that every program of this installation is started with."""

    home: Path
    port: int
    embedded: bool
    variables: Mapping[str, str]

    @property
    def program_url(self) -> str:
        return self.variables["DATABASE_URL"]

    @property
    def owner_url(self) -> str:
        return self.variables["DATABASE_OWNER_URL"]


def enter() -> None:
    """Put the installation into the environment of this process, until the process ends."""
    if os.environ.get("YIWANG_ENTERED") == "1":
        return
    stack = contextlib.ExitStack()
    atexit.register(stack.close)
    installation = stack.enter_context(opened())
    os.environ.update(installation.variables)
    if not _is_migrated(installation.program_url) and os.environ.get("YIWANG_AS_OWNER") != "1":
        subprocess.run(command("migrate"), check=True)  # noqa: S603 - ourselves


@contextlib.contextmanager
def opened(say: Callable[[str], None] = lambda _step: None) -> Iterator[Installation]:
    """Open the installation of the environment's settings; the embedded server runs as long as the block.

    Raises:
        WrongSetting, DatabaseTrouble: one sentence each.
    """
    settings = environment.read()
    folder = cast(Path, settings["YIWANG_HOME"])
    port = cast(int, settings["YIWANG_PORT"])
    if settings["DATABASE_URL"]:
        urls = {name: os.environ[name] for name in ("DATABASE_URL", "DATABASE_OWNER_URL")}
        yield Installation(folder, port, False, {**_keys(folder), **urls, **_here(folder)})
        return
    with hold(folder, say=say) as database:
        yield Installation(
            folder, port, True, {**_keys(folder), **urls_of(database), **_here(folder)}
        )


def urls_of(database: Database) -> dict[str, str]:
    return {"DATABASE_URL": database.program_url, "DATABASE_OWNER_URL": database.owner_url}


def _here(folder: Path) -> dict[str, str]:
    return {
        "YIWANG_HOME": str(folder),
        "YIWANG_ENTERED": "1",
        "DJANGO_SETTINGS_MODULE": "yiwang.config.settings",
    }


def _keys(folder: Path) -> dict[str, str]:
    """Return the keys: the environment's own, or those made at the first start."""
    given = {name: os.environ.get(name, "") for name in ("YIWANG_SECRET_KEY", "YIWANG_DATA_KEY")}
    if all(given.values()):
        return given
    home.prepare(folder)
    made = secrets.load_or_make(folder)
    return {
        "YIWANG_SECRET_KEY": given["YIWANG_SECRET_KEY"] or made.secret_key,
        "YIWANG_DATA_KEY": given["YIWANG_DATA_KEY"] or made.data_key,
    }


def known_keys() -> dict[str, str]:
    """The keys there are, without making any.

    Raises:
        DatabaseTrouble: none are here.
    """
    given = {name: os.environ.get(name, "") for name in ("YIWANG_SECRET_KEY", "YIWANG_DATA_KEY")}
    folder = cast(Path, environment.read()["YIWANG_HOME"])
    if given["YIWANG_DATA_KEY"] or (folder / secrets.NAME).exists():
        return _keys(folder)
    raise DatabaseTrouble(
        f"The keys of the office are not here: put its {secrets.NAME} into YIWANG_HOME ({folder}), "
        "or set YIWANG_DATA_KEY and YIWANG_SECRET_KEY."
    )


def _is_migrated(url: str) -> bool:
    with external.connect(url, "DATABASE_URL") as connection:
        row = connection.execute("SELECT to_regclass('public.django_migrations')").fetchone()
    return bool(row and row[0])


def backups(folder: Path) -> Path:
    """Where the backups of an installation lie."""
    return cast(Path | None, environment.read()["YIWANG_BACKUPS"]) or folder / "backups"


def version() -> str:
    """The program's version, as pyproject.toml has it."""
    return str(tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"])


def command(*words: str) -> list[str]:
    """Return the command line that starts this very program with other words."""
    return [sys.executable, "-m", "yiwang.commands", *words]
