from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.town.small import MORNING
from yiwang.kernel.indicators.rules import (
    BY_NAME,
    COUNT_NAMES,
    FIGURES,
    PERIOD_AT_MOST_DAYS,
    By,
    is_broken_off,
    period_of,
    rate,
    rates,
)

TODAY = date(2026, 10, 21)


def test_a_rate_is_one_count_over_another():
    assert rate(BY_NAME["handled"], {"handled": 3, "due": 4}).share == 0.75


@pytest.mark.parametrize("figure", FIGURES, ids=lambda figure: figure.name)
def test_a_rate_without_anything_due_says_nothing(figure):
    assert rate(figure, {}).share is None


@pytest.mark.parametrize("figure", FIGURES, ids=lambda figure: figure.name)
def test_every_formula_speaks_of_counts_that_are_defined(figure):
    assert {figure.numerator, figure.denominator} <= set(COUNT_NAMES)


def test_figures_come_in_the_order_of_the_table():
    assert [each.figure for each in rates({})] == list(FIGURES)


def test_nothing_is_counted_by_person():
    assert {by.value for by in By} == {"unit", "community", "grid", "category", "month"}


def test_without_a_wish_the_period_is_this_month():
    assert period_of(None, None, TODAY).first == date(2026, 10, 1)
    assert period_of(None, None, TODAY).last == TODAY


def test_a_period_given_backwards_is_turned_round():
    assert period_of(TODAY, date(2026, 10, 1), TODAY).first == date(2026, 10, 1)


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.dates(date(2000, 1, 1), date(2100, 1, 1)))
def test_a_period_is_never_longer_than_a_year(first, last):
    assert 1 <= period_of(first, last, TODAY).days <= PERIOD_AT_MOST_DAYS


def test_a_check_that_falls_silent_was_broken_off():
    assert not is_broken_off(MORNING, None, MORNING + timedelta(minutes=9))
    assert is_broken_off(MORNING, None, MORNING + timedelta(minutes=11))
    assert not is_broken_off(MORNING, MORNING, MORNING + timedelta(days=1))
