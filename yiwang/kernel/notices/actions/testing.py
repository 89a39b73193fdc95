"""Trying a channel out: one message at once, outside the queue, its answer shown to whoever asked."""

import json
import re
import uuid
from datetime import datetime

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils.translation import gettext as _

from yiwang.kernel.accounts.models import User
from yiwang.kernel.foundation.errors import Invalid, Missing
from yiwang.kernel.foundation.sentences import N_
from yiwang.kernel.notices import channels, texts
from yiwang.kernel.notices.actions import circuits, handing
from yiwang.kernel.notices.actions.writing import record
from yiwang.kernel.notices.models import Endpoint
from yiwang.kernel.notices.permissions import require_manager
from yiwang.kernel.notices.rules.channels import Channel
from yiwang.outside.answer import Answer, Fate, refused
from yiwang.outside.sms import Text
from yiwang.outside.webhook import Post

TRIAL = N_("这是一条试发的消息，收到就说明渠道可用")
_PHONE = re.compile(r"\+?[0-9]{5,20}")


def try_address(channel: Channel, address: str, *, by: User, at: datetime) -> Answer:
    """Send a test message to an address somebody typed; the address is kept nowhere.

    Raises:
        Forbidden. Invalid: no such address.
    """
    require_manager(by, at)
    address = _checked(channel, address)
    if not channels.is_on(channel):
        return _noted(channel.value, refused("switched_off"), by, at)
    key = uuid.uuid4()
    words = texts.Words(_(TRIAL), _(TRIAL) + "\n\n{link}")
    message = texts.written(words, channel, {}, "/")
    if channel is Channel.EMAIL:
        answer = channels.mail().send(handing.letter(address, message, str(key)))
    else:
        answer = channels.sms().send(Text(address, message.body, key.hex, {"link": message.link}))
    return _noted(channel.value, answer, by, at)


def try_endpoint(endpoint_id: int, *, by: User, at: datetime) -> Answer:
    """Post a test event to an endpoint.

    Raises:
        Forbidden. Missing: no such endpoint.
    """
    require_manager(by, at)
    endpoint = Endpoint.objects.filter(pk=endpoint_id).first()
    if endpoint is None:
        raise Missing(_("没有这个推送地址"))
    key = str(uuid.uuid4())
    said = {"id": key, "event": "test", "at": at.isoformat(), "subject": None}
    body = json.dumps(said).encode()
    post = Post(endpoint.url, endpoint.secret, key, "test", body, int(at.timestamp()))
    answer = (
        channels.webhook().send(post)
        if channels.is_on(Channel.WEBHOOK)
        else refused("switched_off")
    )
    return _noted(f"webhook:{endpoint.pk}", answer, by, at)


def _checked(channel: Channel, address: str) -> str:
    address = address.strip()
    if channel is Channel.EMAIL:
        try:
            validate_email(address)
        except ValidationError as error:
            raise Invalid(_("请填写一个电子邮箱地址"), field="address") from error
        return address
    number = address.replace(" ", "").replace("-", "")
    if not _PHONE.fullmatch(number):
        raise Invalid(_("请填写一个手机号"), field="address")
    return number


@transaction.atomic
def _noted(outlet: str, answer: Answer, by: User, at: datetime) -> Answer:
    """Write down that it was tried and how it ended; a yes lets the outlet go on at once."""
    if answer.fate is Fate.TAKEN:
        circuits.note(outlet, answer, at)
    facts = {"outlet": outlet, "outcome": answer.fate.value, "reason": answer.reason}
    record("channel_tried", by, at, facts)
    return answer
