"""The catalogue page by page: the tree, one heading as a table, a new category, a new condition, a move."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _

from yiwang.kernel.accounts.models import User
from yiwang.kernel.catalogue import actions, book
from yiwang.kernel.catalogue.entries import CategoryEntry, in_language
from yiwang.kernel.catalogue.models import Category
from yiwang.kernel.catalogue.rules.words import Kind
from yiwang.kernel.catalogue.snapshot import Book
from yiwang.web.kit.access import now, page, signed_in
from yiwang.web.kit.fragments import go
from yiwang.web.office.catalogue.forms import (
    MoveForm,
    NewCategoryForm,
    NewConditionForm,
    condition_fields,
)
from yiwang.web.office.catalogue.table import Table, save, table_of
from yiwang.web.office.forms import offer, tried
from yiwang.web.office.needs import KINDS

MOST_FOUND = 60
QUERY_AT_MOST = 60  # signs


@dataclass(frozen=True)
class Branch:
    """One module in the tree at the side, with its headings."""

    entry: CategoryEntry
    here: bool
    headings: tuple[tuple[CategoryEntry, bool], ...]


@page(KINDS)
def catalogue(request: HttpRequest, category_id: int | None = None) -> HttpResponse:
    """A heading as a table (none: the modules); a POST saves the table, and publishes or retires one row."""
    heading = get_object_or_404(Category, pk=category_id) if category_id else None
    if request.method == "POST":
        return _save(request, heading)
    words = request.GET.get("q", "").replace("\x00", "").strip()[:QUERY_AT_MOST]
    if words:
        return _found(request, words)
    return _shown(request, table_of(heading))


def _save(request: HttpRequest, heading: Category | None) -> HttpResponse:
    table = table_of(heading, request.POST)
    if not save(table, request.POST.get("do", ""), by=signed_in(request), at=now(request)):
        return _shown(request, table)
    messages.success(request, _("已保存"))
    return go(request, address(heading))


def address(heading: Category | None) -> str:
    if heading is None:
        return reverse("office:catalogue")
    return reverse("office:catalogue-at", args=[heading.pk])


def _shown(request: HttpRequest, table: Table) -> HttpResponse:
    known = book()
    heading = table.heading
    context: dict[str, object] = {
        "table": table,
        "heading": heading,
        "title": in_language(heading.name, heading.name_en) if heading else "",
        "lineage": known.lineage(heading.pk) if heading else (),
        "branches": _branches(known, heading),
        "figures": _figures(known),
    }
    return render(request, "office/catalogue/table.html", context, status=table.status)


def _branches(known: Book, heading: Category | None) -> list[Branch]:
    path = heading.path if heading else ""
    return [
        Branch(
            module,
            path.startswith(module.path),
            tuple(
                (child, path.startswith(child.path))
                for child in known.children(module.id)
                if path.startswith(module.path) and known.children(child.id)
            ),
        )
        for module in known.children(None)
    ]


def _figures(known: Book) -> dict[str, int]:
    entries = known.categories
    return {
        "categories": len(entries),
        "published": sum(entry.published for entry in entries),
        "unserved": sum(not known.serves(entry.id) for entry in entries),
    }


def _found(request: HttpRequest, words: str) -> HttpResponse:
    """Categories whose name, code or keywords hold the words, each leading to its table."""
    known = book()
    said = Q(name__icontains=words) | Q(name_en__icontains=words) | Q(code__icontains=words)
    rows = Category.objects.filter(said | Q(keywords__icontains=words)).order_by("path")
    found = list(rows.select_related("parent")[: MOST_FOUND + 1])
    context: dict[str, object] = {
        "words": words,
        "found": [_line(known, row) for row in found[:MOST_FOUND]],
        "more": len(found) > MOST_FOUND,
        "branches": _branches(known, None),
        "figures": _figures(known),
    }
    return render(request, "office/catalogue/found.html", context)


def _line(known: Book, row: Category) -> tuple[Category, str, str]:
    title = in_language(row.name, row.name_en)
    return row, title, _titles(known.lineage(row.pk)[:-1])


def _titles(entries: Iterable[CategoryEntry]) -> str:
    return " › ".join(entry.title for entry in entries)


@page(KINDS)
def new_category(request: HttpRequest) -> HttpResponse:
    """A draft beneath the category `under` of the address (none: a module)."""
    user, at = signed_in(request), now(request)
    under = request.GET.get("under", "")
    parent = get_object_or_404(Category, pk=under) if under.isdecimal() else None
    start = {"kind": parent.kind if parent else Kind.MATTER.value, "public": True}
    form = NewCategoryForm(request.POST or None, initial=start)
    status = 200
    if form.is_bound:
        made: list[Category] = []
        status = tried(form, lambda: made.append(_create(parent, form.cleaned_data, user, at)))
        if not status:
            messages.success(
                request,
                _("已加入草稿“%(name)s”，加上立案条件和派遣规则后发布") % {"name": made[0].name},
            )
            return go(request, reverse("office:catalogue-at", args=[made[0].pk]))
    context = {"form": form, "parent": parent}
    return render(request, "office/catalogue/category_new.html", context, status=status)


def _create(parent: Category | None, said: dict[str, Any], user: User, at: datetime) -> Category:
    fields = {**said, "kind": Kind(said["kind"])}
    return actions.create_category(
        parent_id=parent.pk if parent else None, by=user, at=at, **fields
    )


@page(KINDS)
def new_condition(request: HttpRequest, category_id: int) -> HttpResponse:
    """A condition more for a category."""
    user, at = signed_in(request), now(request)
    category = get_object_or_404(Category, pk=category_id)
    start = {
        "version": category.version, "needs_photo_after": True, "public": category.public,
        "limit_unit": "workday", "verify_by": "community",
    }  # fmt: skip
    form = NewConditionForm(request.POST or None, initial=start)
    status = 200
    if form.is_bound:
        status = tried(form, lambda: _add(category, form, user, at), {"limit": "limit_amount"})
        if not status:
            messages.success(request, _("已加入立案条件"))
            return go(request, address(category))
    context = {"form": form, "category": category}
    return render(request, "office/catalogue/condition_new.html", context, status=status)


def _add(category: Category, form: NewConditionForm, user: User, at: datetime) -> None:
    """Add it; the same form sent twice adds it once, since the version has moved on."""
    said = form.cleaned_data
    fields = condition_fields(said)
    actions.add_condition(category.pk, by=user, at=at, version=said["version"], **fields)


@page(KINDS)
def move(request: HttpRequest, category_id: int) -> HttpResponse:
    """Put a category, with all beneath it, under another one."""
    user, at = signed_in(request), now(request)
    category = get_object_or_404(Category, pk=category_id)
    start = {"under": category.parent_id, "version": category.version}
    form = MoveForm(request.POST or None, initial=start)
    offer(form, "under", _places_for(category))
    status = 200
    if form.is_bound:
        status = tried(form, lambda: _move(category, form.cleaned_data, user, at))
        if not status:
            messages.success(request, _("已移动“%(name)s”") % {"name": category.name})
            return go(request, address(category))
    context = {"form": form, "category": category}
    return render(request, "office/catalogue/move.html", context, status=status)


def _move(category: Category, said: dict[str, Any], user: User, at: datetime) -> None:
    if said["under"] != category.parent_id:
        actions.move_category(
            category.pk, under=said["under"], by=user, at=at, version=said["version"]
        )


def _places_for(category: Category) -> list[Any]:
    """Modules and headings, without the category's own branch."""
    known = book()
    found: list[Any] = [("", _("最上层（成为模块）"))]
    for module in known.children(None):
        if module.path.startswith(category.path):
            continue
        found.append((module.id, module.title))
        found += [
            (child.id, f"{module.title} › {child.title}")
            for child in known.children(module.id)
            if not child.path.startswith(category.path)
        ]
    return found
