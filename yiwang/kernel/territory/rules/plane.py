"""A local plane: degrees to metres and back, around the middle of what is looked at.

Each degree is scaled by the radii of curvature of the WGS-84 ellipsoid at the middle latitude. The error of a distance
is the change of cos(latitude) towards the edge: below 0.5 % up to 40 km north or south of the middle at China's latitudes.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

Floats = NDArray[np.float64]
Geometries = NDArray[np.object_]

_SEMI_MAJOR_M = 6378137.0
_ECCENTRICITY_2 = 0.00669437999014


@dataclass(frozen=True)
class Plane:
    """Origin in degrees, and metres to a degree along each axis."""

    lon: float
    lat: float
    per_lon: float
    per_lat: float

    @classmethod
    def around(cls, lon: float, lat: float) -> Plane:
        sine = 1.0 - _ECCENTRICITY_2 * math.sin(math.radians(lat)) ** 2
        across = _SEMI_MAJOR_M / math.sqrt(sine) * math.cos(math.radians(lat))
        along = _SEMI_MAJOR_M * (1.0 - _ECCENTRICITY_2) / sine**1.5
        return cls(lon, lat, math.radians(across), math.radians(along))

    @classmethod
    def of(cls, geometries: Geometries | BaseGeometry) -> Plane:
        """The plane around the middle of the bounds of geometries in degrees."""
        if isinstance(geometries, np.ndarray) and not len(geometries):
            return cls.around(0.0, 0.0)
        west, south, east, north = shapely.total_bounds(geometries)
        return cls.around(float(west + east) / 2, float(south + north) / 2)

    def x(self, lon: Floats) -> Floats:
        return (lon - self.lon) * self.per_lon

    def y(self, lat: Floats) -> Floats:
        return (lat - self.lat) * self.per_lat

    def flatten(self, geometries: Geometries) -> Geometries:
        """Geometries in degrees → in metres."""
        return _transform(geometries, lambda c: (c - self._origin) * self._scale)

    def unflatten(self, geometries: Geometries) -> Geometries:
        """Geometries in metres → in degrees."""
        return _transform(geometries, lambda c: c / self._scale + self._origin)

    def flatten_one(self, geometry: BaseGeometry) -> BaseGeometry:
        flat: BaseGeometry = self.flatten(array_of(geometry))[0]
        return flat

    def unflatten_one(self, geometry: BaseGeometry) -> BaseGeometry:
        degrees: BaseGeometry = self.unflatten(array_of(geometry))[0]
        return degrees

    @property
    def _origin(self) -> Floats:
        return np.array([self.lon, self.lat])

    @property
    def _scale(self) -> Floats:
        return np.array([self.per_lon, self.per_lat])


def _transform(geometries: Geometries, change: Callable[[Floats], Floats]) -> Geometries:
    result: Geometries = shapely.transform(geometries, change)
    return result


def array_of(*geometries: BaseGeometry) -> Geometries:
    """An object array; numpy alone would try to look inside a geometry."""
    result = np.empty(len(geometries), dtype=object)
    result[:] = geometries
    return result


def area_m2(geometry: BaseGeometry) -> float:
    """Area of a geometry in degrees."""
    return float(Plane.of(geometry).flatten_one(geometry).area)
