"""What a page asks of the database, counted as an office would see it: each request its own transaction."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.town.small import MORNING, Town, build
from yiwang.kernel.cases import actions as cases
from yiwang.kernel.foundation import versions
from yiwang.web.desk.tests.conftest import Knock

AROUND = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE")
VERSIONS = "foundation_version"
"""Asked at most once a second by a process, whatever it serves."""


def statements(client: Client, address: str) -> list[str]:
    client.get(address)
    with CaptureQueriesContext(connection) as asked:
        assert client.get(address).status_code == 200
    said = [query["sql"] for query in asked if not query["sql"].startswith(AROUND)]
    return [sql for sql in said if VERSIONS not in sql]


def desk_of(town: Town) -> Client:
    versions.forget()
    client = Client()
    client.force_login(town.wang_fang)
    return client


def test_the_list_costs_eight_statements_however_long_it_is(own_database: Any) -> None:
    town = build()
    desk = desk_of(town)
    for _each in range(3):
        town.report()
        town.handling()
    said = statements(desk, "/desk/?queue=open")
    assert len(said) <= 8, "\n".join(said)


FILTERS = ["queue=open", "queue=closed", "queue=all", "queue=answer", "queue=call_back",
           "queue=open&q=井盖", "queue=all&q=井盖", "queue=all&mine=1", "queue=all&q=0001",
           "queue=all&channel=web&q=井盖", "queue=closed&channel=phone"]  # fmt: skip


def test_no_filter_of_the_list_costs_more(
    own_database: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On a plain day: around New Year the calendars of two years are asked for."""
    monkeypatch.setattr(timezone, "now", lambda: MORNING + timedelta(days=1))
    town = build()
    desk = desk_of(town)
    for _each in range(2):
        town.report(), town.handling(), town.closed(phone="13812345678")
    for query in FILTERS:
        said = statements(desk, f"/desk/?{query}")
        assert len(said) <= 7, query + "\n" + "\n".join(said)


NARROWED = ["", "unit=1", "area=1", "category=1", "channel=phone", "mine=1"]


@pytest.mark.parametrize("who", ["wang_fang", "chen_jing", "zhou_wei", "sun_li"])
def test_what_is_open_is_counted_from_one_index_for_whomever(
    town: Town, as_: Knock, who: str
) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT attname FROM pg_attribute WHERE attrelid = 'case_open_by_clock'::regclass"
        )
        held = {name for (name,) in cursor.fetchall()}
    desk = as_(getattr(town, who))
    for query in NARROWED:
        said = statements(desk, f"/desk/?queue=open&{query}")
        (counting,) = [sql for sql in said if "UNION ALL" in sql and "fact_0" in sql]
        of_open = counting[: counting.index("UNION ALL")]
        assert set(re.findall(r'"cases_case"\."(\w+)"', of_open)) <= held, query


def test_the_case_page_costs_at_most_twenty_five(own_database: Any) -> None:
    town = build()
    case = town.case(town.report(name="张三丰", phone="13812345678"))
    for _each in range(3):
        town.report(follows=case.number)
        town.report("旁边的")
    cases.perform(case.pk, "accept", by=town.wang_fang, at=MORNING + timedelta(minutes=1))
    said = statements(desk_of(town), f"/cases/{case.number}/")
    assert len(said) <= 25, "\n".join(said)


def test_the_cards_of_a_unit_cost_the_same_for_one_and_for_many(own_database: Any) -> None:
    town = build()
    client = Client()
    client.force_login(town.li_na)
    town.handling()
    one = statements(client, "/unit/")
    for _each in range(4):
        town.dispatched()
    many = statements(client, "/unit/")
    assert len(one) == len(many) <= 12, "\n".join(many)
