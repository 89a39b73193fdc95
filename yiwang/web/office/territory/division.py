"""One division: what it is, its boundary, who is posted there, and changing, closing or making one."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _

from yiwang.kernel import organisation, territory
from yiwang.kernel.accounts.models import User
from yiwang.kernel.organisation.duties import day_of
from yiwang.kernel.territory import tree
from yiwang.kernel.territory.land import Place
from yiwang.kernel.territory.models import Division
from yiwang.kernel.territory.rules.levels import Level
from yiwang.web.kit.access import now, page, signed_in
from yiwang.web.kit.fragments import go
from yiwang.web.office import places
from yiwang.web.office.forms import tried
from yiwang.web.office.needs import LAND, require_land
from yiwang.web.office.territory.drawing import layer_of
from yiwang.web.office.territory.forms import (
    CloseForm,
    DivisionForm,
    NewDivisionForm,
    new_kind,
    tomorrow_or,
)


def fetch(request: HttpRequest, division_id: int) -> Division:
    """The division, locked while something is posted.

    Raises:
        Forbidden: a change outside the land one manages.
    """
    rows = Division.objects.all()
    if request.method == "POST":
        rows = rows.select_for_update()
    found = get_object_or_404(rows, pk=division_id)
    if request.method == "POST":
        require_land(signed_in(request), now(request), found)
    return found


def address(division_id: int) -> str:
    return reverse("office:division", args=[division_id])


@page(LAND)
def division(request: HttpRequest, division_id: int) -> HttpResponse:
    """Look at a division; a POST changes its names, codes and numbers."""
    user, at = signed_in(request), now(request)
    found = fetch(request, division_id)
    form = DivisionForm(request.POST if request.method == "POST" else None, found)
    status = 200
    if form.is_bound:
        status = tried(form, lambda: _change(form, found, user, at))
        if not status:
            messages.success(request, _("已保存"))
            return go(request, address(found.pk))
    return _shown(request, found, form, _closing(found, at), status)


def _change(form: DivisionForm, found: Division, user: User, at: datetime) -> None:
    form.must_be_fresh()
    territory.change_division(found, by=user, at=at, **form.typed())


def _closing(found: Division, at: datetime) -> CloseForm:
    return CloseForm(initial={"on": tomorrow_or(day_of(at), found)})


@page(LAND, methods=("POST",))
def close(request: HttpRequest, division_id: int) -> HttpResponse:
    user, at = signed_in(request), now(request)
    found = fetch(request, division_id)
    form = CloseForm(request.POST)
    status = tried(
        form,
        lambda: territory.close_division(found, by=user, at=at, on=form.cleaned_data["on"]),
    )
    if status:
        return _shown(request, found, DivisionForm(None, found), form, status)
    messages.success(request, _("“%(name)s”已停用") % {"name": found.name})
    return go(request, address(found.pk))


@page(LAND, methods=("POST",))
def serve(request: HttpRequest, division_id: int) -> HttpResponse:
    """Say that this installation serves the division, or no longer does."""
    user, at = signed_in(request), now(request)
    found = fetch(request, division_id)
    territory.set_town(found, by=user, at=at, serves=request.POST.get("serves") == "yes")
    messages.success(request, _("已保存"))
    return go(request, address(found.pk))


def _shown(
    request: HttpRequest, found: Division, form: DivisionForm, closing: CloseForm, status: int
) -> HttpResponse:
    at = now(request)
    today = day_of(at)
    level, known = Level(found.level), tree.place(found.pk)
    findings = [f for f in territory.check_territory(today) if found.name in f.names]
    boundaries = list(found.boundaries.order_by("-valid_from").defer("shape"))
    context: dict[str, object] = {
        "division": found,
        "level": places.level_name(found.level),
        "chain": tree.chain(found.pk)[:-1],
        "children": _children(found),
        "findings": findings,
        "boundaries": boundaries,
        "layer": layer_of(level, today, under=found.parent_id, highlight=found.pk),
        "drawn": bool(boundaries) and known is not None and known.is_in_force(today),
        "staff": organisation.staff_of_grid(found.pk, at) if level is Level.GRID else None,
        "is_grid": level is Level.GRID,
        "may_serve": level.depth <= Level.SUBDISTRICT.depth,
        "form": form,
        "closing": closing,
    }
    return render(request, "office/territory/division.html", context, status=status)


def _children(found: Division) -> list[Place]:
    return [place for place in places.in_force() if place.parent_id == found.pk]


@page(LAND)
def new(request: HttpRequest) -> HttpResponse:
    """Make a division by hand."""
    user, at = signed_in(request), now(request)
    start = {"parent": request.GET.get("parent"), "valid_from": day_of(at), "level": "grid"}
    form = NewDivisionForm(request.POST or None, initial=start)
    made: list[Division] = []
    status = 200
    if form.is_bound:
        status = tried(form, lambda: made.append(_create(form.cleaned_data, user, at)))
        if not status:
            messages.success(request, _("已新建“%(name)s”") % {"name": made[0].name})
            return go(request, address(made[0].pk))
    return render(request, "office/territory/new.html", {"form": form}, status=status)


def _create(said: dict[str, Any], user: User, at: datetime) -> Division:
    parent = Division.objects.filter(pk=said["parent"]).first() if said["parent"] else None
    require_land(user, at, parent)
    kind = new_kind(said["level"], said["kind"])
    return territory.create_division(**{**said, "parent": parent, "kind": kind}, by=user, at=at)
