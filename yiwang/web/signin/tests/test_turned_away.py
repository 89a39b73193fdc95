"""Whoever inspects sees who was turned away; nothing of what was typed is kept."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from tests.town.small import Town
from yiwang.kernel.accounts import turned_away
from yiwang.kernel.accounts.models import TurnedAway, User
from yiwang.kernel.foundation import retention

PASSWORD = "a-long-enough-phrase"


def as_(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="yiwang.kernel.accounts.signing_in.PasswordBackend")
    return client


def counted() -> dict[tuple[str, str], int]:
    rows = TurnedAway.objects.select_related("user")
    return {(row.kind, row.user.username if row.user else ""): row.times for row in rows}


def test_wrong_passwords_are_counted_for_whoever_it_was_tried_on(town: Town) -> None:
    client = Client()
    for name in (town.li_na.username, town.li_na.username, "nobody.at.all"):
        client.post("/sign-in", {"username": name, "password": "my-secret-typed-wrong"})
    assert counted() == {("password", town.li_na.username): 2, ("password", ""): 1}
    page = as_(town.sun_li).get("/inspect/refused/").content.decode()
    assert "李娜" in page and "没有这个账号" in page and "密码错误" in page
    assert "nobody.at.all" not in page and "my-secret" not in page


def test_a_page_that_is_not_theirs_is_counted_by_its_declared_address(town: Town) -> None:
    person = as_(town.li_na)
    for key in (town.wu_gang.pk, town.sun_li.pk):
        assert person.get(f"/office/people/{key}/").status_code == 403
    row = TurnedAway.objects.get()
    assert (row.kind, row.user, row.times) == ("page", town.li_na, 2)
    assert row.place == "office/people/…/"
    assert "office/people/" in as_(town.sun_li).get("/inspect/refused/?days=90").content.decode()


def test_a_reader_who_tries_one_number_after_another_is_counted(town: Town) -> None:
    person = as_(town.wang_fang)
    for number in range(990_000, 990_005):
        assert person.get(f"/cases/{number}/").status_code == 404
    assert person.get("/no/such/page").status_code == 404  # an address of nobody's is no try
    row = TurnedAway.objects.get()
    assert (row.kind, row.user, row.place) == ("missing", town.wang_fang, "cases/…/")
    assert "试没有或看不到的编号" in as_(town.sun_li).get("/inspect/refused/").content.decode()


def test_strangers_are_counted_and_not_known(town: Town) -> None:
    """Codes that nobody has, until the limit; a dead link to a new password; a form without its token."""
    stranger = Client(enforce_csrf_checks=True)
    answers = [stranger.get("/f/XXXXXXXXXXXXX").status_code for _try in range(60)]
    assert (answers[0], answers[-1]) == (404, 429)
    stranger.get("/reset/MQ/abc-def")
    stranger.post("/sign-in", {"username": "li.na", "password": "x"})
    assert set(counted()) == {("missing", ""), ("limit", ""), ("link", ""), ("form", "")}
    assert {row.place for row in TurnedAway.objects.filter(kind__in=("missing", "limit"))} == {
        "f/…"
    }
    page = as_(town.sun_li).get("/inspect/refused/").content.decode()
    assert page.count("没有登录的人") == 4 and "XXXXXXXXXXXXX" not in page


def test_a_flood_is_counted_whole_in_few_writes(
    town: Town, monkeypatch: pytest.MonkeyPatch, django_assert_max_num_queries: Any
) -> None:
    clock, at = [100.0], timezone.now().replace(minute=10)
    monkeypatch.setattr(turned_away, "monotonic", lambda: clock[0])
    with django_assert_max_num_queries(8):  # two writes, each in its savepoint
        for _call in range(1000):
            turned_away.count_many("limit", at=at, place="report")
            clock[0] += 0.011
    clock[0] += turned_away.TOGETHER
    turned_away.count_many("missing", at=at)  # whatever comes next brings what was left
    assert counted() == {("limit", ""): 1000, ("missing", ""): 1}


def test_a_lock_is_not_counted_twice(town: Town, client: Client) -> None:
    for _try in range(7):
        client.post("/sign-in", {"username": "li.na", "password": "wrong"})
    assert {kind for kind, _name in counted()} == {"password", "locked"}


def test_an_english_inspector_reads_english(town: Town) -> None:
    Client().get("/reset/MQ/abc-def")
    inspector = as_(town.sun_li)
    inspector.cookies["django_language"] = "en"
    page = inspector.get("/inspect/refused/").content.decode()
    assert "Used a dead link" in page and "Not signed in" in page


@pytest.mark.parametrize("name", ["li_na", "wang_fang", "zhou_wei"])
def test_others_do_not_read_it(town: Town, name: str) -> None:
    assert as_(getattr(town, name)).get("/inspect/refused/").status_code == 403


def test_after_half_a_year_it_is_gone(town: Town) -> None:
    Client().post("/sign-in", {"username": "x.y", "password": "wrong"})
    TurnedAway.objects.update(last_at=timezone.now() - timedelta(days=181))
    ended = {each.rule.key: each.rows for each in retention.run(at=timezone.now())}
    assert ended["turned_away"] == 1 and not TurnedAway.objects.exists()
