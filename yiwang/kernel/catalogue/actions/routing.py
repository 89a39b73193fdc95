"""Saving the routing table as a whole, and rehearsing it before."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2s

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from yiwang.kernel.catalogue.actions.writing import changed, keep_promise, line, one_at_a_time
from yiwang.kernel.catalogue.models import LEVEL_NAMES, Category, RoutingRule
from yiwang.kernel.catalogue.permissions import require_rules
from yiwang.kernel.catalogue.rules.rehearsal import Rehearsal, RoutingFacts, rehearse
from yiwang.kernel.catalogue.rules.routing import RouteRule
from yiwang.kernel.catalogue.snapshot import load_rules, route_rule
from yiwang.kernel.foundation import audit
from yiwang.kernel.foundation.actors import Actor
from yiwang.kernel.foundation.errors import Invalid, Stale
from yiwang.kernel.organisation.models import Unit
from yiwang.kernel.territory.models import Division


@dataclass(frozen=True)
class RuleDraft:
    """One line of the table as somebody wants it; `number` None is a new line. Its order is its place."""

    unit_id: int
    category_id: int | None = None
    level: str = ""
    area_id: int | None = None
    note: str = ""
    active: bool = True
    number: int | None = None


def drafts() -> list[RuleDraft]:
    """Return the table as it stands, ready to be changed and saved again."""
    return [_draft(row) for row in RoutingRule.objects.order_by("order")]


def _draft(row: RoutingRule) -> RuleDraft:
    return RuleDraft(
        row.unit_id, row.category_id, row.level, row.area_id, row.note, row.active, row.pk
    )


def fingerprint(table: Sequence[RuleDraft]) -> str:
    """Name a state of the table, so that a page can say which one it changed."""
    return blake2s(repr(list(table)).encode(), digest_size=8).hexdigest()


def rehearse_rules(table: Sequence[RuleDraft], facts: Iterable[RoutingFacts]) -> Rehearsal:
    """Say what the changed table would have done to past cases. Writes nothing.

    Raises:
        Invalid: a line names something that is not there.
    """
    return rehearse(load_rules(), _named(_rows(table)), facts)


@transaction.atomic
def save_rules(
    table: Sequence[RuleDraft], *, by: Actor, at: datetime, expected: str | None = None
) -> list[RouteRule]:
    """Make the table what is given, in that order; lines left out are gone.

    `expected` is the `fingerprint` of the table the change began with.

    Raises:
        Forbidden: without `rules.manage`.
        Stale: the table is another one by now.
        Invalid: a line names something that is not there (field "rules.3.unit": the third line).
        Conflict: a published category would be left without a unit.
    """
    require_rules(by, at)
    one_at_a_time()
    before = drafts()
    if expected is not None and expected != fingerprint(before):
        raise Stale(_("派遣规则刚被别人改过，请看过新的规则再改"), current=fingerprint(before))
    rows = _rows(table)
    if [_draft(row) for row in rows] != before:
        write_rules(rows)
        after = load_rules()
        keep_promise(after)
        facts = {**_difference(before, rows), "table": [_told(row) for row in rows]}
        audit.record("routing", "table", "rules_saved", by=by, at=at, facts=facts)
        changed()
    return load_rules()


def write_rules(rows: Sequence[RoutingRule]) -> None:
    """Make the stored table these rows: insert, update, and delete what is not among them."""
    kept = [row for row in rows if row.pk]
    RoutingRule.objects.exclude(pk__in=[row.pk for row in kept]).delete()
    fields = ["order", "category", "level", "area", "unit", "note", "active"]
    RoutingRule.objects.bulk_update(kept, fields)
    RoutingRule.objects.bulk_create([row for row in rows if not row.pk])


def _difference(
    before: Sequence[RuleDraft], rows: Sequence[RoutingRule]
) -> dict[str, list[object]]:
    was = {draft.number: draft for draft in before}
    now = {row.pk: _draft(row) for row in rows}
    return {
        "removed": [number for number in was if number not in now],
        "added": [row.pk for row in rows if row.pk not in was],
        "changed": [number for number in was if number in now and was[number] != now[number]],
    }


def _told(row: RoutingRule) -> list[object]:
    """A line as the record keeps it, without the free note: number, category, level, area, unit, active."""
    return [row.pk, row.category_id, row.level, row.area_id, row.unit_id, row.active]


def _rows(table: Sequence[RuleDraft]) -> list[RoutingRule]:
    """Turn drafts into rows, each with its category, area and unit, in three queries."""
    categories = Category.objects.in_bulk([d.category_id for d in table if d.category_id])
    areas = Division.objects.in_bulk([d.area_id for d in table if d.area_id])
    units = Unit.objects.in_bulk([d.unit_id for d in table])
    known = set(RoutingRule.objects.values_list("pk", flat=True))
    rows = []
    for place, draft in enumerate(table, start=1):
        _check(draft, place, known, units, categories, areas)
        known.discard(draft.number or 0)
        rows.append(
            RoutingRule(
                pk=draft.number,
                order=place,
                category=categories[draft.category_id] if draft.category_id else None,
                level=draft.level,
                area=areas[draft.area_id] if draft.area_id else None,
                unit=units[draft.unit_id],
                note=line(draft.note, 200, f"rules.{place}.note", needed=False),
                active=draft.active,
            )
        )
    return rows


def _check(
    draft: RuleDraft,
    place: int,
    known: set[int],
    units: dict[int, Unit],
    categories: dict[int, Category],
    areas: dict[int, Division],
) -> None:
    where = f"rules.{place}"
    if draft.number is not None and draft.number not in known:
        raise Invalid(_("没有规则 %(number)s") % {"number": draft.number}, field=f"{where}.number")
    if draft.unit_id not in units:
        raise Invalid(_("请选择责任单位"), field=f"{where}.unit")
    if draft.category_id and draft.category_id not in categories:
        raise Invalid(_("没有这个类别"), field=f"{where}.category")
    if draft.area_id and draft.area_id not in areas:
        raise Invalid(_("没有这个区域"), field=f"{where}.area")
    if draft.level and draft.level not in LEVEL_NAMES:
        raise Invalid(_("没有这个层级"), field=f"{where}.level")


def _named(rows: Sequence[RoutingRule]) -> list[RouteRule]:
    """Rules of rows not saved yet: new ones get numbers nobody has."""
    for place, row in enumerate(rows, start=1):
        row.pk = row.pk or -place
    return [route_rule(row) for row in rows]
