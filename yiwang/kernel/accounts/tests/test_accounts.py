"""周静 runs the accounts; 张敏 has one."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yiwang.kernel import accounts
from yiwang.kernel.accounts import permissions
from yiwang.kernel.accounts.models import User
from yiwang.kernel.accounts.rules import is_name, is_username, normalised_username
from yiwang.kernel.accounts.signing_in import PasswordBackend
from yiwang.kernel.foundation import audit
from yiwang.kernel.foundation.actors import RESIDENT, SYSTEM
from yiwang.kernel.foundation.errors import Conflict, Forbidden, Invalid

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
PASSWORD = "olive-Bicycle-7"


def authenticate(username: str, password: str) -> User | None:
    """Ask without the count of wrong tries, which is the door's."""
    return PasswordBackend().authenticate(None, username=username, password=password)


def open_account(**change) -> User:
    given = {
        "username": "zhang.min",
        "display_name": "张敏",
        "password": PASSWORD,
        "by": SYSTEM,
        "at": NOW,
    }
    return accounts.create_user(**{**given, **change})


@pytest.fixture
def zhang_min(db) -> User:
    return open_account()


@pytest.fixture
def zhou_jing(db, monkeypatch) -> User:
    """The administrator, as the room of postings would say."""
    user = open_account(username="zhou.jing", display_name="周静", password=None)
    monkeypatch.setattr(permissions, "_judges", [lambda by, at: by == user])
    return user


def test_zhang_min_signs_in_with_her_name_however_she_types_it(zhang_min):
    assert authenticate(username=" Zhang.Min ", password=PASSWORD) == zhang_min


@pytest.mark.parametrize(
    ("username", "password"), [("zhang.min", "wrong"), ("nobody", PASSWORD), ("", "")]
)
def test_a_wrong_name_and_a_wrong_password_are_refused_alike(zhang_min, username, password):
    assert authenticate(username=username, password=password) is None


def test_an_account_without_a_password_cannot_sign_in(zhou_jing):
    assert authenticate(username="zhou.jing", password="") is None


def test_a_hashed_password_is_taken_as_it_is(db, zhang_min):
    open_account(username="li.na", password=None, encoded_password=zhang_min.password)
    assert authenticate(username="li.na", password=PASSWORD)


def test_a_closed_account_is_out_at_the_next_request(zhang_min, client):
    client.force_login(zhang_min)
    accounts.deactivate(zhang_min, by=SYSTEM, at=NOW)
    assert authenticate(username="zhang.min", password=PASSWORD) is None
    session_user = client.session["_auth_user_id"]
    assert PasswordBackend().get_user(int(session_user)) is None


def test_a_closed_account_opens_again(zhang_min):
    accounts.deactivate(zhang_min, by=SYSTEM, at=NOW)
    assert accounts.reactivate(zhang_min, by=SYSTEM, at=NOW).is_active


def test_closing_twice_is_one_row_in_the_record(zhang_min):
    accounts.deactivate(zhang_min, by=SYSTEM, at=NOW)
    accounts.deactivate(zhang_min, by=SYSTEM, at=NOW)
    verbs = [entry.verb for entry in audit.timeline("user", zhang_min.pk)]
    assert verbs == ["user_created", "user_deactivated"]


def test_nobody_closes_the_own_account(zhou_jing):
    with pytest.raises(Forbidden):
        accounts.deactivate(zhou_jing, by=zhou_jing, at=NOW)


def test_the_record_never_holds_a_password(zhang_min):
    accounts.set_password(zhang_min, password="another-Bicycle-8", by=zhang_min, at=NOW)
    for entry in audit.timeline("user", zhang_min.pk):
        assert "icycle" not in repr(entry)
        assert "pbkdf2" not in repr(entry)


def test_a_name_is_taken_once(zhang_min):
    with pytest.raises(Conflict) as refused:
        open_account(username="ZHANG.MIN")
    assert refused.value.field == "username"


@pytest.mark.parametrize("username", ["", "ab", "张敏", "a b c", ".min", "min.", "a" * 61, "a--b"])
def test_a_user_name_one_cannot_type_is_refused(db, username):
    with pytest.raises(Invalid) as refused:
        open_account(username=username)
    assert refused.value.field == "username"


@pytest.mark.parametrize("name", ["", "   ", "张" * 61, "张\x00敏"])
def test_a_name_one_cannot_show_is_refused(db, name):
    with pytest.raises(Invalid) as refused:
        open_account(display_name=name)
    assert refused.value.field == "display_name"


@pytest.mark.parametrize("password", ["short", "12345678901", "password", "zhang.min"])
def test_a_weak_password_is_refused_with_the_reason(db, password):
    with pytest.raises(Invalid) as refused:
        open_account(password=password)
    assert refused.value.field == "password"
    assert str(refused.value)


def test_the_language_is_one_the_product_speaks(zhang_min):
    assert accounts.set_language(zhang_min, language="en", by=zhang_min, at=NOW).language == "en"
    with pytest.raises(Invalid):
        accounts.set_language(zhang_min, language="fr", by=zhang_min, at=NOW)


def test_the_administrator_opens_renames_and_closes(zhang_min, zhou_jing):
    accounts.create_user(username="li.na", display_name="李娜", by=zhou_jing, at=NOW)
    assert accounts.rename(zhang_min, display_name="张敏敏", by=zhou_jing, at=NOW).display_name
    assert not accounts.deactivate(zhang_min, by=zhou_jing, at=NOW).is_active


@pytest.mark.parametrize("who", ["zhang_min", "resident"])
def test_nobody_else_does(zhang_min, zhou_jing, who):
    by = zhang_min if who == "zhang_min" else RESIDENT
    for refused in (
        lambda: open_account(username="li.na", by=by),
        lambda: accounts.rename(zhang_min, display_name="张", by=by, at=NOW),
        lambda: accounts.deactivate(zhou_jing, by=by, at=NOW),
        lambda: accounts.reactivate(zhou_jing, by=by, at=NOW),
        lambda: accounts.set_password(zhou_jing, password=PASSWORD, by=by, at=NOW),
        lambda: accounts.set_language(zhou_jing, language="en", by=by, at=NOW),
    ):
        with pytest.raises(Forbidden):
            refused()


@pytest.mark.slow
@given(st.text(max_size=80))
def test_whatever_is_a_user_name_reads_the_same_on_every_keyboard(text):
    username = normalised_username(text)
    if is_username(username):
        assert username.isascii()
        assert username == normalised_username(username)


@pytest.mark.slow
@given(st.text())
def test_a_name_that_is_shown_is_printable(text):
    assert is_name(text) <= text.isprintable()
