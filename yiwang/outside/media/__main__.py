"""The child: one work on one file, one JSON answer. Knows no setting, no database and no secret."""

import ctypes
import json
import os
import resource
import signal
import sys
from pathlib import Path
from typing import Any

from yiwang.outside.media.unfit import UnfitFile

MEMORY = 3 * 1024**3  # of addresses; the threads of a decoder reserve far more than they touch
LARGEST_RESULT = 200 * 1024**2
CPU_S = {"video": 900, "voice": 120}
CPU_FOR_A_LOOK_S = 20
_PR_SET_PDEATHSIG = 1


def fence(work: str) -> None:
    """Bound what this process may use, let it end with its parent, and let others go first."""
    seconds = CPU_S.get(work, CPU_FOR_A_LOOK_S)
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_FSIZE, (LARGEST_RESULT, LARGEST_RESULT))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    os.umask(0o077)
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if work in CPU_S:
        os.nice(10)


def do(work: str, paths: list[Path]) -> dict[str, Any]:
    """Do it. Each work imports only what it needs: a look at a paper needs no decoder."""
    if work in ("look_document", "strip"):
        from yiwang.outside.media import papers

        return papers.look(*paths) if work == "look_document" else papers.strip(*paths)
    if work in ("look_video", "look_voice"):
        from yiwang.outside.media import looking

        return looking.look(paths[0], film=work == "look_video")
    from yiwang.outside.media import making

    return making.video(*paths) if work == "video" else making.voice(*paths)


def main(arguments: list[str]) -> int:
    work, *paths = arguments
    fence(work)
    try:
        answer = do(work, [Path(path) for path in paths])
    except UnfitFile as unfit:
        answer = {"unfit": unfit.code, **unfit.figures}
    except MemoryError:
        answer = {"unfit": "damaged"}
    sys.stdout.write(json.dumps(answer))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
