"""Filing a case under a category: what follows from it, and to whom it would go."""

from yiwang.kernel import catalogue
from yiwang.kernel.cases.actions.turn import refuse_field
from yiwang.kernel.cases.models import Case
from yiwang.kernel.catalogue.entries import CategoryEntry, ConditionEntry
from yiwang.kernel.foundation.sentences import N_, as_json


def chosen(
    category_id: int | None, condition_id: int | None
) -> tuple[CategoryEntry, ConditionEntry]:
    """Return the published category and its condition.

    Raises:
        Invalid: unknown, unpublished, a heading without conditions, or a condition of another category.
    """
    book = catalogue.book()
    entry = book.category(category_id) if category_id else None
    if entry is None or not entry.published:
        raise refuse_field("category_id", N_("请选择一个已发布的类别"))
    condition = book.condition(condition_id) if condition_id else entry.default_condition
    if condition is None or condition.category_id != entry.id:
        raise refuse_field("category_id", N_("请选择具体的类别和立案条件"))
    return entry, condition


def file_under(case: Case, entry: CategoryEntry, condition: ConditionEntry) -> None:
    """Write category, urgency, publicity, verifier and the suggested unit (unsaved)."""
    case.category_id = entry.id
    case.condition_id = condition.id
    case.category_path = entry.path
    case.urgent = condition.is_urgent
    case.public = entry.public and condition.public
    case.confidential = entry.inspectors_only
    if not case.confidential:
        case.about_user_id = case.about_unit_id = None
    case.verify_by = condition.verify_by
    suggest_unit(case)


def suggest_unit(case: Case) -> None:
    """Ask the routing rules who is responsible, and keep the reason on the case (unsaved)."""
    match = (
        catalogue.book().route(case.category_id, case.level, case.area_path)
        if case.category_id
        else None
    )
    case.suggested_unit_id = match.unit_id if match else None
    case.routing_why = as_json(match.why) if match else []
