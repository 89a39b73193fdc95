"""Telling people: enqueue in the transaction of the change, deliver later, mark as read."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from procrastinate.types import JSONDict

from yiwang.kernel.foundation.actors import SYSTEM
from yiwang.kernel.foundation.shelf import standing
from yiwang.kernel.foundation.viewer import speaking_as
from yiwang.kernel.notices.actions import planning
from yiwang.kernel.notices.models import Notice
from yiwang.kernel.notices.registry import Delivery, Event, resident_resolvers_of, resolvers_of
from yiwang.kernel.notices.rules import key_of
from yiwang.kernel.notices.tasks import deliver, send_due

if TYPE_CHECKING:
    from yiwang.kernel.accounts.models import User

Id = int | str


def enqueue(event: str, subject_type: str, subject_id: Id, at: datetime, **ids: Id) -> None:
    """Let an event be told once the open transaction commits: one statement, ids only, never content."""
    told = _arguments(event, subject_type, subject_id, at, ids)
    if shelf := standing():
        shelf.note("notices", told)
        return
    deliver.batch_defer(told)


def enqueue_many(
    events: Iterable[tuple[str, Mapping[str, Id]]], subject_type: str, subject_id: Id, at: datetime
) -> None:
    """Let several events of one subject be told: (event, ids) pairs, still one statement."""
    if shelf := standing():
        for event, ids in events:
            shelf.note("notices", _arguments(event, subject_type, subject_id, at, ids))
        return
    jobs = [_arguments(event, subject_type, subject_id, at, ids) for event, ids in events]
    if jobs:
        deliver.batch_defer(*jobs)


def enqueue_told(told: Iterable[JSONDict]) -> None:
    """Enqueue what a shelf has kept of `enqueue`: one statement."""
    jobs = list(told)
    if jobs:
        deliver.batch_defer(*jobs)


def _arguments(
    event: str, subject_type: str, subject_id: Id, at: datetime, ids: Mapping[str, Id]
) -> JSONDict:
    return {
        "event": event,
        "subject_type": subject_type,
        "subject_id": str(subject_id),
        "at": at.isoformat(),
        "ids": dict(ids),
    }


def deliver_event(event: Event) -> int:
    """Write the notices of an event to everyone its resolvers name, and what of them leaves the house.

    Safe to run again. Returns the number of people addressed.
    """
    key = key_of(event.name, event.subject_type, event.subject_id, event.at.isoformat(), event.ids)
    with speaking_as(SYSTEM):
        told, answers = _resolved(event)
        Notice.objects.bulk_create(
            [_notice(event, key, user_id, delivery) for user_id, delivery in told.items()],
            ignore_conflicts=True,
        )
        planned = planning.to_staff(event, key, told)
        planned += planning.to_systems(event, key, answers)
        for telling, resolver in resident_resolvers_of(event.name).items():
            planned += planning.to_residents(telling, event, key, resolver(event))
        if planning.keep(planned):
            send_due.defer()
    return len(told)


def _resolved(event: Event) -> tuple[dict[int, Delivery], list[Delivery]]:
    """Who is told, each with the first delivery that named them; and all deliveries."""
    answers = [resolver(event) for resolver in resolvers_of(event.name)]
    told: dict[int, Delivery] = {}
    for delivery in answers:
        for user_id in delivery.user_ids:
            told.setdefault(user_id, delivery)
    return told, answers


def _notice(event: Event, key: str, user_id: int, delivery: Delivery) -> Notice:
    return Notice(
        user_id=user_id,
        kind=event.name,
        subject_type=event.subject_type,
        subject_id=event.subject_id,
        params=dict(delivery.params),
        key=key,
        at=event.at,
    )


@transaction.atomic
def mark_read(user: "User", *, at: datetime, notice_ids: Iterable[int] | None = None) -> int:
    """Mark a person's own notices as read: those named, or all. Returns how many were unread.

    Reading is no change of a record, so it leaves no audit row.
    """
    unread = Notice.objects.of(user.pk).unread().filter(at__lte=at)
    if notice_ids is not None:
        unread = unread.filter(pk__in=list(notice_ids))
    return unread.update(read_at=at)
