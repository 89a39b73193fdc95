"""Who was turned away, for whoever inspects: counted by the hour, kept half a year.

What a machine can cause by the thousand (a limit reached, a code nobody has) is gathered in memory first: being refused
must stay cheaper than being served. The first of each hour and kind is written at once; of the last seconds of a flood
some may be missing when the program stops.
"""

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Lock
from time import monotonic

from django.db import DatabaseError, connection, transaction
from django.db.models import QuerySet

from yiwang.kernel.accounts.models import TurnedAway
from yiwang.kernel.foundation import retention
from yiwang.kernel.foundation.sentences import N_

KEPT = timedelta(days=180)
_COUNT = """
INSERT INTO accounts_turnedaway (hour, kind, user_id, place, times, last_at)
VALUES (date_trunc('hour', %(at)s::timestamptz), %(kind)s, %(user)s, %(place)s, %(times)s, %(at)s)
ON CONFLICT (hour, kind, user_id, place)
DO UPDATE SET times = accounts_turnedaway.times + excluded.times, last_at = excluded.last_at
"""


TOGETHER = 10.0  # seconds
_Key = tuple[str, int | None, str, datetime]


@dataclass
class _Gathered:
    at: datetime
    since: float
    times: int = 0


_gathered: dict[_Key, _Gathered] = {}
_lock = Lock()


def count(kind: str, *, at: datetime, user_id: int | None = None, place: str = "") -> None:
    """Count one refusal. It is refused all the same where this cannot be written."""
    _write(kind, user_id, place[:120], at, 1)


def count_many(kind: str, *, at: datetime, user_id: int | None = None, place: str = "") -> None:
    """Count one refusal of a kind that may come by the thousand."""
    hour = at.replace(minute=0, second=0, microsecond=0)
    with _lock:
        key = kind, user_id, place[:120], hour
        first = key not in _gathered
        held = _gathered.setdefault(key, _Gathered(at, monotonic()))
        held.at, held.times = at, held.times + 1
        due = _take_due(key if first else None)
    for (due_kind, who, where, _hour), last, times in due:
        _write(due_kind, who, where, last, times)


def _take_due(at_once: _Key | None) -> list[tuple[_Key, datetime, int]]:
    """Take out what was gathered long enough; an hour nothing was added to is forgotten."""
    moment, due = monotonic(), []
    for key, held in list(_gathered.items()):
        if key != at_once and moment - held.since < TOGETHER:
            continue
        if held.times:
            due.append((key, held.at, held.times))
            held.times, held.since = 0, moment
        else:
            del _gathered[key]
    return due


def forget() -> None:
    """Forget what is gathered and not written (tests)."""
    with _lock:
        _gathered.clear()


def _write(kind: str, user_id: int | None, place: str, at: datetime, times: int) -> None:
    given: dict[str, datetime | str | int | None] = {
        "at": at,
        "kind": kind,
        "user": user_id,
        "place": place,
        "times": times,
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
