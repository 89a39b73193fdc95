"""The town's own words of a message."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from yiwang.kernel.accounts.models import User
from yiwang.kernel.foundation import versions
from yiwang.kernel.foundation.errors import Invalid, Missing, Stale
from yiwang.kernel.notices import channels, texts
from yiwang.kernel.notices.actions.writing import fits, one_at_a_time, record
from yiwang.kernel.notices.models import Wording
from yiwang.kernel.notices.permissions import require_manager
from yiwang.kernel.notices.registry import events
from yiwang.kernel.notices.rules import texting
from yiwang.kernel.notices.rules.channels import Channel
from yiwang.kernel.notices.rules.wording import DIGEST

SUBJECT_AT_MOST, LETTER_AT_MOST, TEXT_AT_MOST = 100, 4000, 500


def check_words(event: str, channel: Channel, subject: str, body: str) -> texts.Words:
    """Return the words in canonical form.

    Raises:
        Invalid: empty, too long, or a place that nothing fills; the field is named.
    """
    subject, body = " ".join(texting.canonical(subject).split()), texting.canonical(body).strip()
    body = body.replace("\r\n", "\n")
    if channel is not Channel.EMAIL:
        subject, body = "", " ".join(body.split())
    fits("body", body, LETTER_AT_MOST if channel is Channel.EMAIL else TEXT_AT_MOST)
    if channel is Channel.EMAIL:
        fits("subject", subject, SUBJECT_AT_MOST)
    allowed = texts.places_of(event, channel)
    for field, text in (("subject", subject), ("body", body)):
        unknown = texting.unknown_places(text, allowed)
        if unknown:
            said = "、".join(f"{{{name}}}" if name not in "{}" else name for name in unknown)
            raise Invalid(
                _("没有这样的占位：%(unknown)s。可用的见旁边的表") % {"unknown": said}, field=field
            )
    return texts.Words(subject, body)


@transaction.atomic
def set_words(
    event: str,
    channel: Channel,
    language: str,
    *,
    subject: str,
    body: str,
    version: int,
    by: User,
    at: datetime,
) -> None:
    """Write the town's own words; those as delivered are no own words.

    Raises:
        Forbidden, Invalid. Missing: no such text. Stale: somebody changed it since `version`.
    """
    require_manager(by, at)
    _known(event, channel, language)
    words = check_words(event, channel, subject, body)
    row = _locked(event, channel, language, version)
    delivered = texts.shipped(event, channel, language)
    if (words.subject, words.body) == (delivered.subject, delivered.body):
        if row is None:
            return
        row.delete()
    elif row is None:
        Wording.objects.create(
            event=event, channel=channel.value, language=language, subject=words.subject,
            body=words.body,
        )  # fmt: skip
    else:
        row.subject, row.body, row.version = words.subject, words.body, row.version + 1
        row.save()
    versions.bump(f"{channels.VERSION}.words")
    facts = {
        "event": event, "channel": channel.value, "language": language,
        "subject": words.subject, "body": words.body,
    }  # fmt: skip
    record("notice_words_set", by, at, facts)


@transaction.atomic
def reset_words(
    event: str, channel: Channel, language: str, *, version: int, by: User, at: datetime
) -> None:
    """Go back to the words as delivered."""
    require_manager(by, at)
    _known(event, channel, language)
    row = _locked(event, channel, language, version)
    if row is None:
        return
    row.delete()
    versions.bump(f"{channels.VERSION}.words")
    facts = {"event": event, "channel": channel.value, "language": language}
    record("notice_words_reset", by, at, facts)


def _known(event: str, channel: Channel, language: str) -> None:
    offered = [*events(), DIGEST]
    if event not in offered or channel is Channel.WEBHOOK or language not in texts.LANGUAGES:
        raise Missing(_("没有这段文字"))


def _locked(event: str, channel: Channel, language: str, version: int) -> Wording | None:
    one_at_a_time()
    row = Wording.objects.filter(event=event, channel=channel.value, language=language).first()
    if (row.version if row else 0) != version:
        raise Stale(_("刚被别人改过，请看过新的内容再改"))
    return row
