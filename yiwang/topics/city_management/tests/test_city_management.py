"""What is particular to this starter list; what every list owes stands in the catalogue's tests."""

import pytest

from yiwang.kernel.catalogue.rules.starters import read_starters
from yiwang.kernel.catalogue.rules.words import Kind
from yiwang.topics.city_management.topic import TOPIC


@pytest.fixture(scope="module")
def starters():
    return read_starters(TOPIC.categories_file)


def test_components_and_events_are_numbered_as_the_field_numbers_them(starters):
    parts = [c for c in starters if c.kind is Kind.PART and len(c.code) == 5]
    events = [c for c in starters if c.kind is Kind.EVENT and len(c.code) == 5]
    assert (len(parts), len(events)) == (92, 98)
    assert {c.code[0] for c in parts} == {"P"}
    assert {c.code[0] for c in events} == {"E"}
    assert all(c.code[1:].isdecimal() for c in (*parts, *events))


@pytest.mark.parametrize(
    ("code", "name", "limits"),
    [
        ("E0101", "私搭乱建", ["2紧急工作日", "15天"]),
        ("E0307", "施工工地围挡", ["3天", "2天", "1天"]),
        ("E0501", "供水管道破裂", ["1紧急工作时", "5天"]),
        ("E0698", "桥下空间管理", ["2小时", "1天", "5天"]),
    ],
)
def test_an_event_has_a_condition_for_each_of_its_limits(starters, code, name, limits):
    [event] = [category for category in starters if category.code == code]
    assert event.name == name
    assert [condition.limit.as_text() for condition in event.conditions] == limits


def test_limits_of_components_are_marked_as_our_own(starters):
    parts = [c for c in starters if c.kind is Kind.PART]
    assert {condition.source for c in parts for condition in c.conditions} == {"本系统起始值"}


def test_a_burst_gas_main_sends_the_resident_to_the_telephone_first(starters):
    assert {c.code for c in starters if c.emergency} >= {"E0501", "E0502", "E0595"}
