"""The guide in the program: everybody begins with the chapter of their role, in their language."""

import re

import pytest
from django.test import Client

from tests.town.small import Town
from yiwang.kernel.accounts.models import User
from yiwang.web.signin import guide


def as_(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="yiwang.kernel.accounts.signing_in.PasswordBackend")
    return client


@pytest.mark.parametrize(
    ("name", "heading"),
    [
        ("zhang_min", "网格员"),
        ("li_na", "责任单位"),
        ("wu_gang", "系统管理员"),
        ("sun_li", "纪检监督员"),
    ],
)
def test_everybody_begins_with_their_own_chapter(town: Town, name: str, heading: str) -> None:
    page = as_(getattr(town, name)).get("/help/").content.decode()
    assert f"<h1>{heading}</h1>" in page
    assert 'href="/help/"' in page, "the menu leads here"


def test_a_resident_reads_theirs_and_in_english(town: Town) -> None:
    assert "<h1>居民</h1>" in Client().get("/help/").content.decode()
    english = Client().get("/help/", headers={"accept-language": "en"}).content.decode()
    assert "<h1>Resident</h1>" in english
    assert "/help/pictures/en/resident-report.png" in english


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("name", guide.PAGES)
def test_every_link_and_picture_of_a_chapter_is_there(town: Town, language: str, name: str) -> None:
    body = guide.read(language, name).body
    client = Client()
    leads = re.findall(r'(?:src|href)="(/[^"]+)"', body)
    assert ".md" not in body and leads
    for address in leads:
        assert client.get(address).status_code in (200, 302), address
    for picture in re.findall(r"<img[^>]+>", body):
        assert 'width="' in picture and 'alt="' in picture


def test_there_is_no_other_chapter(client: Client, town: Town) -> None:
    for address in ("/help/secrets/", "/help/pictures/zh/none.png", "/help/pictures/fr/me.png"):
        assert client.get(address).status_code == 404
