"""Whoever inspects sees who was turned away; nothing of what was typed is kept."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from tests.town.small import Town
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


@pytest.mark.parametrize("name", ["li_na", "wang_fang", "zhou_wei"])
def test_others_do_not_read_it(town: Town, name: str) -> None:
    assert as_(getattr(town, name)).get("/inspect/refused/").status_code == 403


def test_after_half_a_year_it_is_gone(town: Town) -> None:
    Client().post("/sign-in", {"username": "x.y", "password": "wrong"})
    TurnedAway.objects.update(last_at=timezone.now() - timedelta(days=181))
    ended = {each.rule.key: each.rows for each in retention.run(at=timezone.now())}
    assert ended["turned_away"] == 1 and not TurnedAway.objects.exists()
