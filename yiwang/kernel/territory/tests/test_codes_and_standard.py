import pytest

from yiwang.kernel.territory.rules.codes import (
    Extent,
    build_grid_code,
    check_division_code,
    check_grid_code,
    check_under,
    parse_grid_code,
    reading_order,
)
from yiwang.kernel.territory.rules.findings import Problem
from yiwang.kernel.territory.rules.levels import Kind, Level
from yiwang.kernel.territory.rules.standard import Node, NumberedGrid, check_node, check_numbers

STREET = Node("南城街道", Level.SUBDISTRICT, code="371702003")
COMMUNITY = Node("双井社区", Level.COMMUNITY, code="371702003001", above=STREET)


def grid(**more: object) -> Node:
    facts = {"kind": "general", "households": 400, "above": COMMUNITY, **more}
    return Node("第一网格", Level.GRID, **facts)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("level", "code", "right"),
    [
        (Level.PROVINCE, "370000", True),
        (Level.PROVINCE, "371700", False),
        (Level.CITY, "371700", True),
        (Level.CITY, "370000", False),
        (Level.COUNTY, "371702", True),
        (Level.COUNTY, "371700", False),
        (Level.SUBDISTRICT, "371702003", True),
        (Level.SUBDISTRICT, "371702400", False),
        (Level.SUBDISTRICT, "371702000", False),
        (Level.COMMUNITY, "371702003001", True),
        (Level.COMMUNITY, "37170200300", False),
        (Level.GRID, "anything", True),
        (Level.COMMUNITY, "", True),
    ],
)
def test_division_codes_have_the_shape_of_their_level(level: Level, code: str, right: bool) -> None:
    assert (check_division_code(level, code) is None) is right


def test_a_code_begins_with_the_digits_above_it() -> None:
    assert check_under(Level.COUNTY, "371702", Level.CITY, "371700") is None
    assert check_under(Level.COUNTY, "371802", Level.CITY, "371700") is not None
    assert check_under(Level.COMMUNITY, "371703003001", Level.COUNTY, "371702") is not None


def test_a_grid_code_is_built_from_published_parts_and_read_again() -> None:
    code = build_grid_code("123456", "371702003001", 7)
    assert code == "12345637170200300107"
    assert parse_grid_code(code).community_code == "371702003001"
    assert check_grid_code(code, "371702003001") is None
    assert check_grid_code(code, "371702003002") is not None
    assert check_grid_code(code[:-1], "") is not None
    assert check_grid_code("", "371702003001") is None


@pytest.mark.parametrize(("community", "number"), [("371702003", 1), ("371702003001", 100)])
def test_a_grid_code_without_its_parts_is_not_invented(community: str, number: int) -> None:
    with pytest.raises(ValueError, match=r".+"):
        build_grid_code("123456", community, number)


def test_grids_are_numbered_left_to_right_and_top_to_bottom() -> None:
    cells = {
        "a": Extent(0, 10, 10, 20),
        "b": Extent(10, 11, 20, 21),
        "c": Extent(20, 9, 30, 19),
        "d": Extent(0, 0, 15, 10),
        "e": Extent(15, 0, 30, 9),
    }
    names = list("ecadb")
    assert [names[i] for i in reading_order([cells[n] for n in names])] == list("abcde")


def test_a_grid_of_four_hundred_households_in_a_community_is_as_it_should_be() -> None:
    assert list(check_node(grid())) == []


@pytest.mark.parametrize("households", [299, 501, None])
def test_a_grid_of_another_size_should_be_looked_at(households: int | None) -> None:
    (found,) = check_node(grid(households=households))
    assert (found.problem, found.advice) == (Problem.HOUSEHOLDS, True)


def test_a_market_has_no_households_to_count() -> None:
    assert list(check_node(grid(kind=Kind.DEDICATED, households=None))) == []


def test_a_grid_without_a_community_is_broken() -> None:
    (found,) = check_node(grid(above=STREET))
    assert (found.problem, found.advice) == (Problem.WRONG_PARENT, False)


def test_a_micro_grid_belongs_to_a_grid_and_is_smaller() -> None:
    (found,) = check_node(Node("微网格", Level.MICRO_GRID, households=81, above=grid()))
    assert found.problem is Problem.HOUSEHOLDS


def test_grid_numbers_follow_the_map() -> None:
    def numbered(name: str, number: str, west: float) -> NumberedGrid:
        return NumberedGrid(name, "123456371702003001" + number, Extent(west, 0, west + 10, 10))

    right = [numbered("东", "02", 10), numbered("西", "01", 0)]
    assert list(check_numbers("双井社区", right)) == []
    (found,) = check_numbers("双井社区", [numbered("东", "01", 10), numbered("西", "02", 0)])
    assert found.problem is Problem.WRONG_ORDER
    assert list(check_numbers("双井社区", [numbered("整个", "00", 0)])) == []
