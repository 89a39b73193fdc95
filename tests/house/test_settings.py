"""Every setting is documented, and read in one place."""

import ast
import re

from tests.house.source import PACKAGE, ROOT, files, is_test, named
from yiwang.config.environment import SETTINGS

DOCUMENT = ROOT / "docs" / "settings.md"
# Said by one process of ours to another; nobody sets it by hand.
BETWEEN_PROCESSES = {"YIWANG_AS_OWNER", "YIWANG_ENTERED", "YIWANG_SERVED_BY"}
_ROW = re.compile(r"^\| `([A-Z_]+)` \| (.*?) \| (.*?) \|$", re.MULTILINE)


def documented() -> dict[str, tuple[str, str]]:
    rows = _ROW.findall(DOCUMENT.read_text(encoding="utf-8"))
    return {name: (meaning, default) for name, meaning, default in rows}


def test_the_document_says_what_the_program_reads():
    table = {
        setting.name: (setting.meaning, f"`{setting.default}`" if setting.default else "")
        for setting in SETTINGS
    }
    assert documented() == table


def test_nothing_else_is_read_from_the_environment():
    known = {setting.name for setting in SETTINGS} | BETWEEN_PROCESSES
    unknown = {
        (named(path), node.value)
        for path in files(".py")
        if not is_test(path) and "environ" in path.read_text(encoding="utf-8")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and re.fullmatch(r"(YIWANG|DATABASE)_[A-Z_]+", node.value)
        and node.value not in known
    }
    assert unknown == set()


def test_every_setting_is_used():
    text = "\n".join(
        path.read_text(encoding="utf-8")
        for path in files(".py", below=PACKAGE)
        if path.name != "environment.py" and not is_test(path)
    )
    assert {setting.name for setting in SETTINGS if setting.name not in text} == set()
