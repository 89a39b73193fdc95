"""A statement is written once; its moments are those of each time it is asked."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db.models import QuerySet

from tests.town.small import MORNING, Town
from yiwang.kernel.accounts.models import User
from yiwang.kernel.cases.models import Case
from yiwang.kernel.cases.reading import history, open_cases, reach
from yiwang.kernel.foundation import statements
from yiwang.kernel.foundation.statements import ask
from yiwang.kernel.organisation.duties import duties_of


@pytest.fixture(autouse=True)
def nothing_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(statements, "_kept", {})


def between(first: Any, last: Any) -> "Callable[[], QuerySet[Any, Any]]":
    return lambda: Case.objects.filter(opened_at__gte=first, opened_at__lt=last).values_list(
        "title"
    )


def test_the_moments_are_put_in_anew_and_nothing_else(town: Town) -> None:
    hour = timedelta(hours=1)
    town.report("早上的事", at=MORNING)
    town.report("晚些的事", at=MORNING + hour)
    early, late, end = MORNING - hour, MORNING + hour / 2, MORNING + 3 * hour
    assert ask("cases", (early, late), between(early, late)) == [("早上的事",)]
    assert ask("cases", (late, end), lambda: pytest.fail("written twice")) == [("晚些的事",)]


def test_what_can_find_nothing_asks_nothing(town: Town, django_assert_num_queries: Any) -> None:
    town.report()
    with django_assert_num_queries(0):
        for _each in range(2):
            assert ask("none", (), lambda: Case.objects.filter(pk__in=[]).values_list("pk")) == []


def test_so_many_are_kept_and_no_more(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(statements, "KEPT_AT_MOST", 3)
    for key in range(10):
        ask(key, (), lambda: Case.objects.values_list("pk"))
    assert len(statements._kept) <= 3


def test_what_a_person_may_read_is_said_by_their_duties_and_their_reach_alone(
    town: Town, django_assert_num_queries: Any
) -> None:
    """So they are enough of a key: whoever lets `visible` read more must put it into the keys of `ask` too."""
    at = MORNING + timedelta(hours=1)
    for person in town.people.values():
        known = User.objects.get(pk=person.pk)
        stranger = User.objects.only("pk", "is_active").get(pk=person.pk)
        assert duties_of(known, at) == duties_of(stranger, at)
        assert reach(known, at) == reach(stranger, at)
        with django_assert_num_queries(0):
            asked = [
                statements._written(cases, ())
                for each in (known, stranger)
                for cases in (open_cases(each, at), history(each, at, edge=MORNING))
            ]
        assert asked[:2] == asked[2:], person
