"""The land: divisions from province to micro-grid, their boundaries with dates, and locating a point.

Nouns: division, boundary, default point, location.

Promises: boundaries of one division never overlap in time; a set of shapes is taken in only when it has no overlap, no
gap and nothing outside its parent beyond a stated tolerance; a location says its grid or why not to trust it;
coordinates are WGS-84 degrees, longitude first, converted at the door (CGCS2000 is the same here).
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from yiwang.kernel.territory.models import Boundary, DefaultPoint, Division
    from yiwang.kernel.territory.rules.levels import Kind, Level

__all__ = ["Boundary", "DefaultPoint", "Division", "Kind", "Level"]

_HOME = {
    "Boundary": "models",
    "DefaultPoint": "models",
    "Division": "models",
    "Kind": "rules.levels",
    "Level": "rules.levels",
}


def __getattr__(name: str) -> object:
    """Load a name when it is first used: models cannot be imported while Django is still loading the apps."""
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOME[name]}"), name)
