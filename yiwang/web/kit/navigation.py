"""The bar of doors. Each door registers itself when its app is ready; nobody keeps a list of them all."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.urls import NoReverseMatch, reverse

from yiwang.kernel import notices, organisation
from yiwang.kernel.accounts.models import User
from yiwang.kernel.organisation.rules import Role
from yiwang.web.kit.access import Need, Needs, meets

if TYPE_CHECKING:
    from yiwang.kernel.foundation.errors import Sayable


@dataclass(frozen=True)
class Door:
    """One entry of the bar.

    `needs`: any one of them opens it. `home_for`: roles that land here after signing in; the lower `order` wins.
    `public`: shown to strangers too (the bar of staff leaves such doors out).
    """

    name: "Sayable"
    url_name: str
    needs: tuple[Need, ...]
    icon: str
    order: int
    home_for: frozenset[Role] = frozenset()

    @property
    def address(self) -> str:
        return reverse(self.url_name)

    @property
    def is_public(self) -> bool:
        return Needs.PUBLIC in self.needs

    def leads_to(self, view_name: str) -> bool:
        """Whether a page belongs to this door: the same page, or a page of the same namespace of one entry."""
        if view_name == self.url_name:
            return True
        space = self.url_name.rpartition(":")[0]
        alone = sum(door.url_name.startswith(f"{space}:") for door in _doors.values()) == 1
        return bool(space) and alone and view_name.startswith(f"{space}:")


_doors: dict[str, Door] = {}


def register(door: Door) -> None:
    """Give a door its place; registering the same address again replaces it."""
    _doors[door.url_name] = door


def doors_for(user: User | None, at: datetime) -> list[Door]:
    """The doors this person may open, in their order; a stranger gets the public ones."""
    open_doors = sorted(_doors.values(), key=lambda door: (door.order, door.url_name))
    if user is None:
        return [door for door in open_doors if door.is_public]
    return [door for door in open_doors if not door.is_public and meets(user, door.needs, at)]


def home_of(user: User | None, at: datetime) -> str | None:
    """Where this person begins the day: the door for their role, else the first that opens, else None."""
    doors = doors_for(user, at)
    roles = organisation.roles_of(user, at) if user is not None else frozenset()
    own = [door for door in doors if door.home_for & roles]
    first = next(iter(own or doors), None)
    return first.address if first else None


_search: list[tuple[str, tuple[Need, ...]]] = []


def register_search(url_name: str, needs: tuple[Need, ...]) -> None:
    """Say where the box on every page of staff leads: an address that takes `q`."""
    _search[:] = [(url_name, needs)]


def search_of(user: User | None, at: datetime) -> str | None:
    """The address of the search, for those who may open it."""
    for url_name, needs in _search:
        if user is not None and meets(user, needs, at):
            return reverse(url_name)
    return None


_subjects: dict[str, str] = {}


def register_subject(subject_type: str, url_name: str) -> None:
    """Say where a subject of notices and of the record is looked at: an address with one argument, its id."""
    _subjects[subject_type] = url_name
    notices.register_address(subject_type, lambda subject_id: address_of(subject_type, subject_id))


def address_of(subject_type: str, subject_id: str) -> str | None:
    """The page of a subject, or None where no door shows it."""
    url_name = _subjects.get(subject_type)
    try:
        return reverse(url_name, args=[subject_id]) if url_name else None
    except NoReverseMatch:
        return None
