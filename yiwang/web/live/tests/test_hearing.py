"""Who hears of what: the land of one's duties, one's units, and nothing of a matter about staff."""

import asyncio
import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import psycopg
import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.utils import timezone

from tests.town.small import MORNING, Town, build
from yiwang.kernel.cases import actions as cases
from yiwang.kernel.cases.models import Case
from yiwang.kernel.foundation.actors import SYSTEM
from yiwang.kernel.organisation import actions as organisation
from yiwang.kernel.organisation.rules import Role
from yiwang.web.live import readers
from yiwang.web.live.holds import ENDS_AFTER, Holds
from yiwang.web.live.hub import Desk, Hub
from yiwang.web.live.readers import Change, Reader

NOW = timezone.now


def reader_of(town: Town, name: str) -> Reader:
    user = town.people[name]
    audience = readers.audience_of(user, NOW())
    assert audience is not None
    return Reader(f"session-of-{name}", user.pk, user.display_name, audience)


def change_of(case: Case) -> Change:
    return Change(
        case.pk, case.version, case.area_path, frozenset(case.unit_ids), case.confidential
    )


def hears(desk: Desk) -> dict[str, Any]:
    """What the desk is told now."""
    out: dict[str, Any] = {}
    while not desk.out.empty():
        said = desk.out.get_nowait().decode().split("data: ")[1]
        out |= json.loads(said)
    return out


def say(hub: Hub) -> None:
    for desk in hub.desks:
        desk.said_at = 0.0
    hub._say(10.0)


def test_the_desk_and_the_community_hear_of_a_case_and_the_other_community_does_not(
    town: Town,
) -> None:
    async def day() -> None:
        hub = Hub()
        desks = {name: hub.enter(reader, None) for name, reader in people.items()}
        hub.tell(change_of(case))
        say(hub)
        told = {name for name, desk in desks.items() if hears(desk)}
        assert told == {"wang_fang", "chen_jing", "zhang_min"}

    names = ("wang_fang", "chen_jing", "zhang_min", "zheng_kai", "li_na")
    people = {name: reader_of(town, name) for name in names}
    case = town.case(town.report())
    asyncio.run(day())


def test_the_unit_hears_once_it_is_given_the_case(town: Town) -> None:
    async def day() -> None:
        hub = Hub()
        desk = hub.enter(li_na, None)
        hub.tell(change_of(case))
        say(hub)
        assert hears(desk)["cases"] == {str(case.pk): case.version}

    case, li_na = town.dispatched(), reader_of(town, "li_na")
    asyncio.run(day())


def test_a_matter_about_staff_is_told_to_those_alone_who_may_read_it(town: Town) -> None:
    case = town.case(town.report())
    Case.objects.filter(pk=case.pk).update(confidential=True)
    case.refresh_from_db()
    change = change_of(case)
    assert not readers.audience_of(town.wang_fang, NOW()).hears(change)  # type: ignore[union-attr]
    everybody = [user.pk for user in town.people.values()]
    assert readers.who_may_read(case.pk, everybody, NOW()) == {town.sun_li.pk}
    assert readers.sight_of(case.pk, town.sun_li.pk, NOW()) is None, "nor is it said who has it"


def test_a_desk_is_told_once_a_second_of_all_that_happened(town: Town) -> None:
    async def day() -> None:
        hub = Hub()
        desk = hub.enter(wang_fang, None)
        for number in range(5):
            hub.tell(change_of(some[number]))
            hub._say(100.0 + number / 10)
        assert len(hears(desk)["cases"]) == 1
        hub._say(101.1)
        assert len(hears(desk)["cases"]) == 4
        assert not hub._say(103.0), "nothing waits any more"

    wang_fang = reader_of(town, "wang_fang")
    some = [town.case(town.report()) for _each in range(5)]
    asyncio.run(day())


def test_who_comes_back_is_told_what_was_missed(town: Town) -> None:
    async def day() -> None:
        hub = Hub()
        hub._began = 0
        hub.tell(change_of(case))
        moment = NOW().timestamp()
        back = hub.enter(wang_fang, moment - 1)
        away = hub.enter(wang_fang, moment - 3_600)
        hub._began = moment - 60
        longer = hub.enter(wang_fang, moment - 3_600)
        say(hub)
        assert str(case.pk) in hears(back)["cases"]
        assert str(case.pk) in hears(away)["cases"]
        assert hears(longer) == {"look": True}

    case, wang_fang = town.case(town.report()), reader_of(town, "wang_fang")
    asyncio.run(day())


def test_who_has_a_case_is_said_to_others_and_ends_by_itself(town: Town) -> None:
    holds, case = Holds(), Change(7, 1, "/1/", frozenset(), confidential=False)
    assert holds.take(1, "王芳", case, millis=5, clock=0.0)
    assert not holds.take(1, "王芳", case, millis=35_000, clock=30.0), "a sign of life is no news"
    assert holds.of(7, but=2) == [["王芳", 5]]
    assert holds.of(7, but=1) == []
    assert holds.expire(30.0 + ENDS_AFTER) == []
    assert holds.expire(31.0 + ENDS_AFTER) == [case]
    assert holds.of(7, but=2) == []
    assert holds.leave(1, 7) is None


def session_of(user: Any) -> str:
    client = Client()
    client.force_login(user)
    return client.cookies[settings.SESSION_COOKIE_NAME].value


def test_a_session_that_ended_listens_no_more(town: Town) -> None:
    key, other = session_of(town.wang_fang), session_of(town.wang_fang)
    assert set(readers.read_readers([key, other, "unknown"], NOW())) == {key, other}
    town.wang_fang.set_password("an-entirely-new-one")
    town.wang_fang.save()
    assert not readers.still_good([key], NOW()), "a new password ends it"
    fresh = session_of(town.wang_fang)
    assert readers.still_good([fresh], NOW()) == {fresh}
    assert not readers.still_good(
        [fresh], NOW() + timedelta(minutes=settings.YIWANG_IDLE_MINUTES + 1)
    )
    town.wang_fang.is_active = False
    town.wang_fang.save()
    assert not readers.still_good([fresh], NOW())


def test_who_owes_a_second_factor_hears_nothing_yet(town: Town, settings: Any) -> None:
    key = session_of(town.wang_fang)
    settings.YIWANG_SECOND_FACTOR = ["reporter.read"]
    assert readers.read_readers([key], NOW()) == {}
    settings.YIWANG_SECOND_FACTOR = ["administrator"]
    assert set(readers.read_readers([key], NOW())) == {key}


def test_a_new_posting_is_noticed_for_everybody_in_one_statement(town: Town) -> None:
    before, at = readers.duties_mark(NOW()), NOW()
    assert readers.duties_mark(at) == before
    organisation.appoint(
        town.zheng_kai, unit=town.unit("受理中心"), role=Role.DESK_OPERATOR,
        area=town.divisions["南城街道"], by=SYSTEM, at=at, starts_on=at.date(),
    )  # fmt: skip
    assert readers.duties_mark(at) != before


def test_bells_are_counted_for_many_at_once(town: Town) -> None:
    assert readers.unread_of([town.wang_fang.pk, town.li_na.pk]) == {
        town.wang_fang.pk: 0, town.li_na.pk: 0,
    }  # fmt: skip


@pytest.fixture
def said(own_database: Any) -> Iterator[Any]:
    """What the database says, to a connection of its own."""
    params = connection.get_connection_params()
    given = {
        name: params[name]
        for name in ("host", "port", "user", "password", "dbname")
        if params.get(name)
    }
    with psycopg.connect(**given, autocommit=True) as heard:
        heard.execute("LISTEN yiwang_live")
        yield lambda: [notice.payload for notice in heard.notifies(timeout=0.3)]


@pytest.mark.slow
def test_every_action_is_said_with_its_commit_and_without_a_word_of_it(said: Any) -> None:
    town = build()
    said()
    receipt = town.report("井盖坏了，小孩差点掉进去", name="张三丰", phone="13812345678")
    case = town.case(receipt)
    heard = said()
    assert [Change.read(payload) for payload in heard] == [change_of(case)]
    assert "井盖" not in "".join(heard) and "张三丰" not in "".join(heard)
    case = cases.perform(case.pk, "accept", by=town.wang_fang, at=MORNING + timedelta(minutes=1))
    assert [Change.read(payload).version for payload in said()] == [case.version]
    town.report("我也看见了", follows=case.number)
    assert [Change.read(payload).case_id for payload in said()] == [case.pk]


def test_a_case_that_leaves_the_land_is_said_where_it_was(said: Any) -> None:
    town = build()
    case = town.case(town.report())
    said()
    cases.perform(
        case.pk,
        "relocate",
        by=town.wang_fang,
        at=MORNING + timedelta(minutes=1),
        lon=115.465,
        lat=35.225,
    )
    paths = {Change.read(payload).area_path for payload in said()}
    assert paths == {case.area_path, Case.objects.get(pk=case.pk).area_path} and len(paths) == 2
