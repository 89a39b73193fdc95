"""The parent's side: start the child, wait, read its answer."""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from time import monotonic
from typing import IO, Any, Literal

import yiwang

Work = Literal["look_video", "look_voice", "look_document", "video", "voice", "strip"]

LOOK_S = 30
"""How long a look at a file may take; making another of it is given by the caller."""
GLANCE_S = 0.2
ANSWER_AT_MOST = 65_536
_ROOT = str(Path(yiwang.__file__).resolve().parents[1])


class Unfit(Exception):
    """The file cannot be taken; `code` says why, `figures` by how much."""

    def __init__(self, code: str, figures: dict[str, Any]) -> None:
        super().__init__(code)
        self.code, self.figures = code, figures


class Broken(Exception):
    """The child crashed, hung or answered nonsense over this file."""


class Stopped(Exception):
    """The caller wanted to end; nothing was made."""


def ask(
    work: Work,
    *paths: Path,
    seconds: float = LOOK_S,
    stop: Callable[[], bool] = lambda: False,
) -> dict[str, Any]:
    """Let a child do `work` on these files and return its answer.

    Raises:
        Unfit: the file is not what it should be. Broken: the child did not come through. Stopped: `stop()` said so.
    """
    with tempfile.TemporaryFile() as said:
        child = subprocess.Popen(  # noqa: S603 - our own program on paths we made
            [sys.executable, "-m", "yiwang.outside.media", work, *map(str, paths)],
            stdin=subprocess.DEVNULL,
            stdout=said,
            stderr=subprocess.DEVNULL,
            env={"PATH": os.defpath, "PYTHONPATH": _ROOT, "LC_ALL": "C.UTF-8"},
            cwd="/",
        )
        try:
            status = _wait(child, monotonic() + seconds, stop)
        finally:
            if child.poll() is None:
                child.kill()
                child.wait()
        return _answer(status, said)


def _wait(child: subprocess.Popen[bytes], until: float, stop: Callable[[], bool]) -> int:
    while True:
        try:
            return child.wait(GLANCE_S)
        except subprocess.TimeoutExpired:
            if stop():
                raise Stopped from None
            if monotonic() > until:
                raise Broken("too slow") from None


def _answer(status: int, said: IO[bytes]) -> dict[str, Any]:
    said.seek(0)
    try:
        answer: dict[str, Any] = json.loads(said.read(ANSWER_AT_MOST))
    except ValueError as error:
        raise Broken(f"ended with {status}") from error
    if "unfit" in answer:
        raise Unfit(answer.pop("unfit"), answer)
    if status != 0:
        raise Broken(f"ended with {status}")
    return answer
