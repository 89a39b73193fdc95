"""The starter list of a topic, read from its TOML file and checked. Pure: no Django, no database.

A file has one [module], then [[heading]]s, each with `categories`. What a heading says about photos,
verifying, publicity, its source and its `conditions` holds for every category beneath that does not
say otherwise. An urgent unit of time makes a condition urgent unless it says `urgent = false`.
"""

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from yiwang.kernel.catalogue.rules.words import Kind, Urgency, Verifier
from yiwang.kernel.foundation.calendar.rules import Limit

_Table = Mapping[str, Any]  # what TOML gives; every value is checked on the way in
_SHARED: Final = (
    "kind",
    "photo_before",
    "photo_after",
    "verify_by",
    "public",
    "inspectors_only",
    "emergency",
    "source",
    "conditions",
)
_OF_CATEGORY: Final = {"code", "name", "name_en", "keywords", *_SHARED}
_OF_CONDITION: Final = {"when", "when_en", "limit", "urgent", "source", "default"}


class WrongStarter(Exception):
    """A starter file cannot be used; the message names the file and the entry."""


@dataclass(frozen=True)
class StarterCondition:
    """One condition of a starter category; fields as of `models.Condition`."""

    code: str
    name: str
    name_en: str
    limit: Limit
    urgency: Urgency
    needs_photo_before: bool
    needs_photo_after: bool
    verify_by: Verifier
    public: bool
    is_default: bool
    source: str


@dataclass(frozen=True)
class StarterCategory:
    """One category of a starter list; `parent_code` is blank for the module itself."""

    code: str
    parent_code: str
    module: str
    name: str
    name_en: str
    kind: Kind
    public: bool
    emergency: bool
    inspectors_only: bool
    keywords: tuple[str, ...]
    sort_order: int
    conditions: tuple[StarterCondition, ...]


def read_starters(path: Path) -> tuple[StarterCategory, ...]:
    """Read a topic's file: the module first, every category after the one it lies beneath.

    Raises:
        WrongStarter: naming file and entry, when something is missing, unknown or said twice.
    """
    try:
        found = tuple(_walk(tomllib.loads(path.read_text(encoding="utf-8"))))
        _check_codes(found)
    except (KeyError, TypeError, ValueError) as error:
        raise WrongStarter(f"{path}: {error}") from error
    return found


def _walk(file: _Table) -> Iterator[StarterCategory]:
    module = file["module"]
    code = str(module["code"])
    yield _category(module, {}, code, "", 0)
    for place, heading in enumerate(file["heading"], start=1):
        shared = {key: heading[key] for key in _SHARED if key in heading}
        own = {
            key: value for key, value in heading.items() if key not in ("categories", "conditions")
        }
        yield _category(own, {}, code, code, place)
        for order, entry in enumerate(heading["categories"], start=1):
            yield _category(entry, shared, code, heading["code"], order)


def _category(
    entry: _Table, shared: _Table, module: str, parent_code: str, order: int
) -> StarterCategory:
    if unknown := set(entry) - _OF_CATEGORY:
        raise ValueError(f"{entry.get('code')}: unknown {', '.join(sorted(unknown))}")
    told = {**shared, **entry}
    inspectors_only = bool(told.get("inspectors_only", False))
    return StarterCategory(
        code=str(entry["code"]),
        parent_code=parent_code,
        module=module,
        name=str(entry["name"]),
        name_en=str(entry["name_en"]),
        kind=Kind(told.get("kind", Kind.MATTER)),
        public=bool(told.get("public", True)) and not inspectors_only,
        emergency=bool(told.get("emergency", False)),
        inspectors_only=inspectors_only,
        keywords=tuple(str(entry.get("keywords", "")).split()),
        sort_order=order,
        conditions=_conditions(told),
    )


def _conditions(told: _Table) -> tuple[StarterCondition, ...]:
    entries: Sequence[_Table] = told.get("conditions", ())
    chosen = [place for place, entry in enumerate(entries) if entry.get("default")]
    if len(chosen) > 1:
        raise ValueError(f"{told['code']}: more than one default condition")
    default = chosen[0] if chosen else 0
    return tuple(
        _condition(entry, told, place, place == default) for place, entry in enumerate(entries)
    )


def _condition(entry: _Table, told: _Table, place: int, is_default: bool) -> StarterCondition:
    if unknown := set(entry) - _OF_CONDITION:
        raise ValueError(f"{told['code']}: unknown {', '.join(sorted(unknown))}")
    limit = Limit.parse(entry["limit"])
    urgent = bool(entry.get("urgent", limit.unit.is_urgent))
    return StarterCondition(
        code=str(place + 1),
        name=str(entry["when"]),
        name_en=str(entry["when_en"]),
        limit=limit,
        urgency=Urgency.URGENT if urgent else Urgency.NORMAL,
        needs_photo_before=bool(told.get("photo_before", False)),
        needs_photo_after=bool(told.get("photo_after", True)),
        verify_by=Verifier(told.get("verify_by", Verifier.COMMUNITY)),
        public=bool(told.get("public", True)) and not told.get("inspectors_only", False),
        is_default=is_default,
        source=str(entry.get("source", told.get("source", ""))),
    )


def _check_codes(found: Sequence[StarterCategory]) -> None:
    seen: set[str] = set()
    for category in found:
        if category.code in seen:
            raise ValueError(f"{category.code}: said twice")
        seen.add(category.code)
