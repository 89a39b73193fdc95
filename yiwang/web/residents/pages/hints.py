"""While somebody types: which kind it may be, and whether it is one of the matters already known nearby."""

import math
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from yiwang.web.kit.access import Needs, page
from yiwang.web.residents import wording
from yiwang.web.residents.forms import said
from yiwang.web.residents.frame import ResidentFrame
from yiwang.web.residents.gateway import gateway
from yiwang.web.residents.gateway import messages as m

NEARBY_AT_MOST = 3
CLOSE_BY_M = 60
"""A matter of another kind is worth asking about only when it is at the very spot."""


@dataclass(frozen=True)
class Card:
    """One known matter, in words."""

    number: str
    kind: str
    area: str
    metres: int
    step: str
    since: datetime
    voices: int
    photo_id: int | None


@page(Needs.PUBLIC, methods=("POST",))
def hints(request: HttpRequest) -> HttpResponse:
    """A fragment for the report page: kinds the words may mean, and known matters at the pin."""
    text = request.POST.get("text", "")[:2000]
    kind = _number(request.POST.get("category", ""))
    chosen = int(kind) if kind is not None else None
    guessed = suggested(text) if chosen is None else ()
    likely = chosen or (guessed[0].id if guessed else None)
    lon, lat = _number(request.POST.get("lon", "")), _number(request.POST.get("lat", ""))
    point = (lon, lat) if lon is not None and lat is not None else None
    near = _near(point, likely)
    context: dict[str, object] = {
        "looked": bool(text.strip()),
        "guessed": guessed,
        "chosen": gateway().town(m.AskTown()).kind(chosen),
        "cards": _cards(near),
        "near": near,
        "frame": ResidentFrame(request),
    }
    return render(request, "residents/parts/hints.html", context)


def suggested(text: str) -> tuple[m.Kind, ...]:
    """The kinds the words may mean, the likeliest first."""
    if not text.strip():
        return ()
    way = gateway()
    town = way.town(m.AskTown())
    found = (town.kind(kind) for kind in way.suggest(m.AskKinds(text=text)).ids)
    return tuple(kind for kind in found if kind)


def cards(point: tuple[float, float] | None, kind: int | None) -> list[Card]:
    """Known public matters near the pin that may be the same one."""
    return _cards(_near(point, kind))


def _near(point: tuple[float, float] | None, kind: int | None) -> m.Nearby | None:
    if point is None or abs(point[0]) > 180 or abs(point[1]) > 90:
        return None
    return gateway().nearby(m.AskNearby(lon=point[0], lat=point[1], category_id=kind))


def _cards(near: m.Nearby | None) -> list[Card]:
    found = near.cases if near else ()
    likely = [case for case in found if case.alike or case.metres <= CLOSE_BY_M]
    return [_card(case) for case in likely[:NEARBY_AT_MOST]]


def _card(case: m.NearbyCase) -> Card:
    return Card(
        number=case.number,
        kind=said(case.kind, case.kind_en) or _("还没有分类的事"),
        area=case.area,
        metres=max(10, round(case.metres / 10) * 10),
        step=wording.step_name(case.stage),
        since=case.opened_at,
        voices=case.voices,
        photo_id=case.photo_id,
    )


def _number(text: str) -> float | None:
    """A finite number, or nothing."""
    with suppress(ValueError):
        number = float(text)
        return number if math.isfinite(number) and abs(number) < 1e15 else None
    return None
