"""Chinese first, English complete: every sentence a person reads goes through gettext."""

import io
import re

import pytest
from babel.messages.pofile import read_po
from django.template.base import Lexer, TokenType

from tests.house.source import PACKAGE, files, is_test, literals, named
from yiwang.commands import messages

CHINESE = re.compile(r"[\u3400-\u9fff]")
# A language is offered in itself, to those who read no other; the product keeps its name.
OWN_WORDS = re.compile("切换到中文|简体中文|中文|一网")
_PLACES = re.compile(r"%\((\w+(?:[.|]\w+)*)\)[sd]")
_TRANSLATED = re.compile(r"""_\((["']).*?\1\)|^(?:translate|trans)\s+(["']).*?\2""", re.DOTALL)


def templates() -> list:
    return [path for path in files(".html", ".txt", ".svg") if "templates" in path.parts]


@pytest.fixture(scope="module")
def extracted():
    return messages.extracted()


@pytest.fixture(scope="module")
def catalogues(extracted):
    return {folder: messages.existing(folder) for folder in sorted(extracted)}


def test_every_catalogue_is_current(extracted):
    known = messages.english_of(sorted(extracted))
    outdated = [
        named(folder)
        for folder, template in extracted.items()
        if not messages.is_current(folder, messages.updated(folder, template, known))
    ]
    assert outdated == [], "run `yiwang messages`"


def test_every_sentence_has_its_english(extracted):
    known = messages.english_of(sorted(extracted))
    missing = {}
    for folder, template in extracted.items():
        text = messages.updated(folder, template, known).encode()
        sentences = messages.without_english(read_po(io.BytesIO(text), locale="en"))
        if sentences:
            missing[named(folder)] = sentences
    assert missing == {}


def test_the_english_speaks_english(catalogues):
    chinese = {
        (named(folder), form)
        for folder, catalogue in catalogues.items()
        for message in catalogue
        for form in messages.forms_of(message)
        if message.id and CHINESE.search(form) and form != "简体中文"
    }
    assert chinese == set()


def test_the_english_has_the_same_places_to_fill(catalogues):
    different = [
        message.id
        for catalogue in catalogues.values()
        for message in catalogue
        if message.id
        for form in messages.forms_of(message)
        if form and not places(form) <= places(message.id)
    ]
    assert different == []


def places(text) -> set[str]:
    return set(_PLACES.findall(" ".join(text) if isinstance(text, tuple) else text))


def test_one_chinese_sentence_has_one_english(catalogues):
    """Pages show one catalogue made of all: a second English of the same sentence would never be seen."""
    english: dict[object, set[object]] = {}
    for catalogue in catalogues.values():
        for message in catalogue:
            if message.id and all(messages.forms_of(message)):
                key = (message.context, message.id)
                english.setdefault(key, set()).add(messages.forms_of(message))
    assert {key[1]: forms for key, forms in english.items() if len(forms) > 1} == {}


@pytest.mark.parametrize("path", templates(), ids=named)
def test_no_template_says_anything_past_gettext(path):
    assert list(untranslated(path.read_text(encoding="utf-8"))) == []


def untranslated(text: str):
    """Yield (line, text) of the Chinese in a template that would stay Chinese for an English reader."""
    inside = ""
    for token in Lexer(text).tokenize():
        tag = token.contents.partition(" ")[0] if token.token_type == TokenType.BLOCK else ""
        if tag in {"blocktranslate", "blocktrans", "comment"}:
            inside = tag
        elif tag == f"end{inside}":
            inside = ""
        elif inside or token.token_type == TokenType.COMMENT:
            continue
        elif CHINESE.search(OWN_WORDS.sub("", _TRANSLATED.sub("", token.contents))):
            yield token.lineno, token.contents.strip()


def test_no_door_says_anything_past_gettext():
    said = {
        (named(path), line, text)
        for path in files(".py", below=PACKAGE / "web")
        if not is_test(path)
        for line, text in literals(path, outside=messages.KEYWORDS)
        if CHINESE.search(OWN_WORDS.sub("", text))
    }
    assert said == set()


def test_a_stray_chinese_word_is_found():
    text = '<p>甲</p>{% translate "乙" %}{% include "a.html" with b=_("丙") %}{% include "a" with b="丁" %}'
    assert [found for _, found in untranslated(text)] == ["<p>甲</p>", 'include "a" with b="丁"']


def test_no_template_is_unused():
    sources = {
        path: path.read_text(encoding="utf-8")
        for path in files(".py", ".html", ".txt", ".svg", ".toml")
        if not is_test(path)
    }
    # Django asks for these by itself.
    asked_for = {"400.html", "403.html", "403_csrf.html", "404.html", "429.html", "500.html"}
    unused = {
        named(path)
        for path in templates()
        if (name := path.as_posix().rpartition("/templates/")[2]) not in asked_for
        and not any(name in text for other, text in sources.items() if other != path)
    }
    assert unused == set()


def test_no_catalogue_lies_where_no_sentence_is(extracted):
    kept = {path.parents[3] for path in PACKAGE.glob("**/locale/*/LC_MESSAGES/*.po")}
    assert {named(folder) for folder in kept - set(extracted)} == set()
