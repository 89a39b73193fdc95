"""The topics that are installed, whichever they are: each list is sound, and all load side by side."""

import pytest

from yiwang.kernel import catalogue
from yiwang.kernel.catalogue import actions
from yiwang.kernel.catalogue.actions import RuleDraft
from yiwang.kernel.catalogue.excel.stored import export_excel
from yiwang.kernel.catalogue.rules.starters import read_starters
from yiwang.kernel.catalogue.rules.tree import is_code, tidy
from yiwang.kernel.catalogue.tests.conftest import NOW, division, unit
from yiwang.kernel.foundation.actors import SYSTEM

BY = {"by": SYSTEM, "at": NOW}


@pytest.fixture(scope="module", params=catalogue.topics(), ids=lambda topic: topic.code)
def topic(request):
    """Each of them in turn."""
    return request.param


@pytest.fixture(scope="module")
def starters(topic):
    return read_starters(topic.categories_file)


def test_the_module_stands_above_its_list(topic, starters):
    assert (starters[0].code, starters[0].name) == (topic.module, topic.name)
    assert starters[0].name_en == topic.name_en


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


@pytest.fixture
def loaded(db):
    office = unit("SZ", "综合服务中心", division("南城街道", "subdistrict"))
    actions.sync_topics(**BY)
    actions.save_rules([RuleDraft(unit_id=office.pk)], **BY)
    actions.publish_served(**BY)
    return catalogue.book()


def test_no_two_topics_use_one_code():
    codes = [c.code for topic in catalogue.topics() for c in read_starters(topic.categories_file)]
    assert len(codes) == len(set(codes))


def test_every_module_stands_at_the_top_in_the_order_of_the_settings(loaded):
    assert [entry.code for entry in loaded.children(None)] == [t.module for t in catalogue.topics()]


def test_all_of_it_can_be_published_and_taken_out_and_in_again(loaded):
    assert all(entry.published for entry in loaded.categories)
    result = actions.import_excel(export_excel(), **BY)
    assert (result.errors, result.changes) == ((), ())


def test_every_category_is_found_by_its_own_name(loaded):
    """Some names are in others, so the own one need not be the only one, but it is among them."""
    lost = [
        entry.code
        for entry in loaded.assignable
        if not entry.name.startswith("其他")
        and entry.code not in {found.code for found in loaded.suggest(entry.name, 5)}
    ]
    assert lost == []


def test_every_category_has_a_unit_and_a_limit(loaded):
    for entry in loaded.assignable:
        assert loaded.serves(entry.id)
        assert loaded.default_condition(entry.id).limit.amount > 0
