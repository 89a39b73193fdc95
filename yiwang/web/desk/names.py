"""Names of places, kinds and units from memory: a row of a list costs no query for them."""

from yiwang.kernel import catalogue
from yiwang.kernel.catalogue import snapshot
from yiwang.kernel.foundation import versions
from yiwang.kernel.territory import land as ground
from yiwang.kernel.territory.land import Place, land
from yiwang.kernel.territory.rules.levels import Level


def editions_of_names() -> tuple[int, ...]:
    """What grows old when a place or a kind is named anew."""
    return versions.edition(ground.VERSION, snapshot.VERSION)


def areas_of_path(path: str) -> list[Place]:
    """The known divisions of a materialised path, from the top."""
    places = land().places
    ids = (int(part) for part in path.split("/") if part)
    return [places[key] for key in ids if key in places]


def short_area(path: str) -> str:
    """From the community down, 中山·东园 or 中山-01; the last known division for a place above it."""
    named = areas_of_path(path)
    low = [place for place in named if place.level in (Level.COMMUNITY, Level.GRID)]
    return "·".join(_each_once(low or named[-1:]))


def long_area(path: str) -> str:
    """From the subdistrict down, with spaces."""
    deep = [p for p in areas_of_path(path) if p.level.depth >= Level.SUBDISTRICT.depth]
    return " ".join(_each_once(deep))


def _each_once(places: list[Place]) -> list[str]:
    """Names from the top; what the next name says already is left out (张楼, 张楼-01 → 张楼-01)."""
    said: list[str] = []
    for place in places:
        name = place.short_name or place.name
        if said and name.startswith(said[-1]):
            said.pop()
        said.append(name)
    return said


def category_title(category_id: int | None) -> str:
    entry = catalogue.book().category(category_id) if category_id else None
    return entry.title if entry else ""


def category_lineage(category_id: int | None) -> str:
    """城市管理 › 公用设施 › 污水井盖."""
    chain = catalogue.book().lineage(category_id) if category_id else ()
    return " › ".join(entry.title for entry in chain)


def working_units() -> list[tuple[int, str]]:
    """Units that some routing rule sends work to, by name: (id, name)."""
    named = {rule.unit_id: rule.unit_name for rule in catalogue.book().rules if rule.active}
    return sorted(named.items(), key=lambda unit: unit[1])


def communities() -> list[Place]:
    """Communities in force today, in the town's order."""
    from yiwang.kernel.territory.land import day_of

    today = day_of(None)
    found = [
        place
        for place in land().places.values()
        if place.level is Level.COMMUNITY and place.is_in_force(today)
    ]
    return sorted(found, key=lambda place: (place.sort_order, place.id))


def grids_of(community: Place) -> list[Place]:
    """The grids of a community in force today."""
    from yiwang.kernel.territory.land import day_of

    today = day_of(None)
    return [
        place
        for place in land().places.values()
        if place.parent_id == community.id
        and place.level is Level.GRID
        and place.is_in_force(today)
    ]
