"""Where a matter is: located by geometry, with what keeps the place from being trusted."""

from dataclasses import dataclass
from datetime import datetime

from yiwang.kernel.cases.models import Case
from yiwang.kernel.cases.rules.intake import label
from yiwang.kernel.foundation.sentences import as_json
from yiwang.kernel.territory import locating
from yiwang.kernel.territory.rules.trust import Location, Point


@dataclass(frozen=True)
class Spot:
    """A point as reported, WGS-84 degrees and metres, and the grid the reporter chose, if any."""

    lon: float | None
    lat: float | None
    accuracy_m: float | None = None
    address: str = ""
    chosen_area_id: int | None = None


def locate(spot: Spot, at: datetime) -> Location:
    """Return the grid of a spot, or why not to trust it. Without a point, the chosen grid or the whole town."""
    point = (
        Point(spot.lon, spot.lat, spot.accuracy_m)
        if spot.lon is not None and spot.lat is not None
        else None
    )
    return locating.locate_one(point, at, chosen=spot.chosen_area_id)


def put(case: Case, spot: Spot, at: datetime) -> Location:
    """Write the place of a case (unsaved)."""
    location = locate(spot, at)
    case.lon, case.lat, case.accuracy_m = spot.lon, spot.lat, spot.accuracy_m
    case.address = label(spot.address)
    case.area_id = location.division_id
    # Without any land yet, the path that lies above every other.
    case.area_path = location.path or "/"
    case.trust = location.trust
    case.trust_why = as_json(location.why)
    return location
