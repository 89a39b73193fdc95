"""What every write of the catalogue shares: one writer at a time, one promise kept at the end."""

from collections.abc import Iterable

from django.db import connection
from django.utils.translation import gettext_lazy as _

from yiwang.kernel.catalogue.models import Category
from yiwang.kernel.catalogue.rules.routing import Router, RouteRule
from yiwang.kernel.catalogue.rules.tree import path_of, tidy
from yiwang.kernel.catalogue.snapshot import VERSION, load_rules
from yiwang.kernel.foundation import versions
from yiwang.kernel.foundation.errors import Conflict, Invalid, Missing, Stale

_LOCK = 0x79_77_63_61  # "ywca": the advisory lock of this room
NAMED_AT_MOST = 5


def one_at_a_time() -> None:
    """Wait for any other writer of the catalogue; held to the end of the transaction.

    Publishing asks the rules and saving rules asks what is published: side by side both could pass.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])


def the_category(category_id: int, version: int | None = None) -> Category:
    """Return the category to change.

    Raises:
        Missing: no such category.
        Stale: `version` is given and somebody changed it since.
    """
    category = Category.objects.filter(pk=category_id).first()
    if category is None:
        raise Missing(_("没有这个类别"))
    if version is not None and version != category.version:
        raise Stale(
            _("类别 %(category)s 刚被别人改过，请看过新的内容再改") % {"category": category.name},
            current={"version": category.version},
        )
    return category


def touched(category: Category) -> None:
    """Save a category a person changed: the town's own from now on."""
    category.edited = True
    category.version += 1
    category.save()


def line(text: str, longest: int, field: str, *, needed: bool = True) -> str:
    """Put a text in order.

    Raises:
        Invalid: empty where needed, or too long.
    """
    tidied = tidy(text)
    if needed and not tidied:
        raise Invalid(_("请填写这一项"), field=field)
    if len(tidied) > longest:
        raise Invalid(
            _("最多 %(longest)s 个字，现有 %(length)s 个")
            % {"longest": longest, "length": len(tidied)},
            field=field,
        )
    return tidied


def give_paths(categories: Iterable[Category], parent_path: str) -> None:
    """Set the paths of new categories beneath one parent; the caller saves them."""
    for category in categories:
        category.path = path_of(parent_path, category.pk)


def keep_promise(rules: Iterable[RouteRule] | None = None) -> None:
    """Check that every published category has a rule that gives it a unit, and no retired one above it.

    Raises:
        Conflict: naming those that would not.
    """
    router = Router(list(load_rules() if rules is None else rules))
    published = list(Category.objects.published().in_order())
    left = [category.name for category in published if not router.serves(category.path)]
    if left:
        raise Conflict(
            _("这样改以后，%(count)s 个已发布的类别没有责任单位：%(names)s。请先停用它们或另设规则")
            % {"count": len(left), "names": "、".join(left[:NAMED_AT_MOST])},
            code="category_without_unit",
        )
    retired = retired_paths()
    cut_off = [category.name for category in published if category.path.startswith(retired)]
    if cut_off:
        raise Conflict(
            _("%(names)s 的上级已停用，请先恢复上级")
            % {"names": "、".join(cut_off[:NAMED_AT_MOST])},
            code="category_beneath_retired",
        )


def retired_paths() -> tuple[str, ...]:
    """Return the paths nothing may be published beneath."""
    retired = Category.objects.filter(retired_at__isnull=False)
    return tuple(retired.values_list("path", flat=True))


def changed() -> None:
    """Let every process read the catalogue anew."""
    versions.bump(VERSION)
