"""The land: divisions from province to micro-grid, their boundaries with dates, and locating a point.

Nouns: division, boundary, default point, location; a place is a division as it is kept in memory.

Promises: boundaries of one division never overlap in time; a set of shapes is taken in only when it has no overlap, no
gap and nothing outside its parent beyond a stated tolerance; a location says its grid or why not to trust it;
coordinates are WGS-84 degrees, longitude first, converted at the door (CGCS2000 is the same here).
"""

from importlib import import_module
from typing import TYPE_CHECKING

from yiwang.kernel.territory.rules.coords import Crs
from yiwang.kernel.territory.rules.findings import Finding, Problem
from yiwang.kernel.territory.rules.levels import Kind, Level
from yiwang.kernel.territory.rules.reading import Fields
from yiwang.kernel.territory.rules.trust import TRUST_CODE, Location, Point, Trust

if TYPE_CHECKING:
    from yiwang.kernel.territory.actions import (
        ImportOptions,
        ImportReport,
        Part,
        add_default_point,
        change_division,
        close_division,
        create_division,
        import_shapes,
        remove_default_point,
        set_boundary,
        set_town,
        split_division,
    )
    from yiwang.kernel.territory.checks import check_territory, register_check
    from yiwang.kernel.territory.land import Place
    from yiwang.kernel.territory.locating import (
        LocatedMany,
        locate,
        locate_many,
        locate_one,
        locator,
    )
    from yiwang.kernel.territory.maps import as_geojson
    from yiwang.kernel.territory.models import Boundary, DefaultPoint, Division
    from yiwang.kernel.territory.tree import area_path, chain, place, places, town

__all__ = [
    "TRUST_CODE",
    "Boundary",
    "Crs",
    "DefaultPoint",
    "Division",
    "Fields",
    "Finding",
    "ImportOptions",
    "ImportReport",
    "Kind",
    "Level",
    "LocatedMany",
    "Location",
    "Part",
    "Place",
    "Point",
    "Problem",
    "Trust",
    "add_default_point",
    "area_path",
    "as_geojson",
    "chain",
    "change_division",
    "check_territory",
    "close_division",
    "create_division",
    "import_shapes",
    "locate",
    "locate_many",
    "locate_one",
    "locator",
    "place",
    "places",
    "register_check",
    "remove_default_point",
    "set_boundary",
    "set_town",
    "split_division",
    "town",
]

if not TYPE_CHECKING:
    _NAMES_OF = {
        "actions": (
            "ImportOptions ImportReport Part add_default_point change_division close_division"
            " create_division import_shapes remove_default_point set_boundary set_town split_division"
        ),
        "checks": "check_territory register_check",
        "land": "Place",
        "locating": "LocatedMany locate locate_many locate_one locator",
        "maps": "as_geojson",
        "models": "Boundary DefaultPoint Division",
        "tree": "area_path chain place places town",
    }
    _ROOM_OF = {name: room for room, names in _NAMES_OF.items() for name in names.split()}

    def __getattr__(name):
        """Models load after the apps do, so the rooms that use them open at first use."""
        if name not in _ROOM_OF:
            raise AttributeError(name)
        return getattr(import_module(f"{__name__}.{_ROOM_OF[name]}"), name)
