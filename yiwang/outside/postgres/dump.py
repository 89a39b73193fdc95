"""The whole content of a database in one file, and back: pg_dump and pg_restore of the server's own version.

The machine's own programs of the server's version come first. Else those that the wheel brings are used: of 16, and of 18
for 17 and 18; they speak no TLS. Passwords travel in the environment of the program, never on its command line.
"""

import os
import re
import shutil
import subprocess
from pathlib import Path
from urllib.parse import unquote, urlsplit

from yiwang.outside.postgres import binaries
from yiwang.outside.postgres.trouble import DatabaseTrouble

_DEBIAN = Path("/usr/lib/postgresql")
_WORDS = 400  # of a failed program's last line, for people


def dump(url: str, to: Path, *, server: int, snapshot: str) -> None:
    """Write everything that a snapshot sees into `to`; owners and rights are left out, a restore gives them anew.

    Raises:
        DatabaseTrouble: no program of that version, the disk is full, or the server refused.
    """
    to.touch(mode=0o600)
    words = ["--format=custom", "--no-owner", "--no-acl", f"--snapshot={snapshot}", f"--file={to}"]
    _run(tool("pg_dump", server), words, url, "The database could not be written")


def load(url: str, source: Path, *, server: int) -> None:
    """Bring back what `dump` wrote: all of it, or nothing.

    Raises:
        DatabaseTrouble: as above, or the file is damaged.
    """
    words = ["--no-owner", "--no-acl", "--exit-on-error", "--single-transaction"]
    words += [f"--dbname={_place(url)['PGDATABASE']}", str(source)]
    _run(tool("pg_restore", server), words, url, "The database could not be brought back")


def tool(name: str, server: int) -> Path:
    """Return a program that speaks with a server of this major version.

    Raises:
        DatabaseTrouble: there is none on this machine.
    """
    for found in (_DEBIAN / str(server) / "bin" / name, _of_wheel(name, server), _in_path(name)):
        if found is not None and found.is_file() and _version_of(found) >= server:
            return found
    raise DatabaseTrouble(
        f"The server is PostgreSQL {server}, and no {name} of that version is here: "
        f"install the package postgresql-client-{server}."
    )


def _of_wheel(name: str, server: int) -> Path | None:
    """The program that came along; those of 18 write what an older server than 17 does not read."""
    try:
        return binaries.program(name, 16 if server <= 16 else binaries.CURRENT)
    except DatabaseTrouble:
        return None


def _in_path(name: str) -> Path | None:
    found = shutil.which(name)
    return Path(found) if found else None


def _version_of(program: Path) -> int:
    done = subprocess.run(  # noqa: S603 - a program of PostgreSQL
        [program, "--version"], capture_output=True, text=True, check=False
    )
    numbers = re.search(r"\) (\d+)", done.stdout)
    return int(numbers[1]) if numbers else 0


def _run(program: Path, words: list[str], url: str, sentence: str) -> None:
    done = subprocess.run(  # noqa: S603 - a program of PostgreSQL
        [program, "--no-password", *words],
        env={**os.environ, **_place(url), "LC_ALL": "C"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        errors="replace",
        check=False,
    )
    if done.returncode != 0:
        raise DatabaseTrouble(f"{sentence}: {_reason(done.stderr)}.")


def _place(url: str) -> dict[str, str]:
    """Return where a URL leads to, as libpq reads it from the environment."""
    parts = urlsplit(url)
    return {
        "PGHOST": parts.hostname or "",
        "PGPORT": str(parts.port or 5432),
        "PGUSER": unquote(parts.username or ""),
        "PGPASSWORD": unquote(parts.password or ""),
        "PGDATABASE": unquote(parts.path.strip("/")),
    }


def _reason(errors: str) -> str:
    if "No space left on device" in errors:
        return "the disk is full"
    if "not compiled in" in errors:
        return (
            "the server wants TLS, which the programs that came along do not speak: "
            "install the package postgresql-client of the server's version"
        )
    lines = [line for line in errors.splitlines() if "error:" in line] or errors.splitlines()
    # The rest of a message of the server may hold values, that is, people.
    return (lines[0].partition("error:")[2] or lines[0]).strip()[:_WORDS] if lines else "no reason"
