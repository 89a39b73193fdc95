"""Map layers for web doors: the boundaries of a level as GeoJSON, kept in memory until the territory changes."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import shapely

from yiwang.kernel.territory.land import Drawn, Land, Place, day_of, land
from yiwang.kernel.territory.locating import Day
from yiwang.kernel.territory.models import Division
from yiwang.kernel.territory.rules.levels import Level
from yiwang.kernel.territory.rules.plane import Floats, Geometries, Plane

# Six decimals of a degree are about ten centimetres: enough for any screen.
_DECIMALS = 6


def as_geojson(
    level: Level | str,
    at: Day = None,
    under: Division | Place | int | None = None,
    simplify_m: float | None = None,
) -> dict[str, Any]:
    """The boundaries of a level on a day as a FeatureCollection in WGS-84.

    Args:
        under: only within this division.
        simplify_m: drop vertices that move a border less than this; shared borders stay shared.

    Properties: id, name, short_name, level, kind, code, parent_id, path, households, generated, and the point
    [lon, lat] where a label fits. The answer is shared: do not change it.
    """
    ground, day, chosen = land(), day_of(at), Level(level)
    within = _path(ground, under)
    key = chosen, ground.era(day), within, simplify_m
    if key not in ground.layers:
        the_map = ground.map_of(chosen, day)
        some = [i for i, path in enumerate(the_map.paths) if path.startswith(within)]
        shapes = _drawn_for_screen(the_map.shapes[some], simplify_m)
        pairs = zip([the_map.drawn[i] for i in some], shapes, strict=True)
        features = [_feature(drawn, shape) for drawn, shape in pairs]
        ground.layers[key] = {"type": "FeatureCollection", "features": features}
    return ground.layers[key]


def _path(ground: Land, under: Division | Place | int | None) -> str:
    """The path of a division; one that is not there has nothing beneath it."""
    if under is None:
        return "/"
    if isinstance(under, int):
        place = ground.places.get(under)
        return place.path if place else "none"
    return under.path


def _drawn_for_screen(shapes: Geometries, simplify_m: float | None) -> Geometries:
    if simplify_m and len(shapes):
        plane = Plane.of(shapes)
        # The tolerance is the square root of an area there: a triangle this wide and high is dropped.
        simpler = shapely.coverage_simplify(plane.flatten(shapes), simplify_m)
        shapes = plane.unflatten(simpler)
    rounded: Geometries = shapely.transform(shapes, _rounded)
    return rounded


def _rounded(coordinates: Floats) -> Floats:
    return np.round(coordinates, _DECIMALS)


def _feature(drawn: Drawn, shape: shapely.Geometry) -> dict[str, Any]:
    place = drawn.place
    inner = shapely.point_on_surface(shape)
    label = [
        round(float(shapely.get_x(inner)), _DECIMALS),
        round(float(shapely.get_y(inner)), _DECIMALS),
    ]
    return {
        "type": "Feature",
        "id": place.id,
        "properties": {
            "id": place.id,
            "name": place.name,
            "short_name": place.short_name or place.name,
            "level": place.level.value,
            "kind": place.kind,
            "code": place.code,
            "parent_id": place.parent_id,
            "path": place.path,
            "households": place.households,
            "generated": drawn.generated,
            "label": label,
        },
        "geometry": json.loads(shapely.to_geojson(shape)),
    }
