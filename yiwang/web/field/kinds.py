"""The search for a kind of matter: by its name, its code, or what the words of the report mean."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from yiwang.kernel import catalogue
from yiwang.kernel.catalogue.entries import CategoryEntry
from yiwang.web.field.needs import ON_THE_GROUND
from yiwang.web.kit.access import page

FOUND_AT_MOST = 8
QUERY_AT_MOST = 60


@dataclass(frozen=True)
class Choice:
    """A kind to tap: its name, what it lies under, and the time it gives."""

    entry: CategoryEntry
    above: str
    limit: str
    chosen: bool


@page(ON_THE_GROUND, methods=("POST",))
def kinds(request: HttpRequest) -> HttpResponse:
    """The choices for what was typed, as a fragment; the chosen one stays."""
    context = {"choices": choices_for(request), "asked": bool(query_of(request))}
    return render(request, "field/parts/kinds.html", context)


def query_of(request: HttpRequest) -> str:
    return request.POST.get("q", "").replace("\x00", "").strip()[:QUERY_AT_MOST]


def choices_for(request: HttpRequest) -> list[Choice]:
    """The chosen kind first, then what the search or else the report's own words find."""
    text, query = request.POST.get("text", ""), query_of(request)
    held = request.POST.get("category", "")
    chosen = int(held) if held.isascii() and held.isdigit() and len(held) < 19 else 0
    book = catalogue.book()
    first = [entry for entry in book.assignable if entry.id == chosen]
    found = _search(query) if query else book.suggest(text)
    listed = {entry.id: entry for entry in [*first, *found]}
    return [_choice(entry, chosen) for entry in listed.values()]


def _search(query: str) -> list[CategoryEntry]:
    book, wanted = catalogue.book(), query.lower()
    named = [
        entry
        for entry in book.assignable
        if any(
            wanted in t.lower() for t in (entry.name, entry.name_en, entry.code, *entry.keywords)
        )
    ]
    return [*named, *book.suggest(query, FOUND_AT_MOST)][:FOUND_AT_MOST]


def _choice(entry: CategoryEntry, chosen: int) -> Choice:
    above = catalogue.book().lineage(entry.id)[:-1]
    condition = entry.default_condition
    limit = str(condition.limit.as_sentence()) if condition else ""
    title = above[-1].title if above else ""
    return Choice(entry, title, limit, chosen=entry.id == chosen)
