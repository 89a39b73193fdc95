"""The office opens to the administrator, and to nobody else."""

import pytest
from django.urls import reverse

PAGES = [
    "home", "territory", "division-new", "territory-import", "units", "unit-new", "people",
    "person-new", "board", "catalogue", "category-new", "catalogue-excel", "catalogue-download",
    "routing", "limits", "calendar",
]  # fmt: skip


@pytest.mark.parametrize("name", PAGES)
def test_wu_gang_opens_every_part_and_wang_fang_none(town, as_, name):
    address = reverse(f"office:{name}")
    assert as_(town.wu_gang).get(address).status_code == 200
    assert as_(town.wang_fang).get(address).status_code == 403


@pytest.mark.parametrize("person", ["zhang_min", "chen_jing", "li_na", "zhou_wei", "sun_li"])
def test_nobody_else_changes_anything(town, as_, person):
    browser = as_(getattr(town, person))
    for name in ("unit-new", "routing", "limits", "calendar-hours", "point-add"):
        assert browser.post(reverse(f"office:{name}"), {}).status_code == 403


def test_wu_gang_lands_in_the_office(town, wu_gang):
    assert wu_gang.get("/")["Location"] == "/office/"


def test_the_first_page_counts_what_is_missing(town, wu_gang):
    page = wu_gang.get("/office/")
    counts = {matter.name: matter.count for matter in page.context["matters"]}
    assert counts["有缺口的网格"] == 3
    assert counts["未发布的类别"] == 0


def test_an_english_reader_reads_english(town, wu_gang):
    wu_gang.cookies["django_language"] = "en"
    assert "Administration" in wu_gang.get("/office/").content.decode()
