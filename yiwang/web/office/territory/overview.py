"""The tree of divisions beside the map, with what the standard finds wrong."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _

from yiwang.kernel import territory
from yiwang.kernel.organisation.duties import day_of
from yiwang.kernel.territory.land import Place
from yiwang.kernel.territory.models import DefaultPoint
from yiwang.kernel.territory.rules.findings import Finding
from yiwang.kernel.territory.rules.levels import Level
from yiwang.web.kit.access import now, page, signed_in
from yiwang.web.kit.fragments import go
from yiwang.web.office import places
from yiwang.web.office.forms import tried
from yiwang.web.office.needs import LAND, require_land
from yiwang.web.office.territory.drawing import layer_of
from yiwang.web.office.territory.forms import DefaultPointForm

MOST_ROWS = 600


@dataclass(frozen=True)
class Row:
    """One line of the tree; `depth` counts from the town."""

    place: Place
    name: str
    level: str
    depth: int
    findings: tuple[Finding, ...]

    @property
    def broken(self) -> bool:
        return any(not finding.advice for finding in self.findings)


@page(LAND, methods=("GET", "HEAD"))
def overview(request: HttpRequest) -> HttpResponse:
    return _overview(request, DefaultPointForm())


def _overview(request: HttpRequest, form: DefaultPointForm, status: int = 200) -> HttpResponse:
    today = day_of(now(request))
    findings = territory.check_territory(today)
    rows = _rows(today, findings)
    level = Level.GRID if len(rows) <= MOST_ROWS else Level.COMMUNITY
    shown = [row for row in rows if row.place.level.depth <= level.depth]
    context: dict[str, object] = {
        "rows": shown,
        "broken": [finding for finding in findings if not finding.advice],
        "advice": [finding for finding in findings if finding.advice],
        "layer": layer_of(level, today, problems=_names(findings)),
        "generated": territory.land.land().is_generated,
        "points": DefaultPoint.objects.order_by("id"),
        "form": form,
        "left_out": len(rows) - len(shown),
    }
    return render(request, "office/territory/overview.html", context, status=status)


def _rows(today: date, findings: Sequence[Finding]) -> list[Row]:
    of_name: dict[str, list[Finding]] = defaultdict(list)
    for finding in findings:
        for name in finding.names:
            of_name[name].append(finding)
    found, known = places.served(today), territory.land.land().places
    top = min((place.path.count("/") for place in found), default=0)
    return [
        Row(
            place,
            places.own_name(place, known)
            if place.level.depth > Level.COMMUNITY.depth
            else place.name,
            places.level_name(place.level),
            place.path.count("/") - top,
            tuple(of_name.get(place.name, ())),
        )
        for place in found
    ]


def _names(findings: Sequence[Finding]) -> set[str]:
    """Names of the divisions that are broken; what should only be looked at is not outlined."""
    return {name for finding in findings if not finding.advice for name in finding.names}


@page(LAND, methods=("POST",))
def add_point(request: HttpRequest) -> HttpResponse:
    """A point that means "no place known", from now on."""
    user, at = signed_in(request), now(request)
    form = DefaultPointForm(request.POST)

    def act() -> None:
        require_land(user, at)
        said = form.cleaned_data
        territory.add_default_point(
            said["name"], said["lon"], said["lat"], radius_m=said["radius_m"], by=user, at=at
        )

    status = tried(form, act)
    if status:
        return _overview(request, form, status)
    messages.success(request, _("已加入默认点：%(name)s") % {"name": form.cleaned_data["name"]})
    return go(request, "/office/territory/#points")


@page(LAND, methods=("POST",))
def remove_point(request: HttpRequest, point_id: int) -> HttpResponse:
    user, at = signed_in(request), now(request)
    require_land(user, at)
    point = get_object_or_404(DefaultPoint.objects.select_for_update(), pk=point_id)
    territory.remove_default_point(point, by=user, at=at)
    messages.success(request, _("已移除默认点：%(name)s") % {"name": point.name})
    return go(request, "/office/territory/#points")
