"""The audit of what we stand on: a known hole fails, silence is never taken for "nothing known"."""

import importlib.util
import json
from datetime import date
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from tests.house.source import ROOT

DAY = date(2026, 11, 23)


@pytest.fixture
def audit() -> ModuleType:
    spec = importlib.util.spec_from_file_location("audit", ROOT / ".ci" / "audit.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    import sys

    sys.modules["audit"] = module
    spec.loader.exec_module(module)
    return module


HOLE = {
    "name": "django",
    "version": "5.2.1",
    "vulns": [{"id": "PYSEC-2026-1", "fix_versions": ["5.2.9"]}],
}
WHOLE = {"name": "click", "version": "8.5", "vulns": []}
SKIPPED = {"name": "numpy", "skip_reason": "Dependency not found on PyPI"}


def said(*packages: dict[str, Any]) -> str:
    return json.dumps({"dependencies": list(packages), "fixes": []})


def test_a_known_hole_is_named_with_its_mend(audit: ModuleType) -> None:
    result = audit.read_python(said(HOLE, WHOLE))
    assert result.holes == [("PYSEC-2026-1", "django 5.2.1: PYSEC-2026-1 (mended in 5.2.9)")]
    assert (result.asked, result.silent) == (2, "")


def test_what_was_skipped_was_not_audited(audit: ModuleType) -> None:
    assert "1 of 2" in audit.read_python(said(WHOLE, SKIPPED)).silent
    assert audit.read_python("ERROR: cannot reach the index").silent
    assert audit.read_python("").silent == "no answer"
    assert audit.read_browser('{"message": "405 Method Not Allowed"}').silent


def test_only_severe_holes_of_the_browser_count(audit: ModuleType) -> None:
    found = {
        "vite": {"severity": "high", "range": "<7"},
        "chalk": {"severity": "low", "range": "*"},
    }
    answer = {"vulnerabilities": found, "metadata": {"dependencies": {"total": 90}}}
    result = audit.read_browser("npm warn old\n" + json.dumps(answer))
    assert result.holes == [("vite", "vite <7: high")]
    assert result.asked == 90


@pytest.mark.parametrize(
    ("python", "browser", "words", "code"),
    [
        (said(WHOLE), (3, []), [], 0),
        (said(HOLE), (3, []), [], 1),
        (said(HOLE), None, ["--unreachable-is-fine"], 1),
        (said(SKIPPED), (3, []), [], 3),
        (said(SKIPPED), None, ["--unreachable-is-fine"], 0),
    ],
)
def test_a_hole_fails_and_silence_is_said(
    audit: ModuleType,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    python: str,
    browser: Any,
    words: list[str],
    code: int,
) -> None:
    told = audit.Result(silent="no answer") if browser is None else audit.Result(*browser)
    monkeypatch.setattr(audit, "python", lambda _lock: audit.read_python(python))
    monkeypatch.setattr(audit, "browser", lambda: told)
    monkeypatch.setattr(audit.sys, "argv", ["audit", *words])
    assert audit.main() == code
    out = capsys.readouterr().out
    assert ("NOT AUDITED" in out) == (SKIPPED["name"] in python or browser is None)


def test_an_accepted_hole_comes_back_when_its_day_is_over(
    audit: ModuleType, tmp_path: Path
) -> None:
    file = tmp_path / "accepted.toml"
    assert audit.load_accepted(file, DAY) == set()
    file.write_text('[[hole]]\nid = "X-1"\nwhy = "not reachable from a page"\nuntil = 2026-12-31\n')
    assert audit.load_accepted(file, DAY) == {"X-1"}
    assert audit.load_accepted(file, date(2027, 1, 1)) == set()
