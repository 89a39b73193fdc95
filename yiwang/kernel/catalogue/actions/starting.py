"""Loading the starter lists of the topics, and taking in the kinds of another system's history."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2s

from django.db import transaction

from yiwang.kernel.catalogue.actions.writing import changed, give_paths, line, one_at_a_time
from yiwang.kernel.catalogue.models import IMPORTED, Category, Condition
from yiwang.kernel.catalogue.permissions import require_catalogue
from yiwang.kernel.catalogue.registration import topics
from yiwang.kernel.catalogue.rules.starters import (
    StarterCategory,
    StarterCondition,
    read_starters,
)
from yiwang.kernel.catalogue.rules.tree import code_from, is_code
from yiwang.kernel.catalogue.rules.words import Kind, Stage
from yiwang.kernel.catalogue.snapshot import STARTING_LIMITS
from yiwang.kernel.foundation import audit
from yiwang.kernel.foundation.actors import Actor
from yiwang.kernel.foundation.calendar.rules import Limit


@dataclass(frozen=True)
class SyncResult:
    """What loading the starter lists did, in categories: `kept` are the town's own by now."""

    created: int
    updated: int
    unchanged: int
    kept: int


@transaction.atomic
def sync_topics(*, by: Actor, at: datetime) -> SyncResult:
    """Load the starter lists of all topics, as drafts. A second run changes nothing.

    What a person changed stays as it is, and so does what other hands made under the same code.

    Raises:
        Forbidden: without `catalogue.manage`.
        WrongStarter: a file cannot be used.
    """
    require_catalogue(by, at)
    one_at_a_time()
    told = {topic.code: read_starters(topic.categories_file) for topic in topics()}
    sync = _Sync()
    for place, (topic, starters) in enumerate(told.items(), start=1):
        sync.take(topic, starters, place)
    result = sync.store()
    if result.created or result.updated:
        facts = {"created": sync.made_codes, "updated": sync.changed_codes, "kept": result.kept}
        audit.record("catalogue", "topics", "topics_synced", by=by, at=at, facts=facts)
        changed()
    return result


_CATEGORY_FIELDS = (
    "name",
    "name_en",
    "kind",
    "public",
    "emergency",
    "inspectors_only",
    "keywords",
    "sort_order",
)
_CONDITION_FIELDS = (
    "name",
    "name_en",
    "limit_amount",
    "limit_unit",
    "urgency",
    "needs_photo_before",
    "needs_photo_after",
    "verify_by",
    "public",
    "is_default",
    "source",
    "sort_order",
)


class _Sync:
    """Compares the files with the tables in memory and writes the difference in a few statements."""

    def __init__(self) -> None:
        self._categories = {category.code: category for category in Category.objects.all()}
        self._conditions: dict[int, dict[str, Condition]] = defaultdict(dict)
        for condition in Condition.objects.all():
            self._conditions[condition.category_id][condition.code] = condition
        self._new: list[tuple[str, Category]] = []  # with the parent's code, parents first
        self._changed: list[Category] = []
        self._starters: dict[str, StarterCategory] = {}
        self.made_codes: list[str] = []
        self.changed_codes: list[str] = []
        self._kept = 0

    def take(self, topic: str, starters: Sequence[StarterCategory], place: int) -> None:
        """Compare one topic's list; the module stands at `place` among the modules."""
        for starter in starters:
            values = _category_values(starter)
            if not starter.parent_code:
                values["sort_order"] = place
            self._compare(topic, starter, values)

    def _compare(self, topic: str, starter: StarterCategory, values: dict[str, object]) -> None:
        category = self._categories.get(starter.code)
        if category is None:
            category = Category(code=starter.code, module=starter.module, topic=topic)
            self._assign(category, values)
            self._new.append((starter.parent_code, category))
            self._categories[starter.code] = category
            self.made_codes.append(starter.code)
        elif category.edited or category.topic != topic:
            self._kept += 1
            return
        elif self._assign(category, values):
            self._changed.append(category)
        self._starters[starter.code] = starter

    @staticmethod
    def _assign(row: Category | Condition, values: dict[str, object]) -> bool:
        different = {name: value for name, value in values.items() if getattr(row, name) != value}
        for name, value in different.items():
            setattr(row, name, value)
        return bool(different)

    def store(self) -> SyncResult:
        self._store_new()
        Category.objects.bulk_update(self._changed, _CATEGORY_FIELDS)
        codes = {category.code for category in self._changed} | self._store_conditions()
        self.changed_codes = sorted(codes - set(self.made_codes))
        made, updated = len(self.made_codes), len(self.changed_codes)
        return SyncResult(made, updated, len(self._starters) - made - updated, self._kept)

    def _store_new(self) -> None:
        """Insert level by level, since a path needs the key of the parent."""
        waiting = self._new
        while waiting:
            ready = [(code, c) for code, c in waiting if not code or self._categories[code].pk]
            for code, category in ready:
                category.parent = self._categories[code] if code else None
            made = Category.objects.bulk_create([category for _code, category in ready])
            for category in made:
                give_paths([category], category.parent.path if category.parent else "")
            Category.objects.bulk_update(made, ["path"])
            done = {category.code for category in made}
            waiting = [(code, c) for code, c in waiting if c.code not in done]

    def _store_conditions(self) -> set[str]:
        """Write the conditions; returns the codes of the categories whose conditions changed."""
        new: list[Condition] = []
        different: list[Condition] = []
        codes: set[str] = set()
        for code, starter in self._starters.items():
            category = self._categories[code]
            known = self._conditions[category.pk]
            for place, told in enumerate(starter.conditions, start=1):
                row = known.get(told.code)
                fresh = row is None
                row = row or Condition(category=category, code=told.code)
                if self._assign(row, _condition_values(told, place)):
                    (new if fresh else different).append(row)
                    codes.add(code)
        Condition.objects.filter(pk__in=[row.pk for row in different]).update(is_default=False)
        Condition.objects.bulk_update(different, _CONDITION_FIELDS)
        Condition.objects.bulk_create(new)
        return codes


def _category_values(starter: StarterCategory) -> dict[str, object]:
    return {
        "name": starter.name,
        "name_en": starter.name_en,
        "kind": starter.kind.value,
        "public": starter.public,
        "emergency": starter.emergency,
        "inspectors_only": starter.inspectors_only,
        "keywords": " ".join(starter.keywords),
        "sort_order": starter.sort_order,
    }


def _condition_values(told: StarterCondition, place: int) -> dict[str, object]:
    return {
        "name": told.name,
        "name_en": told.name_en,
        "limit_amount": told.limit.amount,
        "limit_unit": told.limit.unit.value,
        "urgency": told.urgency.value,
        "needs_photo_before": told.needs_photo_before,
        "needs_photo_after": told.needs_photo_after,
        "verify_by": told.verify_by.value,
        "public": told.public,
        "is_default": told.is_default,
        "source": told.source,
        "sort_order": place,
    }


@transaction.atomic
def ensure_categories(
    names: Mapping[str, str],
    *,
    by: Actor,
    at: datetime,
    module: str = "",
    limit: Limit | None = None,
) -> dict[str, Category]:
    """Return the categories of another system's kinds of matter by its codes, made where they are missing.

    They lie beneath "外来类别", or beneath the module named; they are not open for new matters. A code that
    is not one word becomes one, the same for the same text. A code the catalogue has is returned as it is.

    Args:
        names: what each code of the other system is called.

    Raises:
        Forbidden: without `catalogue.manage`. Invalid: no name.
    """
    require_catalogue(by, at)
    wanted = {code: code if is_code(code) else _foreign_code(code) for code in names}
    found = _by_code(wanted.values())
    if set(wanted.values()) - found.keys():
        one_at_a_time()
        found = _by_code(wanted.values())
        fresh = {own: names[code] for code, own in wanted.items() if own not in found}
        found |= _make_foreign(fresh, _foreign_home(module), limit, by, at)
    return {code: found[own] for code, own in wanted.items()}


def _by_code(codes: Iterable[str]) -> dict[str, Category]:
    return {category.code: category for category in Category.objects.filter(code__in=set(codes))}


def _make_foreign(
    names: Mapping[str, str], parent: Category, limit: Limit | None, by: Actor, at: datetime
) -> dict[str, Category]:
    """Make all of them in a few statements, with a row of the record for each."""
    made = [
        Category(
            code=code,
            parent=parent,
            module=parent.module,
            topic=IMPORTED,
            name=line(name, 80, "name"),
            kind=Kind.MATTER.value,
        )
        for code, name in names.items()
    ]
    Category.objects.bulk_create(made)
    _save_paths(made, parent.path)
    allowed = limit or STARTING_LIMITS[Stage.HANDLE]
    Condition.objects.bulk_create(_as_recorded(category, allowed) for category in made)
    told = ((category.pk, {"code": category.code}) for category in made)
    audit.record_many(
        (audit.Event("category", key, "category_imported", by, at, facts) for key, facts in told),
        new=True,
    )
    if made:
        changed()
    return {category.code: category for category in made}


def _foreign_code(text: str) -> str:
    """A code of a text: readable where it can be, and never the same for two texts."""
    return f"{code_from(text)[:40] or 'x'}-{blake2s(text.encode(), digest_size=5).hexdigest()}"


def _foreign_home(module: str) -> Category:
    root = Category.objects.filter(code=module).first() if module else None
    if root is not None:
        return root
    home, created = Category.objects.get_or_create(
        code=IMPORTED,
        defaults={
            "topic": IMPORTED,
            "module": module or IMPORTED,
            "name": "外来类别",
            "name_en": "From other systems",
            "public": False,
            "sort_order": 1_000,
        },
    )
    if created:
        _save_paths([home], "")
    return home


def _as_recorded(category: Category, limit: Limit) -> Condition:
    return Condition(
        category=category,
        code="1",
        name="按原系统记录",
        name_en="As recorded in the other system",
        limit_amount=limit.amount,
        limit_unit=limit.unit.value,
        is_default=True,
        needs_photo_after=False,
        source=IMPORTED,
    )


def _save_paths(categories: Iterable[Category], parent_path: str) -> None:
    rows = list(categories)
    give_paths(rows, parent_path)
    Category.objects.bulk_update(rows, ["path"])
