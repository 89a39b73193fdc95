"""Two administrators press the button at the same moment: one is saved, the other reads what it is now and loses nothing.

The stale tab, where some time lies between the two, is told page by page in `web/office/tests`.
"""

from collections.abc import Callable
from functools import partial
from threading import Barrier, Thread
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from tests.database import OwnDatabase
from tests.faults.conftest import Knock
from tests.town.small import Town
from yiwang.kernel.catalogue.models import Category, Condition
from yiwang.kernel.foundation import audit
from yiwang.kernel.organisation.models import Posting
from yiwang.web.office.tests.conftest import filled_form

pytestmark = pytest.mark.slow
Two = tuple[Client, Client]
Sent = dict[str, str]


@pytest.fixture
def two(own_town: tuple[OwnDatabase, Town], as_: Knock) -> tuple[Town, Two]:
    """吴刚 and 王芳, who administers as well from today."""
    town = own_town[1]
    Posting.objects.filter(user=town.wang_fang).update(role="administrator")
    return town, (as_(town.wu_gang), as_(town.wang_fang))


def at_once(clients: Two, address: str, sent: tuple[Sent, Sent]) -> list[Any]:
    """Post both at the same moment; the answers, the saved one first."""
    answers: list[Any] = []
    start = Barrier(2)

    def post(client: Client, given: Sent) -> None:
        start.wait()
        answers.append(client.post(address, given))
        connection.close()

    threads = [Thread(target=post, args=pair) for pair in zip(clients, sent, strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return sorted(answers, key=lambda answer: int(answer.status_code))


def race(clients: Two, address: str, shown: Callable[[], Sent], field: str, values: Any) -> Any:
    """Let both change one field from the same page; return the loser's page and who won."""
    page = shown()
    first, second = values
    answers = at_once(clients, address, (page | {field: first}, page | {field: second}))
    assert [answer.status_code for answer in answers] == [302, 409], answers
    return answers[1].content.decode()


def form_at(client: Client, address: str) -> Sent:
    """What the page's form would send as it stands."""
    return filled_form(client.get(address).context["form"])


def both_are_said(page: str, stored: str, values: tuple[str, str]) -> None:
    """What the other wrote stands on the page, and one's own words too."""
    mine = values[1] if stored == values[0] else values[0]
    assert stored in page
    assert mine in page


def test_the_name_of_a_unit(two: tuple[Town, Two]) -> None:
    town, clients = two
    unit = town.unit("市政服务中心")
    address, values = f"/office/units/{unit.pk}/", ("市政服务一中心", "市政服务二中心")
    page = race(
        clients,
        address,
        partial(form_at, clients[0], address),
        "name",
        values,
    )
    unit.refresh_from_db()
    both_are_said(page, unit.name, values)
    assert len([row for row in audit.timeline("unit", unit.pk) if row.verb == "unit_changed"]) == 1


def test_the_limit_of_a_stage(two: tuple[Town, Two]) -> None:
    _town, clients = two
    address = "/office/limits/"
    page = race(
        clients, address, partial(form_at, clients[0], address), "accept_amount", ("2", "3")
    )
    stored = form_at(clients[0], address)["accept_amount"]
    assert f"现在是：{stored}" in page


def test_a_category_and_its_limit(two: tuple[Town, Two]) -> None:
    _town, clients = two
    city, cover = Category.objects.get(code="city"), Category.objects.get(code="P0102")
    address = f"/office/catalogue/{city.pk}/"
    row, condition = f"c{cover.pk}", f"k{Condition.objects.get(category=cover).pk}"

    def shown() -> Sent:
        table = clients[0].get(address).context["table"]
        sent = {"order": " ".join(table.order)}
        for line in table.lines:
            for form in line.rows:
                sent |= filled_form(form)
        return sent

    values = ("污水检查井盖", "雨水检查井盖")
    page = race(clients, address, shown, f"{row}-name", values)
    cover.refresh_from_db()
    both_are_said(page, cover.name, values)
    race(clients, address, shown, f"{condition}-limit_amount", ("6", "8"))


def test_one_routing_rule(two: tuple[Town, Two]) -> None:
    town, clients = two
    address = "/office/routing/"

    def lines(page: Any) -> Sent:
        asked = page.context["asked"]
        sent = {
            "seen": asked.seen, "lines": str(len(asked.lines)), "period": asked.period,
            "rehearsed": asked.rehearsed,
        }  # fmt: skip
        for line in asked.lines:
            sent |= filled_form(line)
        return sent

    start = lines(clients[0].get(address))
    notes = ("摊贩归综合执法队", "摊贩归执法队管")
    sent = []
    for client, note in zip(clients, notes, strict=True):
        tried = client.post(address, start | {"r1-note": note, "do": "rehearse"})
        sent.append(lines(tried) | {"do": "save"})
    saved, refused = at_once(clients, address, (sent[0], sent[1]))
    assert (saved.status_code, refused.status_code) == (302, 409)
    assert "派遣规则刚被别人改过" in refused.content.decode()
    stored = filled_form(clients[0].get(address).context["asked"].lines[0])["r1-note"]
    both_are_said(refused.content.decode(), stored, notes)
    assert town


def test_a_day_of_the_calendar_nobody_has_set_before(two: tuple[Town, Two]) -> None:
    _town, clients = two
    address = "/office/calendar/2026-11-03/"

    def shown() -> Sent:
        return form_at(clients[0], address) | {"kind": "free"}

    values = ("牡丹节", "运动会")
    page = race(clients, address, shown, "name", values)
    stored = form_at(clients[0], address)["name"]
    both_are_said(page, stored, values)


def test_working_hours_from_a_new_day(two: tuple[Town, Two]) -> None:
    _town, clients = two
    calendar, address = "/office/calendar/", "/office/calendar/hours/"

    def shown() -> Sent:
        form = clients[0].get(calendar).context["hours_form"]
        return filled_form(form) | {"valid_from": "2026-11-01"}

    page = race(clients, address, shown, "closes2", ("17:30", "18:00"))
    assert "刚被别人改过" in page
