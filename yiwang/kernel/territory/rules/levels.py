"""The levels of the division tree, from province to micro-grid."""

from enum import StrEnum


class Level(StrEnum):
    """One level of the tree; `depth` grows downwards."""

    PROVINCE = "province"
    CITY = "city"
    COUNTY = "county"
    SUBDISTRICT = "subdistrict"
    COMMUNITY = "community"
    GRID = "grid"
    MICRO_GRID = "micro_grid"

    @property
    def depth(self) -> int:
        return _DEPTHS[self]

    @property
    def parent(self) -> "Level | None":
        """The level right above, None for a province."""
        return list(Level)[self.depth - 1] if self.depth else None

    def is_above(self, other: "Level") -> bool:
        return self.depth < other.depth


_DEPTHS = {level: depth for depth, level in enumerate(Level)}


class Kind(StrEnum):
    """Kinds of grid: a general grid of households, or one of its own for a market, park, school, hospital."""

    GENERAL = "general"
    DEDICATED = "dedicated"
