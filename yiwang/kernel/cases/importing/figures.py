"""What came of an import. A share whose denominator is zero is None, shown as "—"."""

from dataclasses import dataclass, field


@dataclass
class Share:
    """So many of so many."""

    part: int = 0
    whole: int = 0

    def count(self, *, hit: bool) -> None:
        self.whole += 1
        self.part += hit

    @property
    def value(self) -> float | None:
        return self.part / self.whole if self.whole else None


@dataclass
class Figures:
    """rows = imported + rejected + those known from an earlier run.

    `located`: rows whose point lies in an area; `untrusted_places`: rows whose place a person should look at.
    `area_agreement`: located area equals the recorded one, of rows that record one and are not on a default point.
    `on_time_agreement`: closed by the target equals the recorded word, of closed rows with a target (a row without
    a word agrees with nothing).
    """

    rows: int = 0
    imported: int = 0
    rejected: int = 0
    located: int = 0
    untrusted_places: int = 0
    area: Share = field(default_factory=Share)
    on_time: Share = field(default_factory=Share)
    seconds: float = 0.0

    @property
    def known(self) -> int:
        return self.rows - self.imported - self.rejected

    def as_json(self) -> dict[str, int | float | None]:
        """Return the figures under the names the command line promises."""
        return {
            "rows": self.rows,
            "imported": self.imported,
            "rejected": self.rejected,
            "located": self.located,
            "untrusted_places": self.untrusted_places,
            "area_agreement": self.area.value,
            "on_time_agreement": self.on_time.value,
            "seconds": round(self.seconds, 3),
            "rows_per_second": round(self.rows / self.seconds, 1) if self.seconds else None,
        }
