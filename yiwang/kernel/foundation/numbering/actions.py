"""Give out the next number of a series; each day starts again at 1."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.db import connection

from yiwang.kernel.foundation.numbering.rules import written
from yiwang.kernel.foundation.shelf import Shelf, standing

ZONE = ZoneInfo("Asia/Shanghai")
DRAWN_TOGETHER = 8


def next_number(series: str, *, at: datetime) -> str:
    """The next number of the day `at` falls on in Asia/Shanghai, e.g. `20261123-0042`.

    One statement; nobody waits for anybody. A transaction that is rolled back leaves a gap.
    """
    day = at.astimezone(ZONE).date()
    if shelf := standing():
        return written(day, _from_the_shelf(shelf, series, day))
    with connection.cursor() as cursor:
        cursor.execute("SELECT yiwang_next_number(%s, %s)", [series, day])
        return written(day, int(cursor.fetchone()[0]))


def _from_the_shelf(shelf: Shelf, series: str, day: date) -> int:
    """The next of a few numbers of a day that were drawn together; what is left over is a gap."""
    drawn = shelf.beside.setdefault(f"numbers of {series} {day}", [])
    if not drawn:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT yiwang_next_number(%s, %s) FROM generate_series(1, %s)",
                [series, day, DRAWN_TOGETHER],
            )
            drawn.extend(int(row[0]) for row in reversed(cursor.fetchall()))
    number: int = drawn.pop()
    return number


def next_numbers(series: str, *, at: datetime, count: int) -> list[str]:
    """The next `count` numbers of the day without a gap, in one statement; for a series that is taken in bulk only.

    The row stays locked until the transaction ends. A series counts either one by one or in bulk, never both.
    """
    if count < 1:
        return []
    day = at.astimezone(ZONE).date()
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO foundation_counter AS counter (series, day, last) VALUES (%s, %s, %s) "
            "ON CONFLICT (series, day) DO UPDATE SET last = counter.last + excluded.last "
            "RETURNING last",
            [series, day, count],
        )
        last = int(cursor.fetchone()[0])
    return [written(day, number) for number in range(last - count + 1, last + 1)]
