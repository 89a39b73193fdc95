import pytest
from django.db import connection, transaction
from pytest_django import DjangoAssertNumQueries

from yiwang.kernel.foundation import versions
from yiwang.kernel.foundation.actors import RESIDENT, SYSTEM
from yiwang.kernel.foundation.tests.conftest import Officer
from yiwang.kernel.foundation.viewer import speaking_as


def viewer() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('yiwang.viewer', true)")
        return cursor.fetchone()[0] or ""


@pytest.mark.usefixtures("own_database")
def test_the_viewer_is_gone_with_its_transaction(zhang_min: Officer) -> None:
    with speaking_as(zhang_min):
        assert viewer() == "7"
    assert viewer() == ""


@pytest.mark.django_db
def test_the_former_viewer_is_put_back(zhang_min: Officer) -> None:
    with speaking_as(zhang_min):
        with speaking_as(SYSTEM):
            assert viewer() == "system"
            with speaking_as(RESIDENT):
                assert viewer() == ""
            assert viewer() == "system"
        assert viewer() == "7"
    assert viewer() == ""


@pytest.mark.django_db
def test_the_former_viewer_is_put_back_after_a_failure(zhang_min: Officer) -> None:
    with speaking_as(zhang_min):
        with pytest.raises(LookupError), speaking_as(SYSTEM):
            raise LookupError
        assert viewer() == "7"


def loader(loads: list[int]) -> int:
    loads.append(1)
    return len(loads)


@pytest.mark.usefixtures("own_database")
def test_what_is_cached_is_loaded_once_until_its_version_changes() -> None:
    loads: list[int] = []
    for _ in range(3):
        assert versions.cached("town", lambda: loader(loads)) == 1
    with transaction.atomic():
        versions.bump("town")
        assert versions.cached("town", lambda: loader(loads)) == 2
    assert versions.cached("town", lambda: loader(loads)) == 2
    versions.bump("other")
    assert versions.cached("town", lambda: loader(loads)) == 2


@pytest.mark.usefixtures("own_database")
def test_a_change_that_is_rolled_back_leaves_nothing_in_the_cache() -> None:
    rows = ["old"]
    assert versions.cached("town", lambda: list(rows)) == ["old"]
    with pytest.raises(LookupError), transaction.atomic():
        versions.bump("town")
        assert versions.cached("town", lambda: ["new"]) == ["new"]
        raise LookupError
    assert versions.cached("town", lambda: list(rows)) == ["old"]


@pytest.mark.usefixtures("own_database")
def test_looking_again_and_again_costs_one_query_a_second(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    versions.forget()
    with django_assert_num_queries(1):
        for _ in range(5):
            versions.cached("town", lambda: 1)


@pytest.mark.django_db
def test_a_version_is_never_used_twice() -> None:
    seen = set()
    for _ in range(20):
        versions.bump("town")
        seen.add(versions.current()["town"])
    assert len(seen) == 20
