"""Founding the demo town: land, units, people, catalogue. Every write is an action of the kernel."""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from pathlib import Path

from django.contrib.auth.hashers import make_password

from yiwang.demo.boundaries import FIELDS, TOWN, TownPlan, generate
from yiwang.demo.people import NAMED, PASSWORD, Named, invented_name
from yiwang.kernel.accounts.actions import create_user
from yiwang.kernel.accounts.models import User
from yiwang.kernel.catalogue import actions as catalogue
from yiwang.kernel.catalogue.actions import RuleDraft
from yiwang.kernel.catalogue.models import Category
from yiwang.kernel.foundation.actors import SYSTEM
from yiwang.kernel.organisation import actions as organisation
from yiwang.kernel.organisation.models import Posting, Unit, UnitKind, UnitLevel
from yiwang.kernel.organisation.rules import GridDuty, Role
from yiwang.kernel.territory.actions.divisions import create_division
from yiwang.kernel.territory.actions.importing import ImportOptions, import_shapes
from yiwang.kernel.territory.models import Division
from yiwang.kernel.territory.rules.levels import Level

FOUNDED = date(2025, 1, 1)
FULL_TIME, PART_TIME = 36, 110
ABOVE = (
    (Level.PROVINCE, "山东省", "370000"),
    (Level.CITY, "菏泽市", "371700"),
    (Level.COUNTY, "牡丹区", "371702"),
)
HERE = Path(__file__).parent


@dataclass
class Town:
    """What was founded, by the names the stories use."""

    plan: TownPlan
    divisions: dict[str, Division] = field(default_factory=dict)
    units: dict[str, Unit] = field(default_factory=dict)
    people: dict[str, User] = field(default_factory=dict)

    @property
    def grids(self) -> list[Division]:
        return [d for d in self.divisions.values() if d.level == Level.GRID]

    @property
    def communities(self) -> list[Division]:
        return [d for d in self.divisions.values() if d.level == Level.COMMUNITY]

    def community_of(self, grid: Division) -> Division:
        return next(d for d in self.communities if d.pk == grid.parent_id)


def found(seed: int, at: datetime) -> Town:
    """Found the town in an empty database; `at` is when its records say it was done."""
    town = Town(generate(seed))
    _land(town, at)
    _units(town, at)
    _people(town, at)
    _catalogue(town, at)
    return town


def _land(town: Town, at: datetime) -> None:
    parent = None
    for level, name, code in ABOVE:
        parent = create_division(
            level=level, name=name, code=code, parent=parent, valid_from=FOUNDED, by=SYSTEM, at=at
        )
    create_division(
        level=Level.SUBDISTRICT, name=TOWN, short_name="南城", code="371702003", parent=parent,
        is_town=True, valid_from=FOUNDED, by=SYSTEM, at=at,
    )  # fmt: skip
    for level in (Level.SUBDISTRICT, Level.COMMUNITY, Level.GRID):
        top = level is Level.SUBDISTRICT
        options = ImportOptions(
            level=level,
            fields=replace(FIELDS, parent="") if top else FIELDS,
            parent="牡丹区" if top else "",
            valid_from=FOUNDED,
            source="演示数据：程序生成",
            generated=True,
        )
        report = import_shapes(town.plan.geojson(level), options, by=SYSTEM, at=at)
        if report.refused:
            raise RuntimeError(f"generated {level}: {report.findings[0].sentence}")
    town.divisions = {d.name: d for d in Division.objects.in_order()}


def _units(town: Town, at: datetime) -> None:
    told = tomllib.loads((HERE / "offices.toml").read_text(encoding="utf-8"))["unit"]
    for unit in told:
        town.units[unit["code"]] = organisation.add_unit(
            name=unit["name"], code=unit["code"], kind=UnitKind(unit["kind"]),
            level=UnitLevel.SUBDISTRICT, division=town.divisions[TOWN], by=SYSTEM, at=at,
        )  # fmt: skip
    for place, community in enumerate(town.communities, start=1):
        town.units[f"community-{place}"] = organisation.add_unit(
            name=f"{community.name}居委会", code=f"community-{place}", kind=UnitKind.COMMUNITY,
            level=UnitLevel.COMMUNITY, division=community, by=SYSTEM, at=at,
        )  # fmt: skip


def _people(town: Town, at: datetime) -> None:
    encoded = make_password(PASSWORD)
    for person in [*NAMED, *_others(town)]:
        user = create_user(
            username=person.username, display_name=person.name, encoded_password=encoded,
            by=SYSTEM, at=at,
        )  # fmt: skip
        town.people[person.username] = user
        organisation.appoint(
            user, unit=town.units[person.unit], role=Role(person.role),
            area=town.divisions[person.area or TOWN], duty=GridDuty(person.duty), by=SYSTEM, at=at,
            starts_on=FOUNDED,
        )  # fmt: skip
    _heads(town, at)
    posting = Posting.objects.get(user=town.people["zhangmin"])
    organisation.stand_in(
        posting, deputy=town.people["liuyang"], by=SYSTEM, at=at, starts_on=FOUNDED
    )


def _heads(town: Town, at: datetime) -> None:
    """网格长: the officer of a community heads its grids; the 146 are the workers beside them."""
    for posting in Posting.objects.filter(role=Role.COMMUNITY_OFFICER).select_related(
        "user", "unit"
    ):
        for grid in town.grids:
            if grid.parent_id == posting.area_id:
                organisation.appoint(
                    posting.user, unit=posting.unit, role=Role.GRID_WORKER, area=grid,
                    duty=GridDuty.GRID_HEAD, by=SYSTEM, at=at, starts_on=FOUNDED,
                )  # fmt: skip


def _others(town: Town) -> Iterator[Named]:
    """Everybody else: an officer for each community, a handler for each unit, 146 grid workers in all."""
    names = iter(range(1_000))
    for code in town.units:
        if code.startswith("community-"):
            area = town.communities[int(code.removeprefix("community-")) - 1].name
            if not any(p.unit == code and p.role == "community_officer" for p in NAMED):
                yield Named(
                    f"{code}-officer", invented_name(next(names)), "community_officer", code, area
                )
        elif code not in ("office", "desk") and not any(
            p.unit == code for p in NAMED if p.role == "unit_handler"
        ):
            yield Named(f"{code}-handler", invented_name(next(names)), "unit_handler", code)
    yield from _grid_workers(town, names)


def _grid_workers(town: Town, names: Iterator[int]) -> Iterator[Named]:
    """36 full-time and 110 part-time, spread evenly; the named ones count."""
    posts = [("full_time", grid) for grid in town.grids[:FULL_TIME]]
    grids = town.grids
    # The four grids without a full-time worker come first for part-time ones.
    order = grids[FULL_TIME:] + grids
    posts += [("part_time", order[place % len(order)]) for place in range(PART_TIME)]
    taken = [(p.duty, p.area) for p in NAMED if p.role == "grid_worker"]
    for place, (duty, grid) in enumerate(posts, start=1):
        if (duty, grid.name) in taken:
            taken.remove((duty, grid.name))
            continue
        community = town.communities.index(town.community_of(grid)) + 1
        yield Named(
            f"grid{place:03d}", invented_name(next(names)), "grid_worker",
            f"community-{community}", grid.name, duty,
        )  # fmt: skip


def _catalogue(town: Town, at: datetime) -> None:
    catalogue.sync_topics(by=SYSTEM, at=at)
    told = tomllib.loads((HERE / "offices.toml").read_text(encoding="utf-8"))["unit"]
    by_code = {category.code: category for category in Category.objects.all()}
    routes = [
        (by_code[code], town.units[unit["code"]])
        for unit in told
        for code in unit.get("routes", [])
    ]
    # The narrower kind first: the first line that fits decides.
    routes.sort(key=lambda route: -route[0].path.count("/"))
    drafts = [RuleDraft(unit.pk, category_id=category.pk) for category, unit in routes]
    drafts.append(RuleDraft(town.units["service"].pk, note="其余事项"))
    catalogue.save_rules(drafts, by=SYSTEM, at=at)
    catalogue.publish_served(by=SYSTEM, at=at)
