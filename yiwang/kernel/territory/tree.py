"""Questions about the tree, answered from memory."""

from __future__ import annotations

from yiwang.kernel.territory.land import Place, day_of, land
from yiwang.kernel.territory.locating import Day
from yiwang.kernel.territory.rules.levels import Level


def town() -> Place | None:
    """The highest division this installation serves; None before the first one is chosen."""
    return land().town()


def place(division_id: int) -> Place | None:
    """A division by id, whether still in force or not."""
    return land().places.get(division_id)


def area_path(division_id: int | None) -> str:
    """The path of a division, "" when there is none."""
    found = land().places.get(division_id or 0)
    return found.path if found else ""


def chain(division_id: int) -> list[Place]:
    """A division and everything above it, from the root down."""
    places = land().places
    found = places.get(division_id)
    return [places[int(key)] for key in found.path.strip("/").split("/")] if found else []


def places(
    level: Level | str | None = None, at: Day = None, under: Place | int | None = None
) -> list[Place]:
    """Divisions in force on a day, in their order: of one level, beneath one division, or all."""
    day = day_of(at)
    path = area_path(under) or "none" if isinstance(under, int) else under.path if under else "/"
    return [
        found
        for found in land().places.values()
        if found.is_in_force(day)
        and found.path.startswith(path)
        and (level is None or found.level == Level(level))
    ]
