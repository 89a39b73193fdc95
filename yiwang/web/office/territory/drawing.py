"""What the maps of this door draw: boundaries, with the broken ones and the chosen one marked."""

from collections.abc import Container
from datetime import date
from typing import Any

from yiwang.kernel.territory.maps import as_geojson
from yiwang.kernel.territory.rules.levels import Level

SIMPLIFY_M = 3.0
NOBODY: frozenset[str] = frozenset()


def layer_of(
    level: Level,
    day: date,
    *,
    under: int | None = None,
    problems: Container[str] = NOBODY,
    highlight: int | None = None,
) -> dict[str, Any]:
    """The boundaries of a level and of the communities above; names in `problems` are outlined in red."""
    levels = [Level.COMMUNITY, level] if level.depth > Level.COMMUNITY.depth else [level]
    features = [
        feature
        for each in levels
        for feature in as_geojson(each, day, under=under, simplify_m=SIMPLIFY_M)["features"]
    ]
    return {
        "type": "FeatureCollection",
        "features": [_marked(feature, problems, highlight) for feature in features],
    }


def _marked(
    feature: dict[str, Any], problems: Container[str], highlight: int | None
) -> dict[str, Any]:
    """A copy: what the kernel keeps in memory is shared."""
    told = feature["properties"]
    marks = {"problem": told["name"] in problems, "highlight": told["id"] == highlight}
    short = {"name": told["short_name"], "level": told["level"], "id": told["id"]}
    return {**feature, "properties": {**short, **marks}}
