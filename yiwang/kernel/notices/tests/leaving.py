"""What tests of sendings share: people with addresses, adapters that answer as told, a clock."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from yiwang.kernel import notices
from yiwang.kernel.accounts.models import User
from yiwang.kernel.foundation.queue import app
from yiwang.kernel.notices import Delivery, channels
from yiwang.kernel.notices.actions.sending import send_all_due
from yiwang.kernel.notices.models import Sending
from yiwang.outside.answer import Answer, taken

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
MIDNIGHT = NOON.replace(hour=23)
MORNING = NOON.replace(day=24, hour=7, minute=30)
DUE = {"number": "20261123-0042", "unit": "供水公司", "due": "11-23 16:20", "area": "中山-01"}


@dataclass
class Adapter:
    """Stands for a channel: keeps what it was given and answers what the test says, then yes."""

    answers: list[Answer] = field(default_factory=list)
    given: list[object] = field(default_factory=list)
    knows_keys: bool = False

    def send(self, thing: object) -> Answer:
        self.given.append(thing)
        return self.answers.pop(0) if self.answers else taken("theirs-1")


@dataclass
class Outlets:
    mail: Adapter = field(default_factory=Adapter)
    sms: Adapter = field(default_factory=Adapter)
    webhook: Adapter = field(default_factory=Adapter)


class Clock:
    def __init__(self, monkeypatch, at: datetime) -> None:
        from django.utils import timezone

        self.at = at
        monkeypatch.setattr(timezone, "now", lambda: self.at)

    def set(self, at: datetime) -> None:
        self.at = at


def outlets(monkeypatch, settings) -> Outlets:
    made = Outlets()
    settings.YIWANG_MAIL, settings.YIWANG_SMS, settings.YIWANG_WEBHOOK = "smtp", "http", "http"
    settings.YIWANG_ADDRESS = "https://yiwang.example.cn"
    settings.DEFAULT_FROM_EMAIL = "南城街道 <yiwang@example.cn>"
    for name in ("mail", "sms", "webhook"):
        monkeypatch.setattr(channels, name, lambda name=name: getattr(made, name))
    return made


def tell(*people: User, urgent: bool = False, outside: bool = True, **params) -> None:
    """Let these people be told of anything that happens to a case."""
    for event in ("case_dispatched", "case_supervised", "case_reported"):
        notices.register(
            event,
            lambda event: Delivery([p.pk for p in people], params, outside=outside, urgent=urgent),
        )


def happens(event: str, at: datetime, number: int = 42) -> None:
    """Something happens, and the worker tells of it (but hands nothing over yet)."""
    app.tasks["notices.deliver"](
        event=event, subject_type="case", subject_id=str(number), at=at.isoformat(), ids={}
    )


def sendings(**wanted) -> list[Sending]:
    return list(Sending.objects.filter(**wanted).order_by("id"))


def states() -> list[str]:
    return [row.state for row in sendings()]


def work() -> int:
    return send_all_due()


def all_given(made: Outlets) -> Iterator[object]:
    for adapter in (made.mail, made.sms, made.webhook):
        yield from adapter.given
