"""The leader's first page: what waits for a decision, what is late and why, where it hangs, where it is going."""

from dataclasses import dataclass, field
from datetime import datetime

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from yiwang.kernel.cases.models import Case
from yiwang.kernel.indicators import standing
from yiwang.kernel.indicators.rules import HELD_NAMES, Held
from yiwang.kernel.indicators.standing import Hanging
from yiwang.kernel.indicators.weeks import weeks
from yiwang.kernel.organisation.models import Unit
from yiwang.kernel.territory import as_geojson
from yiwang.kernel.territory.rules.levels import Level
from yiwang.web.cockpit import charts, words
from yiwang.web.cockpit.lines import lines_of, request_line
from yiwang.web.cockpit.needs import TO_SEE_FIGURES
from yiwang.web.kit.access import now, page, signed_in

WORST = 12
POINTS_AT_MOST = 300


@dataclass
class Row:
    """One line of a table of what hangs where: name, counts, the length of its bars, and the way to its cases.

    `parts` are the grids of a community whose line was `opened`.
    """

    name: str
    hanging: Hanging
    address: str
    share_open: float
    share_late: float
    parts: list["Row"] = field(default_factory=list)
    opened: bool = False


@page(TO_SEE_FIGURES, methods=("GET", "HEAD"))
def overview(request: HttpRequest) -> HttpResponse:
    """Everything a leader decides upon, worst first."""
    user, at = signed_in(request), now(request)
    late = standing.late(user, at).select_related("lead_unit")
    worst = late.order_by("clock_due_at", "id")[:WORST]
    found = standing.by_grid(user, at)
    recent = weeks(user, at)
    context = {
        "standing": standing.standing(user, at),
        "requests": [request_line(r, user, at) for r in standing.waiting_requests(user, at)],
        "lines": lines_of(worst, user, at),
        "holders": _holders(standing.by_holder(user, at)),
        "communities": _communities(standing.by_community(found), request.GET.get("grids", "")),
        "charts": charts.small_multiples(recent),
        "weeks": [(charts.span_of(week), week) for week in recent],
        "here": request.path,
    }
    return render(request, "cockpit/overview.html", context)


def _holders(found: list[Hanging]) -> list[Row]:
    """Units by name; the desk and the check by theirs; one query."""
    names = dict(
        Unit.objects.filter(pk__in=[h.id for h in found if h.id]).values_list("pk", "name")
    )
    most = max((hanging.open for hanging in found), default=1)
    rows = []
    for hanging in found:
        name = names.get(hanging.id or 0) or _(HELD_NAMES[hanging.held])
        query = f"unit={hanging.id}" if hanging.id else f"held={hanging.held}"
        rows.append(_row(name, hanging, query, most))
    return rows


def _communities(found: list[Hanging], opened: str) -> list[Row]:
    """Communities, worst first; the grids of the opened one beneath it."""
    most = max((hanging.open for hanging in found), default=1)
    rows = []
    for hanging in found:
        row = _row(words.area_name(hanging.id), hanging, f"area={hanging.id or 0}", most)
        row.opened = opened == str(hanging.id)
        if row.opened:
            row.parts = [
                _row(words.area_name(grid.id), grid, f"area={grid.id or 0}", most)
                for grid in hanging.parts
            ]
        rows.append(row)
    return rows


def _row(name: str, hanging: Hanging, query: str, most: int, parts: list[Row] | None = None) -> Row:
    return Row(
        name=name,
        hanging=hanging,
        address=f"{reverse('cockpit:late')}?{query}",
        share_open=round(hanging.open / most * 100, 1),
        share_late=round(hanging.late / most * 100, 1),
    )


@page(TO_SEE_FIGURES, methods=("GET", "HEAD"))
def grids(request: HttpRequest) -> HttpResponse:
    """The grids, each with its number of open cases and how heavy it is beside the fullest (0 to 1)."""
    user, at = signed_in(request), now(request)
    found = {hanging.id: hanging for hanging in standing.by_grid(user, at)}
    most = max((hanging.open for hanging in found.values()), default=0)
    features = []
    for feature in as_geojson(Level.GRID, at)["features"]:
        known = feature["properties"]
        here = found.get(known["id"], Hanging(Held.UNIT, None))
        name = f"{known['short_name']} · {here.open}" if here.open else known["short_name"]
        said = {**known, "name": name, "tag": str(here.open or "")}
        if most:
            said["weight"] = round(here.open / most, 2)
        features.append({**feature, "properties": said})
    return _geojson(features)


@page(TO_SEE_FIGURES, methods=("GET", "HEAD"))
def late_points(request: HttpRequest) -> HttpResponse:
    """The late cases as points, the longest late first."""
    user, at = signed_in(request), now(request)
    rows = standing.late(user, at).exclude(lon=None).order_by("clock_due_at", "id")
    return _geojson([_point(case, at) for case in rows[:POINTS_AT_MOST]])


def _point(case: Case, at: datetime) -> dict[str, object]:
    return {
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": [case.lon, case.lat]},
        "properties": {
            "id": case.pk,
            "name": case.title,
            "state": "late",
            "url": reverse("cases:case", args=[case.number]),
        },
    }


def _geojson(features: list[dict[str, object]]) -> HttpResponse:
    body = {"type": "FeatureCollection", "features": features}
    return JsonResponse(body, content_type="application/geo+json")
