"""Create, change and close divisions; say which one this installation serves."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from yiwang.kernel.foundation.actors import Actor
from yiwang.kernel.foundation.errors import Conflict, Invalid
from yiwang.kernel.territory.actions.writing import (
    boundary_at,
    facts_of,
    fetch,
    next_ids,
    note,
    path_under,
    writing,
)
from yiwang.kernel.territory.land import day_of
from yiwang.kernel.territory.models import Division
from yiwang.kernel.territory.rules.levels import Kind, Level

CHANGEABLE = ("name", "short_name", "code", "grid_code", "kind", "households", "sort_order")


def create_division(
    *,
    level: Level | str,
    name: str,
    by: Actor,
    at: datetime,
    parent: Division | None = None,
    code: str = "",
    short_name: str = "",
    grid_code: str = "",
    kind: Kind | str = "",
    households: int | None = None,
    sort_order: int = 0,
    is_town: bool = False,
    valid_from: date | None = None,
) -> Division:
    """Create a division without a boundary.

    Raises:
        Invalid: no name, or the parent is not above the level or not yet in force.
        Conflict: the code, or the name under this parent, is taken.
    """
    level = Level(level)
    with writing(by, at):
        division = Division(
            id=next_ids(1)[0],
            level=level.value,
            name=name.strip(),
            short_name=short_name.strip(),
            code=code.strip(),
            grid_code=grid_code.strip(),
            kind=_kind(level, kind),
            parent=parent,
            households=households,
            sort_order=sort_order,
            is_town=is_town,
            valid_from=valid_from or day_of(at),
        )
        division.path = path_under(parent, division.pk)
        must_fit(division)
        division.save(force_insert=True)
        note(division, "division_created", by, at, facts_of(division))
    return division


def _kind(level: Level, kind: Kind | str) -> str:
    return str(kind or Kind.GENERAL) if level is Level.GRID else ""


def must_fit(division: Division) -> None:
    if not division.name:
        raise Invalid(_("请填写名称"), field="name")
    parent = division.parent
    if parent is not None:
        if not Level(parent.level).is_above(Level(division.level)):
            raise Invalid(_("上级的层级必须高于本级"), field="parent")
        if parent.valid_from > division.valid_from or parent.valid_to is not None:
            raise Invalid(_("上级在那一天尚未启用或已停用"), field="parent")
    _must_be_free(division)


def _must_be_free(division: Division) -> None:
    others = Division.objects.filter(valid_to=None).exclude(pk=division.pk)
    if division.code and others.filter(code=division.code).exists():
        raise Conflict(_("代码 %(code)s 已被使用") % {"code": division.code}, field="code")
    if division.grid_code and others.filter(grid_code=division.grid_code).exists():
        raise Conflict(
            _("代码 %(code)s 已被使用") % {"code": division.grid_code}, field="grid_code"
        )
    same = others.filter(parent_id=division.parent_id, level=division.level, name=division.name)
    if same.exists():
        raise Conflict(_("同一上级下已有“%(name)s”") % {"name": division.name}, field="name")


def change_division(division: Division, *, by: Actor, at: datetime, **changes: Any) -> Division:
    """Change name, short name, codes, kind, households or order; nothing else of a division ever changes.

    Raises:
        Invalid: no name, or a kind for what is not a grid.
        Conflict: the code or the name is taken.
    """
    unknown = set(changes) - set(CHANGEABLE)
    if unknown:
        raise TypeError(f"a division keeps its {', '.join(sorted(unknown))}")
    with writing(by, at):
        found = fetch(division)
        before = {name: getattr(found, name) for name in changes}
        for name, value in changes.items():
            setattr(found, name, value.strip() if isinstance(value, str) else value)
        changed = [name for name in changes if getattr(found, name) != before[name]]
        if changed:
            _save_changed(found, changed, before, by, at)
    return found


def _save_changed(
    division: Division, changed: list[str], before: dict[str, Any], by: Actor, at: datetime
) -> None:
    if not division.name:
        raise Invalid(_("请填写名称"), field="name")
    if bool(division.kind) != (division.level == Level.GRID):
        raise Invalid(_("只有网格分综合与专属"), field="kind")
    _must_be_free(division)
    division.save(update_fields=changed)
    facts = {name: [before[name], getattr(division, name)] for name in changed}
    note(division, "division_changed", by, at, facts)


def close_division(
    division: Division, *, by: Actor, at: datetime, on: date | None = None
) -> Division:
    """End a division, with its boundary, on a day: that day it is no longer in force.

    Raises:
        Conflict: something beneath it is still in force, or it is closed already.
        Invalid: the day is not after its first one.
    """
    day = on or day_of(at)
    with writing(by, at):
        found = fetch(division)
        must_be_closable(found, day)
        end(found, day)
        note(found, "division_closed", by, at, {"on": day.isoformat()})
    return found


def must_be_closable(division: Division, day: date) -> None:
    if division.valid_to is not None:
        raise Conflict(_("“%(name)s”已经停用") % {"name": division.name})
    if day <= division.valid_from:
        raise Invalid(_("停用日期必须晚于启用日期"), field="on")
    open_beneath = Division.objects.under(division).exclude(pk=division.pk)
    if open_beneath.filter(Q(valid_to=None) | Q(valid_to__gt=day)).exists():
        raise Conflict(_("“%(name)s”之下还有未停用的区划") % {"name": division.name})


def end(division: Division, day: date) -> None:
    """Write the last day of a division and its boundary; a boundary that would only begin later goes."""
    division.boundaries.filter(valid_from__gte=day).delete()
    boundary = boundary_at(division, day)
    if boundary is not None:
        boundary.valid_to = day
        boundary.save(update_fields=["valid_to"])
    division.valid_to = day
    division.save(update_fields=["valid_to"])


def set_town(division: Division, *, by: Actor, at: datetime, serves: bool = True) -> Division:
    """Say that this installation serves a division (or no longer does)."""
    with writing(by, at):
        found = fetch(division)
        if found.is_town != serves:
            found.is_town = serves
            found.save(update_fields=["is_town"])
            note(found, "town_chosen" if serves else "town_dropped", by, at, {})
    return found
