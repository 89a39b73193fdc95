"""A topic is a folder that can be deleted with its one line in settings."""

import os
import shutil
import subprocess
import sys

import pytest

from tests.house.source import PACKAGE, ROOT, TOPICS, files, modules, named

COPIED = ("yiwang", "tests", "conftest.py", "pyproject.toml", "docs", "examples")
TOPIC_FOLDERS = [folder.name for folder in modules(TOPICS)]


@pytest.fixture(scope="module")
def copy(tmp_path_factory):
    """The tree, to take things out of."""
    target = tmp_path_factory.mktemp("house")
    for name in COPIED:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, target / name, ignore=shutil.ignore_patterns("__pycache__"))
        elif source.exists():
            shutil.copy(source, target / name)
    compiled = run(target, "-c", "from yiwang.commands import main; main(['compile-messages'])")
    assert compiled.returncode == 0, compiled.stderr
    return target


@pytest.fixture
def without(copy, tmp_path):
    """Take one topic and its line in settings out of the copy; put both back afterwards."""
    settings = copy / "yiwang" / "config" / "settings.py"
    whole = settings.read_text(encoding="utf-8")
    taken: list[str] = []

    def take(topic: str):
        lines = whole.splitlines(keepends=True)
        kept = [line for line in lines if f"yiwang.topics.{topic}" not in line]
        assert len(lines) - len(kept) == 1, "a topic has exactly one line in settings"
        settings.write_text("".join(kept), encoding="utf-8")
        shutil.move(copy / "yiwang" / "topics" / topic, tmp_path / topic)
        taken.append(topic)
        return copy

    yield take
    settings.write_text(whole, encoding="utf-8")
    for topic in taken:
        shutil.move(tmp_path / topic, copy / "yiwang" / "topics" / topic)


def run(tree, *command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *command],
        cwd=tree,
        env={
            **os.environ,
            "PYTHONPATH": str(tree),
            "DJANGO_SETTINGS_MODULE": "yiwang.config.settings",
        },
        capture_output=True,
        text=True,
        timeout=100,
    )


@pytest.mark.parametrize("topic", TOPIC_FOLDERS)
def test_the_house_stands_without_the_topic(topic, without):
    done = run(without(topic), "-m", "django", "check")
    assert done.returncode == 0, done.stderr


def speaking_of_topics(tree) -> list[str]:
    """Return the test files of the kernel and the topics that mention topics at all."""
    return [
        str(path)
        for floor in ("kernel", "topics")
        for path in (tree / "yiwang" / floor).rglob("tests/test_*.py")
        if "topic" in path.read_text(encoding="utf-8").lower()
    ]


@pytest.mark.skipif(not TOPIC_FOLDERS, reason="no topic yet")
def test_the_tests_stay_green_without_a_topic(without):
    """All of them can be read; those that speak of topics are run."""
    tree = without(TOPIC_FOLDERS[0])
    pytest_here = ("-m", "pytest", "-q", "-p", "no:xdist", "-p", "no:cacheprovider")
    read = run(tree, *pytest_here, "--collect-only")
    assert read.returncode == 0, read.stdout[-3000:] + read.stderr[-1000:]
    done = run(tree, *pytest_here, *speaking_of_topics(tree))
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-1000:]


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
