"""A topic is a folder that can be deleted with its one line in settings."""

import json
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from tests.database import quick_place
from tests.house.deleting import copy, without
from tests.house.source import PACKAGE, ROOT, TOPICS, files, modules, named

TOPIC_FOLDERS = [folder.name for folder in modules(TOPICS)]


@pytest.fixture(scope="module")
def tree():
    """A copy of the tree, to take things out of."""
    with tempfile.TemporaryDirectory(prefix="yiwang-house-", dir=quick_place()) as folder:
        copy(ROOT, Path(folder))
        yield Path(folder)


def run(tree, *command: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *command],
        cwd=tree,
        env={
            **os.environ,
            "PYTHONPATH": str(tree),
            "PYTHONDONTWRITEBYTECODE": "",
            "DJANGO_SETTINGS_MODULE": "yiwang.config.settings",
            **environment,
        },
        capture_output=True,
        text=True,
        timeout=100,
    )


@pytest.fixture(scope="module")
def complaints(tree):
    """What the house says without each of its topics."""
    done = run(tree, "-m", "tests.house.deleting")
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.mark.slow  # the whole program read anew in a process of its own
@pytest.mark.parametrize("topic", TOPIC_FOLDERS)
def test_the_house_stands_without_the_topic(topic, complaints):
    assert complaints[topic] == ""


def silent_about_topics(tree) -> list[str]:
    """Return the test files but those of the kernel and the topics that mention topics at all."""
    speaking = {
        path
        for floor in ("kernel", "topics")
        for path in (tree / "yiwang" / floor).rglob("tests/test_*.py")
        if "topic" in path.read_text(encoding="utf-8").lower()
    }
    found = {path for top in ("yiwang", "tests") for path in (tree / top).rglob("test_*.py")}
    return sorted(path.relative_to(tree).as_posix() for path in found - speaking)


@pytest.mark.slow  # a whole session within the session
def test_the_tests_stay_green_without_a_topic(tree, server):
    """All of them can be read; those that speak of topics are run."""
    with without(TOPIC_FOLDERS[0], tree):
        left_out = [f"--deselect={path}" for path in silent_about_topics(tree)]
        done = run(
            tree, "-m", "pytest", "-q", "-p", "no:xdist", "-p", "no:cacheprovider", *left_out,
            YIWANG_TEST_SERVER=server.place,
        )  # fmt: skip
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-1000:]
    assert int(re.search(r"(\d+) passed", done.stdout)[1]) > 20


@pytest.mark.parametrize("topic", TOPIC_FOLDERS)
def test_nobody_outside_knows_the_topic(topic):
    dotted = f"topics.{topic}"
    knowing = {
        named(path)
        for path in [
            *files(".py", ".html", ".toml", below=PACKAGE),
            *files(".py", below=ROOT / "tests"),
        ]
        if TOPICS / topic not in path.parents and dotted in path.read_text(encoding="utf-8")
    }
    assert knowing <= {"yiwang/config/settings.py"}
