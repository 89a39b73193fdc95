"""What is particular to this starter list; what every list owes stands in the catalogue's tests."""

import pytest

from yiwang.kernel.catalogue.rules.starters import read_starters
from yiwang.kernel.catalogue.rules.words import Verifier
from yiwang.topics.social_affairs.topic import TOPIC


@pytest.fixture(scope="module")
def starters():
    return read_starters(TOPIC.categories_file)


def test_those_who_need_care_are_not_shown_and_say_themselves_that_it_is_done(starters):
    care = [c for c in starters if c.parent_code in ("SA01", "SA02")]
    assert not any(c.public for c in care)
    assert {x.verify_by for c in care for x in c.conditions} == {Verifier.RESIDENT}
