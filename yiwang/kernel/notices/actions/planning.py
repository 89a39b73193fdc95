"""Which notices leave the house, by which channel and when: rows that the worker hands over afterwards."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from django.utils import timezone

from yiwang.kernel.accounts.models import User
from yiwang.kernel.notices import channels
from yiwang.kernel.notices.models import Endpoint, Notice, Preference, Sending
from yiwang.kernel.notices.registry import Delivery, Event, Voice
from yiwang.kernel.notices.rules.channels import TO_PEOPLE, Channel, Rule, State


def to_staff(event: Event, key: str, told: Mapping[int, Delivery]) -> list[Sending]:
    """Return a row for each person and channel that the table, the person and their addresses allow."""
    rule = channels.rule_of(event.name)
    open_channels = [c for c in TO_PEOPLE if rule.uses(c) and channels.is_on(c)]
    going = [user_id for user_id, delivery in told.items() if delivery.outside]
    if not open_channels or not going:
        return []
    notices = dict(Notice.objects.filter(key=key, user__in=going).values_list("user_id", "pk"))
    unwanted = {row.user_id: row for row in Preference.objects.filter(user__in=going)}
    planned = []
    for user in User.objects.filter(pk__in=going, is_active=True):
        for channel in open_channels:
            if _reaches(user, channel) and not _declined(unwanted.get(user.pk), channel, event):
                row = _row(event, key, channel, f"user:{user.pk}", told[user.pk].params)
                row.user, row.notice_id = user, notices.get(user.pk)
                planned.append(_timed(row, rule, urgent=told[user.pk].urgent))
    return planned


def _reaches(user: User, channel: Channel) -> bool:
    return bool(user.email if channel is Channel.EMAIL else user.phone)


def _declined(preference: Preference | None, channel: Channel, event: Event) -> bool:
    if preference is None:
        return False
    return event.name in (preference.no_email if channel is Channel.EMAIL else preference.no_sms)


def to_systems(event: Event, key: str, answers: Sequence[Delivery]) -> list[Sending]:
    """Return a row for each endpoint; none where a room keeps the event within the house."""
    rule = channels.rule_of(event.name)
    if not rule.webhook or not channels.is_on(Channel.WEBHOOK):
        return []
    if not answers or not all(answer.outside for answer in answers):
        return []
    planned = []
    for endpoint in Endpoint.objects.filter(active=True):
        if not endpoint.events or event.name in endpoint.events:
            row = _row(event, key, Channel.WEBHOOK, f"endpoint:{endpoint.pk}", {})
            row.endpoint = endpoint
            planned.append(_timed(row, rule, urgent=True))
    return planned


def to_residents(telling: str, event: Event, key: str, voices: Iterable[Voice]) -> list[Sending]:
    """Return a short message for each voice; whose telephone it is, is looked up when it goes."""
    rule = channels.rule_of(telling)
    if not rule.sms or not channels.is_on(Channel.SMS):
        return []
    told = Event(telling, event.subject_type, event.subject_id, event.at, event.ids)
    return [
        _timed(_row(told, key, Channel.SMS, voice.ref, voice.params), rule, urgent=False)
        for voice in voices
    ]


def _row(
    event: Event, key: str, channel: Channel, recipient: str, params: Mapping[str, str | int]
) -> Sending:
    named = "\x00".join([channel.value, recipient, event.name, key])
    return Sending(
        unique=hashlib.sha256(named.encode()).hexdigest(),
        channel=channel.value,
        recipient=recipient,
        event=event.name,
        subject_type=event.subject_type,
        subject_id=event.subject_id,
        params=dict(params),
        at=event.at,
    )


def _timed(row: Sending, rule: Rule, *, urgent: bool) -> Sending:
    """Say when it may go: now, or when the quiet hours are over."""
    now = timezone.now()
    row.urgent = row.channel == Channel.WEBHOOK or rule.night.lets_through(urgent)
    hold(row, channels.quiet_until(now) if not row.urgent else None, now)
    return row


def hold(row: Sending, until: datetime | None, now: datetime) -> None:
    """Let a row wait for the morning, or go at once."""
    row.state = State.HELD if until else State.WAITING
    row.overnight = until is not None
    row.next_at = until or now


def keep(planned: Sequence[Sending]) -> int:
    """Write the rows that are not there yet; returns how many were given."""
    Sending.objects.bulk_create(planned, ignore_conflicts=True)
    return len(planned)
