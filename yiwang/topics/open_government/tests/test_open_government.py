"""What is particular to this starter list; what every list owes stands in the catalogue's tests."""

import pytest

from yiwang.kernel.catalogue.rules.starters import read_starters
from yiwang.topics.open_government.topic import TOPIC


@pytest.fixture(scope="module")
def starters():
    return read_starters(TOPIC.categories_file)


def test_a_question_is_answered_without_a_photo(starters):
    questions = [c for c in starters if c.parent_code == "OG02"]
    assert not any(
        x.needs_photo_before or x.needs_photo_after for c in questions for x in c.conditions
    )
