"""What the frame round every page shows. Nothing is asked of the database before the template asks for it."""

from dataclasses import dataclass
from functools import cached_property

from django.http import HttpRequest
from django.utils.translation import get_language

from yiwang.kernel import notices
from yiwang.kernel.accounts.models import User
from yiwang.kernel.territory.land import land
from yiwang.web.kit import cookies
from yiwang.web.kit.access import now, staff
from yiwang.web.kit.live import address_for
from yiwang.web.kit.navigation import Door, doors_for, search_of

LOOKS = ("auto", "light", "dark")
LOOK_COOKIE = "yw_look"


@dataclass(frozen=True)
class Town:
    """The area this installation serves. `generated`: its map was made up for a demonstration."""

    name: str
    generated: bool


def town() -> Town:
    """The town, from the land in memory; nameless before the first territory is imported."""
    held = land()
    found = held.town()
    return Town(found.name if found else "", generated=held.is_generated)


class Frame:
    """`frame` in every template."""

    def __init__(self, request: HttpRequest) -> None:
        self.request = request

    @cached_property
    def user(self) -> User | None:
        return staff(self.request)

    @cached_property
    def town(self) -> Town:
        return town()

    @cached_property
    def doors(self) -> list[tuple[Door, bool]]:
        """Doors that open, each with whether the page lies behind it."""
        match = self.request.resolver_match
        here = match.view_name if match else ""
        return [(door, door.leads_to(here)) for door in doors_for(self.user, now(self.request))]

    @cached_property
    def public_doors(self) -> list[tuple[Door, bool]]:
        """Doors for everybody, also while a member of staff looks at them."""
        match = self.request.resolver_match
        here = match.view_name if match else ""
        return [(door, door.leads_to(here)) for door in doors_for(None, now(self.request))]

    @cached_property
    def search(self) -> str | None:
        """Where the search box leads."""
        return search_of(self.user, now(self.request))

    @cached_property
    def unread(self) -> int:
        """Notices waiting; 100 means "a hundred or more"."""
        return notices.unread_count(self.user) if self.user else 0

    @property
    def live(self) -> str:
        """Where the stream of live updates is; nowhere for a stranger."""
        return address_for(self.request) if self.user else ""

    @property
    def moment(self) -> int:
        """When the page was drawn, in milliseconds: what happened since is told when the stream opens."""
        return int(now(self.request).timestamp() * 1000)

    @property
    def look(self) -> str:
        """ "light" or "dark" when the reader chose; "" follows the machine."""
        chosen = self.request.COOKIES.get(cookies.named(LOOK_COOKIE), "")
        return chosen if chosen in LOOKS and chosen != "auto" else ""

    @property
    def in_english(self) -> bool:
        return (get_language() or "").startswith("en")

    @property
    def here(self) -> str:
        return self.request.get_full_path()


def frame(request: HttpRequest) -> dict[str, object]:
    """Context processor."""
    return {"frame": Frame(request), "now": now(request)}
