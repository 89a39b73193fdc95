import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from yiwang.kernel.territory.rules.coords import (
    FROM_WGS84,
    TO_WGS84,
    Crs,
    bd09_to_gcj02,
    gcj02_to_bd09,
    point_from_wgs84,
    point_to_wgs84,
    wgs84_to_gcj02,
)
from yiwang.kernel.territory.rules.plane import Plane


def apart_m(a: tuple[float, float], b: tuple[float, float]) -> float:
    plane = Plane.around(*a)
    return float(np.hypot((b[0] - a[0]) * plane.per_lon, (b[1] - a[1]) * plane.per_lat))


@given(st.sampled_from(list(Crs)), st.floats(73.5, 135.0), st.floats(18.0, 53.5))
def test_there_and_back_is_within_a_millimetre_anywhere_in_china(
    crs: Crs, lon: float, lat: float
) -> None:
    there = point_from_wgs84(lon, lat, crs)
    assert apart_m((lon, lat), point_to_wgs84(*there, crs)) < 0.001


@given(st.floats(-180, 70), st.floats(-89, 89))
def test_outside_china_nothing_moves(lon: float, lat: float) -> None:
    for crs in Crs:
        assert point_from_wgs84(lon, lat, crs) == (lon, lat)
        assert point_to_wgs84(lon, lat, crs) == (lon, lat)


def test_tiananmen_moves_as_every_map_library_moves_it() -> None:
    assert point_from_wgs84(116.404, 39.915, Crs.GCJ02) == pytest.approx(
        (116.41024449916938, 39.91640428150164), abs=1e-9
    )
    lon, lat = gcj02_to_bd09(np.array([116.404]), np.array([39.915]))
    assert (lon[0], lat[0]) == pytest.approx((116.41036949371029, 39.92133699351021), abs=1e-9)
    lon, lat = bd09_to_gcj02(np.array([116.404]), np.array([39.915]))
    assert (lon[0], lat[0]) == pytest.approx((116.39762729119315, 39.90865673957631), abs=1e-5)


def test_whole_arrays_keep_their_shape() -> None:
    lon, lat = np.full((3, 2), 115.47), np.full((3, 2), 35.23)
    for crs in Crs:
        assert TO_WGS84[crs](lon, lat)[0].shape == (3, 2)
        assert FROM_WGS84[crs](lon, lat)[1].shape == (3, 2)


def test_heze_is_some_hundred_metres_off_in_gcj02() -> None:
    lon, lat = wgs84_to_gcj02(np.array([115.47]), np.array([35.23]))
    assert 300 < apart_m((115.47, 35.23), (float(lon[0]), float(lat[0]))) < 900


def test_a_degree_measures_what_the_ellipsoid_says() -> None:
    plane = Plane.around(115.47, 35.23)
    assert plane.per_lat == pytest.approx(110_945, rel=1e-3)
    assert plane.per_lon == pytest.approx(91_030, rel=1e-3)
