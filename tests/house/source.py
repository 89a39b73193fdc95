"""The source tree as the tests of the house read it."""

import ast
from collections.abc import Iterable, Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "yiwang"
KERNEL = PACKAGE / "kernel"
TOPICS = PACKAGE / "topics"
NOT_OURS = {"node_modules", "dist", "__pycache__", ".venv", "var", "build", ".git"}


def files(*suffixes: str, below: Path = PACKAGE) -> Iterator[Path]:
    """Yield our own files with these suffixes."""
    for path in sorted(below.rglob("*")):
        if path.suffix in suffixes and not NOT_OURS & set(path.parts) and path.is_file():
            yield path


def modules(below: Path) -> list[Path]:
    """Return the folders of a floor of the house (kernel, web, topics) that hold Python."""
    return sorted(path.parent for path in below.glob("*/__init__.py"))


def named(path: Path) -> str:
    """Return how a file is called in a message: its path from the root."""
    return path.relative_to(ROOT).as_posix()


def is_test(path: Path) -> bool:
    return "tests" in path.relative_to(ROOT).parts


def is_migration(path: Path) -> bool:
    return "migrations" in path.parts


def is_rules(path: Path) -> bool:
    """Say whether a file is a rules room, or lies in one."""
    inside = path.relative_to(PACKAGE).parts
    return path.name == "rules.py" or "rules" in inside[:-1]


def imported(path: Path) -> Iterator[str]:
    """Yield the dotted names a Python file imports, wherever in the file."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module


def called(node: ast.AST) -> str:
    """Return the bare name of what a call calls, "" for anything else."""
    function = node.func if isinstance(node, ast.Call) else None
    if isinstance(function, ast.Name):
        return function.id
    return function.attr if isinstance(function, ast.Attribute) else ""


def literals(path: Path, *, outside: Iterable[str]) -> Iterator[tuple[int, str]]:
    """Yield (line, text) of the strings in a Python file: no docstrings, no arguments of calls `outside`."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    known = set(outside)
    left: set[ast.AST] = set()
    for node in ast.walk(tree):
        if called(node) in known:
            left |= set(ast.walk(node))
        elif isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            first = node.body[0] if node.body else None
            if isinstance(first, ast.Expr):
                left.add(first.value)
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node not in left:
            yield node.lineno, node.value
