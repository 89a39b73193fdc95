"""docs/security.md stays true: every line of both levels once, every file and test that it names is there."""

import re

from tests.house.source import ROOT

DOCUMENT = ROOT / "docs" / "security.md"
STATES = {"holds", "partly", "gap", "n/a"}
_LINE = re.compile(r"^\| (\d+\.\d+\.\d+) \| (.*?) \| (.*?) \| (.*?) ?\|$", re.MULTILINE)
_PATH = re.compile(r"`((?:yiwang|tests|deploy|docs|browser)/[\w./-]*)(?:::(\w+))?`|`::(\w+)`")
# Requirements of levels 1 and 2 of ASVS 5.0.0, by section: "1-3" is a run. V10 and V17 are none of ours.
ASKED = {
    "1.1": "1-2", "1.2": "1-9", "1.3": "1-11", "1.4": "1-3", "1.5": "1-2",
    "2.1": "1-3", "2.2": "1-3", "2.3": "1-4", "2.4": "1",
    "3.2": "1-2", "3.3": "1-4", "3.4": "1-6", "3.5": "1-5", "3.7": "1-2",
    "4.1": "1-3", "4.2": "1", "4.3": "1-2", "4.4": "1-4",
    "5.1": "1", "5.2": "1-3", "5.3": "1-2", "5.4": "1-3",
    "6.1": "1-3", "6.2": "1-12", "6.3": "1-4", "6.4": "1-4", "6.5": "1-5", "6.6": "1-3", "6.8": "1-4",
    "7.1": "1-3", "7.2": "1-4", "7.3": "1-2", "7.4": "1-5", "7.5": "1-2", "7.6": "1-2",
    "8.1": "1-2", "8.2": "1-3", "8.3": "1", "8.4": "1",
    "9.1": "1-3", "9.2": "1-4",
    "11.1": "1-2", "11.2": "1-3", "11.3": "1-3", "11.4": "1-4", "11.5": "1", "11.6": "1",
    "12.1": "1-3", "12.2": "1-2", "12.3": "1-4",
    "13.1": "1", "13.2": "1-5", "13.3": "1-2", "13.4": "1-5",
    "14.1": "1-2", "14.2": "1-4", "14.3": "1-3",
    "15.1": "1-3", "15.2": "1-3", "15.3": "1-7",
    "16.1": "1", "16.2": "1-5", "16.3": "1-4", "16.4": "1-3", "16.5": "1-3",
}  # fmt: skip


def lines() -> list[tuple[str, str, str, str]]:
    return _LINE.findall(DOCUMENT.read_text(encoding="utf-8"))


def asked() -> list[str]:
    return [
        f"{section}.{number}"
        for section, run in ASKED.items()
        for number in range(int(run.split("-")[0]), int(run.split("-")[-1]) + 1)
    ]


def test_every_line_of_levels_one_and_two_stands_once():
    assert [line[0] for line in lines()] == asked()


def test_every_line_has_a_state_and_what_is_short_says_where():
    assert {state for _number, _asks, state, _where in lines()} <= STATES
    silent = [
        number for number, _asks, state, where in lines() if state == "partly" and not where.strip()
    ]
    assert silent == []


def named() -> list[tuple[str, str]]:
    """Every file with the test that is named of it, "" for none; `::test` alone is of the file before."""
    found: list[tuple[str, str]] = []
    for path, test, more in _PATH.findall(DOCUMENT.read_text(encoding="utf-8")):
        found.append((path or found[-1][0], test or more))
    return found


def test_every_file_and_test_that_is_named_is_there():
    missing = []
    for path, test in named():
        place = ROOT / path
        if not place.exists() or (test and f"def {test}(" not in place.read_text(encoding="utf-8")):
            missing.append(f"{path}::{test}")
    assert missing == []


def test_who_signs_in_and_for_how_long_is_shown_by_tests():
    """What holds of accounts and sessions names the very test, or is a matter of the library or of words."""
    said = {number for number, _asks, state, where in lines() if state == "holds" and "::" in where}
    known = {
        "6.1.1",
        "6.1.2",
        "6.1.3",
        "6.2.7",
        "6.2.9",
        "6.2.10",
        "6.4.2",
        "6.5.3",
        "6.5.4",
        "7.1.1",
    }
    known |= {"7.2.1", "7.2.2", "7.2.3", "7.3.2"}
    holds = {number for number, _asks, state, _where in lines() if state == "holds"}
    assert {number for number in holds if number[:2] in ("6.", "7.")} - said - known == set()


def test_what_lacks_is_named_once_more_at_the_end():
    text = DOCUMENT.read_text(encoding="utf-8")
    at_the_end = re.findall(r"\*\*(\d+\.\d+\.\d+)\*\*", text[text.index("## What lacks") :])
    lacking = [number for number, _asks, state, _where in lines() if state in ("partly", "gap")]
    assert sorted(at_the_end) == sorted(lacking)


def test_nothing_of_ours_follows_where_another_system_points():
    """15.3.2: the one library that calls others follows nothing unless it is told to."""
    for path in (ROOT / "yiwang").rglob("*.py"):
        text = path.read_text(encoding="utf-8")
        assert "follow_redirects" not in text, path
        assert not re.search(r"^(?:import|from) (?:requests|urllib\.request)", text, re.M), path
