"""The guide tells of what is there: its pictures are in the table and on the disk, its links lead somewhere."""

import re
from pathlib import Path

import pytest

from tests.house.source import ROOT
from yiwang.commands.picture_table import GUIDE, README
from yiwang.web.kit import navigation

FOLDER = ROOT / "docs" / "guide"
LANGUAGES = ("zh", "en")
WHOLE_AT_MOST = 6_000_000  # bytes of all pictures
_PICTURE = re.compile(r"!\[[^\]]+\]\(([^)]+)\)")
_LINK = re.compile(r"(?<!!)\[[^\]]+\]\(([^)#]+)(?:#[^)]*)?\)")
_ADDRESS = re.compile(r"`(/[a-z/-]*)(?:\?[^`]*)?`")


def pages(language: str) -> list[Path]:
    return sorted((FOLDER / language).glob("*.md"))


def shown(language: str) -> dict[str, str]:
    """Every picture a page names, with the page."""
    return {
        named: page.name
        for page in pages(language)
        for named in _PICTURE.findall(page.read_text(encoding="utf-8"))
    }


def test_both_languages_have_the_same_pages_and_pictures() -> None:
    zh, en = ([page.name for page in pages(language)] for language in LANGUAGES)
    assert zh == en and len(zh) == 8
    assert {name.replace("/zh/", "/en/") for name in shown("zh")} == set(shown("en"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_pages_show_exactly_the_pictures_of_the_table(language: str) -> None:
    table = {f"../pictures/{language}/{picture.name}.png" for picture in GUIDE}
    assert set(shown(language)) == table


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_picture_is_there(language: str) -> None:
    missing = [name for name in shown(language) if not (FOLDER / language / name).is_file()]
    assert missing == [], "run `yiwang pictures` against a demo town"


def test_the_whole_guide_is_light() -> None:
    files = list((FOLDER / "pictures").rglob("*.png"))
    assert sum(path.stat().st_size for path in files) < WHOLE_AT_MOST
    known = {f"{picture.name}.png" for picture in GUIDE}
    assert [path.name for path in files if path.name not in known] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_door_is_told_of(language: str) -> None:
    told = " ".join(page.read_text(encoding="utf-8") for page in pages(language))
    addresses = set(_ADDRESS.findall(told))
    doors = {door.address for door in navigation._doors.values()}
    assert doors and sorted(doors - addresses) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_address_told_of_is_a_page(language: str) -> None:
    from django.urls import resolve

    for page in pages(language):
        for address in _ADDRESS.findall(page.read_text(encoding="utf-8")):
            assert resolve(address).func is not None, (page.name, address)


def test_every_link_leads_to_a_file() -> None:
    sources = [*pages("zh"), *pages("en"), FOLDER / "README.md"]
    sources += [ROOT / "README.md", ROOT / "README.zh-CN.md", ROOT / "CHANGELOG.md"]
    broken = [
        (source.name, link)
        for source in sources
        for link in _LINK.findall(source.read_text(encoding="utf-8"))
        if "://" not in link and not (source.parent / link).exists()
    ]
    assert broken == []


def test_the_pictures_of_the_readme_are_those_of_its_table() -> None:
    for name, language in (("README.md", "en"), ("README.zh-CN.md", "zh")):
        named = set(_PICTURE.findall((ROOT / name).read_text(encoding="utf-8")))
        assert named == {f"docs/pictures/{picture.name}-{language}.png" for picture in README}


def test_the_licence_is_whole_and_both_readmes_name_it() -> None:
    text = (ROOT / "LICENSE").read_text(encoding="utf-8")
    for part in ("木兰宽松许可证, 第2版", "条款结束", "END OF THE TERMS AND CONDITIONS"):
        assert part in text
    for name in ("README.md", "README.zh-CN.md"):
        assert "](LICENSE)" in (ROOT / name).read_text(encoding="utf-8")
