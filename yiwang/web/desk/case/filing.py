"""Which kind of matter it may be: the current one, what the words suggest, what a search finds."""

from collections.abc import Iterable
from dataclasses import dataclass

from yiwang.kernel import catalogue
from yiwang.kernel.catalogue.entries import CategoryEntry, ConditionEntry

FOUND_AT_MOST = 12


@dataclass(frozen=True)
class Option:
    """One condition of a kind, as a choice of the form."""

    value: str
    name: str
    limit: str
    urgent: bool
    chosen: bool
    default: bool


@dataclass(frozen=True)
class Group:
    """One kind with its conditions. `words` are those of the text that point to it; `key` the digit that picks it."""

    category: CategoryEntry
    lineage: str
    words: tuple[str, ...]
    options: tuple[Option, ...]
    key: str = ""


def groups(text: str, current: str = "", query: str = "") -> list[Group]:
    """Return kinds to choose from: the current one, then what the query or else the text suggests.

    `current` is "category:condition" as the form has it. Digits 1–3 pick the first suggestions.
    """
    book = catalogue.book()
    chosen_id = int(current.partition(":")[0]) if current[:1].isdigit() else 0
    held = book.category(chosen_id)
    found = _search(query) if query else [(s.category, s.words) for s in book.suggestions(text)]
    rest = [(entry, words) for entry, words in found if entry.id != chosen_id]
    listed = [_group(held, (), current, "")] if held else []
    return listed + [
        _group(entry, words, current, str(number) if number <= 9 else "")
        for number, (entry, words) in enumerate(rest, start=1)
    ]


def _search(query: str) -> list[tuple[CategoryEntry, tuple[str, ...]]]:
    """Kinds whose name, code or keywords hold the query; then what the words suggest."""
    book, wanted = catalogue.book(), query.strip().lower()
    named = [entry for entry in book.assignable if _holds(entry, wanted)]
    meant = [s.category for s in book.suggestions(query, FOUND_AT_MOST)]
    return [(entry, ()) for entry in _once([*named, *meant])[:FOUND_AT_MOST]]


def _holds(entry: CategoryEntry, wanted: str) -> bool:
    texts = (entry.name, entry.name_en, entry.code, *entry.keywords)
    return any(wanted in text.lower() for text in texts)


def _once(entries: Iterable[CategoryEntry]) -> list[CategoryEntry]:
    return list({entry.id: entry for entry in entries}.values())


def _group(entry: CategoryEntry, words: tuple[str, ...], current: str, key: str) -> Group:
    above = catalogue.book().lineage(entry.id)[:-1]
    active = [condition for condition in entry.conditions if condition.active]
    return Group(
        category=entry,
        lineage=" › ".join(part.title for part in above),
        words=words,
        options=tuple(_option(entry, condition, current) for condition in active),
        key=key,
    )


def _option(entry: CategoryEntry, condition: ConditionEntry, current: str) -> Option:
    value = f"{entry.id}:{condition.id}"
    return Option(
        value=value,
        name=condition.title,
        limit=str(condition.limit.as_sentence()),
        urgent=condition.is_urgent,
        chosen=current == value or (current == str(entry.id) and condition.is_default),
        default=condition is entry.default_condition,
    )
