"""What a case can be found by: pairs of neighbouring signs, and the marks of its facts. No Django, no time of its own.

Chinese has no spaces, and a dictionary cuts "东关街井盖" one way today and another way tomorrow. So the index keeps every
two neighbouring signs (东关, 关街, 街井, 井盖): whatever piece of two signs or more somebody remembers is found. What is
typed is cut into words by a dictionary, and each word must stand somewhere. Letters and digits are kept as whole words.

Numbers that may be a person's (telephone, identity card, bank card) and addresses of mail never enter the index.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from datetime import datetime, tzinfo
from functools import lru_cache
from itertools import pairwise

import rjieba

INDEXED_AT_MOST = 4_000
"""Signs of a text that are indexed; a report may have 20,000."""

SHORT = 60
"""Signs of a text whose words are remembered for the next row that says the same."""

WORDS_AT_MOST = 8
"""Words of a search that count."""

OPEN_MARK = "o"
"""The mark of what is open."""

_HAN = "\u2e80-\u2fdf\u3005-\u3007\u3021-\u3029\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_SIGNS = re.compile(rf"[{_HAN}]")
_RUNS = re.compile(rf"([{_HAN}]+)|([^\W_{_HAN}]+)")
FEWEST_DIGITS = 7
"""Digits in a row that may be a person's number."""

_DIGIT = re.compile(r"\d")
_SPELLED = re.compile(rf"[〇零一二三四五六七八九幺两壹贰叁肆伍陆柒捌玖]{{{FEWEST_DIGITS},}}")
_OF_A_PERSON = re.compile(
    r"[a-z0-9_.+-]+@[a-z0-9.-]+"  # mail
    rf"|\d(?:[\W_]{{0,2}}\d){{{FEWEST_DIGITS - 1},}}x?"  # telephone, identity card, bank card
    rf"|{_SPELLED.pattern}"  # the same, spelled
)


def words_of(*texts: str) -> str:
    """Return what the texts can be found by, as PostgreSQL writes a tsvector; also what COPY takes."""
    found: set[str] = set()
    for text in dict.fromkeys(texts):
        found |= _in_short(text) if len(text) <= SHORT else _in_one(text[:INDEXED_AT_MOST])
    return " ".join(sorted(found))


def _in_one(text: str) -> frozenset[str]:
    found: set[str] = set()
    for han, word in _RUNS.findall(_plain(text)):
        if han:
            found.update(map(str.__add__, han, han[1:]))
            found.add(han[-1])
        else:
            found.add(word[:40])
    return frozenset(found)


@lru_cache(maxsize=4096)
def _in_short(text: str) -> frozenset[str]:
    """The names of places and the titles of a history come again and again."""
    return _in_one(text)


def query_of(typed: str) -> str:
    """Return a search as PostgreSQL writes a tsquery; "" where nothing typed can be looked for.

    A single sign is looked for only where nothing longer was typed: it stands in half of all texts.
    """
    pieces = [
        piece
        for han, word in _RUNS.findall(_plain(typed))
        for piece in (_pieces(han) if han else [word])
    ]
    told = [piece for piece in pieces if len(piece) > 1] or pieces
    terms = (term for piece in told[:WORDS_AT_MOST] for term in _terms(piece))
    return " & ".join(dict.fromkeys(terms))


def _plain(text: str) -> str:
    """Full width to half, small letters, and no number or address of a person."""
    plain = unicodedata.normalize("NFKC", text).lower()
    if "@" in plain or len(_DIGIT.findall(plain)) >= FEWEST_DIGITS or _SPELLED.search(plain):
        return _OF_A_PERSON.sub(" ", plain)
    return plain  # nearly every text, and several times faster


def _pieces(run: str) -> list[str]:
    """Cut a run of signs into words of at least two; a single one goes with its neighbour (东关 街 → 东关街)."""
    pieces: list[str] = []
    for piece in rjieba.cut(run):
        if pieces and (len(piece) == 1 or len(pieces[-1]) == 1):
            pieces[-1] += piece
        else:
            pieces.append(piece)
    return pieces


def _terms(piece: str) -> Iterator[str]:
    """Pairs of signs as they stand in the index; a word of letters may go on, a number not."""
    if piece.isdigit() and piece.isascii():
        yield f"'{piece[:40]}'"
    elif len(piece) == 1 or not _SIGNS.match(piece):
        yield f"'{piece[:40]}':*"
    else:
        for first, second in pairwise(piece):
            yield f"'{first}{second}'"


def month_mark(at: datetime, zone: tzinfo) -> str:
    """Return a month as marks spell it: 202611."""
    local = at.astimezone(zone)
    return f"{local.year:04}{local.month:02}"


def marks_of(
    *,
    area_path: str,
    category_path: str,
    unit_id: int | None,
    unit_ids: Iterable[int],
    people: Iterable[int | None],
    channel: str,
    opened: str,
    closed: str = "",
    is_open: bool = False,
) -> str:
    """Return the marks of a case's facts, as PostgreSQL writes a tsvector; `opened`, `closed` are month marks.

    a: every division above it; c: every category above it; u: the unit it is with, or is suggested for; w: every unit
    that has worked on it; p: who took it in and who fixed it; h: channel; m: month it was opened; k: month it was closed;
    o alone: it is open.
    The database keeps them true afterwards by `yiwang_case_marks`, which says the same.
    """
    found = {f"h{channel}", f"m{opened}"}
    found.update(f"a{part}" for part in area_path.split("/") if part)
    found.update(f"c{part}" for part in category_path.split("/") if part)
    found.update(f"w{key}" for key in unit_ids)
    found.update(f"p{key}" for key in people if key)
    if unit_id:
        found.add(f"u{unit_id}")
    if closed:
        found.add(f"k{closed}")
    if is_open:
        found.add(OPEN_MARK)
    return " ".join(sorted(found))
