"""GCJ-02 (Amap, Tencent, WeChat) and BD-09 (Baidu) to WGS-84 and back, on whole arrays.

All functions take and give longitude and latitude in degrees, float64, of one shape. The offset formula of GCJ-02 is the
one every map library of the field carries (it was never published); it is inverted by fixed-point iteration, so that a
round trip stays within a millimetre, where the usual one-step inverse is off by metres. Outside the box the formula is
meant for, all three systems are the same. CGCS2000 differs from WGS-84 by centimetres and is treated as equal.
"""

from collections.abc import Callable
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Pair = tuple[Floats, Floats]

# Krasovsky 1940, the ellipsoid of the offset formula.
_SEMI_MAJOR_M = 6378245.0
_ECCENTRICITY_2 = 0.00669342162296594323
_BAIDU_PI = np.pi * 3000.0 / 180.0
_WEST, _EAST, _SOUTH, _NORTH = 72.004, 137.8347, 0.8293, 55.8271
# The map is a contraction by about 1e-3 a step: five steps reach the last bits of a double.
_STEPS = 6


class Crs(StrEnum):
    """Coordinate systems accepted at the door."""

    WGS84 = "wgs84"
    CGCS2000 = "cgcs2000"
    GCJ02 = "gcj02"
    BD09 = "bd09"


def _inside_china(lon: Floats, lat: Floats) -> NDArray[np.bool_]:
    return (lon >= _WEST) & (lon <= _EAST) & (lat >= _SOUTH) & (lat <= _NORTH)


def _waves(x: Floats, far: float, near: float) -> Floats:
    """Three sine waves of the offset along one axis."""
    return (
        20.0 * np.sin(x * np.pi)
        + 40.0 * np.sin(x / 3.0 * np.pi)
        + near * np.sin(x / 12.0 * np.pi)
        + far * np.sin(x / 30.0 * np.pi)
    )


def _ripple(x: Floats) -> Floats:
    return 20.0 * np.sin(6.0 * x * np.pi) + 20.0 * np.sin(2.0 * x * np.pi)


def _offset(lon: Floats, lat: Floats) -> Pair:
    """Degrees that GCJ-02 adds at a WGS-84 point."""
    x, y = lon - 105.0, lat - 35.0
    root = np.sqrt(np.abs(x))
    north = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root
    north += (_ripple(x) + _waves(y, 320.0, 160.0)) * 2.0 / 3.0
    east = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root
    east += (_ripple(x) + _waves(x, 300.0, 150.0)) * 2.0 / 3.0
    return _metres_to_degrees(east, north, lat)


def _metres_to_degrees(east: Floats, north: Floats, lat: Floats) -> Pair:
    latitude = np.radians(lat)
    magic = 1.0 - _ECCENTRICITY_2 * np.sin(latitude) ** 2
    per_lat = _SEMI_MAJOR_M * (1.0 - _ECCENTRICITY_2) / (magic * np.sqrt(magic))
    per_lon = _SEMI_MAJOR_M / np.sqrt(magic) * np.cos(latitude)
    return np.degrees(east / per_lon), np.degrees(north / per_lat)


def wgs84_to_gcj02(lon: Floats, lat: Floats) -> Pair:
    east, north = _offset(lon, lat)
    inside = _inside_china(lon, lat)
    return np.where(inside, lon + east, lon), np.where(inside, lat + north, lat)


def gcj02_to_bd09(lon: Floats, lat: Floats) -> Pair:
    inside = _inside_china(lon, lat)
    radius = np.hypot(lon, lat) + 0.00002 * np.sin(lat * _BAIDU_PI)
    angle = np.arctan2(lat, lon) + 0.000003 * np.cos(lon * _BAIDU_PI)
    east, north = radius * np.cos(angle) + 0.0065, radius * np.sin(angle) + 0.006
    return np.where(inside, east, lon), np.where(inside, north, lat)


def _inverse(forward: Callable[[Floats, Floats], Pair], lon: Floats, lat: Floats) -> Pair:
    """Find the point that `forward` moves onto (lon, lat)."""
    x, y = np.array(lon, dtype=np.float64), np.array(lat, dtype=np.float64)
    for _ in range(_STEPS):
        moved_x, moved_y = forward(x, y)
        x, y = x + (lon - moved_x), y + (lat - moved_y)
    return x, y


def gcj02_to_wgs84(lon: Floats, lat: Floats) -> Pair:
    return _inverse(wgs84_to_gcj02, lon, lat)


def bd09_to_gcj02(lon: Floats, lat: Floats) -> Pair:
    return _inverse(gcj02_to_bd09, lon, lat)


def wgs84_to_bd09(lon: Floats, lat: Floats) -> Pair:
    return gcj02_to_bd09(*wgs84_to_gcj02(lon, lat))


def bd09_to_wgs84(lon: Floats, lat: Floats) -> Pair:
    return gcj02_to_wgs84(*bd09_to_gcj02(lon, lat))


def _same(lon: Floats, lat: Floats) -> Pair:
    return lon, lat


TO_WGS84: dict[Crs, Callable[[Floats, Floats], Pair]] = {
    Crs.WGS84: _same,
    Crs.CGCS2000: _same,
    Crs.GCJ02: gcj02_to_wgs84,
    Crs.BD09: bd09_to_wgs84,
}
FROM_WGS84: dict[Crs, Callable[[Floats, Floats], Pair]] = {
    Crs.WGS84: _same,
    Crs.CGCS2000: _same,
    Crs.GCJ02: wgs84_to_gcj02,
    Crs.BD09: wgs84_to_bd09,
}


def point_to_wgs84(lon: float, lat: float, crs: Crs) -> tuple[float, float]:
    """Convert one point at the door."""
    x, y = TO_WGS84[crs](np.array([lon]), np.array([lat]))
    return float(x[0]), float(y[0])


def point_from_wgs84(lon: float, lat: float, crs: Crs) -> tuple[float, float]:
    x, y = FROM_WGS84[crs](np.array([lon]), np.array([lat]))
    return float(x[0]), float(y[0])
