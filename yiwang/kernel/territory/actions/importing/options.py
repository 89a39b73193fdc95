"""How to read a file and where its shapes go; what an import found and did."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime

from yiwang.kernel.foundation.actors import Actor
from yiwang.kernel.foundation.sentences import Sentence
from yiwang.kernel.territory.models import Boundary, Division
from yiwang.kernel.territory.rules.coords import Crs
from yiwang.kernel.territory.rules.findings import Finding
from yiwang.kernel.territory.rules.levels import Level
from yiwang.kernel.territory.rules.reading import Fields


@dataclass(frozen=True)
class ImportOptions:
    """How to read a file and where its shapes go.

    fields.parent names the property with each shape's parent (code or name); `parent` is one for all. With neither, the
    nearest level above that has boundaries decides by geometry, and shapes inside none of them become roots.
    valid_from: the day the shapes begin to hold, today when None.
    """

    level: Level
    fields: Fields
    crs: Crs = Crs.WGS84
    parent: str = ""
    partial: bool = False
    repair: bool = False
    valid_from: date | None = None
    source: str = ""
    generated: bool = False


@dataclass
class ImportReport:
    """What an import found and did. With findings nothing was written."""

    read: int = 0
    findings: list[Finding] = field(default_factory=list)
    mended: list[Finding] = field(default_factory=list)
    notes: list[Sentence] = field(default_factory=list)
    created: list[str] = field(default_factory=list)
    redrawn: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    unchanged: int = 0

    @property
    def refused(self) -> bool:
        return bool(self.findings)


@dataclass
class Run:
    """One run: the options, the day, and the divisions that are there."""

    options: ImportOptions
    day: date
    by: Actor
    at: datetime
    report: ImportReport
    above: list[Division]
    there: list[Division]
    boundaries: dict[int, Boundary]
