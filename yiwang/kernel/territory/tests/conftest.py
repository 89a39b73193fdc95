"""A square town of four grids in two communities, and people who change it. A degree is about 91 by 111 km here."""

import json
import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
import shapely
from shapely.geometry.base import BaseGeometry

from yiwang.kernel.foundation import versions
from yiwang.kernel.foundation.actors import SYSTEM
from yiwang.kernel.territory import Division, create_division, set_boundary
from yiwang.kernel.territory.rules.plane import Plane

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)  # ten in the morning in 菏泽
TODAY = date(2026, 11, 23)
HERE = Plane.around(115.47, 35.23)


def metres(*corners: tuple[float, float]) -> BaseGeometry:
    """A polygon given in metres east and north of the middle of the town, as degrees."""
    return HERE.unflatten_one(shapely.Polygon(corners))


def square(west: float, south: float, side: float = 400) -> BaseGeometry:
    return box(west, south, west + side, south + side)


def box(west: float, south: float, east: float, north: float) -> BaseGeometry:
    return metres((west, south), (east, south), (east, north), (west, north))


def spot(east: float, north: float) -> tuple[float, float]:
    """Longitude and latitude of a point in metres."""
    point = HERE.unflatten_one(shapely.Point(east, north))
    return float(point.x), float(point.y)


def geojson(*shapes: tuple[BaseGeometry, dict[str, object]]) -> bytes:
    features = [
        {"type": "Feature", "properties": said, "geometry": json.loads(shapely.to_geojson(shape))}
        for shape, said in shapes
    ]
    return json.dumps({"type": "FeatureCollection", "features": features}).encode()


@dataclass
class Town:
    street: Division
    zhongshan: Division
    zhanglou: Division
    zhongshan_1: Division
    zhongshan_2: Division


@pytest.fixture
def town(db: None) -> Town:
    """中山 west of 张楼; 中山 has two grids, the first in the north."""
    versions.forget()

    def make(
        level: str, name: str, shape: BaseGeometry, parent: Division | None = None
    ) -> Division:
        day = date(2026, 1, 1)
        new = create_division(
            level=level, name=name, parent=parent, by=SYSTEM, at=NOW, valid_from=day,
            is_town=level == "subdistrict",
        )  # fmt: skip
        set_boundary(new, shape, by=SYSTEM, at=NOW, valid_from=day)
        return new

    street = make("subdistrict", "南城街道", box(0, 0, 800, 800))
    zhongshan = make("community", "中山社区", box(0, 0, 400, 800), street)
    zhanglou = make("community", "张楼社区", box(400, 0, 800, 800), street)
    return Town(
        street,
        zhongshan,
        zhanglou,
        make("grid", "中山社区第一网格", square(0, 400), zhongshan),
        make("grid", "中山社区第二网格", square(0, 0), zhongshan),
    )


@pytest.fixture
def measuring_data() -> Callable[[str], Path]:
    """A file of the real data for measuring; the test is skipped where the folder is not there."""
    root = Path(__file__).resolve().parents[4]
    folder = Path(os.environ.get("YIWANG_SHARED_DATA", root.parent / "shared" / "data"))

    def find(name: str) -> Path:
        if not (folder / name).exists():
            pytest.skip(f"no real data for measuring here: {folder / name}")
        return folder / name

    return find
