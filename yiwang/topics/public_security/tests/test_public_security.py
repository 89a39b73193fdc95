"""The starter list of the topic is sound."""

import pytest

from yiwang.kernel.catalogue.rules.starters import read_starters
from yiwang.kernel.catalogue.rules.tree import is_code, tidy
from yiwang.kernel.catalogue.rules.words import Urgency
from yiwang.topics.public_security.topic import TOPIC


@pytest.fixture(scope="module")
def starters():
    return read_starters(TOPIC.categories_file)


def test_the_module_stands_above_its_list(starters):
    assert (starters[0].code, starters[0].name) == (TOPIC.module, TOPIC.name)
    assert starters[0].name_en == TOPIC.name_en


def test_every_category_has_a_code_and_two_names(starters):
    for category in starters:
        assert is_code(category.code), category
        assert category.name == tidy(category.name) != "", category
        assert category.name_en.isascii(), category
        assert category.name_en, category


def test_every_category_that_takes_cases_has_conditions_and_words_to_find_it(starters):
    headings = {category.parent_code for category in starters}
    for category in starters:
        if category.code not in headings:
            assert category.keywords, category
            assert [c.is_default for c in category.conditions].count(True) == 1, category
            assert all(c.name_en.isascii() and c.source for c in category.conditions), category


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
