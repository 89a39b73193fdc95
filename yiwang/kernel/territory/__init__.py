"""The land: divisions from province to micro-grid, their boundaries with dates, and locating a point.

Nouns: division, boundary, default point, location.

Promises: boundaries of one division never overlap in time; a set of shapes is taken in only when it has no overlap, no
gap and nothing outside its parent beyond a stated tolerance; a location says its grid or why not to trust it;
coordinates are WGS-84 degrees, longitude first, converted at the door (CGCS2000 is the same here).
"""

from importlib import import_module
from typing import TYPE_CHECKING

from yiwang.kernel.territory.rules.levels import Kind, Level
from yiwang.kernel.territory.rules.trust import TRUST_CODE, Location, Point, Trust

if TYPE_CHECKING:
    from yiwang.kernel.territory.land import Place
    from yiwang.kernel.territory.locating import (
        LocatedMany,
        locate,
        locate_many,
        locate_one,
        locator,
    )
    from yiwang.kernel.territory.models import Boundary, DefaultPoint, Division

__all__ = [
    "TRUST_CODE",
    "Boundary",
    "DefaultPoint",
    "Division",
    "Kind",
    "Level",
    "LocatedMany",
    "Location",
    "Place",
    "Point",
    "Trust",
    "locate",
    "locate_many",
    "locate_one",
    "locator",
]

if not TYPE_CHECKING:
    _ROOM_OF = {
        **dict.fromkeys(["Boundary", "DefaultPoint", "Division"], "models"),
        **dict.fromkeys(
            ["LocatedMany", "locate", "locate_many", "locate_one", "locator"], "locating"
        ),
        "Place": "land",
    }

    def __getattr__(name):
        """Models load after the apps do, so the rooms that use them open at first use."""
        if name not in _ROOM_OF:
            raise AttributeError(name)
        return getattr(import_module(f"{__name__}.{_ROOM_OF[name]}"), name)
