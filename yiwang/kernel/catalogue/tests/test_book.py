"""The book answers from memory, and is read anew when the catalogue changes."""

import pytest

from yiwang.kernel import catalogue
from yiwang.kernel.catalogue import actions
from yiwang.kernel.catalogue.rules.words import Stage
from yiwang.kernel.catalogue.snapshot import load
from yiwang.kernel.catalogue.tests.conftest import NOW
from yiwang.kernel.foundation.actors import SYSTEM
from yiwang.kernel.foundation.calendar.rules import Limit
from yiwang.kernel.foundation.errors import Conflict
from yiwang.kernel.organisation.actions import change_unit


@pytest.fixture
def published(town):
    town.rules(town.rule(town.municipal))
    actions.publish_served(by=SYSTEM, at=NOW)
    return town


def test_the_whole_catalogue_is_read_in_four_queries(published, django_assert_num_queries):
    with django_assert_num_queries(4):
        load()


def test_a_question_asks_the_database_nothing(published, code, django_assert_num_queries):
    sewer, book = code("T0101"), load()
    with django_assert_num_queries(0):
        book.route(sewer.pk, "community", published.zhongshan.path)
        book.suggest("污水井盖坏了")
        book.default_condition(sewer.pk)
        book.lineage(sewer.pk)


def test_a_new_name_is_in_the_book_at_once(published, code):
    sewer = code("T0101")
    assert catalogue.book().category(sewer.pk).name == "污水井盖"
    actions.edit_category(sewer.pk, name="下水井盖", by=SYSTEM, at=NOW)
    assert catalogue.book().category(sewer.pk).name == "下水井盖"


def test_a_category_is_found_by_id_and_by_code(published, code):
    book = catalogue.book()
    assert book.by_code("T0101") is book.category(code("T0101").pk)
    assert book.by_code("T9999") is None
    assert [entry.name for entry in book.lineage(code("T0101").pk)] == ["街面", "井盖", "污水井盖"]


def test_only_what_has_nothing_published_beneath_it_takes_cases(published):
    assert {entry.code for entry in catalogue.book().assignable} == {"T0101", "T0102", "T0201"}


def test_the_default_condition_is_the_one_marked(published, code):
    assert catalogue.book().default_condition(code("T0101").pk).name == "破损"


def test_words_suggest_published_categories_only(published, code):
    assert [entry.code for entry in catalogue.book().suggest("雨水井堵了")] == ["T0102"]
    actions.retire_category(code("T0102").pk, by=SYSTEM, at=NOW)
    assert catalogue.book().suggest("雨水井堵了") == []


def test_a_suggestion_says_which_words_it_came_from(published):
    [suggestion] = catalogue.book().suggestions("雨水井堵了")
    assert suggestion.words == ("雨水井",)


def test_a_stage_has_a_limit_before_the_town_sets_its_own(published):
    assert catalogue.book().limit_for("accept").amount == 1
    actions.set_stage_limit(Stage.ACCEPT, Limit.parse("30小时"), by=SYSTEM, at=NOW)
    assert catalogue.book().limit_for(Stage.ACCEPT) == Limit.parse("30小时")


def test_a_matter_without_a_category_goes_by_the_rules_for_any(published):
    match = catalogue.book().route(None, "grid", "")
    assert match.unit_id == published.municipal.pk


def test_names_follow_the_reader(published, code):
    from django.utils import translation

    entry = catalogue.book().category(code("T0101").pk)
    assert (entry.title, entry.conditions[0].title) == ("污水井盖", "缺失")
    with translation.override("en"):
        assert (entry.title, entry.conditions[0].title) == ("Sewer manhole cover", "Missing")


def test_a_rule_of_a_closed_unit_sends_nobody_there(town):
    town.rules(town.rule(town.parks), town.rule(town.municipal))
    change_unit(town.parks, active=False, by=SYSTEM, at=NOW)
    assert catalogue.book().route(None, "grid", "").unit_id == town.municipal.pk


def test_the_last_unit_of_a_published_category_cannot_be_closed(published):
    with pytest.raises(Conflict, match="没有责任单位"):
        change_unit(published.municipal, active=False, by=SYSTEM, at=NOW)


def test_the_reason_names_the_unit_as_it_is_called_now(published):
    change_unit(published.municipal, name="市政中心", by=SYSTEM, at=NOW)
    [why] = catalogue.book().route(None, "grid", "").why
    assert why.text().endswith("→ 市政中心")


def test_the_reason_names_the_area_as_it_is_called_now(town):
    town.rules(town.rule(town.municipal, area_id=town.zhongshan.pk))
    catalogue.book()
    town.zhongshan.name = "中山路社区"
    town.zhongshan.save()
    [why] = catalogue.book().route(None, "grid", town.zhongshan.path).why
    assert "中山路社区" in why.text()
