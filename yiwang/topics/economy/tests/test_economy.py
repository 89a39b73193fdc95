"""What is particular to this starter list; what every list owes stands in the catalogue's tests."""

import pytest

from yiwang.kernel.catalogue.rules.starters import read_starters
from yiwang.topics.economy.topic import TOPIC


@pytest.fixture(scope="module")
def starters():
    return read_starters(TOPIC.categories_file)


def test_a_market_fault_is_shown_before_and_after(starters):
    market = [c for c in starters if c.parent_code == "EC02"]
    assert all(x.needs_photo_before and x.needs_photo_after for c in market for x in c.conditions)
