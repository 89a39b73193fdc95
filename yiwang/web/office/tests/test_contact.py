"""吴刚 helps somebody who cannot be reached or cannot get in; the record keeps why."""

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client

from tests.town.small import MORNING, Town
from yiwang.kernel import accounts
from yiwang.kernel.accounts.models import User
from yiwang.kernel.foundation import audit
from yiwang.kernel.foundation.actors import SYSTEM


@pytest.fixture
def li_na(town: Town) -> User:
    """李娜, whose mobile and e-mail are known."""
    return accounts.set_contact(
        town.li_na, phone="13900001234", email="lina@example.org", by=SYSTEM, at=MORNING
    )  # fmt: skip


def last(person: User) -> audit.models.AuditEntry:
    return audit.timeline("user", str(person.pk))[-1]


def test_a_new_mobile_is_set_with_the_reason_and_shown_masked(li_na: User, wu_gang: Client) -> None:
    address = f"/office/people/{li_na.pk}/contact/"
    page = wu_gang.get(address).content.decode()
    assert "139****1234" in page and "l***@example.org" in page
    assert "13900001234" not in page and "lina@" not in page
    sent = {"phone": "138 0000 5678", "reason": "换了号码，看过工作证"}
    assert wu_gang.post(address, sent).status_code == 302
    li_na.refresh_from_db()
    assert (li_na.phone, li_na.email) == ("13800005678", "lina@example.org")
    entry = last(li_na)
    assert entry.verb == "contact_set" and entry.facts == {"changed": ["phone"]}
    assert entry.texts == {"reason": "换了号码，看过工作证"}


def test_without_a_reason_or_with_no_number_nothing_changes(li_na: User, wu_gang: Client) -> None:
    address = f"/office/people/{li_na.pk}/contact/"
    without = wu_gang.post(address, {"phone": "13800005678"})
    wrong = wu_gang.post(address, {"phone": "12", "reason": "x"})
    assert without.status_code == wrong.status_code == 422
    assert "手机号须为 11 位数字" in wrong.content.decode()
    li_na.refresh_from_db()
    assert li_na.phone == "13900001234"


def test_a_number_that_is_nobodys_any_more_is_taken_out(li_na: User, wu_gang: Client) -> None:
    sent = {"without_phone": "on", "reason": "号码已注销"}
    wu_gang.post(f"/office/people/{li_na.pk}/contact/", sent)
    li_na.refresh_from_db()
    assert (li_na.phone, li_na.email) == (None, "lina@example.org")


def test_only_who_manages_staff_may(li_na: User, town: Town) -> None:
    client = Client()
    client.force_login(town.zhou_wei)
    for what in ("contact", "rescue"):
        answer = client.post(
            f"/office/people/{li_na.pk}/{what}/", {"reason": "x", "do": "sign-out"}
        )
        assert answer.status_code == 403


def test_a_lost_second_factor_is_taken_off_with_the_reason(li_na: User, wu_gang: Client) -> None:
    Authenticator.objects.create(user=li_na, type=Authenticator.Type.TOTP, data={"secret": "x"})
    address = f"/office/people/{li_na.pk}/rescue/"
    told = wu_gang.post(address, {"do": "factor-off"})
    assert told.status_code == 422 and Authenticator.objects.filter(user=li_na).exists()
    wu_gang.post(address, {"do": "factor-off", "reason": "手机丢了"})
    assert not Authenticator.objects.filter(user=li_na).exists()
    assert (last(li_na).verb, last(li_na).texts) == ("factor_lifted", {"reason": "手机丢了"})


def signed_in(person: User) -> Client:
    """A browser in which somebody signed in with the password."""
    person.set_password("a-long-enough-phrase")
    person.save()
    browser = Client()
    browser.post("/sign-in", {"username": person.username, "password": "a-long-enough-phrase"})
    assert browser.get("/me/").status_code == 200
    return browser


def test_signed_out_everywhere_with_the_reason(li_na: User, wu_gang: Client, town: Town) -> None:
    phone, other = signed_in(li_na), signed_in(town.zhou_wei)
    person, address = f"/office/people/{li_na.pk}/", f"/office/people/{li_na.pk}/rescue/"
    assert "登录着 1 台设备" in wu_gang.get(person).content.decode()
    assert wu_gang.post(address, {"do": "sign-out", "reason": "  "}).status_code == 422
    assert phone.get("/me/").status_code == 200
    for _tap in range(2):
        sent = {"do": "sign-out", "reason": "手机丢了"}
        assert wu_gang.post(address, sent).status_code == 302
    assert phone.get("/me/").status_code == 302
    assert "没有登录的设备" in wu_gang.get(person).content.decode()
    assert other.get("/me/").status_code == 200
    assert (last(li_na).verb, last(li_na).texts) == ("sessions_ended", {"reason": "手机丢了"})
    assert User.objects.get(pk=li_na.pk).is_active


def test_an_english_administrator_reads_what_the_buttons_do(li_na: User, wu_gang: Client) -> None:
    wu_gang.cookies["django_language"] = "en"
    page = wu_gang.post(f"/office/people/{li_na.pk}/rescue/", {"do": "sign-out"})
    assert page.status_code == 422
    assert "Sign out everywhere" in page.content.decode()
