"""Who is responsible: category × level × area → unit, by the first rule that matches. Pure.

A rule names a category (and everything beneath it) or none, a level of government or none, an area
(and everything beneath it) or none. Rules are asked in their order; the first that fits decides.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from yiwang.kernel.foundation.sentences import N_, Param, Sentence

ANYWHERE: Final = ""

LEVEL_NAMES: Final[Mapping[str, str]] = {
    "grid": N_("网格级"),
    "community": N_("社区级"),
    "subdistrict": N_("街道级"),
    "county": N_("区县级"),
}

# What a rule asks for, by which of category, level and area it names.
_ASKS: Final[Mapping[tuple[bool, bool, bool], str]] = {
    (False, False, False): N_("任何类别、层级、区域"),
    (False, False, True): N_("区域=%(area)s（含下级）"),
    (False, True, False): N_("层级=%(level)s"),
    (False, True, True): N_("层级=%(level)s，区域=%(area)s（含下级）"),
    (True, False, False): N_("类别=%(category)s（含下级）"),
    (True, False, True): N_("类别=%(category)s（含下级），区域=%(area)s（含下级）"),
    (True, True, False): N_("类别=%(category)s（含下级），层级=%(level)s"),
    (True, True, True): N_("类别=%(category)s（含下级），层级=%(level)s，区域=%(area)s（含下级）"),
}


@dataclass(frozen=True)
class RouteRule:
    """One line of the routing table, with the names its explanation needs.

    `number` is the rule's own number, which stays when lines are moved. Paths are materialised ids
    ("/3/17/"); an empty path or level means any. A rule of a unit that takes no work is not `active`.
    """

    number: int
    position: int
    unit_id: int
    unit_name: str
    category_path: str = ANYWHERE
    category_name: str = ""
    category_name_en: str = ""
    level: str = ANYWHERE
    area_path: str = ANYWHERE
    area_name: str = ""
    active: bool = True

    def covers(self, category_path: str) -> bool:
        """Say whether the rule is for this category, at some level and place."""
        return self.active and category_path.startswith(self.category_path)

    def fits(self, category_path: str, level: str, area_path: str) -> bool:
        """Say whether the rule is for this category, level and place."""
        return (
            self.covers(category_path)
            and self.level in (ANYWHERE, level)
            and area_path.startswith(self.area_path)
        )


@dataclass(frozen=True)
class Match:
    """The unit a matter goes to, by which rule, and why in sentences."""

    rule_id: int
    unit_id: int
    why: tuple[Sentence, ...]


def category_words(name: str, name_en: str) -> Sentence | str:
    """Name a category in either language.

    Both names stand in the sentence; a precision of nought hides the one the reader does not need,
    and the English form of the sentence hides the other.
    """
    if not name_en:
        return name
    told: dict[str, Param] = {"category": name, "category_en": name_en}
    return Sentence(N_("%(category)s%(category_en).0s"), told)


def asks(rule: RouteRule) -> Sentence:
    """Say in words what the rule asks for."""
    facts: dict[str, Param] = {}
    if rule.category_path:
        facts["category"] = category_words(rule.category_name, rule.category_name_en)
    if rule.level:
        facts["level"] = Sentence(LEVEL_NAMES.get(rule.level, rule.level))
    if rule.area_path:
        facts["area"] = rule.area_name
    named = (bool(rule.category_path), bool(rule.level), bool(rule.area_path))
    return Sentence(_ASKS[named], facts)


def explain(rule: RouteRule) -> tuple[Sentence, ...]:
    """Say in words what the rule asks for and where it sends: 规则 12：类别=污水井盖（含下级）→ 市政."""
    facts: dict[str, Param] = {
        "rule": rule.number,
        "asks": asks(rule),
        "unit": rule.unit_name,
    }
    return (Sentence(N_("规则 %(rule)s：%(asks)s→ %(unit)s"), facts),)


def first_match(
    rules: Iterable[RouteRule], category_path: str, level: str, area_path: str
) -> Match | None:
    """Return where the first fitting rule sends a matter; None when none fits.

    This is the definition; `Router` gives the same answer without walking the list.
    """
    for rule in sorted(rules, key=lambda rule: rule.position):
        if rule.fits(category_path, level, area_path):
            return Match(rule.number, rule.unit_id, explain(rule))
    return None


def prefixes(path: str) -> list[str]:
    """Return the path and all above it, with the empty one first: "/1/7/" → ["", "/1/", "/1/7/"]."""
    found = [ANYWHERE]
    for part in path.split("/")[1:-1]:
        found.append(f"{found[-1] or '/'}{part}/")
    return found


_Places = dict[str, tuple[int, Match]]


class Router:
    """The rules made ready for one look-up per level of the area tree.

    For each category and level asked for, the first rule of every area is kept in a dictionary; a
    question then costs one look-up per division above the place, however many rules there are.
    """

    def __init__(self, rules: Sequence[RouteRule]) -> None:
        self._rules = sorted((rule for rule in rules if rule.active), key=lambda r: r.position)
        self._matches = {
            rule.number: Match(rule.number, rule.unit_id, explain(rule)) for rule in self._rules
        }
        self._compiled: dict[tuple[str, str], _Places] = {}

    def route(self, category_path: str, level: str, area_path: str) -> Match | None:
        """Return where the first fitting rule sends a matter; None when none fits."""
        places = self._compiled.get((category_path, level))
        if places is None:
            places = self._compiled[(category_path, level)] = self._compile(category_path, level)
        found = [places[prefix] for prefix in prefixes(area_path) if prefix in places]
        return min(found, key=lambda ranked: ranked[0])[1] if found else None

    def serves(self, category_path: str) -> bool:
        """Say whether some rule gives this category a unit."""
        return any(rule.covers(category_path) for rule in self._rules)

    def _compile(self, category_path: str, level: str) -> _Places:
        places: _Places = {}
        for rank, rule in enumerate(self._rules):
            if rule.covers(category_path) and rule.level in (ANYWHERE, level):
                places.setdefault(rule.area_path, (rank, self._matches[rule.number]))
        return places
