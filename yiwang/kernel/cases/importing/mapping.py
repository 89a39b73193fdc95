"""What a mapping file may say, checked whole before the first row is read. Pure."""

import tomllib
from collections.abc import Mapping as Table
from dataclasses import dataclass, field
from datetime import tzinfo
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from yiwang.kernel.cases.rules.stages import Channel, ReportKind
from yiwang.kernel.foundation.calendar.rules import Limit


class WrongMapping(Exception):
    """The mapping cannot be used; the message names the place and what was expected."""


ONE_COLUMN = (
    "number", "opened", "target", "closed", "status", "on_time", "unit", "lon", "lat", "address",
    "area", "channel", "kind", "result", "name", "phone",
)  # fmt: skip
MANY_COLUMNS = ("text", "category")
NEEDED = ("number", "opened", "status", "unit")


@dataclass(frozen=True)
class UnitNamed:
    """A unit of the other system under the name it gets here."""

    code: str
    name: str


@dataclass(frozen=True)
class TerritoryFile:
    """A GeoJSON file, beside the rows, that holds the areas the rows name."""

    file: str
    level: str
    code_field: str
    name_field: str
    crs: str = "wgs84"


@dataclass(frozen=True)
class DefaultPlace:
    """A point the other system wrote where it knew no place. Degrees WGS-84, metres."""

    lon: float
    lat: float
    radius_m: float
    name: str


@dataclass(frozen=True)
class Mapping:
    """One other system, in words of this one."""

    name: str
    encoding: str
    delimiter: str
    zone: tzinfo
    time_formats: tuple[str, ...]
    columns: Table[str, tuple[str, ...]]
    open_words: frozenset[str]
    closed_words: frozenset[str]
    on_time_words: frozenset[str]
    late_words: frozenset[str]
    channels: Table[str, Channel]
    kinds: Table[str, ReportKind]
    units: Table[str, UnitNamed]
    other_units: str
    categories: Table[str, str]
    limit: Limit | None
    place_name: str
    area_level: str
    territory: TerritoryFile | None = None
    default_places: tuple[DefaultPlace, ...] = ()
    blank: frozenset[str] = field(default_factory=frozenset)


def read(path: Path) -> Mapping:
    """Read a mapping file.

    Raises:
        WrongMapping: unreadable, a section or key is missing, unknown or of the wrong kind.
    """
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise WrongMapping(f"{path}: {error.strerror}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise WrongMapping(f"{path}: {error}") from error
    return parse(table)


_SECTIONS = {
    "source", "columns", "status", "on_time", "channels", "kinds", "units", "categories",
    "territory", "default_points",
}  # fmt: skip


def parse(table: Table[str, object]) -> Mapping:
    """Check a mapping that was read from TOML."""
    unknown = set(table) - _SECTIONS
    if unknown:
        raise WrongMapping(f"unknown section [{sorted(unknown)[0]}]")
    source, status = _section(table, "source"), _section(table, "status")
    on_time = _section(table, "on_time", needed=False)
    units = _section(table, "units")
    categories = _section(table, "categories", needed=False)
    territory = _section(table, "territory")
    return Mapping(
        name=_text(source, "name", "source"),
        encoding=_text(source, "encoding", "source", "utf-8-sig"),
        delimiter=_text(source, "delimiter", "source", ","),
        zone=_zone(_text(source, "time_zone", "source")),
        time_formats=tuple(_texts(source, "time_formats", "source", ["iso"])),
        columns=_columns(_section(table, "columns")),
        open_words=frozenset(_texts(status, "open", "status")),
        closed_words=frozenset(_texts(status, "closed", "status")),
        on_time_words=frozenset(_texts(on_time, "yes", "on_time", [])),
        late_words=frozenset(_texts(on_time, "no", "on_time", [])),
        channels={k: _channel(k, v) for k, v in _section(table, "channels", needed=False).items()},
        kinds={k: _kind(k, v) for k, v in _section(table, "kinds", needed=False).items()},
        units={k: _unit(k, v) for k, v in units.items() if k != "other"},
        other_units=_text(units, "other", "units", "refuse"),
        categories={k: str(v) for k, v in categories.items() if k != "limit"},
        limit=_limit(_text(categories, "limit", "categories", "")),
        place_name=_text(territory, "place", "territory"),
        area_level=_text(territory, "level", "territory"),
        territory=_territory(territory),
        default_places=tuple(_default_places(table)),
        blank=frozenset(_texts(source, "blank", "source", [])),
    )


def _section(table: Table[str, object], name: str, *, needed: bool = True) -> Table[str, object]:
    section = table.get(name, None if needed else {})
    if not isinstance(section, Table):
        raise WrongMapping(f"section [{name}] is missing")
    return section


def _text(section: Table[str, object], key: str, where: str, default: str | None = None) -> str:
    value = section.get(key, default)
    if not isinstance(value, str):
        raise WrongMapping(f"[{where}] {key}: a text is expected")
    return value


def _texts(
    section: Table[str, object], key: str, where: str, default: list[str] | None = None
) -> list[str]:
    value = section.get(key, default)
    if isinstance(value, str):
        return [value]
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise WrongMapping(f"[{where}] {key}: a list of texts is expected")
    return value


def _columns(section: Table[str, object]) -> dict[str, tuple[str, ...]]:
    unknown = set(section) - {*ONE_COLUMN, *MANY_COLUMNS}
    if unknown:
        raise WrongMapping(f"[columns] {sorted(unknown)[0]}: no such field")
    missing = [name for name in NEEDED if name not in section]
    if missing:
        raise WrongMapping(f"[columns] {missing[0]} is missing")
    columns = {name: tuple(_texts(section, name, "columns")) for name in section}
    for name in ONE_COLUMN:
        if len(columns.get(name, ("",))) != 1:
            raise WrongMapping(f"[columns] {name}: one column is expected")
    return columns


def _zone(name: str) -> tzinfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise WrongMapping(f"[source] time_zone: {name!r} is not a time zone") from error


def _channel(key: str, value: object) -> Channel:
    try:
        return Channel(str(value))
    except ValueError as error:
        raise WrongMapping(f"[channels] {key}: one of {', '.join(Channel)}") from error


def _kind(key: str, value: object) -> ReportKind:
    try:
        return ReportKind(str(value))
    except ValueError as error:
        raise WrongMapping(f"[kinds] {key}: one of {', '.join(ReportKind)}") from error


def _unit(key: str, value: object) -> UnitNamed:
    if isinstance(value, str):
        return UnitNamed(key, value)
    if isinstance(value, Table):
        return UnitNamed(
            _text(value, "code", f"units.{key}", key), _text(value, "name", f"units.{key}")
        )
    raise WrongMapping(f"[units] {key}: a name is expected")


def _limit(text: str) -> Limit | None:
    try:
        return Limit.parse(text) if text else None
    except ValueError as error:
        raise WrongMapping(
            f"[categories] limit: {text!r} is not a limit like 4小时 or 3天"
        ) from error


def _territory(section: Table[str, object]) -> TerritoryFile | None:
    if "file" not in section:
        return None
    return TerritoryFile(
        file=_text(section, "file", "territory"),
        level=_text(section, "level", "territory"),
        code_field=_text(section, "code_field", "territory"),
        name_field=_text(section, "name_field", "territory"),
        crs=_text(section, "crs", "territory", "wgs84"),
    )


def _default_places(table: Table[str, object]) -> list[DefaultPlace]:
    listed = table.get("default_points", [])
    if not isinstance(listed, list):
        raise WrongMapping("[[default_points]]: a list is expected")
    try:
        return [
            DefaultPlace(float(p["lon"]), float(p["lat"]), float(p["radius_m"]), str(p["name"]))
            for p in listed
        ]
    except (KeyError, TypeError, ValueError) as error:
        raise WrongMapping(
            "[[default_points]]: lon, lat, radius_m and name are expected"
        ) from error
