"""Which open matters lie near a point: is it one of these? A bounding box on an index, then metres; no extension."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from math import cos, hypot, radians
from typing import TYPE_CHECKING

from yiwang.kernel.cases.models import Case, CaseQuerySet

if TYPE_CHECKING:
    from yiwang.kernel.accounts.models import User

LOOK_BACK = timedelta(days=60)
CANDIDATES = 200
"""Rows measured at most: the newest of the box."""

METRES_PER_DEGREE = 111_195.0
"""Of latitude, on a sphere of 6371 km; good to half a percent, which is enough to compare neighbours."""


@dataclass(frozen=True)
class Near:
    """An open case and how far it is, in metres; `alike` when it is filed under the same kind."""

    case: Case
    metres: float
    alike: bool


def nearby(
    lon: float,
    lat: float,
    within_m: float,
    *,
    at: datetime,
    category_path: str = "",
    public: bool = False,
    viewer: "User | None" = None,
    leave_out: int | None = None,
    at_most: int = 5,
) -> list[Near]:
    """Return open cases of the last 60 days near a point: the same kind first, then the nearest; one query.

    Args:
        lon, lat: WGS-84 degrees. within_m: metres.
        category_path: the kind in question ("/3/17/"); others of its heading count as alike too.
        public: only what anybody may see. Otherwise what `viewer` may read; nobody sees nothing.
        leave_out: the case that asks.
    """
    cases = Case.objects.public() if public else Case.objects.visible_to(viewer, at=at)
    box = _box(cases.open(), lon, lat, within_m).filter(opened_at__gte=at - LOOK_BACK)
    others = box.exclude(pk=leave_out) if leave_out is not None else box
    rows = others.order_by("-opened_at", "-id")[:CANDIDATES]
    heading = _heading(category_path)
    measured = [
        Near(case, metres, bool(heading) and case.category_path.startswith(heading))
        for case in rows
        if (metres := _metres(lon, lat, case)) <= within_m
    ]
    return sorted(measured, key=lambda near: (not near.alike, near.metres))[:at_most]


def _box(cases: CaseQuerySet, lon: float, lat: float, within_m: float) -> CaseQuerySet:
    high = within_m / METRES_PER_DEGREE
    wide = high / max(cos(radians(lat)), 0.01)
    return cases.filter(lat__range=(lat - high, lat + high), lon__range=(lon - wide, lon + wide))


def _heading(path: str) -> str:
    """Return the path one above: a sewer cover and a storm drain cover are likely the same hole."""
    parts = path.strip("/").split("/") if path else []
    return "/" + "/".join(parts[:-1]) + "/" if len(parts) > 1 else path


def _metres(lon: float, lat: float, case: Case) -> float:
    assert case.lon is not None, "the box has asked for a place"
    assert case.lat is not None, "the box has asked for a place"
    east = (case.lon - lon) * cos(radians(lat))
    return hypot(east, case.lat - lat) * METRES_PER_DEGREE
