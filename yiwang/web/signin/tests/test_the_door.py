"""赵娜 at the door: locks, issued passwords, the second factor, sessions, a forgotten password."""

from datetime import timedelta
from time import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from allauth.usersessions.models import UserSession
from django.core import mail
from django.test import Client
from django.utils import timezone

from tests.town.small import Town
from yiwang.kernel import accounts
from yiwang.kernel.accounts.models import User
from yiwang.kernel.accounts.resetting import link_parts
from yiwang.kernel.foundation import audit
from yiwang.kernel.foundation.actors import SYSTEM
from yiwang.web.signin import gate
from yiwang.web.signin.tasks import send_reset

pytestmark = pytest.mark.django_db
PASSWORD = "a-long-enough-phrase"
OTHER = "quite-another-phrase"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


@pytest.fixture
def zhao_na() -> User:
    user = User(username="zhaona", display_name="赵娜")
    user.set_password(PASSWORD)
    user.save()
    return user


def sign_in(client: Client, username: str = "zhaona", password: str = PASSWORD, **more):
    return client.post("/sign-in", {"username": username, "password": password}, **more)


def code_now(steps: int = 0) -> str:
    return format_hotp_value(hotp_value(SECRET, int(time()) // 30 + steps))


def verbs(user: User) -> list[str]:
    return [entry.verb for entry in audit.timeline("user", user.pk)]


@pytest.mark.parametrize("username", ["zhaona", "nobody"])
def test_five_wrong_passwords_lock_a_name_that_exists_and_one_that_does_not(
    client, zhao_na, username
):
    for _try in range(4):
        assert sign_in(client, username, "wrong").status_code == 422
    locked = sign_in(client, username, "wrong")
    assert locked.status_code == 429
    assert "暂时锁定" in locked.content.decode()
    assert locked["Retry-After"]
    assert sign_in(client, username).status_code == 429  # the right one opens nothing either


def test_capitals_and_blanks_give_no_further_tries(client, zhao_na):
    for name in ("zhaona", "ZHAONA", " zhaona", "Zhaona ", "zhaonA"):
        answer = sign_in(client, name, "wrong")
    assert answer.status_code == 429


def test_a_lock_is_of_one_name_from_one_address(client, zhao_na):
    other = User(username="sunli", display_name="孙丽")
    other.set_password(PASSWORD)
    other.save()
    for _try in range(6):
        sign_in(client, "zhaona", "wrong")
    assert sign_in(Client(), "sunli").status_code == 302
    assert sign_in(Client(REMOTE_ADDR="10.9.9.9"), "zhaona").status_code == 302
    assert verbs(zhao_na).count("locked_out") == 1


@pytest.mark.slow
def test_passwords_stolen_elsewhere_are_not_tried_out_one_name_after_another(client, zhao_na):
    inside = Client()
    sign_in(inside)
    for number in range(60):
        assert sign_in(client, f"somebody.{number}", "stolen-elsewhere").status_code == 422
    stopped = sign_in(client, "somebody.60", "stolen-elsewhere")
    assert stopped.status_code == 429 and int(stopped["Retry-After"]) <= 13
    assert "很多次登录失败" in stopped.content.decode()
    assert sign_in(client).status_code == 429  # before any password is looked at
    assert inside.get("/me/").status_code == 200  # who is in works on
    assert sign_in(Client(REMOTE_ADDR="10.9.9.9")).status_code == 302


def test_proving_it_once_more_gives_the_session_a_new_key(client, zhao_na):
    sign_in(client)
    before = client.cookies["sessionid"].value
    client.post("/me/confirm", {"password": PASSWORD, "next": "/me/"})
    assert client.cookies["sessionid"].value != before
    assert Client(headers={"cookie": f"sessionid={before}"}).get("/me/").status_code == 302
    page = client.get("/me/")
    assert [device.here for device in page.context["devices"]] == [True]


def test_after_the_time_the_door_opens_again(client, zhao_na, settings):
    from axes.models import AccessAttempt

    for _try in range(6):
        sign_in(client, "zhaona", "wrong")
    AccessAttempt.objects.update(attempt_time=timezone.now() - timedelta(minutes=16))
    assert sign_in(client).status_code == 302


def test_an_issued_password_opens_only_the_page_for_another(client, zhao_na):
    accounts.issue_password(zhao_na, password=OTHER, by=SYSTEM, at=timezone.now())
    sign_in(client, password=OTHER)
    for address in ("/", "/me/", "/me/leave", "/notices"):
        assert client.get(address)["Location"] == "/me/password"
    same = {"current": OTHER, "password": OTHER, "again": OTHER}
    assert client.post("/me/password", same).status_code == 422
    own = {"current": OTHER, "password": "my-own-phrase-7", "again": "my-own-phrase-7"}
    assert client.post("/me/password", own).status_code == 302
    assert client.get("/me/").status_code == 200


def test_an_issued_password_does_not_wait_for_ever(client, zhao_na):
    long_ago = timezone.now() - timedelta(days=15)
    accounts.issue_password(zhao_na, password=OTHER, by=SYSTEM, at=long_ago)
    assert sign_in(client, password=OTHER).status_code == 422


def test_a_changed_password_ends_the_other_sessions(client, zhao_na):
    phone = Client()
    sign_in(client)
    sign_in(phone)
    said = {"current": PASSWORD, "password": OTHER, "again": OTHER}
    assert client.post("/me/password", said).status_code == 302
    assert client.get("/me/").status_code == 200
    assert phone.get("/me/")["Location"].startswith("/sign-in")


def test_the_wrong_present_password_counts_like_one_at_the_door(client, zhao_na):
    sign_in(client)
    said = {"current": "wrong", "password": OTHER, "again": OTHER}
    answers = [client.post("/me/password", said).status_code for _try in range(6)]
    assert answers[0] == 422
    assert answers[-1] == 429


def test_signed_out_everywhere_else(client, zhao_na):
    phone = Client(HTTP_USER_AGENT="Mozilla/5.0 (Linux; Android 14) MicroMessenger/8.0")
    sign_in(client)
    sign_in(phone)
    page = client.get("/me/").content.decode()
    assert "Android · 微信" in page
    asked = client.post("/me/sessions/end")["Location"]
    assert asked == "/me/confirm?next=%2Fme%2Fsessions%2Fend"
    assert phone.get("/me/").status_code == 200
    assert client.post(asked, {"password": "wrong"}).status_code == 200
    assert phone.get("/me/").status_code == 200
    done = client.post(asked, {"password": PASSWORD, "next": "/me/sessions/end"})
    assert done["Location"] == "/me/"  # what was asked for went on
    assert phone.get("/me/").status_code == 302
    assert client.get("/me/").status_code == 200


def test_one_lost_telephone_is_signed_out_and_nothing_else(client, zhao_na):
    phone, desk = Client(), Client()
    for device in (client, phone, desk):
        sign_in(device)
    (lost,) = UserSession.objects.filter(session_key=phone.session.session_key)
    address = f"/me/sessions/{lost.pk}/end"
    assert client.post(address)["Location"].startswith("/me/confirm")
    client.post("/me/confirm", {"password": PASSWORD, "next": address})
    client.post(address)  # the second tap of a double one finds nothing more
    assert phone.get("/me/").status_code == 302
    assert client.get("/me/").status_code == desk.get("/me/").status_code == 200
    assert verbs(zhao_na).count("session_ended") == 1


def test_signing_out_this_device_asks_nothing(client, zhao_na):
    sign_in(client)
    here = UserSession.objects.get()
    assert client.post(f"/me/sessions/{here.pk}/end")["Location"] == "/sign-in"
    assert client.get("/me/").status_code == 302


def test_on_one_device_too_many_the_oldest_is_signed_out(client, zhao_na, settings):
    settings.YIWANG_SESSIONS = 3
    devices = [Client() for _device in range(5)]
    for device in devices:
        sign_in(device)
    assert [device.get("/me/").status_code for device in devices] == [302, 302, 200, 200, 200]
    devices[3].post("/sign-out")  # one that went by itself takes no place
    sign_in(client)
    assert [device.get("/me/").status_code for device in devices] == [302, 302, 200, 302, 200]
    assert verbs(zhao_na).count("oldest_session_ended") == 2


CONTACT = {"email": "thief@example.org", "phone": "", "language": "zh-hans"}


def test_where_a_forgotten_password_goes_takes_the_present_one(client, zhao_na):
    """Whoever finds the page open does not get the account by a letter to themselves."""
    sign_in(client)
    for typed in ("", "wrong"):
        refused = client.post("/me/", {**CONTACT, "current": typed})
        assert refused.status_code == 422 and refused.context["form"].errors["current"]
        assert "thief@example.org" in refused.content.decode()  # what was typed stays
        zhao_na.refresh_from_db()
        assert zhao_na.email is None
    assert client.post("/me/", {**CONTACT, "current": PASSWORD}).status_code == 302
    zhao_na.refresh_from_db()
    assert zhao_na.email == "thief@example.org"
    only_language = {**CONTACT, "language": "en"}
    assert client.post("/me/", only_language).status_code == 302  # the rest asks nothing


def test_guessing_the_password_at_the_contact_locks_too(client, zhao_na):
    sign_in(client)
    said = {**CONTACT, "current": "wrong"}
    answers = [client.post("/me/", said).status_code for _try in range(6)]
    assert (answers[0], answers[-1]) == (422, 429)


def test_after_a_changed_factor_the_other_devices_can_be_signed_out(client, zhao_na):
    phone = Client()
    sign_in(client)
    sign_in(phone)
    client.post("/me/confirm", {"password": PASSWORD, "next": "/me/second/app"})
    TOTP.activate(zhao_na, SECRET)
    answer = client.post("/me/second/app/off", follow=True)
    assert not Authenticator.objects.exists()
    assert answer.redirect_chain[-1][0] == "/me/"
    assert 'action="/me/sessions/end"' in answer.content.decode()


def test_a_new_session_has_a_new_key(client, zhao_na):
    client.post("/language", {"language": "en"})
    session = client.session
    session["typed"] = "before"
    session.save()
    before = session.session_key
    client.cookies["sessionid"] = before
    sign_in(client)
    assert client.session.session_key != before
    assert Client(headers={"cookie": f"sessionid={before}"}).get("/me/").status_code == 302


def test_nobody_ends_the_session_of_another(client, zhao_na):
    sign_in(client)
    stranger = User.objects.create(username="stranger", display_name="别人", password="!")
    theirs = UserSession.objects.create(
        user=stranger, ip="10.0.0.1", session_key="k" * 32, user_agent="x"
    )
    assert client.post(f"/me/sessions/{theirs.pk}/end").status_code == 404


@pytest.mark.parametrize(("stamp", "minutes"), [(gate.SEEN, 121), (gate.BEGAN, 12 * 60 + 1)])
def test_a_session_ends_unused_and_in_any_case(client, zhao_na, stamp, minutes):
    sign_in(client)
    session = client.session
    session[stamp] = int(time()) - minutes * 60
    session.save()
    assert client.get("/me/")["Location"].startswith("/sign-in")


def test_the_second_factor_is_asked_for(client, zhao_na):
    TOTP.activate(zhao_na, SECRET)
    assert sign_in(client)["Location"] == "/sign-in/code"
    assert client.get("/me/").status_code == 302  # not in yet
    assert client.post("/sign-in/code", {"code": "000000"}).status_code == 422
    assert client.post("/sign-in/code", {"code": code_now()}).status_code == 302
    assert client.get("/me/").status_code == 200


def test_a_code_is_good_once(client, zhao_na):
    TOTP.activate(zhao_na, SECRET)
    code = code_now()
    sign_in(client)
    client.post("/sign-in/code", {"code": code})
    thief = Client()
    sign_in(thief)
    assert thief.post("/sign-in/code", {"code": code}).status_code == 422


def test_a_code_is_good_once_in_all_of_its_ninety_seconds(client, zhao_na, monkeypatch):
    """The library forgets it after thirty, and then it would be good again for whoever looked over a shoulder."""
    from allauth.mfa.totp.internal import auth

    TOTP.activate(zhao_na, SECRET)
    code = code_now()
    sign_in(client)
    assert client.post("/sign-in/code", {"code": code}).status_code == 302
    monkeypatch.setattr(auth.TOTP, "_mark_code_used", lambda self, code: True)
    for typed in (code, f" {code[:3]} {code[3:]} "):
        thief = Client()
        sign_in(thief)
        assert thief.post("/sign-in/code", {"code": typed}).status_code == 422


def test_the_code_that_set_the_factor_up_opens_nothing_more(client, zhao_na):
    sign_in(client)
    client.post("/me/confirm", {"password": PASSWORD, "next": "/me/second/app"})
    secret = client.get("/me/second/app").context["form"].secret
    code = format_hotp_value(hotp_value(secret, int(time()) // 30))
    assert client.post("/me/second/app", {"code": code})["Location"] == "/me/second/codes"
    thief = Client()
    sign_in(thief)
    assert thief.post("/sign-in/code", {"code": code}).status_code == 422


def test_guessing_codes_locks_like_guessing_passwords(client, zhao_na):
    TOTP.activate(zhao_na, SECRET)
    sign_in(client)
    answers = [client.post("/sign-in/code", {"code": "000000"}).status_code for _try in range(6)]
    assert answers[0] == 422
    assert answers[-1] == 429
    assert sign_in(Client()).status_code == 429


def test_the_secret_is_sealed_in_the_table(zhao_na):
    TOTP.activate(zhao_na, SECRET)
    assert SECRET not in repr(Authenticator.objects.get().data)


def test_zhao_na_adds_a_factor_and_gets_backup_codes(client, zhao_na):
    sign_in(client)
    asked = client.get("/me/second/app")
    assert asked["Location"].startswith("/me/confirm")
    client.post(asked["Location"], {"password": PASSWORD, "next": "/me/second/app"})
    page = client.get("/me/second/app")
    assert page.status_code == 200
    secret = page.context["form"].secret
    code = format_hotp_value(hotp_value(secret, int(time()) // 30))
    done = client.post("/me/second/app", {"code": code})
    assert done["Location"] == "/me/second/codes"
    codes = client.get("/me/second/codes").context["unused_codes"]
    assert len(codes) == 10
    client.post("/sign-out")
    sign_in(client)
    assert client.post("/sign-in/code", {"code": codes[0]}).status_code == 302
    client.post("/sign-out")
    sign_in(client)
    assert client.post("/sign-in/code", {"code": codes[0]}).status_code == 422  # each works once


def test_who_needs_a_factor_adds_it_first(town: Town, client, settings):
    settings.YIWANG_SECOND_FACTOR = ["administrator", "reporter.read"]
    for person, sent in ((town.wu_gang, True), (town.wang_fang, True), (town.zhang_min, False)):
        browser = Client()
        browser.force_login(person)
        answer = browser.get("/notices")
        assert (answer.status_code == 302) is sent, person
        if sent:
            assert answer["Location"] == "/me/second/app"


def test_the_answer_to_a_forgotten_password_is_one_and_the_same(client, zhao_na):
    known = client.post("/forgotten", {"username": "zhaona"})
    unknown = client.post("/forgotten", {"username": "nobody"})
    assert known.status_code == unknown.status_code == 200
    assert _without_token(known) == _without_token(unknown)


def _without_token(answer) -> str:
    import re

    return re.sub(r'(csrf-token" content|value)="[^"]*"', "", answer.content.decode())


def test_the_link_sets_a_password_once(client, zhao_na):
    accounts.set_contact(zhao_na, email="na@example.org", phone="", by=SYSTEM, at=timezone.now())
    send_reset.func(zhao_na.pk, "https://office.example/")
    send_reset.func(zhao_na.pk, "https://office.example/")  # not twice within five minutes
    (letter,) = mail.outbox
    assert letter.to == ["na@example.org"]
    link = next(line for line in letter.body.splitlines() if line.startswith("https://"))
    path = link.removeprefix("https://office.example")
    said = {"password": OTHER, "again": OTHER}
    assert client.post(path, said)["Location"] == "/sign-in"
    assert client.post(path, said).status_code == 403
    assert sign_in(client, password=OTHER).status_code == 302
    assert "password_reset" in verbs(zhao_na)


def test_a_letter_does_not_get_past_the_second_factor(client, zhao_na):
    TOTP.activate(zhao_na, SECRET)
    uid, token = link_parts(zhao_na)
    client.post(f"/reset/{uid}/{token}", {"password": OTHER, "again": OTHER})
    assert client.get("/me/").status_code == 302  # the link signs nobody in
    assert sign_in(client, password=OTHER)["Location"] == "/sign-in/code"


def test_a_letter_is_good_for_an_hour(client, zhao_na, monkeypatch):
    from yiwang.kernel.accounts import resetting

    uid, token = link_parts(zhao_na)
    sent = resetting._tokens._now()
    for minutes, status in ((59, 200), (61, 403)):
        later = sent + timedelta(minutes=minutes)
        monkeypatch.setattr(resetting._tokens, "_now", lambda later=later: later)
        assert client.get(f"/reset/{uid}/{token}").status_code == status


def test_no_letter_without_an_address_and_none_for_nobody(zhao_na):
    send_reset.func(zhao_na.pk, "https://office.example/")
    send_reset.func(0, "https://office.example/")
    assert mail.outbox == []


@pytest.mark.parametrize("uid", ["x", "MQ", "////", "LTE", "OTk5OTk5OTk5OTk5OTk5OTk5OTk5"])
def test_a_made_up_link_opens_nothing(client, uid):
    assert client.get(f"/reset/{uid.replace('/', '_')}/abc-def").status_code == 403


def test_a_link_of_a_closed_account_is_dead(client, zhao_na):
    uid, token = link_parts(zhao_na)
    accounts.deactivate(zhao_na, by=SYSTEM, at=timezone.now())
    assert client.get(f"/reset/{uid}/{token}").status_code == 403


def test_a_closed_account_is_out_at_once(client, zhao_na):
    sign_in(client)
    accounts.deactivate(zhao_na, by=SYSTEM, at=timezone.now())
    assert client.get("/me/").status_code == 302


def test_no_page_of_the_parts_we_stand_on_shows_through(client, zhao_na):
    for address in ("/accounts/signup/", "/signup/", "/accounts/login/"):
        assert client.get(address).status_code == 404
    sign_in(client)
    for address in ("/me/", "/me/password", "/me/leave", "/me/confirm"):
        text = client.get(address).content.decode()
        assert "<script>" not in text
        assert "Menu:" not in text
