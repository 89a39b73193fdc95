"""Starter lists load once and never over what a person changed; other systems' kinds are taken in beside."""

import pytest

from yiwang.kernel import catalogue
from yiwang.kernel.catalogue import actions
from yiwang.kernel.catalogue.models import Category, Condition
from yiwang.kernel.catalogue.tests.conftest import NOW, STARTERS
from yiwang.kernel.foundation import audit
from yiwang.kernel.foundation.actors import SYSTEM
from yiwang.kernel.foundation.calendar.rules import Limit
from yiwang.kernel.foundation.errors import Invalid

BY = {"by": SYSTEM, "at": NOW}


def ensure(code: str, name: str, **more) -> Category:
    """The category of one kind of another system."""
    return actions.ensure_categories({code: name}, **BY, **more)[code]


@pytest.fixture
def rewrite(streets):
    """Change the starter file, as a new release of the topic would."""

    def rewrite(old: str, new: str) -> None:
        streets.categories_file.write_text(STARTERS.replace(old, new), encoding="utf-8")

    return rewrite


def test_the_list_loads_as_drafts_with_paths(town, code):
    sewer = code("T0101")
    assert sewer.path == f"/{code('streets').pk}/{code('T01').pk}/{sewer.pk}/"
    assert not Category.objects.published().exists()
    assert [c.limit.as_text() for c in sewer.conditions.order_by("code")] == ["2紧急工作时", "3天"]


def test_a_second_loading_changes_nothing(town):
    again = actions.sync_topics(**BY)
    assert (again.created, again.updated, again.unchanged, again.kept) == (0, 0, 6, 0)


def test_a_second_loading_takes_few_queries(town, django_assert_max_num_queries):
    with django_assert_max_num_queries(8):
        actions.sync_topics(**BY)


def test_a_new_release_changes_what_the_town_left_alone(town, code, rewrite):
    rewrite("3天", "5天")
    again = actions.sync_topics(**BY)
    assert (again.created, again.updated) == (0, 2)
    assert code("T0101").conditions.get(code="2").limit == Limit.parse("5天")


def test_another_default_in_a_new_release(town, code, rewrite):
    rewrite('limit = "3天", default = true', 'limit = "3天"')
    actions.sync_topics(**BY)
    assert code("T0101").conditions.get(is_default=True).code == "1"


def test_a_name_the_town_changed_survives(town, code, rewrite):
    actions.edit_category(code("T0101").pk, name="下水井盖", **BY)
    rewrite("Sewer manhole cover", "Sewer cover")
    again = actions.sync_topics(**BY)
    assert (code("T0101").name, code("T0101").name_en) == ("下水井盖", "Sewer manhole cover")
    assert again.kept == 1


def test_a_limit_the_town_changed_survives(town, code, rewrite):
    broken = code("T0101").conditions.get(code="2")
    actions.edit_condition(broken.pk, limit=Limit.parse("9天"), **BY)
    rewrite("3天", "5天")
    actions.sync_topics(**BY)
    assert code("T0101").conditions.get(code="2").limit == Limit.parse("9天")
    assert code("T0102").conditions.get(code="2").limit == Limit.parse("5天")


def test_a_code_the_town_uses_itself_is_left_alone(town, rewrite):
    actions.create_category(parent_id=None, code="T0301", name="自己的", **BY)
    rewrite("T0201", "T0301")
    assert actions.sync_topics(**BY).kept == 1
    assert Category.objects.get(code="T0301").name == "自己的"


def test_another_systems_kind_is_taken_in_once(town):
    first = ensure("Street Lights", "Street Lights", limit=Limit.parse("2天"))
    again = ensure("Street Lights", "Street Lights")
    assert first == again
    assert first.code.startswith("street-lights-")
    entry = catalogue.book().category(first.pk)
    assert entry.default_condition.limit == Limit.parse("2天")
    assert (entry.topic, entry.published) == ("imported", False)
    assert [each.name for each in catalogue.book().lineage(first.pk)] == [
        "外来类别",
        "Street Lights",
    ]


def test_two_kinds_in_chinese_are_two_categories(town):
    codes = {ensure(text, text).code for text in ("路灯", "井盖")}
    assert len(codes) == 2


def test_many_kinds_come_in_few_statements_each_with_its_row_of_the_record(
    town, django_assert_max_num_queries
):
    ensure("first", "第一种")
    names = {f"kind {number}": f"第 {number} 种" for number in range(60)}
    with django_assert_max_num_queries(16):
        made = actions.ensure_categories({**names, "T0101": "有的"}, **BY)
    assert [made[code].name for code in names] == list(names.values())
    assert made["T0101"].topic != "imported"
    for code in names:
        (row,) = audit.timeline("category", made[code].pk)
        assert (row.verb, row.facts["code"]) == ("category_imported", made[code].code)
    assert list(audit.verify()) == []
    assert actions.ensure_categories(names, **BY) == {code: made[code] for code in names}


def test_another_systems_kind_can_lie_beneath_a_module(town, code):
    made = ensure("L1", "灯", module="streets")
    assert (made.parent, made.module) == (code("streets"), "streets")
    assert made.path == f"{code('streets').path}{made.pk}/"


def test_a_code_of_the_catalogue_is_itself(town, code):
    before = Condition.objects.count()
    assert ensure("T0101", "什么都行") == code("T0101")
    assert Condition.objects.count() == before


def test_a_kind_without_a_name_is_refused(town):
    with pytest.raises(Invalid):
        ensure("L1", " ")
