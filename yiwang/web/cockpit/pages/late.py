"""The whole list of what is late, narrowed to a unit, an area or a step; and what is supervised or has climbed."""

from dataclasses import dataclass

from django.db.models import Q
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext as _

from yiwang.kernel.indicators import standing
from yiwang.kernel.indicators.rules import HELD_NAMES, Held
from yiwang.kernel.organisation.models import Unit
from yiwang.kernel.territory import place
from yiwang.web.cockpit.lines import lines_of
from yiwang.web.cockpit.needs import TO_SEE_FIGURES
from yiwang.web.kit.access import now, page, signed_in
from yiwang.web.kit.paging import page_of

ROWS = 30


@dataclass(frozen=True)
class Narrowed:
    """What the list is narrowed to, and how that is called; nobody's unit or area finds nothing."""

    condition: Q
    name: str = ""


@page(TO_SEE_FIGURES, methods=("GET", "HEAD"))
def late(request: HttpRequest) -> HttpResponse:
    """Late cases, the longest late first."""
    user, at = signed_in(request), now(request)
    narrowed = narrowed_by(request.GET)
    rows = standing.late(user, at).filter(narrowed.condition).select_related("lead_unit")
    found = page_of(rows, request, by=("clock_due_at", "id"), size=ROWS)
    context = {
        "title": _("超时未办"),
        "narrowed": narrowed.name,
        "page": found,
        "lines": lines_of(found.rows, user, at),
        "here": request.get_full_path(),
    }
    return render(request, "cockpit/late.html", context)


@page(TO_SEE_FIGURES, methods=("GET", "HEAD"))
def watched(request: HttpRequest) -> HttpResponse:
    """Supervised or climbed to the county, the oldest first."""
    user, at = signed_in(request), now(request)
    rows = standing.watched(user, at).select_related("lead_unit")
    found = page_of(rows, request, by=("opened_at", "id"), size=ROWS)
    context = {
        "title": _("督办和提级"),
        "narrowed": "",
        "page": found,
        "lines": lines_of(found.rows, user, at),
        "here": request.get_full_path(),
    }
    return render(request, "cockpit/late.html", context)


def narrowed_by(given: QueryDict) -> Narrowed:
    """What a query string narrows the list to."""
    unit_id, held_key, area_id = (given.get(name, "") for name in ("unit", "held", "area"))
    if unit_id:
        unit = Unit.objects.filter(pk=_id(unit_id)).first()
        in_hand = Q(lead_unit=unit, stage__in=standing.HELD_STAGES[Held.UNIT])
        return Narrowed(in_hand, unit.name) if unit else Narrowed(Q(pk__in=[]))
    if held_key in list(Held):
        held = Held(held_key)
        return Narrowed(Q(stage__in=standing.HELD_STAGES[held]), _(HELD_NAMES[held]))
    if area_id:
        return _in_area(_id(area_id))
    return Narrowed(Q())


def _in_area(division_id: int) -> Narrowed:
    if division_id == 0:
        return Narrowed(Q(area=None), _("未定位"))
    found = place(division_id)
    if found is None:
        return Narrowed(Q(pk__in=[]))
    return Narrowed(Q(area_path__startswith=found.path), found.name)


def _id(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else -1
