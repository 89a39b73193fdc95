"""One parcel to its channel: look up the address at the last moment, write the words, hand over."""

import json
from collections.abc import Sequence

from django.utils import timezone
from django.utils.translation import override

from yiwang.kernel.accounts.models import User
from yiwang.kernel.notices import channels, texts
from yiwang.kernel.notices.models import Endpoint, Sending
from yiwang.kernel.notices.registry import Reached, may_leave, opener_of
from yiwang.kernel.notices.rules.channels import Channel
from yiwang.outside.answer import Answer, refused
from yiwang.outside.mail import Letter
from yiwang.outside.sms import Text
from yiwang.outside.webhook import Post


def hand_over(rows: Sequence[Sending]) -> Answer:
    """Hand over one row, or several as a digest. Costs as long as the other side takes, at most the time-out."""
    first = rows[0]
    if not channels.is_on(Channel(first.channel)):
        return refused("switched_off")
    going = [row for row in rows if may_leave(row.subject_type, row.subject_id)]
    if not going:
        return refused("kept_within")
    if first.channel == Channel.WEBHOOK:
        return _post(first)
    return _to_staff(going) if first.user_id else _to_resident(going)


def _to_staff(rows: Sequence[Sending]) -> Answer:
    user = User.objects.filter(pk=rows[0].user_id or 0, is_active=True).first()
    address = user and (user.email if rows[0].channel == Channel.EMAIL else user.phone)
    if user is None or not address:
        return refused("no_address")
    with override(user.language):
        message = texts.message_of(rows, user.language)
    if rows[0].channel == Channel.EMAIL:
        return channels.mail().send(letter(address, message, str(rows[0].key)))
    return _text(rows[0], address, message)


def letter(address: str, message: "texts.Message", key: str) -> Letter:
    """A letter with an id that stays the same at every attempt."""
    domain = channels.mail_domain()
    return Letter(address, message.subject, message.body, message.html, f"<{key}@{domain}>")


def _to_resident(rows: Sequence[Sending]) -> Answer:
    first = rows[0]
    opener = opener_of(first.recipient)
    reached = opener(first.recipient, timezone.now()) if opener else Reached(reason="nobody_opens")
    if not reached.phone:
        return refused(reached.reason or "no_address")
    with override(reached.language):
        message = texts.message_of(rows, reached.language, path=reached.path)
    return _text(first, reached.phone, message)


def _text(row: Sending, phone: str, message: "texts.Message") -> Answer:
    fields = {
        "event": row.event,
        "number": str(row.params.get("number", "")),
        "link": message.link,
    }
    return channels.sms().send(Text(phone, message.body, row.key.hex, fields))


def _post(row: Sending) -> Answer:
    endpoint = Endpoint.objects.filter(pk=row.endpoint_id or 0, active=True).first()
    if endpoint is None:
        return refused("endpoint_gone")
    body = json.dumps(
        {
            "id": str(row.key),
            "event": row.event,
            "at": row.at.isoformat(),
            "subject": {"type": row.subject_type, "id": row.subject_id},
        }
    ).encode()
    moment = int(timezone.now().timestamp())
    return channels.webhook().send(
        Post(endpoint.url, endpoint.secret, str(row.key), row.event, body, moment)
    )
