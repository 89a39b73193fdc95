import json

import pytest
import shapely

from yiwang.kernel.territory.rules.coords import Crs
from yiwang.kernel.territory.rules.findings import Problem
from yiwang.kernel.territory.rules.reading import Fields, read
from yiwang.kernel.territory.tests.conftest import geojson, square

FIELDS = Fields("name", "code")
GRID = square(0, 0)


def problems(content: bytes, fields: Fields = FIELDS) -> list[Problem]:
    return [finding.problem for finding in read(content, fields).findings]


def ring(*points: list[object]) -> bytes:
    feature = {"type": "Feature", "properties": {"name": "甲", "code": "1"}}
    feature["geometry"] = {"type": "Polygon", "coordinates": [list(points)]}
    return json.dumps({"type": "FeatureCollection", "features": [feature]}).encode()


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff\xfe\x00",
        b"{",
        b"[]",
        b"[" * 100_000,
        b'{"type": "Feature"}',
        b'{"type": "FeatureCollection"}',
        b'{"type": "FeatureCollection", "features": []}',
        b'{"type": "FeatureCollection", "features": {}}',
    ],
)
def test_what_is_not_a_feature_collection_is_refused_in_one_sentence(content: bytes) -> None:
    assert problems(content) == [Problem.NOT_GEOJSON]


def test_a_projected_file_is_refused() -> None:
    document = json.loads(geojson((GRID, {"name": "甲", "code": "1"})))
    document["crs"] = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::3857"}}
    assert problems(json.dumps(document).encode()) == [Problem.UNKNOWN_CRS]
    document["crs"]["properties"]["name"] = "urn:ogc:def:crs:EPSG::4490"
    assert problems(json.dumps(document).encode()) == []


@pytest.mark.parametrize(
    "bad", [None, {"type": "Point", "coordinates": [1, 2]}, {"type": "Polygon"}, [], "x"]
)
def test_what_is_not_a_polygon_is_refused(bad: object) -> None:
    feature = {"type": "Feature", "properties": {"name": "甲", "code": "1"}, "geometry": bad}
    content = json.dumps({"type": "FeatureCollection", "features": [feature]}).encode()
    assert problems(content) == [Problem.NOT_A_POLYGON]


@pytest.mark.parametrize(
    ("points", "problem"),
    [
        ([[0, 0], [1, 1]], Problem.INVALID_RING),
        ([[0, 0], [1, 1], [0, 0], [1, 1]], Problem.INVALID_RING),
        ([[0, 0], ["a", 1], [0, 1], [0, 0]], Problem.INVALID_RING),
        ([[0, 0], [1], [0, 1], [0, 0]], Problem.INVALID_RING),
        ([[0, 0], [float("nan"), 1], [0, 1], [0, 0]], Problem.INVALID_RING),
        ([1, 2, 3], Problem.INVALID_RING),
        (
            [[12854000, 4196000], [12855000, 4196000], [12855000, 4197000], [12854000, 4196000]],
            Problem.NOT_DEGREES,
        ),
    ],
)
def test_rings_that_cannot_be_read_are_refused(points: list[object], problem: Problem) -> None:
    assert problems(ring(*points)) == [problem]  # type: ignore[arg-type]


def test_missing_fields_name_the_shape_and_the_field() -> None:
    content = geojson(
        (GRID, {"code": "1"}),
        (GRID, {"name": "乙", "code": None}),
        (GRID, {"name": "丙", "code": " "}),
    )
    found = read(content, FIELDS).findings
    assert [f.problem for f in found] == [
        Problem.MISSING_NAME,
        Problem.MISSING_CODE,
        Problem.MISSING_CODE,
    ]
    assert [f.names for f in found] == [("#1",), ("乙",), ("丙",)]
    assert "name" in found[0].sentence.text()


def test_codes_that_a_spreadsheet_made_numbers_are_text_again() -> None:
    reading = read(geojson((GRID, {"name": "甲", "code": 371702.0})), FIELDS)
    assert reading.shapes[0].code == "371702"


def test_households_are_whole_numbers() -> None:
    fields = Fields("name", households="户数")
    reading = read(geojson((GRID, {"name": "甲", "户数": 412})), fields)
    assert reading.shapes[0].households == 412
    assert problems(geojson((GRID, {"name": "甲", "户数": "约四百"})), fields) == [
        Problem.WRONG_VALUE
    ]


def test_heights_are_dropped_and_open_rings_are_closed_and_remembered() -> None:
    reading = read(ring([0, 0, 5], [1, 0, 5], [1, 1, 5]), FIELDS)
    assert reading.shapes[0].open_ring
    assert reading.shapes[0].polygon.area == pytest.approx(0.5)


def test_gcj02_files_are_converted_at_the_door() -> None:
    content = geojson((GRID, {"name": "甲", "code": "1"}))
    there = read(content, FIELDS, Crs.GCJ02).shapes[0].polygon
    assert 0.003 < shapely.distance(there.centroid, GRID.centroid) < 0.02
