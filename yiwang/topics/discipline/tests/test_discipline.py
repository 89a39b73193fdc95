"""What is particular to this starter list; what every list owes stands in the catalogue's tests."""

import pytest

from yiwang.kernel.catalogue.rules.starters import read_starters
from yiwang.topics.discipline.topic import TOPIC


@pytest.fixture(scope="module")
def starters():
    return read_starters(TOPIC.categories_file)


def test_matters_about_staff_are_for_the_inspectors_alone(starters):
    matters = [category for category in starters if category.parent_code not in ("", "discipline")]
    assert all(category.inspectors_only and not category.public for category in matters)
    assert not any(condition.public for category in matters for condition in category.conditions)
