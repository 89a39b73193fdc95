"""The generated town passes the very checks that imports must pass."""

from datetime import UTC, datetime

import pytest
import shapely

from yiwang.demo.boundaries import CENTRE, COMMUNITIES, FIELDS, TownPlan, generate
from yiwang.kernel.foundation import versions
from yiwang.kernel.foundation.actors import SYSTEM
from yiwang.kernel.territory import (
    Division,
    Fields,
    ImportOptions,
    Point,
    create_division,
    import_shapes,
    locate_one,
)
from yiwang.kernel.territory.rules.codes import Extent, reading_order
from yiwang.kernel.territory.rules.levels import Level
from yiwang.kernel.territory.rules.shapes import Region, check, invalid_reason

TOWN = generate()
NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)


def test_it_has_the_names_and_numbers_of_the_real_town() -> None:
    communities, grids = TOWN.level(Level.COMMUNITY), TOWN.level(Level.GRID)
    assert [area.short_name for area in communities] == list(COMMUNITIES)
    assert (len(communities), len(grids)) == (14, 40)
    assert all(300 <= grid.households <= 500 for grid in grids)
    assert 12_000 <= sum(grid.households for grid in grids) <= 20_000


def test_it_is_twelve_and_a_half_square_kilometres_around_the_real_place() -> None:
    shape = TOWN.level(Level.SUBDISTRICT)[0].shape
    assert CENTRE.flatten_one(shape).area == pytest.approx(12_500_000, rel=0.001)
    assert shapely.contains_xy(shape, 115.47, 35.23)


def test_the_same_seed_draws_the_same_town_and_another_one_another() -> None:
    assert generate() == TOWN
    assert generate(1).areas[0].shape != TOWN.areas[0].shape


def broken(town: TownPlan) -> list[str]:
    def region(area: object) -> Region:
        return Region(area.name, CENTRE.flatten_one(area.shape))  # type: ignore[attr-defined]

    street = town.level(Level.SUBDISTRICT)[0]
    families = {street.name: (street, town.level(Level.COMMUNITY))}
    for community in town.level(Level.COMMUNITY):
        grids = [grid for grid in town.level(Level.GRID) if grid.parent == community.name]
        families[community.name] = (community, grids)
    found = [area.name for area in town.areas if invalid_reason(area.shape)]
    for parent, children in families.values():
        found += [
            finding.sentence.text()
            for finding in check(
                [region(child) for child in children], CENTRE, within=region(parent)
            )
        ]
    return found


@pytest.mark.parametrize("seed", [371702003, 1, 2, 3])
def test_it_is_topologically_clean(seed: int) -> None:
    assert broken(generate(seed)) == []


def test_grids_are_no_squares_and_about_as_large_as_each_other() -> None:
    shapes = [CENTRE.flatten_one(grid.shape) for grid in TOWN.level(Level.GRID)]
    assert all(len(shape.exterior.coords) > 6 for shape in shapes)
    assert max(shape.area for shape in shapes) < 2 * min(shape.area for shape in shapes)


def test_grids_are_numbered_left_to_right_and_top_to_bottom() -> None:
    for community in COMMUNITIES:
        grids = [grid for grid in TOWN.level(Level.GRID) if grid.parent == f"{community}社区"]
        extents = [Extent(*CENTRE.flatten_one(grid.shape).bounds) for grid in grids]
        assert reading_order(extents) == list(range(len(grids)))


def test_streets_say_that_they_are_examples() -> None:
    assert TOWN.streets
    assert all(street.name.startswith("示例") for street in TOWN.streets)
    assert len({street.name for street in TOWN.streets}) == len(TOWN.streets)


def test_the_generated_town_is_taken_in_whole(db: None) -> None:
    versions.forget()
    county = create_division(level="county", name="牡丹区", code="371702", by=SYSTEM, at=NOW)
    first = ImportOptions(
        Level.SUBDISTRICT,
        Fields("name", households="households"),
        parent=county.code,
        generated=True,
    )
    assert not import_shapes(TOWN.geojson(Level.SUBDISTRICT), first, by=SYSTEM, at=NOW).refused
    for level in (Level.COMMUNITY, Level.GRID):
        options = ImportOptions(level, FIELDS, generated=True)
        assert import_shapes(TOWN.geojson(level), options, by=SYSTEM, at=NOW).findings == []
    assert Division.objects.level("grid").count() == 40
    inside = TOWN.level(Level.GRID)[7].shape.representative_point()
    location = locate_one(Point(inside.x, inside.y), NOW)
    assert Division.objects.get(pk=location.division_id).name == TOWN.level(Level.GRID)[7].name
