"""What is particular to this starter list; what every list owes stands in the catalogue's tests."""

import pytest

from yiwang.kernel.catalogue.rules.starters import read_starters
from yiwang.kernel.catalogue.rules.words import Urgency
from yiwang.topics.work_safety.topic import TOPIC


@pytest.fixture(scope="module")
def starters():
    return read_starters(TOPIC.categories_file)


def test_the_nine_types_of_small_premises_are_there(starters):
    assert len([c for c in starters if c.parent_code == "WS03"]) == 9


def test_a_major_hazard_first_stops_the_work(starters):
    [fire] = [category for category in starters if category.code == "WS0204"]
    assert fire.conditions[0].urgency is Urgency.URGENT
