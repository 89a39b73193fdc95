"""Delete each topic in turn from a copy of the tree, and say which copies no longer stand.

`python -m tests.house.deleting`, run in a copy, checks it without each of its topics, each time in a child of this
process that begins with nothing of ours loaded; what others wrote is loaded once for all.
"""

import contextlib
import importlib.util
import io
import json
import os
import shutil
import sys
import tempfile
import traceback
from collections.abc import Iterator
from pathlib import Path

SETTINGS = Path("yiwang/config/settings.py")
TOPICS = Path("yiwang/topics")
COPIED = ("yiwang", "tests", "conftest.py", "pyproject.toml", "docs", "examples")
# Slow to load, the same for every child, and asking for no settings of ours.
OF_OTHERS = (
    "click", "cryptography.hazmat.primitives.ciphers.aead", "cryptography.x509", "django.contrib.postgres.fields",
    "django.core.mail", "django.core.management.commands.check", "django.db.backends.postgresql.base", "django.forms",
    "django.template.loader", "django.urls", "httpx", "numpy", "openpyxl", "PIL.Image", "procrastinate", "pydantic",
    "rich.console", "rich.progress", "rich.table", "shapely",
)  # fmt: skip


def copy(root: Path, target: Path) -> None:
    """Copy what the program and its tests consist of."""
    for name in COPIED:
        source = root / name
        if source.is_dir():
            shutil.copytree(source, target / name)
        elif source.exists():
            shutil.copy(source, target / name)


def topics(tree: Path) -> list[str]:
    return sorted(path.parent.name for path in (tree / TOPICS).glob("*/__init__.py"))


@contextlib.contextmanager
def without(topic: str, tree: Path) -> Iterator[None]:
    """Take a topic's folder and its line in settings out of the tree, and put both back."""
    whole = (tree / SETTINGS).read_text(encoding="utf-8")
    lines = whole.splitlines(keepends=True)
    kept = [line for line in lines if f"yiwang.topics.{topic}" not in line]
    if len(lines) - len(kept) != 1:
        raise ValueError("a topic has exactly one line in settings")
    with tempfile.TemporaryDirectory(dir=tree.parent) as aside:
        shutil.move(tree / TOPICS / topic, aside)
        _write_settings(tree, "".join(kept))
        try:
            yield
        finally:
            _write_settings(tree, whole)
            shutil.move(Path(aside) / topic, tree / TOPICS)


def _write_settings(tree: Path, text: str) -> None:
    """Write them, and forget the compiled ones: as long, and of the same second, they would pass for the new."""
    (tree / SETTINGS).write_text(text, encoding="utf-8")
    Path(importlib.util.cache_from_source(str(tree / SETTINGS))).unlink(missing_ok=True)


def complaint(topic: str, tree: Path) -> str:
    """Return what the tree complains of when the topic is deleted; nothing when it stands."""
    try:
        with without(topic, tree):
            return _in_a_child()
    except ValueError as error:
        return str(error)


def _in_a_child() -> str:
    """Check the program in a child process, and return what the child complained of."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        with os.fdopen(writing, "w", encoding="utf-8") as answer:
            answer.write(_check())
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading, encoding="utf-8") as answer:
        said = answer.read()
    _child, status = os.waitpid(child, 0)
    return said or (f"the check ended with {status}" if status else "")


def _check() -> str:
    said = io.StringIO()
    try:
        import django
        from django.core.management import call_command

        with contextlib.redirect_stderr(said):
            django.setup()
            call_command("check", stdout=said)
    except BaseException:
        return said.getvalue() + traceback.format_exc()
    return ""


def main(tree: Path) -> None:
    """Print, as JSON, what the tree complains of without each of its topics."""
    for name in OF_OTHERS:
        importlib.import_module(name)
    if ours := [name for name in sys.modules if name.partition(".")[0] == "yiwang"]:
        raise RuntimeError(f"a child would begin with ours loaded: {ours}")
    print(json.dumps({topic: complaint(topic, tree) for topic in topics(tree)}))  # noqa: T201


if __name__ == "__main__":
    main(Path.cwd())
