"""`yiwang messages` and `yiwang compile-messages`: the sentences of the product and their English.

The Chinese sentence in the code is the key. Each app folder keeps the English of its own sentences in
`locale/en/LC_MESSAGES/django.po`; files outside an app belong to `yiwang/config`. Babel does the work,
so that no machine needs GNU gettext; neither Django's settings nor a database is touched.
"""

import io
import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import click
from babel.messages import Catalog
from babel.messages import Message as BabelMessage
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.template.base import Lexer, Token, TokenType
from django.utils.translation import trim_whitespace
from django.utils.translation.template import plural_re

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "yiwang"
OUTSIDE_APPS = PACKAGE / "config"
SKIPPED = {"tests", "migrations", "node_modules", "__pycache__", "locale", "static"}

KEYWORDS: dict[str, tuple[object, ...] | None] = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "N_": None,
    "Sentence": (1,),
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
}
English = dict[tuple[str | None, tuple[str, ...]], tuple[str, ...]]
HEADER = (
    'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=UTF-8\\n"\n'
    '"Plural-Forms: nplurals=2; plural=(n != 1);\\n"\n\n'
)

_QUOTED = re.compile(r"""^(["'])(.*?)\1(?=[\s|]|$)""", re.DOTALL)
_CONTEXT = re.compile(r"""\bcontext\s+(["'])(.*?)\1""", re.DOTALL)
_INNER = re.compile(r"""\b_\((["'])(.*?)\1\)""", re.DOTALL)


@dataclass(frozen=True)
class Message:
    """One sentence found in the source: `plural` and `context` are empty where it has none."""

    line: int
    singular: str
    plural: str = ""
    context: str = ""


def folder_of(path: Path) -> Path:
    """Return the app folder a file belongs to: the nearest one above it with an `apps.py`."""
    for folder in path.parents:
        if (folder / "apps.py").exists():
            return folder
        if folder == PACKAGE:
            break
    return OUTSIDE_APPS


def sources() -> Iterator[Path]:
    """Yield every Python file and template whose sentences people read."""
    for directory, names, files in os.walk(PACKAGE):
        names[:] = sorted(name for name in names if name not in SKIPPED)
        for file in sorted(files):
            if file.endswith((".py", ".html", ".txt", ".svg")):
                path = Path(directory, file)
                if path.suffix == ".py" or "templates" in path.parts:
                    yield path


def messages_in(path: Path) -> Iterator[Message]:
    """Yield the sentences of one file."""
    text = path.read_text(encoding="utf-8")
    return messages_in_python(text) if path.suffix == ".py" else messages_in_template(text)


def messages_in_python(text: str) -> Iterator[Message]:
    found = extract("python", io.BytesIO(text.encode()), keywords=KEYWORDS)  # type: ignore[arg-type]  # Babel's stub knows no context position
    for line, message, _comments, context in found:
        forms = (message,) if isinstance(message, str) else message
        if forms[0]:
            plural = forms[1] if len(forms) > 1 else ""
            yield Message(line, forms[0], plural or "", context or "")


def messages_in_template(text: str) -> Iterator[Message]:
    """Yield the sentences of `translate`, `blocktranslate` and `_()` as Django will look them up."""
    tokens = iter(Lexer(text).tokenize())
    for token in tokens:
        if token.token_type == TokenType.BLOCK:
            tag, _, rest = token.contents.partition(" ")
            if tag in {"translate", "trans"}:
                yield from _one_liner(token, rest.strip())
            elif tag in {"blocktranslate", "blocktrans"}:
                yield _block(token, rest, tokens)
        if token.token_type in {TokenType.BLOCK, TokenType.VAR}:
            for match in _INNER.finditer(token.contents):
                yield Message(token.lineno or 0, _looked_up(match[2]))


def _looked_up(literal: str) -> str:
    """Django doubles percent signs before it looks a template's sentence up."""
    return literal.replace("%", "%%")


def _context(rest: str) -> str:
    match = _CONTEXT.search(rest)
    return match[2] if match else ""


def _one_liner(token: Token, rest: str) -> Iterator[Message]:
    match = _QUOTED.match(rest)
    if match and match[2]:
        yield Message(token.lineno or 0, _looked_up(match[2]), context=_context(rest))


def _block(opening: Token, rest: str, tokens: Iterator[Token]) -> Message:
    forms: list[list[str]] = [[]]
    for token in tokens:
        if token.token_type == TokenType.BLOCK:
            if token.contents.startswith("endblocktrans"):
                break
            if plural_re.match(token.contents):
                forms.append([])
        elif token.token_type == TokenType.VAR:
            forms[-1].append(f"%({token.contents})s")
        elif token.token_type == TokenType.TEXT:
            forms[-1].append(_looked_up(token.contents))
    texts = ["".join(form) for form in forms]
    if "trimmed" in rest.split():
        texts = [trim_whitespace(text) for text in texts]
    return Message(
        opening.lineno or 0, texts[0], texts[1] if len(texts) > 1 else "", _context(rest)
    )


def extracted() -> dict[Path, Catalog]:
    """Return the sentences of the whole product by app folder, each with where it stands."""
    catalogues: dict[Path, Catalog] = {}
    for path in sources():
        folder = folder_of(path)
        for message in messages_in(path):
            catalogue = catalogues.setdefault(folder, Catalog())
            catalogue.add(
                (message.singular, message.plural) if message.plural else message.singular,
                locations=[(path.relative_to(folder).as_posix(), message.line)],
                context=message.context or None,
            )
    return catalogues


def po_of(folder: Path) -> Path:
    return folder / "locale" / "en" / "LC_MESSAGES" / "django.po"


def existing(folder: Path) -> Catalog:
    """Return the folder's English as it stands; an empty one when there is no file yet."""
    path = po_of(folder)
    if not path.exists():
        return Catalog(locale="en")
    with path.open("rb") as file:
        return read_po(file, locale="en")


def forms_of(message: BabelMessage) -> tuple[str, ...]:
    """Return the English of a sentence: one text, or one for each grammatical number."""
    return as_forms(message.string)


def as_forms(text: str | tuple[str, ...] | list[str] | None) -> tuple[str, ...]:
    """Return Babel's text or texts as a tuple of texts."""
    return tuple(text) if isinstance(text, (tuple, list)) else (text or "",)


def english_of(folders: Iterable[Path]) -> English:
    """Return the English that the folders already have; the first folder wins."""
    known: English = {}
    for folder in folders:
        for message in existing(folder):
            if message.id and all(forms_of(message)) and not message.fuzzy:
                known.setdefault((message.context, as_forms(message.id)), forms_of(message))
    return known


def updated(folder: Path, template: Catalog, known: English) -> str:
    """Return the text of the folder's file: sentences of today with the English they already had.

    A sentence without English takes the words another app uses for it: pages show one catalogue, so
    one Chinese sentence has one English.
    """
    catalogue = existing(folder)
    catalogue.update(template, no_fuzzy_matching=True)
    catalogue.obsolete.clear()
    for message in catalogue:
        if message.id and not any(forms_of(message)):
            forms = known.get((message.context, as_forms(message.id)), ("", ""))
            message.string = forms[0] if isinstance(message.id, str) else forms
    out = io.BytesIO()
    write_po(out, catalogue, width=0, omit_header=True, include_lineno=False, sort_by_file=True)
    return HEADER + out.getvalue().decode().strip() + "\n"


def without_english(catalogue: Catalog) -> list[str]:
    """Return the sentences whose English, or one form of it, is missing or only a guess."""
    return [
        message.id if isinstance(message.id, str) else message.id[0]
        for message in catalogue
        if message.id and (message.fuzzy or not all(forms_of(message)))
    ]


@click.command("messages")
@click.argument("folders", nargs=-1, type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--check", is_flag=True, help="Change nothing; fail when a file is not current.")
def messages(folders: tuple[Path, ...], check: bool) -> None:
    """Bring the English of every app (or of FOLDERS) up to date with the sentences in the code."""
    found = extracted()
    known = english_of(sorted(found))
    wanted = {folder.resolve() for folder in folders} or set(found)
    complete = True
    for folder in sorted(wanted & set(found)):
        text = updated(folder, found[folder], known)
        current = is_current(folder, text)
        if not current and not check:
            po_of(folder).parent.mkdir(parents=True, exist_ok=True)
            po_of(folder).write_text(text, encoding="utf-8")
        missing = without_english(read_po(io.BytesIO(text.encode()), locale="en"))
        complete = complete and not missing and (current or not check)
        tell(folder, len(found[folder]), missing, current, check)
    if check and not complete:
        raise SystemExit(1)


def is_current(folder: Path, text: str) -> bool:
    """Say whether the folder's file holds exactly this text."""
    path = po_of(folder)
    return path.exists() and path.read_text(encoding="utf-8") == text


def tell(folder: Path, count: int, missing: list[str], current: bool, check: bool) -> None:
    """Print one line for the folder, and one for each sentence that waits for its English."""
    state = "" if current else ", not current" if check else ", written"
    where = folder.relative_to(ROOT)
    click.echo(f"{where}: {count} sentences, {len(missing)} without English{state}")
    for sentence in missing:
        click.echo(f"    {sentence}")


def stale() -> Iterator[tuple[Path, Path]]:
    """Yield (source, compiled) of every catalogue whose compiled form is missing or older."""
    for source in sorted(PACKAGE.glob("**/locale/*/LC_MESSAGES/*.po")):
        compiled = source.with_suffix(".mo")
        if not compiled.exists() or compiled.stat().st_mtime < source.stat().st_mtime:
            yield source, compiled


@click.command("compile-messages")
def compile_messages() -> None:
    """Compile the catalogues that changed, so that pages can speak English."""
    for source, compiled in stale():
        with source.open("rb") as file:
            catalogue = read_po(file, locale=source.parts[-3])
        partial = compiled.with_suffix(".mo.part")
        with partial.open("wb") as file:
            write_mo(file, catalogue)
        partial.replace(compiled)
