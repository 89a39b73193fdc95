"""What the form offers while somebody is still speaking: places by their names, and cases it may be one more voice of."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse

from yiwang.kernel.cases import alike as known
from yiwang.kernel.cases.rules.intake import ADDRESS_AT_MOST, TEXT_AT_MOST
from yiwang.web.desk import names
from yiwang.web.desk.looks import stage_name
from yiwang.web.desk.needs import TO_TAKE_A_REPORT
from yiwang.web.kit.access import now, page, signed_in
from yiwang.web.kit.states import state_of

AREAS_AT_MOST = 4


@dataclass(frozen=True)
class Offer:
    """A place to choose: an address of before with its point, or a grid or community by its name."""

    name: str
    area: str
    area_id: int | None = None
    lon: float | None = None
    lat: float | None = None


@dataclass(frozen=True)
class Alike:
    """An open case it may be."""

    number: str
    title: str
    area: str
    look: str
    stage: str
    voices: int
    address: str


# Words somebody says travel in the body: an address ends up in logs.
@page(TO_TAKE_A_REPORT, methods=("POST",))
def places(request: HttpRequest) -> HttpResponse:
    """Grids and communities by name, then addresses of earlier cases."""
    typed = request.POST.get("address", "").replace("\x00", "").strip()[:ADDRESS_AT_MOST]
    found = _areas(typed) if typed else []
    for place in known.known_places(typed, signed_in(request), now(request)):
        area = names.areas_of_path(place.area_path)
        key = area[-1].id if area and place.lon is None else None
        found.append(
            Offer(place.address, names.short_area(place.area_path), key, place.lon, place.lat)
        )
    return render(request, "desk/entry/places.html", {"offers": found, "typed": typed})


def _areas(typed: str) -> list[Offer]:
    held = []
    for community in names.communities():
        for place in (community, *names.grids_of(community)):
            if typed.lower() in place.name.lower() or typed == place.short_name:
                held.append(Offer("", names.short_area(place.path) or place.name, place.id))
    return held[:AREAS_AT_MOST]


@page(TO_TAKE_A_REPORT, methods=("POST",))
def alike(request: HttpRequest) -> HttpResponse:
    """Open cases that may be the same matter, to be chosen instead of a new one."""
    told, chosen = _told(request.POST), request.POST.get("follows", "")
    at = now(request)
    found = [
        Alike(
            number=case.number,
            title=case.title,
            area=names.short_area(case.area_path),
            look=state_of(case, at),
            stage=stage_name(case.stage),
            voices=case.report_count,
            address=reverse("cases:case", args=[case.number]),
        )
        for case in known.alike(told, signed_in(request), at)
    ]
    kept = chosen if chosen and chosen not in {one.number for one in found} else ""
    return render(
        request, "desk/entry/alike.html", {"alike": found, "follows": chosen, "kept": kept}
    )


def _told(given: QueryDict) -> known.Told:
    return known.Told(
        text=given.get("text", "")[:TEXT_AT_MOST].replace("\x00", ""),
        address=given.get("address", "")[:ADDRESS_AT_MOST].replace("\x00", ""),
        area_id=_whole(given.get("area", "")),
        category_id=_whole(given.get("filing", "").partition(":")[0]),
        lon=_degrees(given.get("lon", ""), 180),
        lat=_degrees(given.get("lat", ""), 90),
    )


def _whole(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None


def _degrees(text: str, most: int) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return value if -most <= value <= most else None
