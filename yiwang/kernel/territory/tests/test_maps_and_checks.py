import shapely
from shapely.geometry import shape as as_shape

from yiwang.kernel.foundation.actors import SYSTEM
from yiwang.kernel.foundation.sentences import Sentence
from yiwang.kernel.territory import (
    Finding,
    Level,
    Problem,
    area_path,
    as_geojson,
    chain,
    change_division,
    check_territory,
    checks,
    places,
    register_check,
    set_boundary,
)
from yiwang.kernel.territory.tests.conftest import NOW, TODAY, Town, box


def test_a_layer_has_what_a_map_needs(town: Town) -> None:
    layer = as_geojson("grid", TODAY)
    assert [feature["properties"]["name"] for feature in layer["features"]] == [
        "中山社区第一网格",
        "中山社区第二网格",
    ]
    first = layer["features"][0]
    assert first["properties"]["path"] == town.zhongshan_1.path
    assert shapely.contains_xy(as_shape(first["geometry"]), *first["properties"]["label"])


def test_a_layer_beneath_a_division_holds_only_what_is_beneath_it(town: Town) -> None:
    assert as_geojson(Level.GRID, TODAY, under=town.zhanglou)["features"] == []
    assert len(as_geojson(Level.GRID, TODAY, under=town.zhongshan.pk)["features"]) == 2
    assert as_geojson(Level.GRID, TODAY, under=999_999_999)["features"] == []


def test_a_layer_is_drawn_once_until_the_land_changes(town: Town) -> None:
    layer = as_geojson("grid", TODAY, simplify_m=5)
    assert as_geojson("grid", TODAY, simplify_m=5) is layer
    set_boundary(town.zhongshan_1, box(0, 450, 400, 800), by=SYSTEM, at=NOW)
    assert as_geojson("grid", TODAY, simplify_m=5) is not layer


def test_simplified_neighbours_still_share_their_border(town: Town) -> None:
    first, second = (
        as_shape(f["geometry"]) for f in as_geojson("grid", TODAY, simplify_m=20)["features"]
    )
    assert shapely.intersection(first, second).length > 0
    assert shapely.intersection(first, second).area == 0


def test_the_tree_answers_from_memory(town: Town) -> None:
    assert [place.name for place in chain(town.zhongshan_1.pk)] == [
        "南城街道",
        "中山社区",
        "中山社区第一网格",
    ]
    assert area_path(town.zhongshan.pk) == town.zhongshan.path
    assert area_path(None) == ""
    assert [place.id for place in places("grid", TODAY, under=town.zhongshan.pk)] == [
        town.zhongshan_1.pk,
        town.zhongshan_2.pk,
    ]
    assert places("grid", TODAY, under=town.zhanglou.pk) == []


def found(problem: Problem) -> list[tuple[str, ...]]:
    return [finding.names for finding in check_territory(TODAY) if finding.problem is problem]


def test_check_says_what_is_not_as_the_standard_wants_it(town: Town) -> None:
    assert len(found(Problem.HOUSEHOLDS)) == 2
    change_division(town.zhongshan_1, households=400, by=SYSTEM, at=NOW)
    assert found(Problem.HOUSEHOLDS) == [("中山社区第二网格",)]
    assert found(Problem.GAP) == []
    set_boundary(town.zhongshan_1, box(0, 450, 400, 800), by=SYSTEM, at=NOW)
    assert found(Problem.GAP) == [("中山社区第一网格", "中山社区第二网格")]
    change_division(town.zhongshan, code="371702003", by=SYSTEM, at=NOW)
    assert found(Problem.WRONG_CODE) == [("中山社区",)]


def test_a_higher_room_adds_what_it_knows(town: Town) -> None:
    def nobody(places, day):  # type: ignore[no-untyped-def]
        yield Finding(Problem.STAFFING, ("中山社区第一网格",), Sentence("没有网格员"))

    register_check(nobody)
    try:
        assert ("中山社区第一网格",) in found(Problem.STAFFING)
    finally:
        checks._registered.remove(nobody)
