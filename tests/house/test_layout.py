"""The house is laid out as the design says."""

import ast

import pytest

from tests.house.source import (
    KERNEL,
    PACKAGE,
    ROOT,
    files,
    imported,
    is_migration,
    is_rules,
    modules,
    named,
)

LONGEST = 450
FORBIDDEN = {"utils", "util", "common", "core", "lib", "helpers", "helper", "services", "manager"}
ROOMS = ("models", "rules", "actions", "permissions")
# Foundation is a row of bricks without a domain word: each brick has the rooms it needs.
BRICKS = {"foundation"}


def of_the_house(*suffixes: str) -> list:
    floors = (PACKAGE, ROOT / "tests", ROOT / "browser", ROOT / "benchmarks")
    return [path for floor in floors for path in files(*suffixes, below=floor)]


def test_no_file_grows_past_what_one_can_read():
    lengths = {
        named(path): len(path.read_text(encoding="utf-8").splitlines())
        for path in of_the_house(".py", ".ts", ".vue", ".css", ".html")
        if not is_migration(path)
    }
    assert {name: lines for name, lines in lengths.items() if lines > LONGEST} == {}


def test_every_file_is_named_after_what_it_holds():
    named_badly = {
        named(path)
        for path in of_the_house(".py", ".ts", ".vue")
        if FORBIDDEN & {part.lower() for part in path.relative_to(ROOT).with_suffix("").parts}
    }
    assert named_badly == set()


def test_rules_know_no_django():
    knowing = {
        named(path): name
        for path in files(".py")
        if is_rules(path)
        for name in imported(path)
        if name.partition(".")[0] in {"django", "procrastinate", "psycopg"}
    }
    assert knowing == {}


def test_kernel_knows_no_screen():
    kept = [named(path) for path in KERNEL.rglob("*") if path.name in {"templates", "pages.py"}]
    assert kept == []


@pytest.mark.parametrize("module", modules(KERNEL), ids=lambda path: path.name)
def test_every_kernel_module_has_the_same_rooms(module):
    rooms = {path.stem for path in module.iterdir()}
    if not rooms & {"models", "actions"}:
        pytest.skip("not built yet")
    wanted = {"apps", "migrations", "tests"} | (set() if module.name in BRICKS else set(ROOMS))
    assert wanted - rooms == set()
    assert list((module / "tests").glob("test_*.py")), "a module without a test"


@pytest.mark.parametrize("module", modules(KERNEL), ids=lambda path: path.name)
def test_every_kernel_module_says_what_it_is(module):
    docstring = ast.get_docstring(ast.parse((module / "__init__.py").read_text(encoding="utf-8")))
    assert docstring
    if any((module / name).exists() for name in ("models.py", "models")):
        assert "Promise" in docstring, "say the nouns and what the module promises"


@pytest.mark.django_db
def test_every_change_of_a_model_has_its_migration():
    from django.core.management import call_command

    call_command("makemigrations", check=True, dry_run=True, verbosity=1)
