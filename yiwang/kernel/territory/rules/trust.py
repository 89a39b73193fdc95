"""Where a point is, and whether that can be relied on."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from yiwang.kernel.foundation.sentences import Sentence


class Trust(StrEnum):
    """Whether a location can be relied on, and if not, the strongest reason why."""

    TRUSTED = "trusted"
    NO_POINT = "no_point"
    DEFAULT_POINT = "default_point"
    OUTSIDE = "outside"
    DISAGREES = "disagrees"
    NEAR_BORDER = "near_border"


# The number of a Trust in arrays.
TRUST_CODE: dict[Trust, int] = {trust: number for number, trust in enumerate(Trust)}
# Geometry says nothing about the place.
UNPLACED = frozenset({Trust.NO_POINT, Trust.DEFAULT_POINT, Trust.OUTSIDE})


@dataclass(frozen=True)
class Point:
    """A point as reported: WGS-84 degrees, and the radius in metres the true place lies in, when known."""

    lon: float
    lat: float
    accuracy_m: float | None = None


@dataclass(frozen=True)
class Location:
    """Where a point is.

    division_id, path: the division found; where geometry says nothing (no point, default point, outside) the one the
    reporter chose, else the town, else None and "". distance_to_border_m: to the nearest border of the level, None
    without a point. why: one sentence for each reason, the strongest first; at least one.
    """

    division_id: int | None
    path: str
    distance_to_border_m: float | None
    trust: Trust
    why: tuple[Sentence, ...]

    @property
    def is_trusted(self) -> bool:
        return self.trust is Trust.TRUSTED
