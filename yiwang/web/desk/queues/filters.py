"""What narrows a list: unit, area, kind, channel and words, all of it in the query string."""

import re
from dataclasses import dataclass

from django.db.models import Q
from django.http import QueryDict

from yiwang.kernel import catalogue
from yiwang.kernel.cases.rules.stages import CHANNEL_NAMES
from yiwang.kernel.territory.land import land

_WHOLE_NUMBER = re.compile(r"^\d{8}-\d{4,}$")
_PART_OF_NUMBER = re.compile(r"^[\d-]{3,}$")
WORDS_AT_MOST = 60


@dataclass(frozen=True)
class Filters:
    """Checked values; what nobody could mean is dropped."""

    unit: int | None = None
    area: int | None = None
    category: int | None = None
    channel: str = ""
    words: str = ""

    @classmethod
    def read(cls, given: QueryDict) -> "Filters":
        channel = given.get("channel", "")
        return cls(
            unit=_id(given.get("unit")),
            area=_id(given.get("area")),
            category=_id(given.get("category")),
            channel=channel if channel in CHANNEL_NAMES else "",
            words=given.get("q", "").replace("\x00", "").strip()[:WORDS_AT_MOST],
        )

    @property
    def any(self) -> bool:
        return any((self.unit, self.area, self.category, self.channel, self.words))

    @property
    def number(self) -> str:
        """The whole case number that was typed, or ""."""
        return self.words if _WHOLE_NUMBER.match(self.words) else ""

    def condition(self) -> Q:
        """The filter of cases; an unknown area or kind finds nothing."""
        found = Q()
        if self.unit:
            found &= Q(lead_unit=self.unit) | Q(lead_unit=None, suggested_unit=self.unit)
        if self.area:
            place = land().places.get(self.area)
            found &= Q(area_path__startswith=place.path) if place else Q(pk__in=[])
        if self.category:
            entry = catalogue.book().category(self.category)
            found &= Q(category_path__startswith=entry.path) if entry else Q(pk__in=[])
        if self.channel:
            found &= Q(channel=self.channel)
        return found & self._words() if self.words else found

    def _words(self) -> Q:
        if _PART_OF_NUMBER.match(self.words):
            return Q(number__contains=self.words)
        return Q(title__icontains=self.words) | Q(address__icontains=self.words)


def _id(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 19 else None
