"""What the keeper tells those who wait for the server: `YIWANG_HOME/postgres.state`."""

import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path

USERS = "postgres.users"
KEEPER = "postgres.keeper"
_NAME = "postgres.state"


@dataclass(frozen=True)
class State:
    """`step` is starting, making, ready or failed; `sentence` explains a failure."""

    pid: int
    step: str
    port: int = 0
    sentence: str = ""


def write(home: Path, state: State) -> None:
    draft = home / f"{_NAME}.new"
    draft.write_text(json.dumps(asdict(state)))
    draft.replace(home / _NAME)


def read(home: Path) -> State:
    try:
        return State(**json.loads((home / _NAME).read_text()))
    except (OSError, ValueError, TypeError):
        return State(pid=0, step="")


def announce(home: Path, step: str, *, port: int = 0, sentence: str = "") -> None:
    """Write the state of this very process."""
    write(home, State(os.getpid(), step, port, sentence))
