"""A changed table is tried on past cases before it is saved."""

from yiwang.kernel.catalogue.rules.rehearsal import EXAMPLES, RoutingFacts, rehearse
from yiwang.kernel.catalogue.rules.routing import RouteRule

ALL_TO_MUNICIPAL = RouteRule(1, 2, unit_id=1, unit_name="市政服务中心")
TREES_TO_PARKS = RouteRule(
    2, 1, unit_id=2, unit_name="园林所", category_path="/5/", category_name="绿化"
)
CASES = [
    RoutingFacts(number, "/5/" if number % 3 else "/6/", "grid", "/1/") for number in range(1, 31)
]


def test_trees_would_move_from_municipal_to_parks():
    outcome = rehearse([ALL_TO_MUNICIPAL], [TREES_TO_PARKS, ALL_TO_MUNICIPAL], CASES)
    [shift] = outcome.shifts
    assert (outcome.moved, outcome.total) == (20, 30)
    assert (shift.from_name, shift.to_name, shift.count) == ("市政服务中心", "园林所", 20)
    assert shift.examples == (1, 2, 4, 5, 7)
    assert len(shift.examples) == EXAMPLES


def test_the_outcome_is_said_in_a_sentence():
    outcome = rehearse([ALL_TO_MUNICIPAL], [TREES_TO_PARKS, ALL_TO_MUNICIPAL], CASES)
    assert outcome.sentence().text() == "30 件案件中有 20 件会换责任单位"


def test_the_same_table_moves_nothing():
    outcome = rehearse([ALL_TO_MUNICIPAL], [ALL_TO_MUNICIPAL], CASES)
    assert (outcome.moved, outcome.shifts) == (0, ())
    assert outcome.sentence().text() == "30 件案件都不会换责任单位"


def test_cases_that_would_find_nobody_are_counted():
    outcome = rehearse([ALL_TO_MUNICIPAL], [TREES_TO_PARKS], CASES)
    assert (outcome.unrouted_before, outcome.unrouted) == (0, 10)
    nobody = [shift for shift in outcome.shifts if shift.to_unit is None]
    assert [(shift.to_name, shift.count) for shift in nobody] == [("—", 10)]


def test_another_rule_with_the_same_unit_moves_nothing():
    twin = RouteRule(9, 1, unit_id=1, unit_name="市政服务中心", category_path="/5/")
    assert rehearse([ALL_TO_MUNICIPAL], [twin, ALL_TO_MUNICIPAL], CASES).moved == 0


def test_no_past_cases_is_no_division_by_nought():
    assert rehearse([ALL_TO_MUNICIPAL], [], []).total == 0
