"""The sprite holds what the pages ask for, and a build knows when it is out of date."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[4]
ASKED = re.compile(r"""(?:\{%\s*icon\s+|icon(?::\s*str)?\s*[:=]\s*)["']([a-z][a-z0-9-]*)["']""")


def asked_for() -> set[str]:
    """Every icon named in a template or a file of Python or TypeScript."""
    found = {path.stem for path in (ROOT / "browser/shapes").glob("*.svg")}
    for folder in (ROOT / "yiwang", ROOT / "browser"):
        for path in folder.rglob("*"):
            skipped = {"node_modules", "dist", "tests"} & set(path.parts)
            if path.suffix in {".html", ".py", ".ts"} and not skipped:
                found |= set(ASKED.findall(path.read_text("utf-8")))
    return found


def test_the_list_of_icons_is_what_the_pages_ask_for() -> None:
    listed = (ROOT / "browser/icons.txt").read_text("utf-8").split()
    assert sorted(listed) == sorted(asked_for()), "run `npm run icons` in browser/"
