"""The board: every grid with who holds which post today, gaps in red."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from yiwang.kernel.organisation.duties import day_of
from yiwang.kernel.organisation.models import GRID_DUTY_NAMES, Posting
from yiwang.kernel.organisation.rules import GridDuty, Role
from yiwang.kernel.territory.land import Place, land
from yiwang.kernel.territory.rules.levels import Level
from yiwang.web.kit.access import now, page
from yiwang.web.office import places
from yiwang.web.office.needs import PEOPLE

COLUMNS = (GridDuty.GRID_HEAD, GridDuty.FULL_TIME, GridDuty.PART_TIME, GridDuty.GUIDE)
WALKS = (GridDuty.FULL_TIME, GridDuty.PART_TIME, GridDuty.NONE)


@dataclass(frozen=True)
class Cell:
    """Who holds one post of one grid. `gap`: somebody must, and nobody does."""

    duty: str
    postings: tuple[Posting, ...]
    gap: bool


@dataclass(frozen=True)
class Line:
    """One grid; `others` hold no named duty."""

    place: Place
    name: str
    cells: tuple[Cell, ...]
    others: tuple[Posting, ...]
    deputies: tuple[Posting, ...]

    @property
    def gaps(self) -> int:
        return sum(cell.gap for cell in self.cells)


@dataclass(frozen=True)
class Block:
    """One community with its officers and its grids."""

    place: Place | None
    officers: tuple[Posting, ...]
    lines: tuple[Line, ...]


@page(PEOPLE, methods=("GET", "HEAD"))
def board(request: HttpRequest) -> HttpResponse:
    """Grids by posts; one query for everybody."""
    today = day_of(now(request))
    blocks = blocks_on(today)
    lines = [line for block in blocks for line in block.lines]
    only = request.GET.get("gaps") == "1"
    context: dict[str, object] = {
        "blocks": [_with_gaps(block) for block in blocks] if only else blocks,
        "columns": [GRID_DUTY_NAMES[duty] for duty in COLUMNS],
        "grids": len(lines),
        "gaps": sum(line.gaps > 0 for line in lines),
        "without_officer": sum(not b.officers for b in blocks if b.place),
        "only": only,
    }
    return render(request, "office/staff/board.html", context)


def _with_gaps(block: Block) -> Block:
    return Block(block.place, block.officers, tuple(line for line in block.lines if line.gaps))


def blocks_on(day: date) -> list[Block]:
    """The whole board of a day."""
    held, known = _held(day), land().places
    found: list[tuple[Place | None, list[Line]]] = []
    for place in places.served(day):
        if place.level is Level.COMMUNITY:
            found.append((place, []))
        elif place.level is Level.GRID:
            if not found:
                found.append((None, []))
            found[-1][1].append(_line(place, places.own_name(place, known), held[place.id]))
    return [
        Block(place, _officers(held[place.id] if place else ()), tuple(lines))
        for place, lines in found
    ]


def _held(day: date) -> dict[int, list[Posting]]:
    wanted = [Role.GRID_WORKER.value, Role.COMMUNITY_OFFICER.value]
    rows = Posting.objects.on(day).filter(role__in=wanted, user__is_active=True)
    held: dict[int, list[Posting]] = defaultdict(list)
    for posting in rows.select_related("user").order_by("id"):
        held[posting.area_id].append(posting)
    return held


def _officers(postings: Iterable[Posting]) -> tuple[Posting, ...]:
    return tuple(p for p in postings if p.role == Role.COMMUNITY_OFFICER)


def _line(place: Place, name: str, postings: Iterable[Posting]) -> Line:
    workers = [p for p in postings if p.role == Role.GRID_WORKER]
    own = [p for p in workers if p.stands_in_for_id is None]
    cells = tuple(_cell(duty, own) for duty in COLUMNS)
    others = tuple(p for p in own if not p.duty)
    return Line(
        place,
        name,
        cells,
        others,
        tuple(p for p in workers if p.stands_in_for_id),
    )


def _cell(duty: GridDuty, own: list[Posting]) -> Cell:
    """A grid needs a head, and somebody who walks it."""
    mine = tuple(p for p in own if p.duty == duty)
    walked = any(p.duty in WALKS for p in own)
    missing = {GridDuty.GRID_HEAD: not mine, GridDuty.FULL_TIME: not walked}
    return Cell(duty.value, mine, missing.get(duty, False))
