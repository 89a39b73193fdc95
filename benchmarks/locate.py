"""How many points a second are located in their grid, against the plain vectorised way, in the same run.

Two sets of polygons: the generated demo town (40 grids), and, where the folder of measuring data is there
(`YIWANG_SHARED_DATA` or ../shared/data), 12 real districts with 33,000 vertices. For each: `find` (the grid), `locate`
(grid, exact distance to the nearest border, trust with an accuracy radius). The first batch is reported too, since the
rasters fill while they are used. Reference: `shapely.intersects_xy` of every prepared polygon against all points, which
answers less (no distance, no trust).
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import shapely

from yiwang.demo.boundaries import generate
from yiwang.kernel.territory.rules.levels import Level
from yiwang.kernel.territory.rules.locator import Locator
from yiwang.kernel.territory.rules.plane import Floats, Geometries, array_of

POINTS = 200_000
ROUNDS = 5
WANTED = 200_000
ROOT = Path(__file__).resolve().parents[1]


def shared_data() -> Path:
    return Path(os.environ.get("YIWANG_SHARED_DATA", ROOT.parent / "shared" / "data"))


def districts() -> Geometries | None:
    file = shared_data() / "boston311" / "boston_police_districts.geojson"
    if not file.exists():
        return None
    features = json.loads(file.read_bytes())["features"]
    return array_of(*[shapely.from_geojson(json.dumps(f["geometry"])) for f in features])


def scatter(shapes: Geometries) -> tuple[Floats, Floats]:
    """Points within the shapes' outline and a little around it, seeded."""
    west, south, east, north = shapely.total_bounds(shapes)
    chance = np.random.default_rng(371702)
    lon = chance.uniform(west, east, 4 * POINTS)
    lat = chance.uniform(south, north, 4 * POINTS)
    land = shapely.union_all(shapes).buffer((east - west) * 0.01)
    shapely.prepare(land)
    inside = np.flatnonzero(shapely.contains_xy(land, lon, lat))[:POINTS]
    return lon[inside], lat[inside]


def plain(shapes: Geometries, lon: Floats, lat: Floats) -> np.ndarray:
    found = np.full(len(lon), -1)
    for number in reversed(range(len(shapes))):
        found[shapely.intersects_xy(shapes[number], lon, lat)] = number
    return found


def rate(work: Callable[[], object], points: int) -> float:
    start = time.perf_counter()
    work()
    return points / (time.perf_counter() - start)


def median(work: Callable[[], object], points: int) -> float:
    return sorted(rate(work, points) for _ in range(ROUNDS))[ROUNDS // 2]


def measure(shapes: Geometries) -> dict[str, object]:
    lon, lat = scatter(shapes)
    accuracy = np.random.default_rng(1).uniform(5, 60, len(lon))
    copies = shapely.from_wkb(shapely.to_wkb(shapes))
    shapely.prepare(copies)
    start = time.perf_counter()
    locator = Locator(shapes)
    built = time.perf_counter() - start
    first = rate(lambda: locator.locate_many(lon, lat, accuracy), len(lon))
    reference = median(lambda: plain(copies, lon, lat), len(lon))
    located = median(lambda: locator.locate_many(lon, lat, accuracy), len(lon))
    found = median(lambda: locator.find(lon, lat), len(lon))
    answers = locator.find(lon, lat)
    return {
        "polygons": len(shapes),
        "vertices": int(shapely.get_num_coordinates(shapes).sum()),
        "points": len(lon),
        "build_ms": round(built * 1000, 1),
        "first_batch_per_second": round(first),
        "locate_per_second": round(located),
        "find_per_second": round(found),
        "reference_per_second": round(reference),
        "locate_ratio": round(located / reference, 2),
        "find_ratio": round(found / reference, 2),
        "same_answers": float((answers == plain(copies, lon, lat)).mean()),
    }


def run() -> dict[str, object]:
    """Measure both sets; `ok` says whether the demo town reaches the wanted rate with distance and trust."""
    town = array_of(*[area.shape for area in generate().level(Level.GRID)])
    result: dict[str, object] = {"wanted_per_second": WANTED, "demo_town": measure(town)}
    real = districts()
    result["real_districts"] = (
        measure(real) if real is not None else "skipped: no measuring data here"
    )
    rates = [part["locate_per_second"] for part in result.values() if isinstance(part, dict)]
    result["ok"] = all(value >= WANTED for value in rates)
    return result


if __name__ == "__main__":
    print(json.dumps(run(), indent=2))
