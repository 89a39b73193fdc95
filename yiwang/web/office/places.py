"""Areas as forms name them, from memory."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from yiwang.kernel.foundation.errors import Invalid
from yiwang.kernel.territory import tree
from yiwang.kernel.territory.land import Place, day_of, land
from yiwang.kernel.territory.models import LEVEL_NAMES
from yiwang.kernel.territory.rules.levels import Level


def in_force(day: date | None = None) -> list[Place]:
    """Every division in force on a day, each followed by those beneath it."""
    today = day or day_of(None)
    children: dict[int | None, list[Place]] = {}
    places = land().places
    for place in places.values():
        if place.is_in_force(today):
            parent = place.parent_id if place.parent_id in places else None
            children.setdefault(parent, []).append(place)
    found: list[Place] = []
    waiting = children.get(None, [])[::-1]
    while waiting:
        place = waiting.pop()
        found.append(place)
        waiting.extend(children.get(place.id, [])[::-1])
    return found


def served(day: date | None = None) -> list[Place]:
    """The town and everything beneath it; everything there is before a town is chosen."""
    town = tree.town()
    path = town.path if town else "/"
    return [place for place in in_force(day) if place.path.startswith(path)]


def choices(lowest: Level = Level.GRID) -> list[Any]:
    """For a select: what lies above the communities first, then each community with its grids."""
    high: list[tuple[int, str]] = []
    groups: list[tuple[str, list[tuple[int, str]]]] = []
    for place in served():
        if place.level.depth > lowest.depth:
            continue
        if place.level.depth < Level.COMMUNITY.depth:
            high.append((place.id, place.name))
        elif place.level is Level.COMMUNITY or not groups:
            whole = _("%(area)s（整个）") % {"area": place.name}
            groups.append((place.name, [(place.id, whole)]))
        else:
            groups[-1][1].append((place.id, place.short_name or place.name))
    return [*high, *groups]


def labels(places: Iterable[Place] | None = None) -> dict[int, str]:
    """南城街道/中山社区/第一网格: names from the town down, by id, each once."""
    known = land().places
    town = tree.town()
    above = set(town.path.strip("/").split("/")[:-1]) if town else set()
    found: dict[int, str] = {}
    taken: set[str] = set()
    for place in served() if places is None else places:
        ids = [part for part in place.path.strip("/").split("/") if part not in above]
        label = "/".join(known[int(part)].name for part in ids if int(part) in known)
        found[place.id] = label if label not in taken else f"{label} #{place.id}"
        taken.add(label)
    return found


def area_of(text: str) -> int | None:
    """The area a label means, or any end of a label that only one has; None for a blank.

    Raises:
        Invalid: no such area, or several.
    """
    wanted = text.strip().strip("/")
    if not wanted:
        return None
    named = labels()
    exact = [key for key, label in named.items() if label == wanted]
    ends = exact or [key for key, label in named.items() if label.endswith("/" + wanted)]
    if len(ends) == 1:
        return ends[0]
    said = _("没有这个区域：%(text)s") if not ends else _("有几个区域叫这个名字：%(text)s")
    raise Invalid(said % {"text": wanted}, field="area")


def name_of(division_id: int | None) -> str:
    """南城街道/中山社区, for screens; a closed division too."""
    found = tree.place(division_id) if division_id else None
    return labels([found])[found.id] if found else ""


def level_name(level: str) -> str:
    return str(LEVEL_NAMES[Level(level)])


def own_name(place: Place, known: Mapping[int, Place]) -> str:
    """第一网格 beneath 双井社区: a name without that of the division above."""
    above = known.get(place.parent_id or 0)
    name = place.short_name or place.name
    return (name.removeprefix(above.name) or name) if above else name
