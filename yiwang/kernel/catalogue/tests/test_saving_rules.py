"""The routing table is saved as a whole, after a rehearsal, and never leaves a published category alone."""

from dataclasses import replace

import pytest

from yiwang.kernel import catalogue
from yiwang.kernel.catalogue import actions
from yiwang.kernel.catalogue.actions import RuleDraft
from yiwang.kernel.catalogue.models import RoutingRule
from yiwang.kernel.catalogue.rules.rehearsal import RoutingFacts
from yiwang.kernel.catalogue.tests.conftest import NOW
from yiwang.kernel.foundation import audit
from yiwang.kernel.foundation.actors import RESIDENT, SYSTEM
from yiwang.kernel.foundation.errors import Conflict, Forbidden, Invalid, Stale

BY = {"by": SYSTEM, "at": NOW}


@pytest.fixture
def table(town):
    """中山's own matters stay there; trees go to the parks; the rest to 市政."""
    town.rules(
        town.rule(town.zhongshan_community, level="community", area_id=town.zhongshan.pk),
        town.rule(town.parks, "T02"),
        town.rule(town.municipal),
    )
    return actions.drafts()


def unit_of(town, code, level, area) -> str:
    category = catalogue.book().by_code(code)
    return catalogue.book().route(category.id, level, area.path).unit_id


def test_the_first_line_that_fits_decides(town, table):
    assert unit_of(town, "T0101", "community", town.zhongshan) == town.zhongshan_community.pk
    assert unit_of(town, "T0101", "community", town.zhanglou) == town.municipal.pk
    assert unit_of(town, "T0201", "subdistrict", town.zhongshan) == town.parks.pk


def test_the_reason_names_category_level_and_area(town, table):
    category = catalogue.book().by_code("T0201")
    [why] = catalogue.book().route(category.id, "community", town.zhongshan.path).why
    assert why.text() == (
        f"规则 {table[0].number}：层级=社区级，区域=中山社区（含下级）→ 中山社区居委会"
    )


def test_a_line_keeps_its_number_when_it_moves(town, table):
    actions.save_rules(table[::-1], **BY)
    assert [draft.number for draft in actions.drafts()] == [draft.number for draft in table[::-1]]


def test_a_line_left_out_is_gone_and_the_record_says_so(town, table):
    actions.save_rules(table[1:], **BY)
    assert not RoutingRule.objects.filter(pk=table[0].number).exists()
    last = list(audit.timeline("routing", "table"))[-1]
    assert last.facts["removed"] == [table[0].number]
    assert len(last.facts["table"]) == 2


def test_saving_the_same_table_leaves_no_trace(town, table):
    actions.save_rules(table, **BY)
    assert len(list(audit.timeline("routing", "table"))) == 1


def test_a_table_somebody_else_changed_is_refused(town, table):
    seen = actions.fingerprint(table)
    actions.save_rules(table[1:], expected=seen, **BY)
    with pytest.raises(Stale):
        actions.save_rules(table[:1], expected=seen, **BY)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"unit_id": 10**9}, "rules.2.unit"),
        ({"category_id": 10**9}, "rules.2.category"),
        ({"area_id": 10**9}, "rules.2.area"),
        ({"level": "moon"}, "rules.2.level"),
        ({"number": 10**9}, "rules.2.number"),
        ({"note": "长" * 201}, "rules.2.note"),
    ],
)
def test_a_wrong_line_is_named(town, table, wrong, field):
    table[1] = replace(table[1], **wrong)
    with pytest.raises(Invalid) as refused:
        actions.save_rules(table, **BY)
    assert refused.value.field == field


def test_the_same_line_twice_is_refused(town, table):
    with pytest.raises(Invalid):
        actions.save_rules([table[0], table[0]], **BY)


def test_the_last_rule_of_a_published_category_stays(town, table, code):
    actions.publish_category(code("T0101").pk, **BY)
    with pytest.raises(Conflict, match="污水井盖"):
        actions.save_rules([table[1]], **BY)
    assert len(actions.drafts()) == 3


def test_switching_the_last_rule_off_is_refused_too(town, table, code):
    actions.publish_category(code("T0101").pk, **BY)
    with pytest.raises(Conflict):
        actions.save_rules([table[1], replace(table[2], active=False)], **BY)


def test_a_rehearsal_tells_and_changes_nothing(town, table, code):
    facts = [
        RoutingFacts(number, code("T0201").path, "subdistrict", town.zhongshan.path)
        for number in range(1, 8)
    ]
    new = RuleDraft(unit_id=town.municipal.pk, category_id=code("T0201").pk)
    outcome = actions.rehearse_rules([new, *table], facts)
    [shift] = outcome.shifts
    assert (outcome.moved, outcome.total) == (7, 7)
    assert (shift.from_name, shift.to_name) == ("园林所", "市政服务中心")
    assert actions.drafts() == table


def test_a_resident_saves_no_rules(town, table):
    with pytest.raises(Forbidden):
        actions.save_rules([], by=RESIDENT, at=NOW)
