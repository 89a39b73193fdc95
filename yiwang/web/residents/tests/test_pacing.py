"""Limits that let a neighbourhood through and slow a machine down."""

import re
from typing import Any

import pytest
from django.test import Client, RequestFactory

from tests.town.small import Town
from yiwang.kernel.cases.models import Report
from yiwang.web.kit import pace
from yiwang.web.kit.pace import Bucket
from yiwang.web.residents import pacing
from yiwang.web.residents.tests.conftest import picture, typed


@pytest.fixture
def one_process(settings: Any) -> Any:
    settings.YIWANG_WORKERS = 1
    return settings


def households(count: int) -> list[Client]:
    """Phones behind the one address of a neighbourhood; each has opened the page."""
    phones = [Client() for _ in range(count)]
    for phone in phones:
        phone.get("/report")
    return phones


def test_a_whole_staircase_behind_one_address_is_served(town: Town, one_process: Any) -> None:
    answers = [phone.post("/report", typed(seen="1")).status_code for phone in households(25)]
    assert answers == [302] * 25


def test_one_phone_that_sends_without_pause_waits_and_loses_nothing(
    town: Town, client: Client
) -> None:
    client.get("/report")
    answers = [client.post("/report", typed(seen="1")) for _ in range(7)]
    assert [answer.status_code for answer in answers] == [302] * 6 + [429]
    page = answers[-1].content.decode()
    assert int(answers[-1]["Retry-After"]) > 0
    assert "您写的都还在" in page
    assert "路口的井盖坏了" in page


def test_the_neighbour_of_a_busy_phone_is_not_held_up(town: Town, one_process: Any) -> None:
    busy, neighbour = households(2)
    for _ in range(8):
        busy.post("/report", typed(seen="1"))
    assert neighbour.post("/report", typed(seen="1")).status_code == 302


def test_beyond_the_limit_of_an_address_a_small_sum_lets_people_on(
    town: Town, one_process: Any
) -> None:
    one_process.YIWANG_INTAKE_PER_MINUTE = 3
    *others, late = households(4)
    for phone in others:
        phone.post("/report", typed(seen="1"))
    form = typed(seen="1")
    asked = late.post("/report", form)
    page = asked.content.decode()
    assert asked.status_code == 429
    assert "路口的井盖坏了" in page
    sealed, one, other = _sum_of(page)
    wrong = late.post("/report", form | {"sum": sealed, "answer": "99"})
    assert wrong.status_code == 429
    right = form | {"sum": sealed, "answer": str(one + other)}
    assert late.post("/report", right).status_code == 302
    assert Report.objects.count() == 4


def _sum_of(page: str) -> tuple[str, int, int]:
    sealed = re.search(r'name="sum" value="([^"]+)"', page)
    numbers = re.search(r"(\d) 加 (\d) 等于几", page)
    assert sealed
    assert numbers
    return sealed[1], int(numbers[1]), int(numbers[2])


def test_a_sum_is_good_for_one_report() -> None:
    sealed, one, other = pacing.new_sum()
    assert pacing.is_right(sealed, f" {one + other} ")
    assert not pacing.is_right(sealed, str(one + other))
    assert not pacing.is_right("forged", "3")


def test_a_mistake_in_the_form_costs_nothing(town: Town, client: Client) -> None:
    client.get("/report")
    for _ in range(10):
        client.post("/report", typed(text=""))
    assert client.post("/report", typed()).status_code == 302


def test_a_double_tap_costs_nothing(town: Town, client: Client) -> None:
    client.get("/report")
    form = typed()
    assert {client.post("/report", form).status_code for _ in range(6)} == {302}
    assert client.post("/report", typed(seen="1")).status_code == 302


def test_zero_means_no_limit(town: Town, client: Client, settings: Any) -> None:
    settings.YIWANG_INTAKE_PER_MINUTE = 0
    client.get("/report")
    assert {client.post("/report", typed(seen="1")).status_code for _ in range(12)} == {302}


def test_guessing_codes_ends_soon(town: Town, client: Client) -> None:
    known = Report.objects.get(pk=town.report().report_id).follow_code
    answers = [client.post("/f", {"code": f"{n:013d}"}).status_code for n in range(40)]
    assert answers[-1] == 429
    assert answers.count(404) <= 15
    assert client.get(f"/f/{known}").status_code == 429


def test_a_neighbour_who_was_here_before_still_follows(
    town: Town, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = Report.objects.get(pk=town.report().report_id).follow_code
    neighbour = Client()
    neighbour.get("/report")
    monkeypatch.setattr(pace, "SETTLED_AFTER", 0)
    for n in range(40):
        Client().post("/f", {"code": f"{n:013d}"})
    assert Client().get(f"/f/{known}").status_code == 429
    assert neighbour.get(f"/f/{known}").status_code == 200


def test_photos_are_counted_too(town: Town, client: Client) -> None:
    client.get("/report")
    answers = {client.post("/report/photos", {"photo": picture()}).status_code for _ in range(40)}
    assert answers == {201, 429}


def test_a_bucket_fills_again() -> None:
    bucket = Bucket(per_minute=6, burst=2)
    assert [bucket.take("a", now=0), bucket.take("a", now=0)] == [0, 0]
    assert bucket.take("a", now=0) == pytest.approx(10)
    assert bucket.take("b", now=0) == 0
    assert bucket.take("a", now=10) == 0


def test_a_bucket_remembers_a_bounded_number(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pace, "KEYS_KEPT", 3)
    bucket = Bucket(per_minute=1, burst=1)
    for key in "abcde":
        bucket.take(key, now=0)
    assert len(bucket._left) == 3


@pytest.mark.parametrize(
    ("remote", "forwarded", "address"),
    [
        ("203.0.113.7", "", "203.0.113.7"),
        ("203.0.113.7", "198.51.100.1", "203.0.113.7"),
        ("10.0.0.1", "198.51.100.1", "198.51.100.1"),
        ("10.0.0.1", "6.6.6.6, 198.51.100.1", "198.51.100.1"),
        ("2001:db8:1:2:3:4:5:6", "", "2001:db8:1:2::"),
        ("nonsense", "", "unknown"),
    ],
)
def test_a_forwarded_address_is_believed_from_our_proxies_only(
    settings: Any, remote: str, forwarded: str, address: str
) -> None:
    settings.YIWANG_PROXIES = ["10.0.0.1"]
    headers = {"x-forwarded-for": forwarded} if forwarded else {}
    request = RequestFactory().get("/", REMOTE_ADDR=remote, headers=headers)
    assert pace.address_of(request) == address


def test_a_forged_device_is_no_device() -> None:
    request = RequestFactory().get("/")
    request.COOKIES[pace.DEVICE_COOKIE] = "abc-1:forged:signature"
    assert pace.device_of(request) == ""
