"""Routing: the first rule that fits decides, and says why."""

from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from yiwang.kernel.catalogue.rules.routing import Router, RouteRule, first_match, prefixes

SEWER = RouteRule(
    12,
    1,
    unit_id=7,
    unit_name="市政服务中心",
    category_path="/1/2/",
    category_name="污水井盖",
    category_name_en="Sewer manhole cover",
)
ANYTHING = RouteRule(13, 2, unit_id=8, unit_name="网格化服务中心")


def test_a_rule_explains_itself():
    [why] = first_match([SEWER], "/1/2/", "community", "/5/").why
    assert why.text() == "规则 12：类别=污水井盖（含下级）→ 市政服务中心"


def test_an_english_reader_reads_the_same_rule_in_english():
    [why] = first_match([SEWER], "/1/2/", "community", "/5/").why
    with translation.override("en"):
        assert why.text() == "Rule 12: category = Sewer manhole cover and beneath → 市政服务中心"


def test_a_rule_for_any_matter_says_so():
    [why] = first_match([ANYTHING], "/9/", "grid", "").why
    assert why.text() == "规则 13：任何类别、层级、区域→ 网格化服务中心"


def test_the_first_rule_that_fits_decides_wherever_it_stands_in_the_list():
    assert first_match([ANYTHING, SEWER], "/1/2/9/", "grid", "/5/").rule_id == 12


def test_a_path_does_not_cover_its_namesake():
    """/1/2/ is not above /1/20/."""
    assert first_match([SEWER], "/1/20/", "grid", "/5/") is None


def test_a_matter_not_located_goes_only_by_rules_without_an_area():
    here = RouteRule(14, 0, unit_id=9, unit_name="中山社区", area_path="/5/", area_name="中山社区")
    assert first_match([here, ANYTHING], "/1/", "grid", "").rule_id == 13


def test_a_rule_that_is_off_is_skipped():
    off = RouteRule(15, 0, unit_id=9, unit_name="中山社区", active=False)
    assert Router([off, ANYTHING]).route("/1/", "grid", "/5/").rule_id == 13


def test_all_above_a_path():
    assert prefixes("/1/7/") == ["", "/1/", "/1/7/"]
    assert prefixes("") == [""]


paths = st.lists(st.integers(1, 3), max_size=3).map(
    lambda ids: f"/{'/'.join(map(str, ids))}/" if ids else ""
)
levels = st.sampled_from(["grid", "community", "county"])
tables = st.lists(
    st.builds(
        RouteRule,
        number=st.integers(1, 10_000),
        position=st.integers(1, 1_000),
        unit_id=st.integers(1, 5),
        unit_name=st.just("某单位"),
        category_path=paths,
        level=st.sampled_from(["", "grid", "community"]),
        area_path=paths,
        active=st.booleans(),
    ),
    max_size=12,
    unique_by=(lambda rule: rule.number, lambda rule: rule.position),
)


@given(tables, paths, levels, paths)
def test_the_prepared_router_answers_as_the_definition_does(table, category, level, area):
    router = Router(table)
    expected = first_match(table, category, level, area)
    assert router.route(category, level, area) == expected
    assert router.route(category, level, area) == expected  # and again, from what it kept
