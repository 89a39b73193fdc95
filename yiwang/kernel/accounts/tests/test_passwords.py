"""What somebody who knows the office would guess first is no password."""

import hashlib
from datetime import UTC, datetime
from pathlib import Path
from random import Random

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils import translation

from yiwang.kernel.accounts import passwords
from yiwang.kernel.accounts.models import User
from yiwang.kernel.accounts.passwords import is_listed
from yiwang.kernel.accounts.rules import OFFICE_WORDS, local_word_in, names_in
from yiwang.kernel.accounts.signing_in import PasswordBackend
from yiwang.kernel.foundation.actors import SYSTEM

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
WORDS = names_in([*OFFICE_WORDS, "南城街道办事处", "nancheng", "yiwang", "mudan"])


@pytest.mark.parametrize(
    "password",
    [
        "nancheng2026", "NanCheng-2026!", "Yiwang@2026", "y1wang2026!", "nancheng-mudan", "南城街道2026年1",
        "南城20261123", "ｎａｎｃｈｅｎｇ２０２６", "2026yiwang11", "yiwang20261123", "nanchengnancheng",
    ],
)  # fmt: skip
def test_a_name_of_the_place_with_something_round_it_is_found(password):
    assert local_word_in(password, WORDS)


@pytest.mark.parametrize(
    "password",
    ["olive-Bicycle-7", "nancheng-green-teapot", "我家门口有两棵枣树", "k4vp-m2xw-9tbn-h3cd"],
)
def test_a_name_within_a_longer_phrase_does_no_harm(password):
    assert not local_word_in(password, WORDS)


def test_words_too_short_to_mean_anything_forbid_nothing():
    assert names_in(["cn", "gov", "南", "", "市"]) == frozenset()


def test_the_reader_is_told_which_word_it_was(db, settings, monkeypatch):
    settings.YIWANG_PASSWORD_WORDS = ["nancheng"]
    monkeypatch.setattr(passwords, "_sources", [])
    with pytest.raises(ValidationError, match="nancheng"), translation.override("zh-hans"):
        validate_password("NanCheng2026", User(username="ma.li"))
    with (
        pytest.raises(ValidationError, match="little more than the name"),
        translation.override("en"),
    ):
        validate_password("NanCheng2026", User(username="ma.li"))


def test_hosts_and_rooms_tell_their_words(settings, monkeypatch):
    settings.ALLOWED_HOSTS = ["yw.peony-office.gov.cn", "127.0.0.1"]
    monkeypatch.setattr(passwords, "_sources", [lambda: ["ZS-WATER"]])
    assert {"peonyoffice", "zswater", "网格员"} <= passwords.local_words()
    assert not {"cn", "127", "gov"} & passwords.local_words()


@pytest.mark.parametrize("password", ["password2026", "!!Dragon123", "qwertyuiop", "20iloveyou20"])
def test_a_common_password_with_digits_round_it_is_common(db, password):
    with pytest.raises(ValidationError) as refused:
        validate_password(password)
    assert "password_too_common" in {error.code for error in refused.value.error_list}


@pytest.fixture
def published(tmp_path: Path) -> Path:
    """Like the files one can fetch: `SHA-1:how often`, in order."""
    known = [f"phrase number {number}" for number in range(500)]
    lines = sorted(f"{hashlib.sha1(each.encode()).hexdigest().upper()}:7" for each in known)
    path = tmp_path / "published.txt"
    path.write_text("\r\n".join(lines) + "\r\n", encoding="ascii")
    return path


def test_a_published_password_is_found_wherever_it_stands(published):
    for number in range(500):
        assert is_listed(published, f"phrase number {number}")
    rng = Random(3)
    for _try in range(200):
        assert not is_listed(published, f"another phrase {rng.random()}")


def test_a_list_that_is_empty_or_one_line_ends(tmp_path):
    path = tmp_path / "list"
    path.write_bytes(b"")
    assert not is_listed(path, "x")
    path.write_text(hashlib.sha1(b"x").hexdigest(), encoding="ascii")
    assert is_listed(path, "x")
    assert not is_listed(path, "y")


def test_a_published_password_is_refused(db, settings, published):
    settings.YIWANG_PASSWORD_LIST = published
    with pytest.raises(ValidationError, match="泄露"):
        validate_password("phrase number 12")
    validate_password("phrase number thirteen")


@pytest.mark.parametrize(
    "password",
    ["  Blanks before and behind  ", "𠮷 野家 und Straße", "x7" * 64, "Only-The-Last-One-A"],
)
def test_a_password_is_taken_and_checked_as_it_was_typed(db, password, client):
    from yiwang.kernel import accounts

    accounts.create_user(
        username="ma.li", display_name="马丽", password=password, by=SYSTEM, at=NOW
    )
    ask = PasswordBackend().authenticate
    assert ask(None, username="ma.li", password=password)
    for other in (password.strip()[:-1], password.swapcase(), password + "x"):
        assert ask(None, username="ma.li", password=other) is None
    client.post("/sign-in", {"username": "ma.li", "password": password})
    assert "_auth_user_id" in client.session
