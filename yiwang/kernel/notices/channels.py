"""What the settings and the town say about the channels: which are on, by which adapter, under which rule, when quiet."""

from datetime import datetime
from email.utils import parseaddr
from pathlib import Path
from typing import Any, Protocol

from django.conf import settings

from yiwang.kernel.foundation import versions
from yiwang.kernel.notices.models import EventRule, QuietHours
from yiwang.kernel.notices.rules.channels import Channel, Night, Rule, shipped
from yiwang.kernel.notices.rules.quiet import Quiet
from yiwang.kernel.territory.land import land
from yiwang.outside.answer import Answer
from yiwang.outside.mail import Letter
from yiwang.outside.mail.recorded import RecordedMail
from yiwang.outside.mail.smtp import Server
from yiwang.outside.sms import Sms
from yiwang.outside.sms.gateway import Gateway
from yiwang.outside.sms.gateway import Rule as AnswerRule
from yiwang.outside.sms.recorded import RecordedSms
from yiwang.outside.webhook import Post
from yiwang.outside.webhook.posting import Poster
from yiwang.outside.webhook.recorded import RecordedPosts

VERSION = "notices"  # of rules, quiet hours and words, kept in memory by every process
RECORDED, OFF = "recorded", "off"


class Mail(Protocol):
    def send(self, letter: Letter) -> Answer: ...


class Webhook(Protocol):
    def send(self, post: Post) -> Answer: ...


def adapter_of(channel: Channel) -> str:
    """How a channel is served: smtp, http, recorded or off. Nothing said: a demo town records, an office does not send.

    Webhooks need no contract: an office that enters an endpoint means it.
    """
    said = {
        Channel.EMAIL: settings.YIWANG_MAIL,
        Channel.SMS: settings.YIWANG_SMS,
        Channel.WEBHOOK: settings.YIWANG_WEBHOOK,
    }.get(channel, "in_app")
    if said:
        return str(said)
    if is_demo_town():
        return RECORDED
    return "http" if channel == Channel.WEBHOOK else OFF


def is_on(channel: Channel) -> bool:
    return adapter_of(channel) != OFF


def is_demo_town() -> bool:
    """Whether the land of this installation was made up for a demonstration."""
    return land().is_generated


def outbox() -> Path:
    """The folder of what the fakes wrote down."""
    return Path(settings.YIWANG_HOME) / "outbox"


def mail() -> Mail:
    if adapter_of(Channel.EMAIL) != "smtp":
        return RecordedMail(outbox())
    tls = "tls" if settings.EMAIL_USE_SSL else "starttls" if settings.EMAIL_USE_TLS else "none"
    return Server(
        settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_HOST_USER,
        settings.EMAIL_HOST_PASSWORD, tls, settings.DEFAULT_FROM_EMAIL, settings.EMAIL_TIMEOUT or 10,
    )  # fmt: skip


def mail_domain() -> str:
    """The domain our message ids end with: the sender's."""
    address = parseaddr(settings.DEFAULT_FROM_EMAIL)[1]
    return address.rpartition("@")[2] or "localhost"


def sms() -> Sms:
    if adapter_of(Channel.SMS) != "http":
        return RecordedSms(outbox())
    said: dict[str, Any] = dict(settings.YIWANG_SMS_GATEWAY)
    said["success"], said["never"] = (
        AnswerRule.parse(said["success"]),
        AnswerRule.parse(said["never"]),
    )
    return Gateway(**said, timeout=settings.YIWANG_SENDING_TIMEOUT)


def sms_knows_keys() -> bool:
    return sms().knows_keys


def webhook() -> Webhook:
    if adapter_of(Channel.WEBHOOK) != "http":
        return RecordedPosts(outbox())
    return Poster(settings.YIWANG_SENDING_TIMEOUT, settings.YIWANG_WEBHOOK_PRIVATE)


def rules() -> dict[str, Rule]:
    """The town's own lines of the table, by event."""
    return versions.cached(f"{VERSION}.rules", _own_rules)


def _own_rules() -> dict[str, Rule]:
    return {
        row.event: Rule(
            row.event,
            row.email,
            row.sms,
            row.webhook,
            Night(row.night),
            shipped(row.event).audience,
        )
        for row in EventRule.objects.all()
    }


def rule_of(event: str) -> Rule:
    return rules().get(event) or shipped(event)


def quiet() -> Quiet:
    """The quiet hours: the town's, or as delivered."""
    row = versions.cached(f"{VERSION}.quiet", lambda: QuietHours.objects.first())
    return Quiet(row.starts, row.ends) if row else Quiet()


def quiet_until(at: datetime) -> datetime | None:
    """When the quiet that holds at `at` is over; None when nothing is quiet."""
    return quiet().over_at(at)
