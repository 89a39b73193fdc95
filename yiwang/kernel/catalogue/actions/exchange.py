"""Taking the Excel file in: everything in it, or nothing."""

from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from typing import IO

from django.db import transaction

from yiwang.kernel.catalogue.actions.routing import write_rules
from yiwang.kernel.catalogue.actions.writing import changed, one_at_a_time
from yiwang.kernel.catalogue.excel import stored
from yiwang.kernel.catalogue.excel.layout import CATEGORIES, CONDITIONS, LIMITS, RULES
from yiwang.kernel.catalogue.excel.proposal import (
    CategoryProposal,
    Change,
    ConditionProposal,
    LimitProposal,
    RuleProposal,
)
from yiwang.kernel.catalogue.excel.reading import Line, Problem, Reading, read
from yiwang.kernel.catalogue.models import Category, Condition, RoutingRule, StageLimit
from yiwang.kernel.catalogue.permissions import require_catalogue, require_rules
from yiwang.kernel.catalogue.rules.routing import Router
from yiwang.kernel.catalogue.rules.words import Stage
from yiwang.kernel.catalogue.snapshot import STARTING_LIMITS, load_rules
from yiwang.kernel.foundation import audit
from yiwang.kernel.foundation.actors import Actor


@dataclass(frozen=True)
class ImportResult:
    """What came of a file: rows read, what changed (or, on a trial, would), and everything wrong.

    With one error or more nothing was written. `applied` is false on a trial too.
    """

    rows: int
    changes: tuple[Change, ...]
    errors: tuple[Problem, ...]
    applied: bool

    @property
    def changed(self) -> int:
        return len(self.changes)

    def as_json(self) -> dict[str, object]:
        """In the active language."""
        return {
            "rows": self.rows,
            "changed": self.changed,
            "applied": self.applied,
            "changes": [change.as_json() for change in self.changes],
            "errors": [problem.as_json() for problem in self.errors],
        }


def import_excel(
    file: IO[bytes] | bytes, *, by: Actor, at: datetime, dry_run: bool = False
) -> ImportResult:
    """Take in the workbook `export_excel` writes. A sheet or column that is left out stays as it is.

    Categories and conditions that are not in the file stay; the rules are the whole table. A trial
    (`dry_run`) does everything and then undoes it.

    Raises:
        Forbidden: without `catalogue.manage`, or `rules.manage` where the rules change.
        Invalid: the file is no workbook, or too large.
    """
    require_catalogue(by, at)
    reading = read(BytesIO(file) if isinstance(file, bytes) else file)
    with transaction.atomic():
        one_at_a_time()
        proposal = _Proposal(reading, at)
        errors = [*reading.problems, *proposal.problems()]
        if not errors:
            errors = _try(proposal, by, at, dry_run)
    applied = not errors and not dry_run
    rows = sum(len(lines) for lines in reading.lines.values())
    return ImportResult(rows, tuple(proposal.changes()), tuple(_in_order(errors)), applied)


def _in_order(errors: list[Problem]) -> list[Problem]:
    places = {
        sheet.name: place for place, sheet in enumerate((CATEGORIES, CONDITIONS, RULES, LIMITS))
    }
    return sorted(
        errors, key=lambda error: (places[error.sheet], error.row, len(error.cell), error.cell)
    )


class _Proposal:
    """The four sheets together. A sheet that is not in the file proposes nothing."""

    def __init__(self, reading: Reading, at: datetime) -> None:
        self._lines = reading.lines
        rows = list(Category.objects.select_related("parent"))
        self.categories = CategoryProposal(rows, at)
        self.categories.take(self._of(CATEGORIES.name))
        conditions = list(Condition.objects.select_related("category"))
        self.conditions = ConditionProposal(conditions, self.categories.all)
        self.conditions.take(self._of(CONDITIONS.name))
        self.rules = self._rules()
        limits = {Stage(row.stage): row.limit for row in StageLimit.objects.all()}
        self.limits = LimitProposal({**STARTING_LIMITS, **limits})
        self.limits.take(self._of(LIMITS.name))

    def _of(self, sheet: str) -> list[Line]:
        return self._lines.get(sheet, [])

    def _rules(self) -> RuleProposal | None:
        if RULES.name not in self._lines:
            return None
        rows = list(RoutingRule.objects.select_related("category"))
        rules = RuleProposal(rows, self.categories.all, stored.units(), stored.areas())
        rules.take(self._of(RULES.name))
        return rules

    def problems(self) -> list[Problem]:
        of_rules = self.rules.problems if self.rules else []
        parts = (self.categories.problems, self.conditions.problems, of_rules, self.limits.problems)
        return [problem for part in parts for problem in part]

    def changes(self) -> list[Change]:
        of_rules = self.rules.changes if self.rules else []
        parts = (self.categories.changes, self.conditions.changes, of_rules, self.limits.changes)
        return [change for part in parts for change in part]


def _try(proposal: _Proposal, by: Actor, at: datetime, dry_run: bool) -> list[Problem]:
    """Write all of it, and undo all of it on a trial or when a promise would be broken."""
    changes = proposal.changes()
    if not changes:
        return []
    if proposal.rules and proposal.rules.changes:
        require_rules(by, at)
    trial = transaction.savepoint()
    _write(proposal)
    problems = proposal.categories.check_published(Router(load_rules()))
    if problems or dry_run:
        transaction.savepoint_rollback(trial)
        return problems
    transaction.savepoint_commit(trial)
    facts = {"changes": [[c.sheet, c.what, c.subject, list(c.columns)] for c in changes]}
    audit.record("catalogue", "excel", "catalogue_imported", by=by, at=at, facts=facts)
    changed()
    return []


_CATEGORY_FIELDS = [
    field.name for field in Category._meta.concrete_fields if field.name not in ("id", "code")
]
_CONDITION_FIELDS = [
    field.name
    for field in Condition._meta.concrete_fields
    if field.name not in ("id", "code", "category")
]


def _write(proposal: _Proposal) -> None:
    _write_categories(proposal)
    _write_conditions(proposal.conditions)
    if proposal.rules and proposal.rules.changes:
        write_rules(_with_keys(proposal.rules))
    for stage, limit in proposal.limits.changed.items():
        StageLimit.objects.update_or_create(
            stage=stage.value,
            defaults={"limit_amount": limit.amount, "limit_unit": limit.unit.value},
        )


def _write_categories(proposal: _Proposal) -> None:
    categories = proposal.categories
    parents = {category.code: category.parent for category in categories.new}
    for category in categories.new:
        category.parent = None
    Category.objects.bulk_create(categories.new)
    for category in categories.new:
        # Assigned again now that the parent, which may be new too, has a key.
        category.parent = parents[category.code]
    for category in proposal.conditions.categories_changed:
        category.edited = True
    touched = {c.code: c for c in (*categories.new, *categories.changed)}
    touched |= {c.code: c for c in proposal.conditions.categories_changed}
    touched |= {c.code: c for c in categories.place()}
    Category.objects.bulk_update(list(touched.values()), _CATEGORY_FIELDS)


def _write_conditions(conditions: ConditionProposal) -> None:
    for condition in conditions.new:
        condition.category = condition.category  # the key it has by now
    # One default per category holds at every moment, so all step back before one steps forward.
    keys = [condition.pk for condition in conditions.changed]
    Condition.objects.filter(pk__in=keys).update(is_default=False)
    Condition.objects.bulk_update(
        sorted(conditions.changed, key=lambda condition: condition.is_default), _CONDITION_FIELDS
    )
    Condition.objects.bulk_create(conditions.new)


def _with_keys(rules: RuleProposal) -> list[RoutingRule]:
    for rule in rules.rules:
        rule.category = rule.category  # the key it has by now
    return rules.rules
