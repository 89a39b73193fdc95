"""The sentences of the product are found where people write them, and keep their English."""

import os

import pytest
from babel.messages.mofile import read_mo
from click.testing import CliRunner

from yiwang.commands import messages
from yiwang.commands.messages import Message, messages_in_python, messages_in_template


def singular(found) -> list[str]:
    return [message.singular for message in found]


def test_python_sentences_are_found():
    text = """
a = _("甲" "乙")
b = Sentence(N_("丙 %(x)s"), {"x": _("丁")})
c = ngettext("%(n)d 件", "%(n)d 件们", n)
d = pgettext("上下文", "己")
e = _(variable)
f = _("")
"""
    assert list(messages_in_python(text)) == [
        Message(2, "甲乙"),
        Message(3, "丙 %(x)s"),
        Message(3, "丁"),
        Message(4, "%(n)d 件", "%(n)d 件们"),
        Message(5, "己", context="上下文"),
    ]


@pytest.mark.parametrize(
    ("template", "sentence"),
    [
        ('{% translate "甲" %}', "甲"),
        ("{% trans '甲' as title %}", "甲"),
        ('{% translate "100%" %}', "100%%"),
        ("{% blocktranslate %}共 {{ count }} 件{% endblocktranslate %}", "共 %(count)s 件"),
        ("{% blocktranslate trimmed %}\n  一行\n  两行\n{% endblocktranslate %}", "一行 两行"),
        ("{{ name|default:_('无') }}", "无"),
        ('{% include "a.html" with title=_("题") %}', "题"),
    ],
)
def test_template_sentences_are_found_as_django_looks_them_up(template, sentence):
    assert singular(messages_in_template(template)) == [sentence]


@pytest.mark.parametrize(
    "template",
    [
        "甲",
        "{% translate variable %}",
        '{# _("甲") #}',
        "{% comment %}{% endcomment %}",
        "{{ name }}",
    ],
)
def test_what_is_no_sentence_is_left(template):
    assert list(messages_in_template(template)) == []


def test_a_plural_and_a_context():
    text = '{% blocktranslate count n=total %}一件{% plural %}{{ n }} 件{% endblocktranslate %}{% translate "开" context "动词" %}'
    assert list(messages_in_template(text)) == [
        Message(1, "一件", "%(n)s 件"),
        Message(1, "开", context="动词"),
    ]


@pytest.fixture
def house(tmp_path, monkeypatch):
    """A house of two apps in a folder of its own."""
    package = tmp_path / "yiwang"
    for app in ("desk", "field"):
        (package / app).mkdir(parents=True)
        (package / app / "apps.py").touch()
    (package / "config").mkdir()
    monkeypatch.setattr(messages, "ROOT", tmp_path)
    monkeypatch.setattr(messages, "PACKAGE", package)
    monkeypatch.setattr(messages, "OUTSIDE_APPS", package / "config")
    return package


def write(house, app: str, *sentences: str) -> None:
    lines = [f"_({sentence!r})" for sentence in sentences]
    (house / app / "pages.py").write_text("\n".join(lines), encoding="utf-8")


def translate(house, app: str, chinese: str, english: str) -> None:
    path = messages.po_of(house / app)
    text = path.read_text(encoding="utf-8")
    wanted = f'msgid "{chinese}"\nmsgstr ""'
    assert wanted in text
    path.write_text(
        text.replace(wanted, f'msgid "{chinese}"\nmsgstr "{english}"'), encoding="utf-8"
    )


def run(command, *words: str):
    return CliRunner().invoke(command, words)


def test_each_app_keeps_its_own(house):
    write(house, "desk", "甲")
    write(house, "field", "乙")
    assert run(messages.messages).exit_code == 0
    assert 'msgid "甲"' in messages.po_of(house / "desk").read_text(encoding="utf-8")
    assert 'msgid "乙"' not in messages.po_of(house / "desk").read_text(encoding="utf-8")


def test_english_stays_and_what_is_gone_goes(house):
    write(house, "desk", "甲", "乙")
    run(messages.messages)
    translate(house, "desk", "甲", "A")
    write(house, "desk", "甲", "丙")
    run(messages.messages)
    text = messages.po_of(house / "desk").read_text(encoding="utf-8")
    assert 'msgid "甲"\nmsgstr "A"' in text
    assert "乙" not in text


def test_the_same_sentence_elsewhere_takes_the_same_english(house):
    write(house, "desk", "甲")
    run(messages.messages)
    translate(house, "desk", "甲", "A")
    write(house, "field", "甲")
    run(messages.messages)
    assert 'msgstr "A"' in messages.po_of(house / "field").read_text(encoding="utf-8")


def test_check_changes_nothing_and_fails_until_all_is_said(house):
    write(house, "desk", "甲")
    assert run(messages.messages, "--check").exit_code == 1
    assert not messages.po_of(house / "desk").exists()
    run(messages.messages)
    assert run(messages.messages, "--check").exit_code == 1
    translate(house, "desk", "甲", "A")
    assert run(messages.messages, "--check").exit_code == 0


def test_writing_twice_writes_the_same(house):
    write(house, "desk", "甲", "乙")
    run(messages.messages)
    before = messages.po_of(house / "desk").read_bytes()
    run(messages.messages)
    assert messages.po_of(house / "desk").read_bytes() == before


def test_compiled_english_is_made_once_and_again_after_a_change(house):
    write(house, "desk", "甲")
    run(messages.messages)
    translate(house, "desk", "甲", "A")
    source = messages.po_of(house / "desk")
    compiled = source.with_suffix(".mo")
    run(messages.compile_messages)
    with compiled.open("rb") as file:
        assert read_mo(file).get("甲").string == "A"
    assert list(messages.stale()) == []
    later = compiled.stat().st_mtime + 5
    os.utime(source, (later, later))
    assert [path for path, _ in messages.stale()] == [source]
