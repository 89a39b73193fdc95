"""A starter file is read whole, or refused with a sentence that names the entry."""

import pytest

from yiwang.kernel.catalogue.rules.starters import WrongStarter, read_starters
from yiwang.kernel.catalogue.rules.words import Kind, Urgency
from yiwang.kernel.catalogue.tests.conftest import STARTERS
from yiwang.kernel.foundation.calendar.rules import Limit


@pytest.fixture
def read(tmp_path):
    def read(text: str):
        file = tmp_path / "categories.toml"
        file.write_text(text, encoding="utf-8")
        return {category.code: category for category in read_starters(file)}

    return read


def test_a_category_takes_from_its_heading_what_it_does_not_say(read):
    sewer = read(STARTERS)["T0101"]
    assert (sewer.kind, sewer.parent_code, sewer.module) == (Kind.PART, "T01", "streets")
    assert [condition.limit for condition in sewer.conditions] == [
        Limit.parse("2紧急工作时"),
        Limit.parse("3天"),
    ]
    assert sewer.conditions[0].needs_photo_before


def test_an_urgent_unit_of_time_makes_the_condition_urgent(read):
    missing, broken = read(STARTERS)["T0101"].conditions
    assert (missing.urgency, broken.urgency) == (Urgency.URGENT, Urgency.NORMAL)
    assert (missing.is_default, broken.is_default) == (False, True)


def test_the_only_condition_is_the_default(read):
    [only] = read(STARTERS)["T0201"].conditions
    assert only.is_default


@pytest.mark.parametrize(
    ("change", "named"),
    [
        (("3天", "三天"), "三天"),
        (("T0102", "T0101"), "T0101: said twice"),
        (('kind = "part"', 'kind = "thing"'), "thing"),
        (("keywords =", "keyword ="), "unknown keyword"),
        (('name_en = "Sewer manhole cover", ', ""), "name_en"),
        (('2紧急工作时" }', '2紧急工作时", default = true }'), "more than one default"),
        (("[module]", "[modul]"), "module"),
        (("[[heading]]", "[[heading]"), "categories.toml"),
    ],
)
def test_a_wrong_entry_is_named(read, change, named):
    with pytest.raises(WrongStarter, match=named):
        read(STARTERS.replace(*change))


def test_what_inspectors_alone_see_is_never_public(read):
    text = STARTERS.replace(
        'kind = "event"', 'kind = "event"\ninspectors_only = true\npublic = true'
    )
    branch = read(text)["T0201"]
    assert branch.inspectors_only
    assert not branch.public
    assert not branch.conditions[0].public
