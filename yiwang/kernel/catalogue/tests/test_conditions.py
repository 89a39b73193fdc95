"""Conditions: limits, evidence, and always one default."""

import pytest

from yiwang.kernel.catalogue import actions
from yiwang.kernel.catalogue.models import Condition
from yiwang.kernel.catalogue.rules.words import Stage, Urgency, Verifier
from yiwang.kernel.catalogue.tests.conftest import NOW
from yiwang.kernel.foundation import audit
from yiwang.kernel.foundation.actors import RESIDENT, SYSTEM
from yiwang.kernel.foundation.calendar.rules import Limit
from yiwang.kernel.foundation.errors import Forbidden, Invalid, Missing, Stale

BY = {"by": SYSTEM, "at": NOW}
A_DAY = Limit.parse("1天")


@pytest.fixture
def sewer(code):
    return code("T0101")


def test_a_condition_is_added_with_the_next_number(sewer):
    added = actions.add_condition(
        sewer.pk, name="被涂写", limit=A_DAY, verify_by=Verifier.DESK, urgency=Urgency.NORMAL, **BY
    )
    assert (added.code, added.limit, added.is_default, added.sort_order) == ("3", A_DAY, False, 3)


def test_the_first_condition_of_a_category_is_its_default(code):
    assert actions.add_condition(code("T01").pk, name="任何", limit=A_DAY, **BY).is_default


def test_a_condition_needs_a_limit(sewer):
    with pytest.raises(Invalid) as refused:
        actions.add_condition(sewer.pk, name="被涂写", **BY)
    assert refused.value.field == "limit"


def test_another_default_takes_the_place_of_the_old_one(sewer):
    missing = Condition.objects.get(category=sewer, code="1")
    actions.edit_condition(missing.pk, is_default=True, **BY)
    assert list(sewer.conditions.filter(is_default=True)) == [missing]


@pytest.mark.parametrize("field", ["active", "is_default"])
def test_the_default_does_not_just_go_away(sewer, field):
    default = Condition.objects.get(category=sewer, is_default=True)
    with pytest.raises(Invalid):
        actions.edit_condition(default.pk, **{field: False}, **BY)


def test_a_changed_limit_is_on_record(sewer):
    broken = Condition.objects.get(category=sewer, code="2")
    actions.edit_condition(broken.pk, limit=A_DAY, **BY)
    [entry] = audit.timeline("category", str(sewer.pk))
    assert entry.facts["changed"] == {"limit": ["3天", "1天"]}


def test_a_changed_condition_makes_an_old_page_of_its_category_stale(sewer):
    broken = Condition.objects.get(category=sewer, code="2")
    actions.edit_condition(broken.pk, limit=A_DAY, version=1, **BY)
    with pytest.raises(Stale):
        actions.edit_condition(broken.pk, public=False, version=1, **BY)


def test_a_condition_that_is_not_there_is_missing(town):
    with pytest.raises(Missing):
        actions.edit_condition(10**9, public=False, **BY)


def test_a_resident_sets_no_limits(town):
    with pytest.raises(Forbidden):
        actions.set_stage_limit(Stage.ACCEPT, A_DAY, by=RESIDENT, at=NOW)
