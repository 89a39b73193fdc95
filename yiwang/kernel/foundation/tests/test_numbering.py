import threading
from datetime import UTC, datetime

import pytest
from django.db import connection
from pytest_django import DjangoAssertNumQueries

from yiwang.kernel.foundation.numbering import (
    follow_code,
    grouped_follow_code,
    next_number,
    next_numbers,
    normalise_follow_code,
)
from yiwang.kernel.foundation.numbering.models import Counter
from yiwang.kernel.foundation.tests.conftest import shanghai

AT = shanghai("2026-11-23 09:00")


@pytest.mark.django_db
def test_numbers_count_up_and_begin_again_each_day_of_shanghai() -> None:
    assert next_number("case", at=AT) == "20261123-0001"
    assert next_number("case", at=AT) == "20261123-0002"
    assert next_number("report", at=AT) == "20261123-0001"
    midnight = datetime(2026, 11, 23, 16, 0, tzinfo=UTC)
    assert next_number("case", at=midnight) == "20261124-0001"


@pytest.mark.django_db
def test_a_busy_day_grows_past_four_digits() -> None:
    Counter.objects.create(series="history", day=AT.date(), last=9998)
    assert next_numbers("history", at=AT, count=3) == [
        "20261123-9999",
        "20261123-10000",
        "20261123-10001",
    ]
    assert next_numbers("history", at=AT, count=0) == []


@pytest.mark.django_db
def test_a_number_costs_one_statement(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    with django_assert_num_queries(1):
        next_numbers("history", at=AT, count=500)
    with django_assert_num_queries(1):
        next_number("case", at=AT)


@pytest.mark.usefixtures("own_database")
def test_no_number_is_given_twice_when_many_ask_at_once() -> None:
    given: list[str] = []

    def ask() -> None:
        for _ in range(25):
            given.append(next_number("case", at=AT))
        connection.close()

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(given)) == 100


def test_follow_codes_are_long_enough_and_never_the_same() -> None:
    codes = {follow_code() for _ in range(2000)}
    assert len(codes) == 2000
    assert all(normalise_follow_code(code) == code for code in codes)


@pytest.mark.parametrize(
    "typed",
    ["7k7q-f2m9-x4tb0", "7K7QF2M9X4TBO", " ７Ｋ７Ｑ F2M9 X4TB0 ", "7K7Q—F2M9—X4TB0"],
)
def test_a_code_is_recognised_however_it_is_typed(typed: str) -> None:
    assert normalise_follow_code(typed) == "7K7QF2M9X4TB0"


@pytest.mark.parametrize(
    "typed", ["", "7K7Q", "7K7QF2M9X4TBU", "7K7QF2M9X4TB00", "案卷案卷案卷案卷案卷案卷案"]
)
def test_what_cannot_be_a_code_is_none(typed: str) -> None:
    assert normalise_follow_code(typed) == ""


def test_a_code_is_shown_in_groups() -> None:
    assert grouped_follow_code("7K7QF2M9X4TB0") == "7K7Q-F2M9-X4TB0"
