"""Making, changing, moving, publishing and retiring categories."""

from collections.abc import Sequence
from datetime import datetime
from typing import TypedDict, Unpack

from django.db import transaction
from django.db.models import F, Value
from django.db.models.functions import Concat, Substr
from django.utils.translation import gettext_lazy as _

from yiwang.kernel.catalogue.actions.writing import (
    changed,
    give_paths,
    keep_promise,
    line,
    one_at_a_time,
    retired_paths,
    the_category,
    touched,
)
from yiwang.kernel.catalogue.models import Category
from yiwang.kernel.catalogue.permissions import require_catalogue
from yiwang.kernel.catalogue.rules.routing import Router
from yiwang.kernel.catalogue.rules.tree import is_code, lies_beneath, path_of
from yiwang.kernel.catalogue.rules.words import Kind
from yiwang.kernel.catalogue.snapshot import load_rules
from yiwang.kernel.foundation import audit
from yiwang.kernel.foundation.actors import Actor
from yiwang.kernel.foundation.errors import Conflict, Invalid


class CategoryFields(TypedDict, total=False):
    """What may be set of a category. Its code stays for ever: files, rules and other systems name it."""

    name: str
    name_en: str
    kind: Kind
    public: bool
    emergency: bool
    inspectors_only: bool
    keywords: str


@transaction.atomic
def create_category(
    *,
    parent_id: int | None,
    code: str,
    by: Actor,
    at: datetime,
    **fields: Unpack[CategoryFields],
) -> Category:
    """Make a draft at the end of its siblings; without a parent it is a module of its own.

    Raises:
        Forbidden: without `catalogue.manage`.
        Invalid: a field; Conflict: the code is taken; Missing: no such parent.
    """
    require_catalogue(by, at)
    one_at_a_time()
    code = _new_code(code)
    parent = the_category(parent_id) if parent_id is not None else None
    siblings = Category.objects.filter(parent=parent)
    category = Category(
        parent=parent, code=code, edited=True, module=parent.module if parent else code
    )
    category.sort_order = (
        siblings.order_by("-sort_order").values_list("sort_order", flat=True).first() or 0
    ) + 1
    _set(category, {"name": "", **fields})
    category.save()
    give_paths([category], parent.path if parent else "")
    category.save(update_fields=["path"])
    audit.record("category", category.pk, "category_created", by=by, at=at, facts={"code": code})
    changed()
    return category


def _new_code(code: str) -> str:
    code = code.strip()
    if not is_code(code):
        raise Invalid(_("代码只能用字母、数字、点、横线和下划线，最多 60 个"), field="code")
    if Category.objects.filter(code=code).exists():
        raise Conflict(_("代码 %(code)s 已被使用") % {"code": code}, field="code")
    return code


_LONGEST = {"name": 80, "name_en": 120, "keywords": 2_000}


def _set(category: Category, fields: CategoryFields) -> dict[str, list[object]]:
    """Set the fields, checked; returns [old, new] of those that changed."""
    differences: dict[str, list[object]] = {}
    for name, given in fields.items():
        value = given
        if isinstance(value, Kind):
            value = value.value
        elif isinstance(value, str):
            value = line(value, _LONGEST[name], name, needed=name == "name")
        if getattr(category, name) != value:
            differences[name] = [getattr(category, name), value]
            setattr(category, name, value)
    if category.public and category.inspectors_only:
        raise Invalid(_("只有纪检人员可见的类别不能公开"), field="public")
    return differences


@transaction.atomic
def edit_category(
    category_id: int,
    *,
    by: Actor,
    at: datetime,
    version: int | None = None,
    **fields: Unpack[CategoryFields],
) -> Category:
    """Change a category. Nothing is written, and no row added to its record, when nothing differs.

    Raises:
        Forbidden, Missing, Stale, Invalid.
    """
    require_catalogue(by, at)
    one_at_a_time()
    category = the_category(category_id, version)
    if differences := _set(category, fields):
        touched(category)
        facts = {"code": category.code, "changed": differences}
        audit.record("category", category.pk, "category_edited", by=by, at=at, facts=facts)
        changed()
    return category


@transaction.atomic
def move_category(
    category_id: int,
    *,
    under: int | None,
    by: Actor,
    at: datetime,
    version: int | None = None,
) -> Category:
    """Put a category with all beneath it under another one (None: make it a module), as its last child.

    Raises:
        Forbidden, Missing, Stale.
        Invalid: under itself or something beneath it.
        Conflict: a published category would lose its unit.
    """
    require_catalogue(by, at)
    one_at_a_time()
    category = the_category(category_id, version)
    parent = the_category(under) if under is not None else None
    if parent and lies_beneath(parent.path, category.path):
        raise Invalid(_("不能移到自己或自己的下级之下"), field="under")
    former = category.parent_id
    last = Category.objects.filter(parent=parent).order_by("-sort_order").first()
    category.parent, category.sort_order = parent, (last.sort_order if last else 0) + 1
    touched(category)
    _move_tree(category, parent)
    keep_promise()
    facts = {"code": category.code, "from": former, "to": under}
    audit.record("category", category.pk, "category_moved", by=by, at=at, facts=facts)
    changed()
    category.refresh_from_db()
    return category


def _move_tree(category: Category, parent: Category | None) -> None:
    """Rewrite the paths of the category and everything beneath it, in one statement."""
    new = path_of(parent.path if parent else "", category.pk)
    Category.objects.under(category.path).update(
        path=Concat(Value(new), Substr(F("path"), len(category.path) + 1)),
        module=parent.module if parent else category.code,
    )


@transaction.atomic
def reorder(parent_id: int | None, ids: Sequence[int], *, by: Actor, at: datetime) -> None:
    """Put the children of a category (None: the modules) in the order given, which names each once.

    Raises:
        Forbidden.
        Invalid: the ids are not exactly the children.
    """
    require_catalogue(by, at)
    one_at_a_time()
    children = {child.pk: child for child in Category.objects.filter(parent_id=parent_id)}
    if sorted(ids) != sorted(children):
        raise Invalid(_("顺序里必须正好是这一级的全部类别"), field="order")
    moved = [children[key] for place, key in enumerate(ids, 1) if children[key].sort_order != place]
    for place, key in enumerate(ids, start=1):
        children[key].sort_order = place
    for child in moved:
        touched(child)
    if moved:
        facts = {"parent": parent_id, "order": list(ids)}
        audit.record("catalogue", "order", "categories_reordered", by=by, at=at, facts=facts)
        changed()


@transaction.atomic
def publish_category(
    category_id: int, *, by: Actor, at: datetime, version: int | None = None
) -> Category:
    """Open a category for new matters; one that was retired comes back.

    Raises:
        Forbidden, Missing, Stale.
        Conflict: no routing rule gives it a unit, or a category above it is retired.
    """
    require_catalogue(by, at)
    one_at_a_time()
    category = the_category(category_id, version)
    if category.published:
        return category
    if not Router(load_rules()).serves(category.path):
        raise Conflict(
            _("类别 %(category)s 没有责任单位：请先为它设一条派遣规则，再发布")
            % {"category": category.name},
            code="category_without_unit",
        )
    _open([category], by, at)
    keep_promise()
    return category


@transaction.atomic
def publish_served(*, by: Actor, at: datetime) -> int:
    """Publish every draft that some routing rule gives a unit, unless it lies beneath a retired one.

    Returns how many.
    """
    require_catalogue(by, at)
    one_at_a_time()
    router = Router(load_rules())
    retired = retired_paths()
    drafts = [
        category
        for category in Category.objects.drafts().in_order()
        if router.serves(category.path) and not category.path.startswith(retired)
    ]
    if drafts:
        _open(drafts, by, at)
    return len(drafts)


def _open(categories: Sequence[Category], by: Actor, at: datetime) -> None:
    for category in categories:
        category.published, category.retired_at = True, None
        category.version += 1
    Category.objects.bulk_update(categories, ["published", "retired_at", "version"])
    audit.record_many(
        audit.Event("category", category.pk, "category_published", by, at, {"code": category.code})
        for category in categories
    )
    changed()


@transaction.atomic
def retire_category(
    category_id: int, *, by: Actor, at: datetime, version: int | None = None
) -> Category:
    """Close a category for new matters; the cases it has keep it.

    Raises:
        Forbidden, Missing, Stale.
        Conflict: something published lies beneath it.
    """
    require_catalogue(by, at)
    one_at_a_time()
    category = the_category(category_id, version)
    if category.retired_at is not None:
        return category
    beneath = Category.objects.under(category.path).published().exclude(pk=category.pk).count()
    if beneath:
        raise Conflict(
            _("它下面还有 %(count)s 个已发布的类别，请先停用它们") % {"count": beneath},
            code="category_has_published_children",
        )
    category.published, category.retired_at = False, at
    category.version += 1
    category.save(update_fields=["published", "retired_at", "version"])
    facts = {"code": category.code}
    audit.record("category", category.pk, "category_retired", by=by, at=at, facts=facts)
    changed()
    return category
