"""What narrows a list: unit, area, kind, channel, one's own, and words, all of it in the query string."""

from dataclasses import dataclass
from datetime import date

from django.http import QueryDict

from yiwang.kernel import catalogue
from yiwang.kernel.accounts.models import User
from yiwang.kernel.cases.reading import Narrowed
from yiwang.kernel.cases.rules.numbers import Numbers, numbers_of
from yiwang.kernel.cases.rules.stages import CHANNEL_NAMES
from yiwang.kernel.cases.rules.words import query_of
from yiwang.kernel.territory.land import land

WORDS_AT_MOST = 60


@dataclass(frozen=True)
class Filters:
    """Checked values; what nobody could mean is dropped."""

    unit: int | None = None
    area: int | None = None
    category: int | None = None
    channel: str = ""
    mine: bool = False
    words: str = ""

    @classmethod
    def read(cls, given: QueryDict) -> "Filters":
        channel = given.get("channel", "")
        return cls(
            unit=_id(given.get("unit")),
            area=_id(given.get("area")),
            category=_id(given.get("category")),
            channel=channel if channel in CHANNEL_NAMES else "",
            mine=given.get("mine") == "1",
            words=given.get("q", "").replace("\x00", "").strip()[:WORDS_AT_MOST],
        )

    @property
    def any(self) -> bool:
        return self.chosen or bool(self.words)

    @property
    def chosen(self) -> bool:
        """Something of the sheet is on."""
        return any((self.unit, self.area, self.category, self.channel, self.mine))

    def numbers(self, today: date) -> Numbers:
        """The numbers that may be meant by what was typed."""
        return numbers_of(self.words, today)

    def narrowed(self, user: User, *, words: bool = True) -> Narrowed:
        """What the list is narrowed to; an unknown area or kind, and words of no letter, find nothing."""
        place = land().places.get(self.area) if self.area else None
        entry = catalogue.book().category(self.category) if self.category else None
        query = query_of(self.words) if words else ""
        return Narrowed(
            unit=self.unit,
            area_path=place.path if place else "",
            category_path=entry.path if entry else "",
            channel=self.channel,
            person=user.pk if self.mine else None,
            query=query,
            nothing=bool(
                (self.area and not place)
                or (self.category and not entry)
                or (words and self.words and not query)
            ),
        )


def _id(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 19 else None
