"""The shape of the category tree, and texts as the catalogue keeps them. Pure."""

import re
import unicodedata
from collections.abc import Mapping

CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,59}")
_UNSEEN = {"Cc", "Cf", "Cs", "Co"}


def tidy(text: str) -> str:
    """Put a text on one line: unseen characters go, runs of blanks become one blank."""
    blanks_kept = (" " if letter.isspace() else letter for letter in text)
    seen = "".join(letter for letter in blanks_kept if _is_seen(letter))
    return " ".join(seen.split())


def _is_seen(letter: str) -> bool:
    return unicodedata.category(letter) not in _UNSEEN and ord(letter) & 0xFFFE != 0xFFFE


def is_code(text: str) -> bool:
    """Say whether a text can be a code: letters, digits, dot, dash, underscore, at most 60."""
    return CODE.fullmatch(text) is not None


def code_from(text: str) -> str:
    """Make a code of another system's own text, the same for the same text: "Street Lights" → "street-lights"."""
    plain = unicodedata.normalize("NFKC", text).lower()
    return re.sub(r"[^a-z0-9._]+", "-", plain).strip("-._")[:60]


def path_of(parent_path: str, category_id: int) -> str:
    """Return the materialised path of a category beneath a parent ("" for none)."""
    return f"{parent_path or '/'}{category_id}/"


def lies_beneath(path: str, ancestor_path: str) -> bool:
    """Say whether a path is the ancestor's own or lies beneath it."""
    return path.startswith(ancestor_path)


def circle(parents: Mapping[str, str]) -> list[str]:
    """Return the codes that lie on or lead into a circle, given each code's parent code ("" for none)."""
    good: set[str] = {""}
    bad: set[str] = set()
    for start in parents:
        trail: list[str] = []
        seen: set[str] = set()
        code = start
        while code not in good and code not in bad and code not in seen and code in parents:
            trail.append(code)
            seen.add(code)
            code = parents[code]
        (bad if code in bad or code in seen else good).update(trail)
    return sorted(bad)
