"""The whole catalogue in memory: read in four queries, shared by the process, renewed when it changes."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from yiwang.kernel.catalogue.entries import CategoryEntry, ConditionEntry
from yiwang.kernel.catalogue.models import Category, Condition, RoutingRule, StageLimit
from yiwang.kernel.catalogue.rules.routing import ANYWHERE, Match, Router, RouteRule
from yiwang.kernel.catalogue.rules.suggestion import Suggester, Vocabulary
from yiwang.kernel.catalogue.rules.words import Kind, Stage, Urgency, Verifier
from yiwang.kernel.foundation import versions
from yiwang.kernel.foundation.calendar.rules import Limit, LimitUnit

VERSION = "catalogue"

# What a town works by until it sets its own.
STARTING_LIMITS: Mapping[Stage, Limit] = {
    Stage.ACCEPT: Limit(1, LimitUnit.HOUR),
    Stage.DISPATCH: Limit(1, LimitUnit.HOUR),
    Stage.HANDLE: Limit(3, LimitUnit.WORKDAY),
    Stage.VERIFY: Limit(4, LimitUnit.HOUR),
    Stage.ANSWER: Limit(5, LimitUnit.WORKDAY),
    Stage.CALL_BACK: Limit(3, LimitUnit.WORKDAY),
}


@dataclass(frozen=True)
class Suggestion:
    """A category the words may mean, with the words that say so."""

    category: CategoryEntry
    score: float
    words: tuple[str, ...]


class Book:
    """Every category, condition, rule and stage limit; look-ups cost nothing. Never changes."""

    def __init__(
        self,
        categories: Iterable[CategoryEntry],
        rules: Iterable[RouteRule],
        limits: Mapping[Stage, Limit],
    ) -> None:
        self._categories = {entry.id: entry for entry in categories}
        self._by_code = {entry.code: entry for entry in self._categories.values()}
        self._conditions = {
            condition.id: condition
            for entry in self._categories.values()
            for condition in entry.conditions
        }
        self._children: dict[int | None, list[CategoryEntry]] = defaultdict(list)
        for entry in self._categories.values():
            self._children[entry.parent_id].append(entry)
        self.rules = tuple(sorted(rules, key=lambda rule: rule.position))
        self.router = Router(self.rules)
        self._limits = {**STARTING_LIMITS, **limits}

    def __len__(self) -> int:
        return len(self._categories)

    @property
    def categories(self) -> tuple[CategoryEntry, ...]:
        """All categories, drafts and retired ones too, in the order of the tree's siblings."""
        return tuple(self._categories.values())

    def category(self, category_id: int) -> CategoryEntry | None:
        return self._categories.get(category_id)

    def by_code(self, code: str) -> CategoryEntry | None:
        return self._by_code.get(code)

    def condition(self, condition_id: int) -> ConditionEntry | None:
        return self._conditions.get(condition_id)

    def default_condition(self, category_id: int) -> ConditionEntry | None:
        """The condition a category is taken up under when nobody has chosen one."""
        entry = self._categories.get(category_id)
        return entry.default_condition if entry else None

    def children(self, category_id: int | None) -> tuple[CategoryEntry, ...]:
        """The categories directly beneath; of None: the modules."""
        return tuple(self._children.get(category_id, ()))

    def lineage(self, category_id: int) -> tuple[CategoryEntry, ...]:
        """The category with all above it, the module first; empty when unknown."""
        entry = self._categories.get(category_id)
        ids = [int(part) for part in entry.path.split("/") if part] if entry else []
        return tuple(self._categories[found] for found in ids if found in self._categories)

    @cached_property
    def assignable(self) -> tuple[CategoryEntry, ...]:
        """What a case can be filed under: published, with no published category beneath."""
        headings = {entry.parent_id for entry in self._categories.values() if entry.published}
        return tuple(
            entry
            for entry in self._categories.values()
            if entry.published and entry.id not in headings
        )

    def route(self, category_id: int | None, level: str, area_path: str) -> Match | None:
        """Say which unit a matter goes to and why; None when no rule fits.

        `category_id` None is a matter not categorised yet; `area_path` "" one not located yet.
        """
        entry = self._categories.get(category_id) if category_id is not None else None
        return self.router.route(entry.path if entry else ANYWHERE, level, area_path)

    def serves(self, category_id: int) -> bool:
        """Say whether some rule gives the category a unit."""
        entry = self._categories.get(category_id)
        return entry is not None and self.router.serves(entry.path)

    def limit_for(self, stage: Stage | str) -> Limit:
        """How long a stage may take where the condition does not say."""
        return self._limits[Stage(stage)]

    def suggest(self, text: str, count: int = 3) -> list[CategoryEntry]:
        """The categories the words may mean, the likeliest first."""
        return [suggestion.category for suggestion in self.suggestions(text, count)]

    def suggestions(self, text: str, count: int = 3) -> list[Suggestion]:
        """The categories the words may mean, each with the words that say so."""
        return [
            Suggestion(self._categories[guess.category_id], guess.score, guess.words)
            for guess in self._suggester.guess(text, count)
        ]

    @cached_property
    def _suggester(self) -> Suggester:
        return Suggester(
            Vocabulary(entry.id, (entry.name, *entry.keywords)) for entry in self.assignable
        )


def book() -> Book:
    """Return the catalogue as it stands, from memory unless it changed."""
    return versions.cached(VERSION, load)


def load() -> Book:
    """Read the catalogue from the database: four queries, whatever its size."""
    conditions: dict[int, list[ConditionEntry]] = defaultdict(list)
    for condition in Condition.objects.order_by("sort_order", "code"):
        conditions[condition.category_id].append(_condition_entry(condition))
    categories = [
        _category_entry(category, tuple(conditions[category.pk]))
        for category in Category.objects.in_order()
    ]
    limits = {Stage(row.stage): row.limit for row in StageLimit.objects.all()}
    return Book(categories, load_rules(), limits)


def load_rules() -> list[RouteRule]:
    """Read the routing table: one query."""
    rows = RoutingRule.objects.select_related("category", "area", "unit").order_by("order")
    return [route_rule(row) for row in rows]


def route_rule(row: RoutingRule) -> RouteRule:
    """Give a stored rule the names and paths its use and its explanation need."""
    return RouteRule(
        number=row.pk,
        position=row.order,
        unit_id=row.unit_id,
        unit_name=row.unit.name,
        category_path=row.category.path if row.category else ANYWHERE,
        category_name=row.category.name if row.category else "",
        category_name_en=row.category.name_en if row.category else "",
        level=row.level,
        area_path=row.area.path if row.area else ANYWHERE,
        area_name=row.area.name if row.area else "",
        active=row.active and row.unit.active,
    )


def _condition_entry(row: Condition) -> ConditionEntry:
    return ConditionEntry(
        id=row.pk,
        category_id=row.category_id,
        code=row.code,
        name=row.name,
        name_en=row.name_en,
        limit=row.limit,
        urgency=Urgency(row.urgency),
        needs_photo_before=row.needs_photo_before,
        needs_photo_after=row.needs_photo_after,
        verify_by=Verifier(row.verify_by),
        public=row.public,
        is_default=row.is_default,
        active=row.active,
    )


def _category_entry(row: Category, conditions: tuple[ConditionEntry, ...]) -> CategoryEntry:
    return CategoryEntry(
        id=row.pk,
        parent_id=row.parent_id,
        path=row.path,
        module=row.module,
        topic=row.topic,
        code=row.code,
        name=row.name,
        name_en=row.name_en,
        kind=Kind(row.kind),
        published=row.published,
        public=row.public,
        emergency=row.emergency,
        inspectors_only=row.inspectors_only,
        keywords=row.word_list,
        conditions=conditions,
    )
