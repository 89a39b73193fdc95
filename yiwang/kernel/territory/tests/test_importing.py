import json
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
import shapely

from yiwang.kernel.foundation import audit
from yiwang.kernel.foundation.actors import SYSTEM
from yiwang.kernel.territory import (
    Boundary,
    Crs,
    Division,
    Fields,
    ImportOptions,
    ImportReport,
    Level,
    Problem,
    create_division,
    import_shapes,
)
from yiwang.kernel.territory.tests.conftest import NOW, Town, box, geojson, metres, square

DECEMBER = date(2026, 12, 1)
EAST, WEST = box(600, 0, 800, 800), box(400, 0, 600, 800)


def take(content: bytes, level: Level = Level.GRID, **how: object) -> ImportReport:
    fields = how.pop("fields", Fields("name"))
    options = ImportOptions(level, fields, **how)  # type: ignore[arg-type]
    return import_shapes(content, options, by=SYSTEM, at=NOW)


def problems(report: ImportReport) -> list[Problem]:
    return [finding.problem for finding in report.findings]


def two(east: shapely.Polygon = EAST, west: shapely.Polygon = WEST, **said: object) -> bytes:
    return geojson((east, {"name": "东格", **said}), (west, {"name": "西格", **said}))


def test_shapes_go_under_the_division_that_holds_them(town: Town) -> None:
    report = take(two())
    assert (report.refused, report.created) == (False, ["东格", "西格"])
    grids = Division.objects.filter(parent=town.zhanglou).in_order()
    assert [(grid.name, grid.kind) for grid in grids] == [("东格", "general"), ("西格", "general")]
    assert grids[0].path == f"{town.zhanglou.path}{grids[0].pk}/"
    assert [e.verb for e in audit.timeline("division", str(grids[0].pk))] == ["division_created"]
    assert "中山社区第一网格" in report.notes[0].text()


def test_the_same_file_again_changes_nothing(town: Town) -> None:
    take(two())
    before = list(Boundary.objects.order_by("pk").values())
    report = take(two(), valid_from=DECEMBER)
    assert (report.created, report.redrawn, report.changed, report.unchanged) == ([], [], [], 2)
    assert list(Boundary.objects.order_by("pk").values()) == before


def test_a_changed_shape_begins_on_the_day_and_ends_the_one_before(town: Town) -> None:
    take(two())
    moved = two(
        box(650, 0, 800, 800),
        box(400, 0, 650, 800),
    )
    report = take(moved, valid_from=DECEMBER)
    assert report.redrawn == ["东格", "西格"]
    old, new = Boundary.objects.filter(division__name="东格").order_by("valid_from")
    assert (old.valid_to, new.valid_from, new.valid_to) == (DECEMBER, DECEMBER, None)
    assert problems(take(two())) == [Problem.LATER_BOUNDARY] * 2


def test_households_and_codes_are_taken_over(town: Town) -> None:
    fields = Fields("name", households="户")
    take(two(户=400), fields=fields)
    report = take(two(户=410), fields=fields)
    assert report.changed == ["东格", "西格"]
    assert Division.objects.get(name="东格").households == 410


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (two(east=box(590, 0, 800, 800)), Problem.OVERLAP),
        (two(east=box(610, 0, 800, 800)), Problem.GAP),
        (two(east=box(600, 0, 830, 800)), Problem.OUTSIDE_PARENT),
        (two(east=metres((600, 0), (800, 800), (800, 0), (600, 800))), Problem.INVALID_RING),
        (geojson((EAST, {"name": "东格"}), (WEST, {"name": "东格"})), Problem.DUPLICATE_NAME),
        (geojson((EAST, {"name": "东格"}), (WEST, {})), Problem.MISSING_NAME),
    ],
)
def test_wrong_shapes_are_named_and_nothing_is_written(
    town: Town, content: bytes, problem: Problem
) -> None:
    rows = Division.objects.count(), audit.models.AuditEntry.objects.count()
    report = take(content)
    assert report.refused and problem in problems(report)
    assert all(finding.names for finding in report.findings)
    assert (Division.objects.count(), audit.models.AuditEntry.objects.count()) == rows


def test_shapes_over_a_grid_that_is_there_are_refused_naming_both(town: Town) -> None:
    report = take(two(west=box(380, 0, 600, 800)), partial=True)
    assert ("西格", "中山社区第一网格") in [finding.names for finding in report.findings]


def test_codes_stand_once_in_the_file_and_once_in_the_town(town: Town) -> None:
    fields = Fields("name", "code")
    assert Problem.DUPLICATE_CODE in problems(take(two(code="7"), fields=fields))
    create_division(level="city", name="菏泽市", code="371700", by=SYSTEM, at=NOW)
    one = geojson((box(400, 0, 800, 800), {"name": "张楼网格", "code": "371700"}))
    assert problems(take(one, fields=fields)) == [Problem.DUPLICATE_CODE]


def test_a_parent_can_be_named_for_all_or_for_each(town: Town) -> None:
    assert problems(take(two(), parent="没有的社区")) == [Problem.MISSING_PARENT] * 2
    assert not take(two(), parent="张楼社区").refused
    by_field = Fields("name", parent="社区")
    assert take(two(社区="张楼社区"), fields=by_field).unchanged == 2
    assert problems(take(two(社区=""), fields=by_field)) == [Problem.MISSING_PARENT] * 2


def test_a_code_that_is_there_cannot_move_to_another_parent(town: Town) -> None:
    fields = Fields("name", "code")
    take(geojson((box(400, 0, 800, 800), {"name": "东格", "code": "1"})), fields=fields)
    report = take(
        geojson((box(400, 0, 800, 800), {"name": "东格", "code": "1"})),
        fields=fields,
        parent="中山社区",
    )
    assert Problem.WRONG_PARENT in problems(report)


def test_partial_shapes_need_not_fill_their_parent(town: Town) -> None:
    one = geojson((EAST, {"name": "东格"}))
    assert problems(take(one)) == [Problem.GAP]
    assert not take(one, partial=True).refused


def test_repair_mends_rings_and_slivers_and_says_so_and_does_the_same_again(town: Town) -> None:
    twisted = metres((400, 0), (600, 0), (600, 800), (500, 800), (501, 799), (501, 801), (400, 800))
    content = two(box(598, 0, 801, 800), twisted)
    assert take(content).refused
    report = take(content, repair=True)
    assert not report.refused
    assert {finding.problem for finding in report.mended} >= {
        Problem.OVERLAP,
        Problem.OUTSIDE_PARENT,
    }
    assert take(content, repair=True).unchanged == 2


def test_a_swap_of_two_names_is_refused_instead_of_failing(town: Town) -> None:
    fields = Fields("name", "code")
    take(
        geojson((EAST, {"name": "东格", "code": "1"}), (WEST, {"name": "西格", "code": "2"})),
        fields=fields,
    )
    swapped = geojson((EAST, {"name": "西格", "code": "1"}), (WEST, {"name": "东格", "code": "2"}))
    assert problems(take(swapped, fields=fields)) == [Problem.DUPLICATE_NAME] * 2


def test_a_file_without_shapes_is_refused(db: None) -> None:
    assert problems(take(b"{}")) == [Problem.NOT_GEOJSON]


@pytest.mark.slow  # a whole city
def test_real_neighbourhoods_are_refused_and_then_mended(
    db: None, measuring_data: Callable[[str], Path]
) -> None:
    content = measuring_data("boston311/boston_neighborhoods.geojson").read_bytes()
    fields = Fields("Name", "Neighborhood_ID")
    refused = take(content, Level.COMMUNITY, fields=fields)
    assert {("Hyde Park",), ("Fenway", "Allston")} <= {
        finding.names for finding in refused.findings
    }
    report = take(content, Level.COMMUNITY, fields=fields, partial=True, repair=True)
    assert len(report.created) == 26
    assert take(content, Level.COMMUNITY, fields=fields, partial=True, repair=True).unchanged == 26


def test_the_real_county_is_converted_from_gcj02(
    db: None, measuring_data: Callable[[str], Path]
) -> None:
    content = measuring_data("mudan/boundary_371702_gcj02.geojson").read_bytes()
    report = take(content, Level.COUNTY, fields=Fields("name", "adcode"), crs=Crs.GCJ02)
    assert report.created == ["牡丹区"]
    west = shapely.bounds(Boundary.objects.get().geometry)[0]
    drawn = shapely.from_geojson(json.dumps(json.loads(content)["features"][0]["geometry"]))
    assert 0.004 < shapely.bounds(drawn)[0] - west < 0.008


def test_a_square_beside_everything_becomes_a_root(town: Town) -> None:
    take(geojson((square(5000, 5000), {"name": "飞地"})), Level.COMMUNITY)
    assert Division.objects.get(name="飞地").parent is None


def test_short_names_kinds_and_grid_codes_are_taken_over(town: Town) -> None:
    fields = Fields("name", "code", short_name="短", kind="类型")
    code = "12345637170200300201"
    said = {"name": "集市网格", "code": code, "短": "集市", "类型": "专属网格"}
    take(geojson((box(400, 0, 800, 800), said)), fields=fields)
    grid = Division.objects.get(code=code)
    assert (grid.short_name, grid.kind, grid.grid_code) == ("集市", "dedicated", code)
    take(geojson((box(400, 0, 800, 800), said | {"类型": "综合"})), fields=fields)
    grid.refresh_from_db()
    assert grid.kind == "general"
    assert problems(take(geojson((EAST, said | {"类型": "圆的"})), fields=fields)) == [
        Problem.WRONG_VALUE
    ]
