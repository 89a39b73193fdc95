"""Units and their posts."""

from datetime import datetime
from typing import TypedDict, Unpack

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from yiwang.kernel.foundation import audit
from yiwang.kernel.foundation.actors import Actor
from yiwang.kernel.foundation.errors import Conflict, Invalid
from yiwang.kernel.organisation.models import Post, Unit, UnitKind, UnitLevel
from yiwang.kernel.organisation.permissions import require
from yiwang.kernel.organisation.rules import Permission
from yiwang.kernel.territory.models import Division


class UnitChange(TypedDict, total=False):
    """What may change of a unit; its code stays, since rules and files name it."""

    name: str
    kind: UnitKind
    level: UnitLevel
    division: Division
    parent: Unit | None
    phone: str
    active: bool


@transaction.atomic
def add_unit(
    *,
    name: str,
    code: str,
    kind: UnitKind,
    level: UnitLevel,
    division: Division,
    by: Actor,
    at: datetime,
    parent: Unit | None = None,
    phone: str = "",
) -> Unit:
    """Set a unit up over the area it serves.

    Raises:
        Forbidden: without `staff.manage` over the area.
        Invalid: no name or code.
        Conflict: another unit has the code.
    """
    require(by, Permission.STAFF_MANAGE, at=at, area_path=division.path)
    name, code = name.strip(), code.strip()
    if not name:
        raise Invalid(_("请填写单位名称"), field="name")
    if not code:
        raise Invalid(_("请填写单位代码"), field="code")
    if Unit.objects.filter(code=code).exists():
        raise Conflict(_("单位代码 %(code)s 已被使用") % {"code": code}, field="code")
    unit = Unit.objects.create(
        name=name,
        code=code,
        kind=kind,
        level=level,
        division=division,
        parent=parent,
        phone=phone.strip(),
    )
    audit.record("unit", unit.pk, "unit_added", by=by, at=at, facts=_facts(unit))
    return unit


@transaction.atomic
def change_unit(unit: Unit, *, by: Actor, at: datetime, **change: Unpack[UnitChange]) -> Unit:
    """Change what is given; a unit that is closed (`active=False`) opens nothing to its people any more.

    Raises:
        Forbidden: without `staff.manage` over the area, the old and the new one.
        Invalid: no name, or a parent that lies beneath the unit itself.
    """
    unit = Unit.objects.select_for_update(of=("self",)).select_related("division").get(pk=unit.pk)
    require(by, Permission.STAFF_MANAGE, at=at, area_path=unit.division.path)
    for name, value in change.items():
        setattr(unit, name, value.strip() if isinstance(value, str) else value)
    require(by, Permission.STAFF_MANAGE, at=at, area_path=unit.division.path)
    if not unit.name:
        raise Invalid(_("请填写单位名称"), field="name")
    if unit.pk in _chain(unit.parent_id):
        raise Invalid(_("上级单位不能是本单位或其下级"), field="parent")
    unit.save()
    facts = {**_facts(unit), "changed": sorted(change)}
    audit.record("unit", unit.pk, "unit_changed", by=by, at=at, facts=facts)
    return unit


def _chain(unit_id: int | None) -> set[int]:
    """Return the ids of a unit and everything above it, as stored."""
    seen: set[int] = set()
    while unit_id is not None and unit_id not in seen:
        seen.add(unit_id)
        unit_id = Unit.objects.values_list("parent_id", flat=True).get(pk=unit_id)
    return seen


@transaction.atomic
def add_post(unit: Unit, *, title: str, by: Actor, at: datetime) -> Post:
    """Name a seat of a unit; naming it again returns the same one.

    Raises:
        Forbidden: without `staff.manage` over the unit's area.
        Invalid: no title.
    """
    require(by, Permission.STAFF_MANAGE, at=at, area_path=unit.division.path)
    if not title.strip():
        raise Invalid(_("请填写岗位名称"), field="title")
    post, made = Post.objects.get_or_create(unit=unit, title=title.strip())
    if made:
        facts = {"post": post.pk, "title": post.title}
        audit.record("unit", unit.pk, "post_added", by=by, at=at, facts=facts)
    return post


def _facts(unit: Unit) -> dict[str, object]:
    return {
        "code": unit.code,
        "name": unit.name,
        "kind": str(unit.kind),
        "level": str(unit.level),
        "division": unit.division_id,
        "parent": unit.parent_id,
        "active": unit.active,
    }
