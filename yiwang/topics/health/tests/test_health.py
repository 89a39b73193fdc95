"""The starter list of the topic is sound."""

import pytest

from yiwang.kernel.catalogue.rules.starters import read_starters
from yiwang.kernel.catalogue.rules.tree import is_code, tidy
from yiwang.topics.health.topic import TOPIC


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


def test_a_persons_health_is_not_shown(starters):
    assert not any(c.public for c in starters if c.parent_code in ("HC03", "HC04"))
