"""Versions of reference data (calendar, territory, catalogue …), so that each process may keep it in memory.

A version is an opaque number, new at every change and never used twice: a change that is rolled back leaves no
number behind that a later change could repeat.
"""

import secrets
import time
from collections.abc import Callable
from typing import TypeVar

from django.db import connection, models, transaction

from yiwang.kernel.foundation.sentences import N_
from yiwang.kernel.foundation.shelf import standing

T = TypeVar("T")
CHECK_EVERY = 1.0  # seconds between two looks at the table, per process

_known: dict[str, int] = {}
_cache: dict[str, tuple[int, object]] = {}
_checked_at = float("-inf")


class Version(models.Model):
    name = models.CharField(max_length=40, primary_key=True)
    value = models.BigIntegerField()

    class Meta:
        verbose_name = N_("数据版本")

    def __str__(self) -> str:
        return f"{self.name} {self.value}"


def bump(name: str) -> None:
    """Say, within the transaction of the change, that what is cached under this name is no longer true."""
    value = secrets.randbits(62)
    with transaction.atomic(savepoint=False), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO foundation_version (name, value) VALUES (%s, %s) "
            "ON CONFLICT (name) DO UPDATE SET value = excluded.value",
            [name, value],
        )
        transaction.on_commit(_look_again)


def current() -> dict[str, int]:
    """All versions by name, in one query; a name never bumped is absent."""
    return dict(Version.objects.values_list("name", "value"))


def cached(name: str, loader: Callable[[], T]) -> T:
    """What `loader` returns, kept in this process until the version of that name changes.

    Looks at the table at most once a second; at once after a bump of this process, and always within the
    transaction that bumped, which sees its own change.
    """
    value = _value_now(name)
    held = _cache.get(name)
    if held is not None and held[0] == value:
        return held[1]  # type: ignore[return-value]  # stored below by the same name's loader
    loaded = loader()
    _cache[name] = (value, loaded)
    return loaded


def edition(*names: str) -> tuple[int, ...]:
    """The versions of these names as `cached` sees them now: a key for what was made from what is cached."""
    return tuple(_value_now(name) for name in names)


def forget() -> None:
    """Drop everything kept in this process (tests that write tables without an action)."""
    _cache.clear()
    _look_again()


def _value_now(name: str) -> int:
    global _known, _checked_at
    if standing() is not None and name in _cache:
        return _cache[name][0]  # a history stands on what holds when it begins
    if _bumped_here():
        return current().get(name, 0)
    now = time.monotonic()
    if now - _checked_at >= CHECK_EVERY:
        _known, _checked_at = current(), now
    return _known.get(name, 0)


def _bumped_here() -> bool:
    """Whether the open transaction of this connection has bumped and is not yet committed."""
    return any(waiting[1] is _look_again for waiting in connection.run_on_commit)


def _look_again() -> None:
    global _checked_at
    _checked_at = float("-inf")
