"""The two rasters answer exactly what the plain geometry answers."""

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from yiwang.kernel.territory.rules.locator import NOWHERE, KnownPoint, Locator, is_point
from yiwang.kernel.territory.rules.plane import Geometries, Plane, array_of
from yiwang.kernel.territory.rules.trust import TRUST_CODE, Trust


def forty_cells() -> Geometries:
    """Forty irregular cells around 115.47, 35.23, about a town's size, that share their borders."""
    chance = np.random.default_rng(371702)
    seeds = shapely.multipoints(chance.uniform((115.45, 35.215), (115.49, 35.245), (40, 2)))
    outline = shapely.Point(115.47, 35.23).buffer(0.02)
    cells = [cell.intersection(outline) for cell in shapely.voronoi_polygons(seeds).geoms]
    return array_of(*[cell.segmentize(0.0008) for cell in cells if not cell.is_empty])


GRIDS = forty_cells()
PLANE = Plane.of(GRIDS)
FLAT = PLANE.flatten(GRIDS)
BORDERS = shapely.union_all(shapely.boundary(FLAT))
shapely.prepare(BORDERS)
TOWN = Locator(GRIDS)
near_town = st.tuples(st.floats(115.44, 115.50), st.floats(35.205, 35.255))


def plainly(shapes: Geometries, lon: np.ndarray, lat: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Polygon and distance without any raster."""
    plane = Plane.of(shapes)
    flat, points = plane.flatten(shapes), shapely.points(plane.x(lon), plane.y(lat))
    found = np.full(len(lon), NOWHERE)
    for number in reversed(range(len(flat))):
        found[shapely.intersects(flat[number], points)] = number
    borders = shapely.union_all(shapely.boundary(flat))
    return found, shapely.distance(points, borders)


@settings(deadline=None)
@given(st.lists(near_town, min_size=1, max_size=60))
def test_any_points_few_or_many_are_located_as_plain_geometry_does(
    points: list[tuple[float, float]],
) -> None:
    lon, lat = np.array(points).T
    found, distance = plainly(GRIDS, lon, lat)
    answer = TOWN.locate_many(lon, lat)
    assert (answer.index == found).all()
    np.testing.assert_allclose(answer.distance_m, distance, atol=1e-6)


def test_a_crowd_of_points_is_located_as_plain_geometry_does() -> None:
    chance = np.random.default_rng(7)
    lon, lat = chance.uniform(115.44, 115.50, 20_000), chance.uniform(35.205, 35.255, 20_000)
    found, distance = plainly(GRIDS, lon, lat)
    locator = Locator(GRIDS)
    for _again in range(2):
        answer = locator.locate_many(lon, lat)
        assert (answer.index == found).all()
        np.testing.assert_allclose(answer.distance_m, distance, atol=1e-6)


@settings(deadline=None, max_examples=30)
@given(st.integers(0, 2**32 - 1), st.integers(1, 25))
def test_random_overlapping_and_scattered_shapes_are_located_as_plain_geometry_does(
    seed: int, count: int
) -> None:
    chance = np.random.default_rng(seed)
    middles, sizes = chance.uniform(-0.05, 0.05, (count, 2)), chance.uniform(1e-4, 0.03, count)
    discs = [
        shapely.Point(115.4 + x, 35.2 + y).buffer(size, quad_segs=int(chance.integers(1, 9)))
        for (x, y), size in zip(middles, sizes, strict=True)
    ]
    shapes = array_of(*discs)
    lon, lat = 115.4 + chance.uniform(-0.1, 0.1, 400), 35.2 + chance.uniform(-0.1, 0.1, 400)
    found, distance = plainly(shapes, lon, lat)
    answer = Locator(shapes).locate_many(lon, lat)
    assert (answer.index == found).all()
    np.testing.assert_allclose(answer.distance_m, distance, atol=1e-6)


def test_real_districts_are_located_as_plain_geometry_does(
    measuring_data: Callable[[str], Path],
) -> None:
    file = measuring_data("boston311/boston_police_districts.geojson")
    features = json.loads(file.read_bytes())["features"]
    shapes = array_of(*[shapely.from_geojson(json.dumps(f["geometry"])) for f in features])
    west, south, east, north = shapely.total_bounds(shapes)
    chance = np.random.default_rng(1)
    lon, lat = chance.uniform(west, east, 3000), chance.uniform(south, north, 3000)
    found, distance = plainly(shapes, lon, lat)
    answer = Locator(shapes).locate_many(np.tile(lon, 5), np.tile(lat, 5))
    assert (answer.index == np.tile(found, 5)).all()
    np.testing.assert_allclose(answer.distance_m, np.tile(distance, 5), atol=1e-6)


@settings(deadline=None)
@given(near_town, st.floats(0, 2000))
def test_near_a_border_is_exactly_a_radius_that_reaches_it(
    point: tuple[float, float], radius: float
) -> None:
    lon, lat = np.array([point[0]]), np.array([point[1]])
    answer = TOWN.locate_many(lon, lat, np.array([radius]))
    expected = Trust.TRUSTED if radius < answer.distance_m[0] else Trust.NEAR_BORDER
    if answer.index[0] == NOWHERE:
        expected = Trust.OUTSIDE
    assert answer.trust[0] == TRUST_CODE[expected]


@pytest.mark.parametrize(
    ("lon", "lat"),
    [(np.nan, 35.2), (115.4, np.nan), (0.0, 0.0), (200.0, 35.2), (115.4, -91.0), (np.inf, 0.0)],
)
def test_what_cannot_be_a_place_is_no_point(lon: float, lat: float) -> None:
    assert not is_point(np.array([lon]), np.array([lat]))[0]
    answer = TOWN.locate_many(np.array([lon]), np.array([lat]))
    assert answer.trust[0] == TRUST_CODE[Trust.NO_POINT]
    assert answer.index[0] == NOWHERE
    assert np.isnan(answer.distance_m[0])


def test_a_default_point_is_stronger_than_any_other_reason() -> None:
    locator = Locator(GRIDS, (KnownPoint(115.47, 35.23, 15.0, "市民热线"),))
    lon, lat = np.array([115.47, 115.47 + 14 / PLANE.per_lon, 115.4703]), np.full(3, 35.23)
    answer = locator.locate_many(lon, lat, np.full(3, 5000.0))
    default, near = TRUST_CODE[Trust.DEFAULT_POINT], TRUST_CODE[Trust.NEAR_BORDER]
    assert answer.trust.tolist() == [default, default, near]
    assert answer.known.tolist() == [0, 0, NOWHERE]


def test_without_distances_only_points_with_an_accuracy_are_measured() -> None:
    lon, lat = np.array([115.47, 115.47]), np.array([35.23, 35.23])
    answer = TOWN.locate_many(lon, lat, np.array([np.nan, 9000.0]), distances=False)
    assert np.isnan(answer.distance_m[0]) and np.isfinite(answer.distance_m[1])
    assert answer.trust.tolist() == [TRUST_CODE[Trust.TRUSTED], TRUST_CODE[Trust.NEAR_BORDER]]


def test_without_any_shape_everything_is_outside() -> None:
    answer = Locator(array_of()).locate_many(np.array([115.47]), np.array([35.23]))
    assert answer.trust[0] == TRUST_CODE[Trust.OUTSIDE]
    assert np.isinf(answer.distance_m[0])


def test_no_points_give_no_answers() -> None:
    assert len(TOWN.locate_many(np.empty(0), np.empty(0)).index) == 0


def test_a_point_on_a_shared_border_belongs_to_the_first_and_is_not_trusted() -> None:
    shared = shapely.intersection(GRIDS[0].boundary, GRIDS[1].boundary)
    lon, lat = shapely.get_coordinates(shared)[:1].T.copy()
    answer = TOWN.locate_many(lon, lat)
    assert answer.index[0] == 0
    assert answer.distance_m[0] < 1e-6


def test_the_distance_is_good_to_half_a_percent_at_the_edge_of_a_county() -> None:
    county = shapely.box(115.1, 35.0, 115.8, 35.5)
    lon, lat = np.array([115.79]), np.array([35.495])
    there = Plane.around(115.795, 35.495)
    expected = min((115.8 - 115.79) * there.per_lon, (35.5 - 35.495) * there.per_lat)
    found = Locator(array_of(county)).distance(lon, lat)[0]
    assert found == pytest.approx(expected, rel=0.005)
