"""Which open cases may be what somebody is telling right now: near the point, at the same address, or of the kind in the grid."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from yiwang.kernel import catalogue
from yiwang.kernel.accounts.models import User
from yiwang.kernel.cases.models import Case, CaseQuerySet
from yiwang.kernel.cases.nearby import nearby
from yiwang.kernel.cases.reading import Narrowed, history, open_cases, planned_for_its_values
from yiwang.kernel.cases.rules.words import query_of
from yiwang.kernel.territory.land import land

LOOK_BACK = timedelta(days=60)
WITHIN_M = 150
AT_MOST = 3
LOOKED_THROUGH = 60
PLACES = 6


@dataclass(frozen=True)
class Told:
    """What is known of a report while it is being written."""

    text: str = ""
    address: str = ""
    area_id: int | None = None
    category_id: int | None = None
    lon: float | None = None
    lat: float | None = None


@dataclass(frozen=True)
class KnownPlace:
    """An address that stood in a case before, with the point it had there."""

    address: str
    area_path: str
    lon: float | None
    lat: float | None


def alike(told: Told, user: User, at: datetime) -> list[Case]:
    """Return open cases a person may read that may be the same matter; at most three statements."""
    found: dict[int, Case] = {}
    with planned_for_its_values():
        for case in (
            *_near(told, user, at),
            *_there(told, user, at),
            *_of_the_kind(told, user, at),
        ):
            if not case.confidential:
                found.setdefault(case.pk, case)
    return list(found.values())[:AT_MOST]


def _near(told: Told, user: User, at: datetime) -> list[Case]:
    if told.lon is None or told.lat is None:
        return []
    path = _kind_path(told)
    close = nearby(told.lon, told.lat, WITHIN_M, at=at, category_path=path, viewer=user)
    return [near.case for near in close if near.alike or not path]


def _there(told: Told, user: User, at: datetime) -> list[Case]:
    """Cases at this address; of the same kind when that is known."""
    query = query_of(told.address) if len(told.address.strip()) > 1 else ""
    if not query:
        return []
    narrowed = Narrowed(query=query, category_path=_kind_path(told))
    return _newest(open_cases(user, at, narrowed), at)


def _of_the_kind(told: Told, user: User, at: datetime) -> list[Case]:
    """Cases of the chosen kind in the chosen grid or community."""
    place, path = land().places.get(told.area_id or 0), _kind_path(told)
    if place is None or not path or told.lon is not None:
        return []
    return _newest(open_cases(user, at, Narrowed(area_path=place.path, category_path=path)), at)


def _newest(cases: CaseQuerySet, at: datetime) -> list[Case]:
    recent = cases.filter(opened_at__gte=at - LOOK_BACK)
    return list(recent.order_by("-opened_at", "-pk")[:AT_MOST])


def _kind_path(told: Told) -> str:
    """The path of the kind that was chosen, or that the words point to first."""
    book = catalogue.book()
    if told.category_id:
        entry = book.category(told.category_id)
        return entry.path if entry else ""
    meant = next(iter(book.suggestions(told.text)), None) if told.text.strip() else None
    return meant.category.path if meant else ""


def known_places(typed: str, user: User, at: datetime) -> list[KnownPlace]:
    """Return addresses of earlier cases that hold what was typed, the latest first; one statement."""
    words = typed.strip()
    query = query_of(words) if len(words) > 1 else ""
    if not query:
        return []
    with planned_for_its_values():
        rows = list(history(user, at, Narrowed(query=query), size=LOOKED_THROUGH))
    found: dict[str, KnownPlace] = {}
    for case in rows:
        if words.lower() in case.address.lower() and not case.confidential:
            known = KnownPlace(case.address, case.area_path, case.lon, case.lat)
            found.setdefault(case.address, known)
    return list(found.values())[:PLACES]
