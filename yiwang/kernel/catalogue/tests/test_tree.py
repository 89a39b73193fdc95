"""Texts, codes and the shape of the tree."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yiwang.kernel.catalogue.rules.tree import circle, code_from, is_code, lies_beneath, tidy


@given(st.text())
def test_a_tidy_text_stays_as_it_is(text):
    assert tidy(tidy(text)) == tidy(text)


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("  污水 \n 井盖 ", "污水 井盖"),
        ("井\u200b盖\x07", "井盖"),
        ("甲\u3000乙", "甲 乙"),
        ("\ufeff", ""),
    ],
)
def test_unseen_signs_go_and_blanks_become_one(given, kept):
    assert tidy(given) == kept


@pytest.mark.parametrize("code", ["P0102", "city_management", "street-lights", "1.2"])
def test_these_are_codes(code):
    assert is_code(code)


@pytest.mark.parametrize("code", ["", "P 01", "污水", "-P01", "P01\n", "x" * 61])
def test_these_are_not(code):
    assert not is_code(code)


def test_another_systems_words_become_a_code():
    assert code_from("Street Lights / Poles") == "street-lights-poles"
    assert code_from("路灯") == ""


def test_a_circle_and_all_that_hangs_on_it_is_found():
    assert circle({"a": "b", "b": "c", "c": "a", "d": "a", "e": "", "f": "e"}) == list("abcd")


def test_a_parent_that_is_not_there_is_no_circle():
    assert circle({"a": "gone"}) == []


def test_a_category_lies_beneath_itself_and_what_is_above():
    assert lies_beneath("/1/2/", "/1/")
    assert lies_beneath("/1/", "/1/")
    assert not lies_beneath("/10/", "/1/")
