"""Known holes in what we stand on: asks the services of pip-audit and npm about everything in the lock files.

Exit code 0: asked, nothing known. 1: a known hole that nobody has accepted. 3: not asked, because a service could not be
reached; what could be asked knew nothing. `docs/decisions/0011-known-holes.md` says why.
"""

import json
import subprocess
import sys
import tomllib
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import click

ROOT = Path(__file__).resolve().parents[1]
ACCEPTED = ROOT / ".ci" / "accepted-holes.toml"
LOCKS = ("requirements.lock", "requirements-dev.lock", "requirements-node.lock")
COUNTS_FROM = (
    "moderate",
    "high",
    "critical",
)  # of npm; pip-audit tells no severity: each one counts
PATIENCE = 180  # seconds for one service
FINE, HOLE, NOT_ASKED = 0, 1, 3


@dataclass
class Result:
    """What one service said: how many packages it looked at, which holes it knows, why it could not be asked."""

    asked: int = 0
    holes: list[tuple[str, str]] = field(default_factory=list)  # id, sentence
    silent: str = ""


def main() -> int:
    """Ask both, say what came of it, and return the exit code."""
    accepted = load_accepted(ACCEPTED, date.today())  # noqa: DTZ011 - the day on this machine's wall
    results = {**{name: python(name) for name in LOCKS}, "browser": browser()}
    code = FINE
    for name, result in results.items():
        code = max(code, _say(name, result, accepted), key=(FINE, NOT_ASKED, HOLE).index)
    if code == NOT_ASKED:
        click.echo(
            "Not everything was audited: run `make audit` where the services can be reached."
        )
    return FINE if code == NOT_ASKED and "--unreachable-is-fine" in sys.argv else code


def _say(name: str, result: Result, accepted: set[str]) -> int:
    known = [sentence for hole, sentence in result.holes if hole not in accepted]
    for sentence in known:
        click.echo(f"HOLE {name}: {sentence}")
    if result.silent:
        click.echo(f"NOT AUDITED {name}: {result.silent}")
    else:
        click.echo(f"ok   {name}: {result.asked} packages, {len(known)} known holes")
    return HOLE if known else NOT_ASKED if result.silent else FINE


def load_accepted(path: Path, today: date) -> set[str]:
    """Holes that somebody looked at and accepted until a day: [[hole]] with id, why, until."""
    if not path.exists():
        return set()
    return {
        hole["id"]
        for hole in tomllib.loads(path.read_text(encoding="utf-8")).get("hole", [])
        if hole["why"] and hole["until"] >= today
    }


def python(lock: str) -> Result:
    words = [
        "-r",
        lock,
        "--disable-pip",
        "--no-deps",
        "--format",
        "json",
        "--progress-spinner",
        "off",
    ]
    return read_python(_answer([sys.executable, "-m", "pip_audit", *words], ROOT))


def read_python(answer: str) -> Result:
    """Read pip-audit's answer; a package it could not look up was not audited, whatever its exit code says."""
    try:
        packages: list[dict[str, Any]] = json.loads(answer)["dependencies"]
    except (ValueError, KeyError, TypeError):
        return Result(silent=_first_words(answer))
    result = Result()
    for package in packages:
        result.asked += "skip_reason" not in package
        for hole in package.get("vulns", []):
            mend = ", ".join(hole.get("fix_versions", [])) or "none yet"
            sentence = (
                f"{package['name']} {package.get('version')}: {hole['id']} (mended in {mend})"
            )
            result.holes.append((hole["id"], sentence))
    skipped = len(packages) - result.asked
    if skipped:
        result.silent = f"the service knows nothing of {skipped} of {len(packages)} packages: is it reached at all?"
    return result


def browser() -> Result:
    return read_browser(_answer(["npm", "audit", "--json"], ROOT / "browser"))


def read_browser(answer: str) -> Result:
    """Read npm's answer."""
    try:
        said: dict[str, Any] = json.loads(answer[answer.index("{") : answer.rindex("}") + 1])
        packages = int(said["metadata"]["dependencies"]["total"])
        found: dict[str, Any] = said["vulnerabilities"]
    except (ValueError, KeyError, TypeError):
        return Result(silent=_first_words(answer))
    holes = [
        (name, f"{name} {each.get('range', '')}: {each['severity']}")
        for name, each in found.items()
        if each["severity"] in COUNTS_FROM
    ]
    return Result(asked=packages, holes=holes)


def _answer(command: list[str], folder: Path) -> str:
    """What a program printed; an error's words when it printed nothing."""
    try:
        done = subprocess.run(  # noqa: S603 - our own words
            command, cwd=folder, capture_output=True, text=True, timeout=PATIENCE, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return str(error)
    return done.stdout.strip() or done.stderr.strip()


def _first_words(answer: str) -> str:
    lines = [line for line in answer.splitlines() if line.strip(" {}")]
    return (lines[0].strip() if lines else "no answer")[:200]


if __name__ == "__main__":
    sys.exit(main())
