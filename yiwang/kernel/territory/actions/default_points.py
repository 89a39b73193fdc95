"""Points that mean "no place known"."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from yiwang.kernel.foundation import audit
from yiwang.kernel.foundation.actors import Actor
from yiwang.kernel.foundation.errors import Invalid
from yiwang.kernel.territory.actions.writing import writing
from yiwang.kernel.territory.models import DefaultPoint

SUBJECT = "default_point"


def add_default_point(
    name: str, lon: float, lat: float, *, by: Actor, at: datetime, radius_m: float = 15.0
) -> DefaultPoint:
    """Let a point count as no place from now on. Adding the same point again changes nothing but its name and radius.

    Raises:
        Invalid: not on the globe, or the radius is not positive.
    """
    if not (abs(lon) <= 180 and abs(lat) <= 90):
        raise Invalid(_("坐标不是经纬度"), field="lon")
    if not 0 < radius_m <= 5000:
        raise Invalid(_("半径必须在 0 到 5000 米之间"), field="radius_m")
    with writing(by, at):
        point, _created = DefaultPoint.objects.update_or_create(
            lon=lon, lat=lat, defaults={"name": name.strip(), "radius_m": radius_m}
        )
        facts = {"lon": lon, "lat": lat, "radius_m": radius_m}
        audit.record(SUBJECT, point.pk, "default_point_added", by=by, at=at, facts=facts)
    return point


def remove_default_point(point: DefaultPoint, *, by: Actor, at: datetime) -> None:
    """Let a point be a place again."""
    with writing(by, at):
        audit.record(SUBJECT, point.pk, "default_point_removed", by=by, at=at)
        point.delete()
