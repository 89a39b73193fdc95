import pytest
import shapely
from shapely import Polygon

from yiwang.kernel.territory.rules.findings import Problem
from yiwang.kernel.territory.rules.plane import Plane
from yiwang.kernel.territory.rules.shapes import (
    Region,
    check,
    invalid_reason,
    mend,
    mend_ring,
)

PLANE = Plane.around(115.47, 35.23)
WHOLE = Region("中山社区", shapely.box(0, 0, 200, 100))


def pair(seam_west: float = 100, seam_east: float = 100) -> list[Region]:
    """Two grids side by side; seams apart leave a gap, seams crossed an overlap."""
    return [
        Region("第一网格", shapely.box(0, 0, seam_west, 100)),
        Region("第二网格", shapely.box(seam_east, 0, 200, 100)),
    ]


def problems(regions: list[Region], **how: object) -> list[tuple[Problem, tuple[str, ...]]]:
    return [(f.problem, f.names) for f in check(regions, PLANE, **how)]  # type: ignore[arg-type]


BOTH = ("第一网格", "第二网格")


def test_two_grids_that_fill_their_community_are_clean() -> None:
    assert problems(pair(), within=WHOLE) == []


def test_an_overlap_names_both_grids_and_says_how_much_and_where() -> None:
    (found,) = check(pair(103, 97), PLANE, within=WHOLE)
    assert (found.problem, found.names) == (Problem.OVERLAP, BOTH)
    assert found.area_m2 == pytest.approx(600)
    assert found.at == pytest.approx(
        (PLANE.lon + 100 / PLANE.per_lon, PLANE.lat + 50 / PLANE.per_lat), abs=1e-4
    )
    assert "600 平方米" in found.sentence.text()


def test_a_gap_names_the_grids_beside_it() -> None:
    assert problems(pair(90, 110), within=WHOLE) == [(Problem.GAP, BOTH)]


def test_rounding_of_written_coordinates_is_let_pass() -> None:
    assert problems(pair(99.98, 100.02), within=WHOLE) == []
    assert problems(pair(100.02, 99.98), within=WHOLE) == []


def test_a_grid_outside_its_community_is_named() -> None:
    regions = [Region("第一网格", shapely.box(0, 0, 210, 100))]
    assert problems(regions, within=WHOLE) == [(Problem.OUTSIDE_PARENT, ("第一网格",))]


def test_partial_grids_need_not_fill_but_may_not_leave_a_slit() -> None:
    assert problems(pair(60, 140), within=WHOLE, partial=True) == []
    slit = pair(99.9, 100.1)
    assert problems(slit, within=WHOLE, partial=True) == [(Problem.GAP, BOTH)]


def test_without_a_parent_a_hole_is_a_gap_unless_partial() -> None:
    ring = Region(
        "环", Polygon(shapely.box(0, 0, 90, 90).exterior, [shapely.box(30, 30, 60, 60).exterior])
    )
    assert problems([ring]) == [(Problem.GAP, ("环",))]
    assert problems([ring], partial=True) == []


def test_a_narrow_bay_of_one_shape_is_no_slit() -> None:
    bay = shapely.difference(shapely.box(0, 0, 100, 100), shapely.box(50, 20, 50.3, 100))
    assert problems([Region("湾", bay)], partial=True) == []


def test_regions_that_were_there_before_are_not_compared_with_each_other() -> None:
    old = [
        Region("甲", shapely.box(0, 0, 60, 60), fixed=True),
        Region("乙", shapely.box(50, 0, 99, 60), fixed=True),
    ]
    assert problems(old) == []
    new = Region("丙", shapely.box(90, 0, 150, 60))
    assert problems([new, *old]) == [(Problem.OVERLAP, ("丙", "乙"))]


@pytest.mark.parametrize(("west", "east"), [(102, 98), (98, 102)])
def test_repair_gives_a_sliver_to_one_of_the_two_and_says_so(west: float, east: float) -> None:
    mended, changes = mend(pair(west, east), PLANE, within=WHOLE)
    assert problems(mended, within=WHOLE) == []
    assert sum(region.shape.area for region in mended) == pytest.approx(20_000)
    assert len(changes) == 1
    assert "400 平方米" in changes[0].sentence.text()


def test_repair_leaves_a_wide_overlap_to_a_person() -> None:
    mended, changes = mend(pair(120, 80), PLANE, within=WHOLE)
    assert changes == []
    assert problems(mended, within=WHOLE) == [(Problem.OVERLAP, BOTH)]


def test_repair_cuts_what_hangs_over_the_parent_by_a_sliver() -> None:
    regions = [Region("第一网格", shapely.box(-1, 0, 200, 100))]
    mended, changes = mend(regions, PLANE, within=WHOLE)
    assert mended[0].shape.equals(WHOLE.shape)
    assert [change.problem for change in changes] == [Problem.OUTSIDE_PARENT]


def test_repair_gives_a_gap_to_the_neighbour_with_the_longest_shared_border() -> None:
    regions = [
        Region("长边", shapely.box(0, 0, 100, 98)),
        Region("短边", shapely.box(0, 98, 100, 200).difference(shapely.box(0, 98, 80, 100))),
    ]
    whole = Region("社区", shapely.box(0, 0, 100, 200))
    mended, changes = mend(regions, PLANE, within=whole)
    assert problems(mended, within=whole) == []
    assert "划归" in changes[0].sentence.text()


def test_repair_never_changes_what_was_there_before() -> None:
    old = Region("旧", shapely.box(0, 0, 102, 100), fixed=True)
    new = Region("新", shapely.box(98, 0, 200, 100))
    mended, _changes = mend([new, old], PLANE)
    assert mended[1] is old
    assert mended[0].shape.equals(shapely.box(102, 0, 200, 100))


def test_a_bow_tie_says_where_it_crosses_and_can_be_mended() -> None:
    bow_tie = Polygon([(0, 0), (10, 10), (10, 0), (0, 10)])
    reason = invalid_reason(bow_tie)
    assert reason is not None
    assert reason[1] == (5.0, 5.0)
    mended, change = mend_ring("蝴蝶", bow_tie, PLANE)
    assert mended.is_valid and mended.area == pytest.approx(50)
    assert change is not None and "蝴蝶" in change.sentence.text()


def test_a_polygon_without_area_is_invalid() -> None:
    assert invalid_reason(Polygon([(0, 0), (5, 0), (10, 0)])) is not None
