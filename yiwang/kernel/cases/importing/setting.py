"""What an import stands on: the place with its areas, the units and the categories, made where they are missing."""

from collections.abc import Callable, Set
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path

import numpy as np
from django.db import transaction

from yiwang.kernel.cases.importing.building import Found, Kind
from yiwang.kernel.cases.importing.copying import Ready
from yiwang.kernel.cases.importing.mapping import Mapping, UnitNamed, WrongMapping
from yiwang.kernel.cases.importing.reading import Row
from yiwang.kernel.catalogue import actions as catalogue
from yiwang.kernel.catalogue.models import Condition
from yiwang.kernel.foundation.actors import SYSTEM
from yiwang.kernel.foundation.sentences import N_, Sentence, as_json
from yiwang.kernel.organisation import actions as organisation
from yiwang.kernel.organisation.models import Unit, UnitKind, UnitLevel
from yiwang.kernel.territory.actions.default_points import add_default_point
from yiwang.kernel.territory.actions.divisions import create_division
from yiwang.kernel.territory.actions.importing import ImportOptions, import_shapes
from yiwang.kernel.territory.land import land
from yiwang.kernel.territory.locating import locate_many
from yiwang.kernel.territory.models import Division
from yiwang.kernel.territory.rules.coords import Crs
from yiwang.kernel.territory.rules.levels import Level
from yiwang.kernel.territory.rules.reading import Fields
from yiwang.kernel.territory.rules.trust import Trust

LONG_AGO = date(1990, 1, 1)
"""From when on areas brought along with a history hold: before any row."""

_TRUSTS = list(Trust)
_WHY = {
    Trust.TRUSTED: N_("导入的坐标在“%(area)s”内"),
    Trust.NO_POINT: N_("原系统没有给出坐标"),
    Trust.DEFAULT_POINT: N_("坐标是原系统的默认点，不代表真实地点"),
    Trust.OUTSIDE: N_("坐标在所有边界之外"),
    Trust.DISAGREES: N_("坐标在“%(area)s”内，原系统记录的是另一区域"),
    Trust.NEAR_BORDER: N_("坐标离“%(area)s”的边界太近"),
}


@dataclass
class Setting:
    """The place and the look-ups of one import."""

    mapping: Mapping
    place: Division
    at: datetime
    units: dict[str, int] = field(default_factory=dict)
    kinds: dict[str, Kind] = field(default_factory=dict)
    codes: dict[str, int] = field(default_factory=dict)
    reasons: dict[tuple[Trust, str], Ready] = field(default_factory=dict)

    @transaction.atomic
    def make_ready(self, rows: list[Row]) -> None:
        """Make what these rows name and the town does not have yet, in one transaction."""
        for word in {row.unit for row in rows} - self.units.keys():
            self.unit(word)
        self._make_kinds({row.category for row in rows} - self.kinds.keys())

    def unit(self, word: str) -> int:
        """Return the unit of a word of the other system, made at the first call."""
        if word not in self.units:
            named = self.mapping.units.get(word) or UnitNamed(word or "none", word or "—")
            code = f"{self.mapping.name}-{named.code}"[:40]
            unit = Unit.objects.filter(code=code).first() or organisation.add_unit(
                name=named.name, code=code, kind=UnitKind.DEPARTMENT, level=UnitLevel.SUBDISTRICT,
                division=self.place, by=SYSTEM, at=self.at,
            )  # fmt: skip
            self.units[word] = unit.pk
        return self.units[word]

    def _make_kinds(self, asked: Set[str]) -> None:
        """Find the categories of the other system's words, or make them, all of a batch together."""
        if not asked:
            return
        codes = {words: self._code(words) for words in sorted(asked)}
        made = catalogue.ensure_categories(
            {code: (words or "—")[:80] for words, code in codes.items()},
            limit=self.mapping.limit, by=SYSTEM, at=self.at,
        )  # fmt: skip
        standard = Condition.objects.filter(category__in=made.values(), is_default=True)
        conditions = dict(standard.values_list("category", "pk"))
        for words, code in codes.items():
            category = made[code]
            if category.pk not in conditions:
                raise WrongMapping(f"[categories] {words!r}: {code} has no condition to file under")
            self.kinds[words] = Kind(category.pk, conditions[category.pk], category.path)

    def _code(self, words: str) -> str:
        return self.mapping.categories.get(words, f"{self.mapping.name}.{words or '—'}")

    def locate(self, rows: list[Row]) -> list[Found]:
        """Say where each row is, as of its own day."""
        found: list[Found | None] = [None] * len(rows)
        eras: dict[int, list[int]] = {}
        ground = land()
        for position, row in enumerate(rows):
            eras.setdefault(ground.era(row.opened.date()), []).append(position)
        for positions in eras.values():
            self._locate_era([rows[p] for p in positions], positions, found)
        return [each for each in found if each is not None]

    def _locate_era(self, rows: list[Row], positions: list[int], found: list[Found | None]) -> None:
        lon = np.array([np.nan if row.lon is None else row.lon for row in rows], dtype=np.float64)
        lat = np.array([np.nan if row.lat is None else row.lat for row in rows], dtype=np.float64)
        chosen = np.array([self.codes.get(row.area, 0) for row in rows], dtype=np.int64)
        where = locate_many(
            lon, lat, rows[0].opened, self.mapping.area_level, chosen=chosen, distances=False
        )
        places = land().places
        for position, key, path, code in zip(
            positions, where.division_id.tolist(), where.path, where.trust.tolist(), strict=True
        ):
            trust = _TRUSTS[code]
            name = places[key].name if key else ""
            found[position] = Found(
                key or self.place.pk, path or self.place.path, trust.value, self._why(trust, name)
            )

    def _why(self, trust: Trust, area: str) -> Ready:
        key = trust, area
        if key not in self.reasons:
            sentence = Sentence(_WHY[trust], {"area": area} if area else {})
            self.reasons[key] = Ready.json(as_json([sentence]))
        return self.reasons[key]


def prepare(mapping: Mapping, folder: Path, at: datetime, say: Callable[[str], None]) -> Setting:
    """Make what is missing; `folder` is where the rows lie, and the areas beside them.

    Raises:
        WrongMapping: the areas cannot be read or are refused.
    """
    place = _place(mapping, at)
    _areas(mapping, folder, place, at, say)
    for point in mapping.default_places:
        add_default_point(
            point.name, point.lon, point.lat, radius_m=point.radius_m, by=SYSTEM, at=at
        )
    areas = Division.objects.under(place).level(mapping.area_level)
    codes = {code or name: key for key, code, name in areas.values_list("pk", "code", "name")}
    return Setting(mapping, place, at, codes=codes)


def _place(mapping: Mapping, at: datetime) -> Division:
    """Find the place by code or name; else make it, one level above its areas."""
    living = Division.objects.filter(valid_to=None)
    found = (
        living.filter(code=mapping.place_name).first()
        or living.filter(name=mapping.place_name).first()
    )
    above = [level for level in Level if level.is_above(Level(mapping.area_level))]
    return found or create_division(
        level=above[-1], name=mapping.place_name, valid_from=LONG_AGO, by=SYSTEM, at=at
    )


def _areas(
    mapping: Mapping, folder: Path, place: Division, at: datetime, say: Callable[[str], None]
) -> None:
    """Bring the areas in, once. A published map is mended where its rings or slivers need it, and says so."""
    told = mapping.territory
    if told is None or Division.objects.under(place).level(told.level).exists():
        return
    try:
        content = (folder / told.file).read_bytes()
    except OSError as error:
        raise WrongMapping(f"[territory] {told.file}: {error.strerror}") from error
    options = ImportOptions(
        level=Level(told.level), fields=Fields(code=told.code_field, name=told.name_field),
        crs=Crs(told.crs), parent=place.name, partial=True, repair=True, valid_from=LONG_AGO,
        source=told.file,
    )  # fmt: skip
    report = import_shapes(content, options, by=SYSTEM, at=at)
    for change in report.mended:
        say(f"{told.file}: {change.sentence.text()}")
    if report.refused:
        raise WrongMapping(f"[territory] {told.file}: {report.findings[0].sentence.text()}")
