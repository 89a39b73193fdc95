"""The process that runs the server for as long as somebody needs it: `python -m … HOME KIND VERSION`."""

import os
import signal
import sys
import time
from pathlib import Path
from types import FrameType
from typing import cast

from yiwang.outside.postgres import roles, secrets, state
from yiwang.outside.postgres.cluster import Cluster
from yiwang.outside.postgres.locks import FileLock
from yiwang.outside.postgres.trouble import DatabaseTrouble
from yiwang.outside.postgres.tuning import Kind

_LOOK_EVERY = 0.2  # seconds
_CRASHES_IN_A_ROW = 5
_CALM = 60.0  # seconds after which a crash is no longer one of a row


class _AskedToStop(Exception):
    pass


def main(home: Path, kind: Kind, version: int) -> int:
    """Keep the server running until nobody holds it; return the exit code."""
    os.chdir("/")
    lock = FileLock(home / state.KEEPER)
    if not _become_keeper(lock):
        return 0
    signal.signal(signal.SIGTERM, _stop)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    cluster: Cluster | None = None
    try:
        cluster = Cluster(home, kind, version)
        _bring_up(cluster)
        _watch(cluster)
    except _AskedToStop:
        pass
    except DatabaseTrouble as trouble:
        state.announce(home, "failed", sentence=str(trouble))
        return 1
    except OSError as error:
        state.announce(home, "failed", sentence=f"The database cannot be started: {error}.")
        return 1
    finally:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        if cluster is not None:
            cluster.stop()
    state.announce(home, "stopped")
    return 0


def _become_keeper(lock: FileLock) -> bool:
    """Take the keeper's lock; others only glance at it, so a second attempt tells a keeper from a glance."""
    for _attempt in range(10):
        if lock.try_alone():
            return True
        time.sleep(0.05)
    return False


def _stop(_signal: int, _frame: FrameType | None) -> None:
    raise _AskedToStop


def _bring_up(cluster: Cluster) -> None:
    state.announce(cluster.home, "starting" if cluster.is_made() else "making")
    known = secrets.load_or_make(cluster.home)
    if not cluster.is_made():
        cluster.make(known.superuser_password)
    cluster.start()
    roles.ensure(cluster, known)
    state.announce(cluster.home, "ready", port=cluster.port)


def _watch(cluster: Cluster) -> None:
    """Return when the last holder has gone; start the server again when it dies."""
    users = FileLock(cluster.home / state.USERS)
    crashes, last_crash = 0, 0.0
    while not users.try_alone():
        if cluster.has_ended():
            crashes = crashes + 1 if time.monotonic() - last_crash < _CALM else 1
            last_crash = time.monotonic()
            _again(cluster, crashes)
        time.sleep(_LOOK_EVERY)


def _again(cluster: Cluster, crashes: int) -> None:
    if crashes > _CRASHES_IN_A_ROW:
        raise DatabaseTrouble(f"PostgreSQL ended {crashes} times in a row; see {cluster.log}.")
    state.announce(cluster.home, "starting")
    time.sleep(0.2 * (crashes - 1))
    cluster.start()
    state.announce(cluster.home, "ready", port=cluster.port)


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), cast(Kind, sys.argv[2]), int(sys.argv[3])))
