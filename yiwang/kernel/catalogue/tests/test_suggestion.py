"""A few words suggest a category, and the suggestion names the words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yiwang.kernel.catalogue.rules.suggestion import LONGEST_TEXT, Suggester, Vocabulary

COVER, SEWER, LAMP, WIFI, SITE = 1, 2, 3, 4, 5
SUGGESTER = Suggester(
    [
        Vocabulary(COVER, ("井盖", "井盖缺失")),
        Vocabulary(SEWER, ("污水井盖", "污水", "井盖")),
        Vocabulary(LAMP, ("路灯", "灯不亮")),
        Vocabulary(WIFI, ("WiFi", "宽带")),
        Vocabulary(SITE, ("施工扰民",)),
    ]
)


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("小区门口路灯不亮了", LAMP),
        ("污水井盖坏了", SEWER),
        ("门口井盖缺失，很危险", COVER),
        ("家里wifi断了", WIFI),
        ("夜里施工严重扰民", SITE),
    ],
)
def test_the_words_lead_to_the_category(said, meant):
    assert SUGGESTER.guess(said, 3)[0].category_id == meant


def test_a_suggestion_names_its_words():
    assert SUGGESTER.guess("小区门口路灯不亮了", 1)[0].words == ("灯不亮", "路灯")


def test_a_longer_word_silences_the_shorter_one_in_it():
    [guess] = SUGGESTER.guess("污水井盖坏了", 3)
    assert guess.words == ("污水井盖",)


def test_halves_too_far_apart_are_not_a_word():
    assert SUGGESTER.guess("施工单位说明天上午就会停下来不再扰民", 3) == []


def test_nothing_known_suggests_nothing():
    assert SUGGESTER.guess("谢谢你们", 3) == []


def test_a_word_inside_an_english_word_is_not_found():
    assert SUGGESTER.guess("wifibox", 3) == []


@given(st.text(max_size=300), st.integers(0, 5))
def test_any_text_gives_at_most_what_was_asked_for(text, count):
    assert len(SUGGESTER.guess(text, count)) <= count


def test_a_very_long_text_is_read_from_its_beginning():
    assert SUGGESTER.guess("啊" * LONGEST_TEXT + "路灯", 3) == []
