"""Every write of this room."""

from yiwang.kernel.catalogue.actions.categories import (
    CategoryFields,
    create_category,
    edit_category,
    move_category,
    publish_category,
    publish_served,
    reorder,
    retire_category,
)
from yiwang.kernel.catalogue.actions.conditions import (
    ConditionFields,
    add_condition,
    edit_condition,
    set_stage_limit,
)
from yiwang.kernel.catalogue.actions.exchange import ImportResult, import_excel
from yiwang.kernel.catalogue.actions.routing import (
    RuleDraft,
    drafts,
    fingerprint,
    rehearse_rules,
    save_rules,
)
from yiwang.kernel.catalogue.actions.starting import SyncResult, ensure_categories, sync_topics

__all__ = [
    "CategoryFields",
    "ConditionFields",
    "ImportResult",
    "RuleDraft",
    "SyncResult",
    "add_condition",
    "create_category",
    "drafts",
    "edit_category",
    "edit_condition",
    "ensure_categories",
    "fingerprint",
    "import_excel",
    "move_category",
    "publish_category",
    "publish_served",
    "rehearse_rules",
    "reorder",
    "retire_category",
    "save_rules",
    "set_stage_limit",
    "sync_topics",
]
