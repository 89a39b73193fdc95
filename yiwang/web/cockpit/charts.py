"""Small multiples: the same weeks and the same scale in every chart, drawn as plain numbers for the template."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import gettext as _

from yiwang.kernel.indicators.weeks import Week

WIDTH, HEIGHT = 240, 104  # of the drawing, in its own units
TOP, BOTTOM = 18, 20  # room for the numbers above and the days beneath
SHARE = 0.62  # of its column that a bar fills


@dataclass(frozen=True)
class Bar:
    """One week: where its bar stands, and the words around it; every other day is written, so that they fit."""

    x: float
    y: float
    width: float
    height: float
    middle: float
    number: int
    day: str
    unfinished: bool


@dataclass(frozen=True)
class Chart:
    """One thing over the weeks. `late` draws it in the colour of lateness."""

    key: str
    name: str
    total: int
    bars: list[Bar]
    late: bool = False

    @property
    def view(self) -> str:
        return f"0 0 {WIDTH} {HEIGHT}"

    @property
    def ground(self) -> int:
        """The line the bars stand on."""
        return HEIGHT - BOTTOM

    @property
    def days_at(self) -> int:
        """The line the days are written on."""
        return HEIGHT - 5

    @property
    def width(self) -> int:
        return WIDTH


def small_multiples(weeks: Sequence[Week]) -> list[Chart]:
    """Draw reported, closed and late week by week; the highest bar of all three sets the scale."""
    names = {"reported": _("新上报"), "closed": _("办结"), "late": _("超时")}
    rows = {key: [getattr(week, key) for week in weeks] for key in names}
    most = max(max(row, default=0) for row in rows.values()) or 1
    mondays = [week.monday for week in weeks]
    return [
        Chart(key, names[key], sum(row), _bars(row, mondays, most), late=key == "late")
        for key, row in rows.items()
    ]


def _bars(row: Sequence[int], mondays: Sequence[date], most: int) -> list[Bar]:
    column = WIDTH / max(len(row), 1)
    room = HEIGHT - TOP - BOTTOM
    bars = []
    for place, (number, monday) in enumerate(zip(row, mondays, strict=True)):
        height = round(number / most * room, 1)
        bars.append(
            Bar(
                x=round(column * (place + (1 - SHARE) / 2), 1),
                y=round(HEIGHT - BOTTOM - height, 1),
                width=round(column * SHARE, 1),
                height=height,
                middle=round(column * (place + 0.5), 1),
                number=number,
                day=f"{monday.month}/{monday.day}" if (len(row) - place) % 2 else "",
                unfinished=place == len(row) - 1,
            )
        )
    return bars


def span_of(week: Week) -> str:
    """11/16–11/22, for the table beside the charts."""
    last = week.monday + timedelta(days=6)
    return f"{week.monday.month}/{week.monday.day}–{last.month}/{last.day}"
