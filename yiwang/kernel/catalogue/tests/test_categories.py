"""Categories: made, changed, moved, published, retired; each change by a person who may, and on record."""

import pytest

from yiwang.kernel.accounts.models import User
from yiwang.kernel.catalogue import actions
from yiwang.kernel.catalogue.models import Category
from yiwang.kernel.catalogue.tests.conftest import NOW
from yiwang.kernel.foundation import audit
from yiwang.kernel.foundation.actors import RESIDENT, SYSTEM
from yiwang.kernel.foundation.errors import Conflict, Forbidden, Invalid, Missing, Stale
from yiwang.kernel.organisation.actions import appoint
from yiwang.kernel.organisation.rules import Role

BY = {"by": SYSTEM, "at": NOW}


def verbs(category: Category) -> list[str]:
    return [entry.verb for entry in audit.timeline("category", str(category.pk))]


@pytest.fixture
def chen_gang(town):
    """An administrator of the street."""
    user = User.objects.create(username="chen_gang", display_name="陈刚", password="!")
    appoint(user, unit=town.municipal, role=Role.ADMINISTRATOR, area=town.street, **BY)
    return user


@pytest.fixture
def zhang_min(town):
    """A desk operator of the street."""
    user = User.objects.create(username="zhang_min", display_name="张敏", password="!")
    appoint(user, unit=town.municipal, role=Role.DESK_OPERATOR, area=town.street, **BY)
    return user


def test_chen_gang_makes_a_category_at_the_end_of_its_heading(code, chen_gang):
    covers = code("T01")
    made = actions.create_category(
        parent_id=covers.pk, code="T0199", name=" 其他  井盖 ", by=chen_gang, at=NOW
    )
    assert (made.name, made.sort_order, made.module) == ("其他 井盖", 3, "streets")
    assert made.path == f"{covers.path}{made.pk}/"
    assert not made.published
    assert verbs(made) == ["category_created"]


@pytest.mark.parametrize("who", ["zhang_min", "resident"])
def test_nobody_else_changes_the_catalogue(who, code, request):
    by = RESIDENT if who == "resident" else request.getfixturevalue(who)
    with pytest.raises(Forbidden):
        actions.edit_category(code("T0101").pk, name="别的", by=by, at=NOW)


def test_a_code_is_taken_once(town):
    with pytest.raises(Conflict, match="T0101"):
        actions.create_category(parent_id=None, code="T0101", name="又一个", **BY)


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"code": "有空 格", "name": "甲"}, "code"),
        ({"code": "T77", "name": " \u200b "}, "name"),
        ({"code": "T77", "name": "长" * 81}, "name"),
        ({"code": "T77", "name": "甲", "inspectors_only": True}, "public"),
    ],
)
def test_a_wrong_field_is_named(town, fields, field):
    with pytest.raises(Invalid) as refused:
        actions.create_category(parent_id=None, **fields, **BY)
    assert refused.value.field == field
    assert not Category.objects.filter(code="T77").exists()


def test_a_category_that_is_not_there_is_missing(town):
    with pytest.raises(Missing):
        actions.edit_category(10**9, name="甲", **BY)


def test_a_page_that_is_old_is_refused(code):
    sewer = code("T0101")
    actions.edit_category(sewer.pk, name="甲", version=sewer.version, **BY)
    with pytest.raises(Stale) as refused:
        actions.edit_category(sewer.pk, name="乙", version=sewer.version, **BY)
    assert refused.value.current == {"version": sewer.version + 1}


def test_saving_without_a_change_leaves_no_trace(code):
    sewer = code("T0101")
    actions.edit_category(sewer.pk, name=sewer.name, **BY)
    sewer.refresh_from_db()
    assert (sewer.version, sewer.edited, verbs(sewer)) == (1, False, [])


def test_the_record_says_what_changed(code):
    sewer = code("T0101")
    actions.edit_category(sewer.pk, name="下水井盖", public=False, **BY)
    [entry] = audit.timeline("category", str(sewer.pk))
    assert entry.facts["changed"] == {"name": ["污水井盖", "下水井盖"], "public": [True, False]}


def test_a_heading_moves_with_all_beneath_it(town, code):
    actions.move_category(code("T01").pk, under=code("T02").pk, **BY)
    sewer, greenery = code("T0101"), code("T02")
    assert sewer.path == f"{greenery.path}{code('T01').pk}/{sewer.pk}/"


def test_a_heading_that_becomes_a_module_takes_its_children_along(code):
    actions.move_category(code("T01").pk, under=None, **BY)
    assert (code("T01").module, code("T0101").module) == ("T01", "T01")
    assert code("T0101").path == f"/{code('T01').pk}/{code('T0101').pk}/"


@pytest.mark.parametrize("under", ["T01", "T0101"])
def test_a_category_cannot_move_beneath_itself(code, under):
    with pytest.raises(Invalid):
        actions.move_category(code("T01").pk, under=code(under).pk, **BY)


def test_a_move_that_would_leave_a_published_category_without_a_unit_is_refused(town, code):
    town.rules(town.rule(town.municipal, "T01"))
    actions.publish_category(code("T0101").pk, **BY)
    with pytest.raises(Conflict, match="污水井盖"):
        actions.move_category(code("T0101").pk, under=code("T02").pk, **BY)


def test_siblings_are_put_in_order(town, code):
    first, second = code("T0101"), code("T0102")
    actions.reorder(code("T01").pk, [second.pk, first.pk], **BY)
    assert [c.code for c in Category.objects.filter(parent=code("T01")).in_order()] == [
        "T0102",
        "T0101",
    ]


def test_an_order_names_every_sibling_once(town, code):
    with pytest.raises(Invalid):
        actions.reorder(code("T01").pk, [code("T0101").pk], **BY)


def test_a_category_without_a_unit_cannot_be_published(code):
    with pytest.raises(Conflict, match="没有责任单位"):
        actions.publish_category(code("T0101").pk, **BY)
    assert not code("T0101").published


def test_a_rule_for_the_heading_is_enough_to_publish(town, code):
    town.rules(town.rule(town.municipal, "T01"))
    actions.publish_category(code("T0101").pk, **BY)
    assert code("T0101").published
    assert verbs(code("T0101")) == ["category_published"]


def test_all_that_has_a_unit_is_published_in_one_go(town):
    town.rules(town.rule(town.municipal, "T01"))
    assert actions.publish_served(**BY) == 3
    assert actions.publish_served(**BY) == 0


def test_a_heading_is_retired_after_what_is_beneath_it(town, code):
    town.rules(town.rule(town.municipal))
    actions.publish_served(**BY)
    with pytest.raises(Conflict, match="2 个"):
        actions.retire_category(code("T01").pk, **BY)
    for each in ("T0101", "T0102", "T01"):
        actions.retire_category(code(each).pk, **BY)
    assert code("T01").retired_at == NOW


def test_nothing_is_published_beneath_a_retired_heading(town, code):
    town.rules(town.rule(town.municipal))
    actions.retire_category(code("T01").pk, **BY)
    with pytest.raises(Conflict, match="上级已停用"):
        actions.publish_category(code("T0101").pk, **BY)
    assert actions.publish_served(**BY) == 3  # the module, 绿化 and 树枝折断


def test_a_retired_category_comes_back(town, code):
    town.rules(town.rule(town.municipal))
    actions.retire_category(code("T0101").pk, **BY)
    actions.publish_category(code("T0101").pk, **BY)
    assert (code("T0101").published, code("T0101").retired_at) == (True, None)
