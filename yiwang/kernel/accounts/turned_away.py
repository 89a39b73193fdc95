"""Who was turned away, for whoever inspects: counted by the hour, kept half a year."""

from contextlib import suppress
from datetime import datetime, timedelta

from django.db import DatabaseError, connection, transaction
from django.db.models import QuerySet

from yiwang.kernel.accounts.models import TurnedAway
from yiwang.kernel.foundation import retention
from yiwang.kernel.foundation.sentences import N_

KEPT = timedelta(days=180)
_COUNT = """
INSERT INTO accounts_turnedaway (hour, kind, user_id, place, times, last_at)
VALUES (date_trunc('hour', %(at)s::timestamptz), %(kind)s, %(user)s, %(place)s, 1, %(at)s)
ON CONFLICT (hour, kind, user_id, place)
DO UPDATE SET times = accounts_turnedaway.times + 1, last_at = excluded.last_at
"""


def count(kind: str, *, at: datetime, user_id: int | None = None, place: str = "") -> None:
    """Count one refusal. It is refused all the same where this cannot be written."""
    given: dict[str, datetime | str | int | None] = {
        "at": at,
        "kind": kind,
        "user": user_id,
        "place": place[:120],
    }
    with suppress(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_COUNT, given)


def since(at: datetime) -> QuerySet[TurnedAway]:
    """Return what was counted since a moment, with the people."""
    return TurnedAway.objects.filter(last_at__gte=at).select_related("user")


def _over(limit: datetime) -> QuerySet[TurnedAway]:
    return TurnedAway.objects.filter(last_at__lt=limit)


def _end(limit: datetime, at: datetime) -> int:
    return _over(limit).delete()[0]


def register_retention() -> None:
    """Put the line into the table of times."""
    retention.register(
        retention.Rule(
            "turned_away", N_("登录失败和被拒绝的次数"), KEPT, N_("发生后"),
            N_("有人试密码或乱闯时可以追查"), N_("删除"),
            count=lambda limit: _over(limit).count(), act=_end, personal=False,
        )
    )  # fmt: skip
