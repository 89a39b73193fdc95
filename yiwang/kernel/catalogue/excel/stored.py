"""What is stored, as tables of the file; and the names under which the file knows units and areas."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from yiwang.kernel.catalogue.excel.layout import (
    CATEGORIES,
    CONDITIONS,
    LIMITS,
    RULES,
    CellValue,
    Holds,
)
from yiwang.kernel.catalogue.excel.writing import Row, write
from yiwang.kernel.catalogue.models import Category, Condition, RoutingRule, StageLimit
from yiwang.kernel.catalogue.rules.tree import tidy
from yiwang.kernel.catalogue.rules.words import Stage
from yiwang.kernel.catalogue.snapshot import STARTING_LIMITS
from yiwang.kernel.organisation.models import Unit
from yiwang.kernel.territory.models import Division


@dataclass(frozen=True)
class Directory:
    """Texts for units or areas and back. A text that could mean several is not in `ids`."""

    labels: Mapping[int, str]
    ids: Mapping[str, int]
    several: frozenset[str]


def units() -> Directory:
    """A unit is written "code name", and read by that, by its code, or by a name only it has."""
    rows = list(Unit.objects.order_by("code"))
    labels = {unit.pk: tidy(f"{unit.code} {unit.name}") for unit in rows}
    exact = {label: key for key, label in labels.items()} | {tidy(u.code): u.pk for u in rows}
    return _directory(labels, exact, [(tidy(unit.name), unit.pk) for unit in rows])


def areas() -> Directory:
    """A division is written as the names from the top, and read by any end of that only it has."""
    rows = {division.pk: division for division in Division.objects.order_by("path")}
    full = {key: _full_name(division, rows) for key, division in rows.items()}
    taken = defaultdict(list)
    for key, name in full.items():
        taken[name].append(key)
    labels = {
        key: name if len(taken[name]) == 1 else f"{name} #{key}" for key, name in full.items()
    }
    ends = [
        (end, key)
        for key, name in full.items()
        for end in _ends(name)
        if rows[key].valid_to is None
    ]
    return _directory(labels, {label: key for key, label in labels.items()}, ends)


def _full_name(division: Division, rows: Mapping[int, Division]) -> str:
    keys = [int(part) for part in division.path.split("/") if part]
    return "/".join(tidy(rows[key].name) for key in keys if key in rows)


def _ends(name: str) -> list[str]:
    parts = name.split("/")
    return ["/".join(parts[start:]) for start in range(len(parts))]


def _directory(
    labels: Mapping[int, str], exact: Mapping[str, int], loose: Iterable[tuple[str, int]]
) -> Directory:
    meant: dict[str, set[int]] = defaultdict(set)
    for text, key in loose:
        meant[text].add(key)
    single = {text: next(iter(keys)) for text, keys in meant.items() if len(keys) == 1}
    several = frozenset(text for text, keys in meant.items() if len(keys) > 1) - set(exact)
    return Directory(labels, {**single, **exact}, several)


def export_excel() -> bytes:
    """Return the whole catalogue as one workbook; taking it in again changes nothing."""
    unit_names, area_names = units(), areas()
    categories = in_tree_order()
    names = {category.code: category.name for category in categories}
    tables = {
        CATEGORIES.name: [_category_line(category) for category in categories],
        CONDITIONS.name: _condition_lines(categories),
        RULES.name: [_rule_line(row, unit_names, area_names) for row in _rules()],
        LIMITS.name: _limit_lines(),
    }
    choices = {
        Holds.CATEGORY: [f"{code} {name}" for code, name in names.items()],
        Holds.UNIT: list(unit_names.labels.values()),
        Holds.AREA: list(area_names.labels.values()),
    }
    return write(tables, names, choices)


def in_tree_order() -> list[Category]:
    """Every category, each followed by those beneath it."""
    children: dict[int | None, list[Category]] = defaultdict(list)
    for category in Category.objects.select_related("parent").in_order():
        children[category.parent_id].append(category)
    found: list[Category] = []
    waiting = children[None][::-1]
    while waiting:
        category = waiting.pop()
        found.append(category)
        waiting.extend(children[category.pk][::-1])
    return found


def state_of(category: Category) -> str:
    if category.published:
        return "published"
    return "retired" if category.retired_at else "draft"


def category_values(category: Category) -> dict[str, CellValue]:
    """The cells of a category by column key."""
    return {
        "code": category.code,
        "name": category.name,
        "name_en": category.name_en,
        "parent": category.parent.code if category.parent else "",
        "kind": category.kind,
        "state": state_of(category),
        "public": category.public,
        "emergency": category.emergency,
        "inspectors_only": category.inspectors_only,
        "keywords": category.keywords,
        "sort_order": category.sort_order,
    }


def _category_line(category: Category) -> Row:
    return {**category_values(category), "depth": category.path.count("/") - 2}


def condition_values(condition: Condition, category_code: str) -> dict[str, CellValue]:
    """The cells of a condition by column key."""
    return {
        "category": category_code,
        "code": condition.code,
        "name": condition.name,
        "name_en": condition.name_en,
        "limit": condition.limit,
        "urgency": condition.urgency,
        "is_default": condition.is_default,
        "needs_photo_before": condition.needs_photo_before,
        "needs_photo_after": condition.needs_photo_after,
        "verify_by": condition.verify_by,
        "public": condition.public,
        "active": condition.active,
        "source": condition.source,
        "sort_order": condition.sort_order,
    }


def _condition_lines(categories: Iterable[Category]) -> list[Row]:
    mine: dict[int, list[Condition]] = defaultdict(list)
    for condition in Condition.objects.order_by("sort_order", "code"):
        mine[condition.category_id].append(condition)
    return [
        condition_values(c, category.code) for category in categories for c in mine[category.pk]
    ]


def _rules() -> Iterable[RoutingRule]:
    return RoutingRule.objects.select_related("category").order_by("order")


def _rule_line(rule: RoutingRule, unit_names: Directory, area_names: Directory) -> Row:
    return {
        "number": rule.pk,
        "category": rule.category.code if rule.category else "",
        "level": rule.level,
        "area": area_names.labels[rule.area_id] if rule.area_id else "",
        "unit": unit_names.labels[rule.unit_id],
        "note": rule.note,
        "active": rule.active,
    }


def _limit_lines() -> list[Row]:
    stored = {Stage(row.stage): row.limit for row in StageLimit.objects.all()}
    return [
        {"stage": stage, "limit": stored.get(stage, starting)}
        for stage, starting in STARTING_LIMITS.items()
    ]
