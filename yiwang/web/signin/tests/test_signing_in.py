"""Zhao Na signs in; a stranger does not."""

import pytest
from django.test import Client

from yiwang.kernel.accounts.models import User

pytestmark = pytest.mark.django_db
PASSWORD = "a-long-enough-phrase"


@pytest.fixture
def zhao_na() -> User:
    user = User(username="zhaona", display_name="赵娜")
    user.set_password(PASSWORD)
    user.save()
    return user


def test_a_stranger_is_shown_the_sign_in_page_in_chinese(client: Client) -> None:
    answer = client.get("/sign-in")
    assert answer.status_code == 200
    assert '<html lang="zh-CN">' in answer.content.decode()
    assert "用户名" in answer.content.decode()


def test_the_same_page_in_english_after_switching(client: Client) -> None:
    client.post("/language", {"language": "en", "next": "/sign-in"})
    assert '<html lang="en">' in client.get("/sign-in").content.decode()


def test_zhao_na_signs_in_and_without_a_posting_is_told_so(client: Client, zhao_na: User) -> None:
    answer = client.post("/sign-in", {"username": "zhaona", "password": PASSWORD}, follow=True)
    assert "您还没有岗位" in answer.content.decode()


def test_a_wrong_password_and_an_unknown_name_are_told_the_same(
    client: Client, zhao_na: User
) -> None:
    wrong = client.post("/sign-in", {"username": "zhaona", "password": "x"})
    unknown = client.post("/sign-in", {"username": "nobody", "password": "x"})
    assert wrong.status_code == unknown.status_code == 422
    assert wrong.context["form"].non_field_errors() == unknown.context["form"].non_field_errors()
    assert 'value="zhaona"' in wrong.content.decode()


def test_nobody_is_sent_to_another_site(client: Client, zhao_na: User) -> None:
    answer = client.post(
        "/sign-in", {"username": "zhaona", "password": PASSWORD, "next": "https://evil.example/"}
    )
    assert answer["Location"] == "/"


def test_a_session_that_was_signed_out_opens_nothing(client: Client, zhao_na: User) -> None:
    """Also for whoever kept its cookie."""
    client.post("/sign-in", {"username": "zhaona", "password": PASSWORD})
    kept = client.cookies["sessionid"].value
    thief = Client(headers={"cookie": f"sessionid={kept}"})
    assert thief.get("/me/").status_code == 200
    client.post("/sign-out")
    assert thief.get("/me/").status_code == 302


def test_the_password_is_covered_and_managers_of_passwords_know_it(client: Client) -> None:
    page = client.get("/sign-in").content.decode()
    assert 'type="password"' in page and 'autocomplete="current-password"' in page
    assert "onpaste" not in page


def test_no_script_and_no_style_stands_within_a_page(client: Client) -> None:
    text = client.get("/sign-in").content.decode()
    assert " style=" not in text
    assert "<style" not in text
    assert "onclick" not in text
    assert "'unsafe" not in client.get("/sign-in")["Content-Security-Policy"]


def test_a_shared_machine_keeps_nothing_of_what_zhao_na_saw(client: Client, zhao_na: User) -> None:
    assert client.get("/help/")["Cache-Control"] == "private, no-cache"
    client.post("/sign-in", {"username": "zhaona", "password": PASSWORD})
    assert client.get("/me/")["Cache-Control"] == "private, no-store"
    assert client.get("/notices")["Cache-Control"] == "private, no-store"
    left = client.post("/sign-out")
    assert left["Clear-Site-Data"] == '"cache", "storage"'
    assert client.get("/sign-in")["Cache-Control"].endswith("private")
