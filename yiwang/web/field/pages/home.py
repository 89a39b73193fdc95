"""Where the day begins: my areas, what is open there, what waits for me, who else serves them."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse

from yiwang.kernel.cases.models import Case
from yiwang.kernel.cases.rules.stages import Stage
from yiwang.web.field import ground
from yiwang.web.field.needs import ON_THE_GROUND
from yiwang.web.kit.access import now, page, signed_in

POINTS_AT_MOST = 300
_CALM: dict[str, str] = {Stage.SUSPENDED: "paused", Stage.REPORTED: "new"}


@page(ON_THE_GROUND, methods=("GET", "HEAD"))
def home(request: HttpRequest) -> HttpResponse:
    """My areas with counts and people, and the four things to do."""
    grounds = ground.grounds_of(signed_in(request), now(request))
    context = {
        "grounds": grounds,
        "to_check": sum(mine.to_check for mine in grounds),
    }
    return render(request, "field/home.html", context)


@page(ON_THE_GROUND, methods=("GET", "HEAD"))
def land(request: HttpRequest) -> HttpResponse:
    """The grids around me as GeoJSON."""
    body = ground.map_of(signed_in(request), now(request))
    answer = JsonResponse(body, content_type="application/geo+json")
    answer["Cache-Control"] = "private, max-age=300"
    return answer


@page(ON_THE_GROUND, methods=("GET", "HEAD"))
def matters(request: HttpRequest) -> HttpResponse:
    """Open matters of my areas as points."""
    user, at = signed_in(request), now(request)
    cases = Case.objects.visible_to(user, at=at).open().exclude(lon=None)
    rows = cases.order_by("-opened_at").values(
        "pk", "number", "title", "lon", "lat", "stage", "clock_due_at"
    )[:POINTS_AT_MOST]
    features = [
        {
            "type": "Feature",
            "geometry": {"type": "Point", "coordinates": [row["lon"], row["lat"]]},
            "properties": {
                "id": row["pk"],
                "name": row["title"],
                "url": reverse("cases:case", args=[row["number"]]),
                "state": "late"
                if row["clock_due_at"] and row["clock_due_at"] < at
                else _CALM.get(row["stage"], "open"),
            },
        }
        for row in rows
    ]
    return JsonResponse(
        {"type": "FeatureCollection", "features": features}, content_type="application/geo+json"
    )
