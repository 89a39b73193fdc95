"""Every write to the land: one transaction, audited, and the maps in memory told to read again."""

from yiwang.kernel.territory.actions.boundaries import set_boundary
from yiwang.kernel.territory.actions.default_points import add_default_point, remove_default_point
from yiwang.kernel.territory.actions.divisions import (
    change_division,
    close_division,
    create_division,
    set_town,
)
from yiwang.kernel.territory.actions.importing import ImportOptions, ImportReport, import_shapes
from yiwang.kernel.territory.actions.splitting import Part, split_division

__all__ = [
    "ImportOptions",
    "ImportReport",
    "Part",
    "add_default_point",
    "change_division",
    "close_division",
    "create_division",
    "import_shapes",
    "remove_default_point",
    "set_boundary",
    "set_town",
    "split_division",
]
