"""Sets of polygons on a plane in metres: what is wrong with them, and mending slivers."""

from yiwang.kernel.territory.rules.shapes.repair import mend, mend_ring
from yiwang.kernel.territory.rules.shapes.topology import (
    USUAL,
    Region,
    Tolerance,
    check,
    invalid_reason,
)

__all__ = ["USUAL", "Region", "Tolerance", "check", "invalid_reason", "mend", "mend_ring"]
