"""What is particular to this starter list; what every list owes stands in the catalogue's tests."""

import pytest

from yiwang.kernel.catalogue.rules.starters import read_starters
from yiwang.topics.party_building.topic import TOPIC


@pytest.fixture(scope="module")
def starters():
    return read_starters(TOPIC.categories_file)


def test_the_life_of_a_branch_is_not_shown_to_residents(starters):
    assert not any(c.public for c in starters if c.parent_code == "PB01")
