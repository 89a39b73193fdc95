"""The words of a message: the town's own where an administrator wrote some, else ours through gettext."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.conf import settings
from django.utils.html import escape, format_html, urlize
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext, override

from yiwang.kernel.foundation import versions
from yiwang.kernel.foundation.sentences import N_, Param
from yiwang.kernel.notices.channels import VERSION
from yiwang.kernel.notices.models import Sending, Wording
from yiwang.kernel.notices.registry import address_of, msgid_of
from yiwang.kernel.notices.rules import ANYTHING_ELSE, texting
from yiwang.kernel.notices.rules.channels import Channel
from yiwang.kernel.notices.rules.wording import DIGEST, DIGEST_WORDING, TO_RESIDENTS, WORDING
from yiwang.kernel.territory.tree import town

LANGUAGES = ("zh-hans", "en")
_LETTER = N_(
    "%(sentence)s\n\n类别：{category}\n区域：{area}\n时限：{due}\n\n打开：{link}\n\n{town} · 这封邮件由程序发出，请勿回复"
)
_DIGEST_LETTER = N_(
    "%(sentence)s\n\n{list}\n\n打开：{link}\n\n{town} · 这封邮件由程序发出，请勿回复"
)
_TEXT = N_("%(sentence)s。{link}")


@dataclass(frozen=True)
class Words:
    """A subject (e-mail only) and a body, with canonical places; `own` where the town wrote them."""

    subject: str
    body: str
    own: bool = False
    version: int = 0


@dataclass(frozen=True)
class Message:
    """What is handed over, with every place filled."""

    subject: str
    body: str
    html: str
    link: str


def shipped(event: str, channel: Channel, language: str) -> Words:
    """The words as delivered, in that language."""
    msgid = _msgid(event)
    with override(language):
        sentence = texting.from_wording(gettext(msgid))
        if channel is Channel.SMS:
            return Words("", gettext(_TEXT) % {"sentence": sentence})
        if channel is Channel.IN_APP:
            return Words("", sentence)
        letter = _DIGEST_LETTER if event == DIGEST else _LETTER
        return Words(sentence, gettext(letter) % {"sentence": sentence})


def _msgid(event: str) -> str:
    if event == DIGEST:
        return DIGEST_WORDING
    return msgid_of(event) or TO_RESIDENTS.get(event) or WORDING.get(event, ANYTHING_ELSE)


def words_of(event: str, channel: Channel, language: str) -> Words:
    """The words in force."""
    return own_words().get((event, channel.value, language)) or shipped(event, channel, language)


def own_words() -> Mapping[tuple[str, str, str], Words]:
    """What the town wrote itself, by event, channel and language."""
    return versions.cached(f"{VERSION}.words", _own)


def _own() -> dict[tuple[str, str, str], Words]:
    return {
        (row.event, row.channel, row.language): Words(row.subject, row.body, True, row.version)
        for row in Wording.objects.all()
    }


def places_of(event: str, channel: Channel) -> tuple[str, ...]:
    """The places a text may have: those of its kind, and those its own sentence has as delivered."""
    if event == DIGEST:
        return texting.OF_DIGESTS
    if event in TO_RESIDENTS:
        return texting.OF_RESIDENTS
    usual = texting.IN_APP if channel is Channel.IN_APP else texting.OF_EVENTS
    own = texting.places_in(texting.from_wording(_msgid(event)))
    return tuple(dict.fromkeys([*own, *usual]))


def sentence(event: str, params: Mapping[str, str | int]) -> str:
    """What a notice says within the program, in the reader's language; the town's own words where it wrote some."""
    language = "en" if (get_language() or "").startswith("en") else "zh-hans"
    own = own_words().get((event, Channel.IN_APP.value, language))
    if own is None:
        from yiwang.kernel.notices.registry import sentence_of

        return sentence_of(event, params)
    return texting.filled(own.body, params)


def message_of(rows: Sequence[Sending], language: str, *, path: str = "") -> Message:
    """The message of one row, or of several of one recipient, in the active language."""
    first = rows[0]
    channel = Channel(first.channel)
    if len(rows) == 1:
        where = path or address_of(first.subject_type, first.subject_id)
        return written(words_of(first.event, channel, language), channel, dict(first.params), where)
    lines = [_line(row, language) for row in rows]
    values: dict[str, Param] = {"count": len(rows), "list": "\n".join(lines)}
    return written(words_of(DIGEST, channel, language), channel, values, path or "/notices")


def _line(row: Sending, language: str) -> str:
    """What one notice says, as a line of a digest."""
    in_app = words_of(row.event, Channel.IN_APP, language)
    return "· " + texting.filled(in_app.body, row.params)


def written(words: Words, channel: Channel, values: Mapping[str, Param], path: str) -> Message:
    """Fill the places. `path` is a page of ours; the address before it is the settings'."""
    link = settings.YIWANG_ADDRESS + path
    known = town()
    filled = {**values, "link": link, "town": known.name if known else ""}
    subject = texting.filled(words.subject, filled)
    body = texting.filled(words.body, filled)
    if channel is Channel.SMS:
        body = settings.YIWANG_SMS_SIGN + " ".join(body.split())
    return Message(subject, body, _html(body), link)


def _html(body: str) -> str:
    """The same text as a simple page: paragraphs and a link, nothing fetched from anywhere."""
    paragraphs = [
        "<p>" + urlize(escape(part)).replace("\n", "<br>") + "</p>" for part in body.split("\n\n")
    ]
    page: SafeString = format_html(
        '<!doctype html><html lang="{}"><meta charset="utf-8"><body>{}</body></html>',
        get_language() or "zh-hans",
        mark_safe("".join(paragraphs)),  # noqa: S308 - every part was escaped above
    )
    return str(page)
