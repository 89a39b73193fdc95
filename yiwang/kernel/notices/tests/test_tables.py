"""The pure rules: quiet hours, pauses, the circuit, texts and their length."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yiwang.kernel.notices.rules import texting
from yiwang.kernel.notices.rules.channels import EVENT_NAMES, SHIPPED, Night, shipped
from yiwang.kernel.notices.rules.quiet import Quiet
from yiwang.kernel.notices.rules.retrying import PAUSES, CircuitState, pause_after

TOWN = ZoneInfo("Asia/Shanghai")


def at(hour: int, minute: int = 0, day: int = 23) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=TOWN)


@pytest.mark.parametrize(
    ("moment", "until"),
    [
        (at(20, 59), None),
        (at(21, 0), at(7, 30, 24)),
        (at(23, 59), at(7, 30, 24)),
        (at(0, 0), at(7, 30)),
        (at(7, 29), at(7, 30)),
        (at(7, 30), None),
        (datetime(2026, 11, 23, 13, 0, tzinfo=UTC), at(7, 30, 24)),
    ],
)
def test_the_town_is_quiet_from_nine_to_half_past_seven(moment, until):
    assert Quiet().over_at(moment) == until


def test_quiet_hours_may_lie_within_a_day_or_not_be():
    siesta = Quiet(time(12), time(14))
    assert siesta.over_at(at(13)) == at(14)
    assert siesta.over_at(at(14)) is None
    assert Quiet(time(9), time(9)).over_at(at(9)) is None


@given(
    st.times(),
    st.times(),
    st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1)),  # noqa: DTZ001
)
def test_quiet_is_always_over_within_a_day_and_then_it_is_not_quiet(starts, ends, moment):
    quiet = Quiet(starts.replace(microsecond=0), ends.replace(microsecond=0))
    moment = moment.replace(tzinfo=TOWN)
    until = quiet.over_at(moment)
    if until is not None:
        assert moment < until <= moment + timedelta(days=1)
        assert quiet.over_at(until) is None


def test_pauses_grow_and_end():
    pauses = [pause_after(n) for n in range(1, len(PAUSES) + 1)]
    assert pauses == sorted(pauses)
    assert pause_after(len(PAUSES) + 1) is None


def test_a_circuit_opens_at_the_third_trouble_rests_longer_each_time_and_closes_with_a_yes():
    state, now = CircuitState(), at(9)
    for _trouble in range(2):
        state = state.after(True, now)
        assert not state.rests(now)
    state = state.after(True, now)
    assert state.rests(now + timedelta(seconds=119))
    assert not state.rests(now + timedelta(minutes=2))
    longer = state.after(True, now)
    assert longer.resting_until == now + timedelta(minutes=4)
    for _trouble in range(20):
        longer = longer.after(True, now)
    assert longer.resting_until == now + timedelta(minutes=30)
    assert longer.after(False, now) == CircuitState()


def test_urgent_events_come_through_by_the_table():
    assert Night.ALWAYS.lets_through(False)
    assert not Night.NEVER.lets_through(True)
    assert Night.URGENT.lets_through(True)
    assert not Night.URGENT.lets_through(False)
    assert SHIPPED["case_supervised"].night is Night.ALWAYS


def test_every_shipped_event_has_a_name_and_an_unknown_one_stays_within():
    assert set(SHIPPED) <= set(EVENT_NAMES)
    rule = shipped("something_new")
    assert (rule.email, rule.sms, rule.webhook) == (False, False, False)


@pytest.mark.parametrize(
    ("text", "units", "segments"),
    [
        ("", 0, 0),
        ("好" * 70, 70, 1),
        ("好" * 71, 71, 2),
        ("好" * 134, 134, 2),
        ("好" * 135, 135, 3),
        ("𠮷" * 35, 70, 1),
        ("😀" * 36, 72, 2),
        ("a" * 71, 71, 2),
    ],
)
def test_a_short_message_is_counted_as_it_is_paid(text, units, segments):
    assert texting.size_of(text) == texting.Size(units, segments)


def test_places_are_written_in_chinese_or_english():
    assert texting.canonical("案卷{案卷号}在{ 区域 }") == "案卷{number}在{area}"
    assert texting.shown("案卷{number}", "zh-hans") == "案卷{案卷号}"
    assert texting.shown("Case {number}", "en") == "Case {number}"


def test_an_unknown_place_and_a_stray_brace_are_found():
    allowed = ("number",)
    assert texting.unknown_places("{number}", allowed) == []
    assert texting.unknown_places("{name} {number}", allowed) == ["name"]
    assert texting.unknown_places("{number", allowed) == ["{"]
    assert texting.unknown_places("{}", allowed) == [""]


def test_a_line_nothing_is_known_for_is_left_out():
    text = "{sentence}\n\n类别：{category}\n时限：{due}"
    assert texting.filled(text, {"sentence": "甲", "due": "16:20"}) == "甲\n\n时限：16:20"
    assert texting.filled("时限：{due}", {}) == "时限：—"


def test_what_fills_a_place_fills_no_other():
    assert texting.filled("{unit}", {"unit": "{number}", "number": "1"}) == "{number}"
