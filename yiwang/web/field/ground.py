"""My land: the areas of my postings, with their names, their map and who else serves them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q

from yiwang.kernel import catalogue
from yiwang.kernel.accounts.models import User
from yiwang.kernel.cases.models import Case, CaseQuerySet
from yiwang.kernel.cases.rules.stages import Stage
from yiwang.kernel.organisation.duties import day_of, duties_of
from yiwang.kernel.organisation.leave.reading import stood_in_for
from yiwang.kernel.organisation.models import Posting
from yiwang.kernel.organisation.rules import Duty, Permission, Role
from yiwang.kernel.territory import as_geojson, place, places
from yiwang.kernel.territory.land import Place
from yiwang.kernel.territory.rules.levels import Level

COUNTED = ("open", "late", "unplaced", "to_check")
SERVING = (Role.GRID_WORKER, Role.COMMUNITY_OFFICER)


@dataclass(frozen=True)
class Ground:
    """One area of mine: how much is open there, how much of it late, without a point, and waiting for my check."""

    duty: Duty
    place: Place
    open: int
    late: int
    unplaced: int
    to_check: int
    people: list[Posting]


def duties_on(user: User, at: datetime) -> list[Duty]:
    """Return my postings on the ground, each area once, my own before those I stand in for."""
    found = [d for d in duties_of(user, at) if Permission.CASE_SOLVE_ON_SPOT in d.permissions]
    found.sort(key=lambda duty: duty.deputy)
    return list({duty.area_id: duty for duty in reversed(found)}.values())[::-1]


def grounds_of(user: User, at: datetime) -> list[Ground]:
    """Return my areas with their counts and people; two queries however many areas."""
    duties = duties_on(user, at)
    counts, people = _counts(user, at, duties), _people(user, at, duties)
    return [
        Ground(
            duty=duty,
            place=found,
            people=[p for p in people if duty.area_path.startswith(p.area.path)],
            **{name: counts[f"{name}_{duty.area_id}"] for name in COUNTED},
        )
        for duty in duties
        if (found := place(duty.area_id)) is not None
    ]


def _counts(user: User, at: datetime, duties: Iterable[Duty]) -> dict[str, int]:
    wanted = {}
    hands = [user.pk, *stood_in_for(user, at)]
    for duty in duties:
        here = Q(area_path__startswith=duty.area_path)
        wanted[f"open_{duty.area_id}"] = Count("pk", filter=here)
        wanted[f"late_{duty.area_id}"] = Count("pk", filter=here & Q(clock_due_at__lt=at))
        wanted[f"unplaced_{duty.area_id}"] = Count("pk", filter=here & Q(lon=None))
        mine = here & Q(stage=Stage.REPORTED_BACK) & ~Q(fixer_ids__overlap=hands)
        wanted[f"to_check_{duty.area_id}"] = Count("pk", filter=mine)
    found: dict[str, int] = Case.objects.visible_to(user, at=at).open().aggregate(**wanted)
    return found


def _people(user: User, at: datetime, duties: Iterable[Duty]) -> list[Posting]:
    """Return who else is posted to my areas or above them: grid workers and community officers."""
    paths = {path for duty in duties for path in _above(duty.area_path)}
    rows = Posting.objects.filter(role__in=[role.value for role in SERVING], area__path__in=paths)
    rows = rows.on(day_of(at)).exclude(user=user).select_related("user", "area", "unit")
    return list(rows.select_related("stands_in_for__user").order_by("-area__path", "duty", "id"))


def _above(path: str) -> list[str]:
    parts = [part for part in path.split("/") if part]
    return ["/" + "/".join(parts[: length + 1]) + "/" for length in range(len(parts))]


def to_check(user: User, at: datetime) -> CaseQuerySet:
    """Return what waits for a check on my land and was not put right by me."""
    here = Q(pk__in=[])
    for duty in duties_of(user, at):
        if Permission.CASE_VERIFY in duty.permissions:
            here |= Q(area_path__startswith=duty.area_path)
    waiting = Case.objects.visible_to(user, at=at).filter(here, stage=Stage.REPORTED_BACK)
    return waiting.exclude(fixer_ids__overlap=[user.pk, *stood_in_for(user, at)])


def grids_of(user: User, at: datetime) -> list[Place]:
    """Return the grids I can name as the place of a matter: mine, or those of my community."""
    found: dict[int, Place] = {}
    for duty in duties_on(user, at):
        own = place(duty.area_id)
        below = places(Level.GRID, at, own) if own else []
        found |= {grid.id: grid for grid in below}
    return list(found.values())


def map_of(user: User, at: datetime) -> dict[str, object]:
    """Return the grids of my communities as GeoJSON, mine highlighted."""
    mine = {grid.id for grid in grids_of(user, at)}
    around = {grid.parent_id for grid in grids_of(user, at)}
    features = []
    for feature in as_geojson(Level.GRID, at)["features"]:
        properties = feature["properties"]
        if properties["parent_id"] in around:
            known = {"name": properties["short_name"], "highlight": properties["id"] in mine}
            features.append({**feature, "properties": {**properties, **known}})
    return {"type": "FeatureCollection", "features": features}


def area_name(path: str) -> str:
    """Return the name of the lowest known division of a path."""
    keys = [int(part) for part in path.split("/") if part]
    found = place(keys[-1]) if keys else None
    return found.name if found else ""


def kind_name(category_id: int | None) -> str:
    """Return the name of a category in the reader's language, "" for none."""
    entry = catalogue.book().category(category_id) if category_id else None
    return entry.title if entry else ""
