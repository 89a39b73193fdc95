"""What is particular to this starter list; what every list owes stands in the catalogue's tests."""

import pytest

from yiwang.kernel.catalogue.rules.starters import read_starters
from yiwang.kernel.catalogue.rules.words import Urgency
from yiwang.topics.public_security.topic import TOPIC


@pytest.fixture(scope="module")
def starters():
    return read_starters(TOPIC.categories_file)


def test_disputes_have_two_levels_of_two_digits(starters):
    disputes = [c for c in starters if c.code.startswith("D") and len(c.code) == 5]
    assert len({c.parent_code for c in disputes}) == 16
    assert {c.parent_code for c in disputes} == {c.code[:3] for c in disputes}


def test_a_dispute_is_mediated_within_a_month_and_never_shown(starters):
    [divorce] = [category for category in starters if category.code == "D0101"]
    assert not divorce.public
    calm, heated = divorce.conditions
    assert (calm.limit.as_text(), calm.is_default) == ("30紧急工作日", True)
    assert heated.urgency is Urgency.URGENT
