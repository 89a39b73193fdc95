"""What is wrong with the land, or was mended: one shape of answer for imports and checks."""

from dataclasses import dataclass
from enum import StrEnum

from yiwang.kernel.foundation.sentences import Sentence


class Problem(StrEnum):
    """What a finding is about; stable names for programs."""

    NOT_GEOJSON = "not_geojson"
    UNKNOWN_CRS = "unknown_crs"
    NOT_DEGREES = "not_degrees"
    NOT_A_POLYGON = "not_a_polygon"
    INVALID_RING = "invalid_ring"
    MISSING_CODE = "missing_code"
    MISSING_NAME = "missing_name"
    MISSING_PARENT = "missing_parent"
    WRONG_VALUE = "wrong_value"
    DUPLICATE_CODE = "duplicate_code"
    DUPLICATE_NAME = "duplicate_name"
    OVERLAP = "overlap"
    GAP = "gap"
    OUTSIDE_PARENT = "outside_parent"
    NO_BOUNDARY = "no_boundary"
    LATER_BOUNDARY = "later_boundary"
    WRONG_CODE = "wrong_code"
    WRONG_PARENT = "wrong_parent"
    WRONG_ORDER = "wrong_order"
    HOUSEHOLDS = "households"
    STAFFING = "staffing"


@dataclass(frozen=True)
class Finding:
    """One sentence about named shapes, with the area concerned and where (degrees) when there is one.

    `advice` marks what should be looked at but breaks nothing.
    """

    problem: Problem
    names: tuple[str, ...]
    sentence: Sentence
    area_m2: float | None = None
    at: tuple[float, float] | None = None
    advice: bool = False


def shown_area(area_m2: float) -> str:
    """Square metres for a sentence: one decimal below a hundred, whole above."""
    return f"{area_m2:,.1f}" if abs(area_m2) < 100 else f"{area_m2:,.0f}"


def shown_place(at: tuple[float, float]) -> str:
    """Longitude, latitude for a sentence; six decimals are about ten centimetres."""
    return f"{at[0]:.6f}, {at[1]:.6f}"


def shown_names(names: tuple[str, ...], most: int = 4) -> str:
    """Names for a sentence, shortened when there are many."""
    return "、".join(names[:most]) + ("…" if len(names) > most else "")
