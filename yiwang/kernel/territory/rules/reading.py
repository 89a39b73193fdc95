"""GeoJSON in: from the bytes of a file to named polygons in WGS-84, with a finding for everything that is wrong with it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import shapely
from shapely import Polygon
from shapely.geometry.base import BaseGeometry

from yiwang.kernel.foundation.sentences import Sentence
from yiwang.kernel.territory.rules.coords import TO_WGS84, Crs
from yiwang.kernel.territory.rules.findings import Finding, Problem
from yiwang.kernel.territory.rules.levels import Kind
from yiwang.kernel.territory.rules.plane import Floats

# Names a GeoJSON `crs` member may give: longitude and latitude, WGS-84 or CGCS2000.
_DEGREES = ("CRS84", "EPSG:4326", "EPSG::4326", "EPSG:4490", "EPSG::4490", "CGCS2000", "WGS84")

# Words a file may use for the kinds of grid; blank is a general one.
_KINDS = {
    "": "",
    **dict.fromkeys(("general", "综合", "综合网格"), Kind.GENERAL.value),
    **dict.fromkeys(("dedicated", "专属", "专属网格"), Kind.DEDICATED.value),
}


@dataclass(frozen=True)
class Fields:
    """Names of the properties that carry each fact; empty means the file does not carry it."""

    name: str
    code: str = ""
    parent: str = ""
    households: str = ""
    short_name: str = ""
    kind: str = ""


@dataclass(frozen=True)
class Shape:
    """One feature of a file: `number` counts from 1, the polygon is WGS-84 degrees and may be invalid."""

    number: int
    name: str
    code: str
    parent: str
    households: int | None
    polygon: BaseGeometry
    open_ring: bool = False
    short_name: str = ""
    kind: str = ""


@dataclass
class Reading:
    """What was read, and what is wrong with the rest."""

    shapes: list[Shape] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)


class _Unreadable(Exception):
    """Carries what is wrong to the place that collects it."""

    def __init__(self, problem: Problem, sentence: Sentence) -> None:
        self.problem, self.sentence = problem, sentence


def read(content: bytes, fields: Fields, crs: Crs = Crs.WGS84) -> Reading:
    """Read a FeatureCollection whose coordinates are in `crs`."""
    reading = Reading()
    try:
        features = _features(content)
    except _Unreadable as error:
        reading.findings.append(Finding(error.problem, (), error.sentence))
        return reading
    for number, feature in enumerate(features, start=1):
        _read_feature(number, feature, fields, crs, reading)
    return reading


def _features(content: bytes) -> Sequence[object]:
    try:
        document = json.loads(content)
    except UnicodeDecodeError as error:
        raise _not_geojson(Sentence("文件不是 UTF-8 文本")) from error
    except (json.JSONDecodeError, RecursionError) as error:
        line = getattr(error, "lineno", 1)
        raise _not_geojson(
            Sentence("文件不是 JSON，第 %(line)s 行读不懂", {"line": line})
        ) from error
    if not isinstance(document, dict) or document.get("type") != "FeatureCollection":
        raise _not_geojson(Sentence("文件不是 GeoJSON 的 FeatureCollection"))
    features = document.get("features")
    if not isinstance(features, list) or not features:
        raise _not_geojson(Sentence("文件里没有任何 feature"))
    _check_crs(document)
    return features


def _not_geojson(sentence: Sentence) -> _Unreadable:
    return _Unreadable(Problem.NOT_GEOJSON, sentence)


def _check_crs(document: Mapping[str, object]) -> None:
    crs = document.get("crs")
    if crs is None:
        return
    properties = crs.get("properties") if isinstance(crs, dict) else None
    name = str(properties.get("name", "") if isinstance(properties, dict) else crs)
    if not name.upper().endswith(_DEGREES):
        says = {"crs": name}
        raise _Unreadable(Problem.UNKNOWN_CRS, Sentence("不认识的坐标系 %(crs)s，需要经纬度", says))


def _read_feature(number: int, feature: object, fields: Fields, crs: Crs, reading: Reading) -> None:
    properties = feature.get("properties") if isinstance(feature, dict) else None
    given: Mapping[str, object] = properties if isinstance(properties, dict) else {}
    name = _text(given.get(fields.name))
    label = name or f"#{number}"
    geometry = feature.get("geometry") if isinstance(feature, dict) else None
    reading.findings.extend(_missing(label, given, fields))
    try:
        polygon, open_ring = _polygon(geometry, crs)
        households = _households(given.get(fields.households)) if fields.households else None
        kind = _kind(given.get(fields.kind)) if fields.kind else ""
    except _Unreadable as error:
        sentence = Sentence("“%(name)s”：%(what)s", {"name": label, "what": error.sentence})
        reading.findings.append(Finding(error.problem, (label,), sentence))
        return
    parent = _text(given.get(fields.parent)) if fields.parent else ""
    code = _text(given.get(fields.code)) if fields.code else ""
    short = _text(given.get(fields.short_name)) if fields.short_name else ""
    reading.shapes.append(
        Shape(number, name, code, parent, households, polygon, open_ring, short, kind)
    )


def _text(value: object) -> str:
    """A property as text: 371702.0 that a spreadsheet made of a code is 371702 again."""
    if value is None or isinstance(value, bool | list | dict):
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()


def _missing(label: str, given: Mapping[str, object], fields: Fields) -> Iterator[Finding]:
    wanted = (
        (fields.name, Problem.MISSING_NAME),
        (fields.code, Problem.MISSING_CODE),
        (fields.parent, Problem.MISSING_PARENT),
    )
    for name, problem in wanted:
        if name and not _text(given.get(name)):
            says = {"name": label, "field": name}
            yield Finding(
                problem, (label,), Sentence("“%(name)s”的属性 %(field)s 缺失或为空", says)
            )


def _households(value: object) -> int | None:
    text = _text(value)
    if not text:
        return None
    if not text.isdecimal():
        raise _Unreadable(Problem.WRONG_VALUE, Sentence("户数 %(value)s 不是整数", {"value": text}))
    return int(text)


def _kind(value: object) -> str:
    text = _text(value)
    if text not in _KINDS:
        raise _Unreadable(
            Problem.WRONG_VALUE, Sentence("网格类型 %(value)s 不是综合或专属", {"value": text})
        )
    return _KINDS[text]


def _polygon(geometry: object, crs: Crs) -> tuple[BaseGeometry, bool]:
    """The polygon of a geometry object, and whether a ring was not closed."""
    kind = geometry.get("type") if isinstance(geometry, dict) else None
    coordinates = geometry.get("coordinates") if isinstance(geometry, dict) else None
    if (
        kind not in {"Polygon", "MultiPolygon"}
        or not isinstance(coordinates, list)
        or not coordinates
    ):
        shown = {"kind": str(kind or "null")}
        raise _Unreadable(Problem.NOT_A_POLYGON, Sentence("几何是 %(kind)s，不是多边形", shown))
    members = [coordinates] if kind == "Polygon" else coordinates
    rings = [[_ring(ring, crs) for ring in _listed(member)] for member in members]
    open_ring = any(is_open for member in rings for _points, is_open in member)
    polygons = [Polygon(member[0][0], [points for points, _open in member[1:]]) for member in rings]
    return polygons[0] if len(polygons) == 1 else shapely.MultiPolygon(polygons), open_ring


def _listed(value: object) -> list[object]:
    if not isinstance(value, list) or not value:
        raise _Unreadable(Problem.INVALID_RING, Sentence("坐标的嵌套层次不对"))
    return value


def _ring(ring: object, crs: Crs) -> tuple[Floats, bool]:
    """Corners of a ring in WGS-84, (n, 2), closed; and whether it was open in the file."""
    try:
        corners = np.array([_pair(position) for position in _listed(ring)], dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise _Unreadable(Problem.INVALID_RING, Sentence("坐标不是成对的数字")) from error
    if not np.isfinite(corners).all() or len(np.unique(corners, axis=0)) < 3:
        raise _Unreadable(Problem.INVALID_RING, Sentence("一个环不足三个不同的点"))
    if (np.abs(corners) > (180, 90)).any():
        raise _Unreadable(Problem.NOT_DEGREES, Sentence("坐标不是经纬度（超出 180°、90°）"))
    is_open = bool((corners[0] != corners[-1]).any())
    closed = np.vstack([corners, corners[:1]]) if is_open else corners
    return np.column_stack(TO_WGS84[crs](closed[:, 0], closed[:, 1])), is_open


def _pair(position: object) -> tuple[float, float]:
    """Longitude and latitude of a position; a height is dropped."""
    if not isinstance(position, list) or len(position) < 2:
        raise ValueError(position)
    return float(position[0]), float(position[1])
