"""The grids around a place as GeoJSON, for the small map and the place picker. The same for every member of staff."""

import json
from collections.abc import Iterable

import shapely
from django.http import HttpRequest, HttpResponse

from yiwang.kernel.territory.land import Drawn, day_of, land
from yiwang.kernel.territory.rules.levels import Level
from yiwang.web.desk.needs import AT_THE_DESK, TO_READ_A_CASE, TO_TAKE_A_REPORT
from yiwang.web.kit.access import page

GRIDS_AT_MOST = 400
"""More grids than this on one map help nobody; then only those of the subdistrict around are drawn."""
KEPT_FOR_S = 300


@page((*TO_READ_A_CASE, *AT_THE_DESK, *TO_TAKE_A_REPORT), methods=("GET", "HEAD"))
def divisions(request: HttpRequest, area_id: int | None = None) -> HttpResponse:
    """Grids and communities of the town; with an area, those of its community, itself outlined."""
    body = json.dumps(collection(area_id), ensure_ascii=False, separators=(",", ":"))
    answer = HttpResponse(body, content_type="application/geo+json")
    answer["Cache-Control"] = f"private, max-age={KEPT_FOR_S}"
    return answer


def collection(area_id: int | None) -> dict[str, object]:
    """A FeatureCollection in WGS-84 degrees; empty where nothing is drawn."""
    ground, today = land(), day_of(None)
    place = ground.places.get(area_id) if area_id else None
    grids = ground.map_of(Level.GRID, today).drawn
    within = _within(place.path if place else "", place.level if place else None)
    near = [drawn for drawn in grids if drawn.place.path.startswith(within)]
    communities = () if place else ground.map_of(Level.COMMUNITY, today).drawn
    shown = [*near[:GRIDS_AT_MOST], *communities]
    return {"type": "FeatureCollection", "features": list(_features(shown, area_id))}


def _within(path: str, level: Level | None) -> str:
    """The community of a grid; any other place itself."""
    if level is not Level.GRID:
        return path
    return path.rstrip("/").rpartition("/")[0] + "/"


def _features(shown: Iterable[Drawn], area_id: int | None) -> Iterable[dict[str, object]]:
    for drawn in shown:
        place = drawn.place
        yield {
            "type": "Feature",
            "geometry": json.loads(shapely.to_geojson(shapely.from_wkb(drawn.shape))),
            "properties": {
                "id": place.id,
                "name": place.short_name or place.name,
                "level": place.level.value,
                "highlight": place.id == area_id,
            },
        }
