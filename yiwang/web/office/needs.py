"""Which permissions open which pages of this door, and over which land."""

from datetime import datetime

from yiwang.kernel.accounts.models import User
from yiwang.kernel.organisation.permissions import require
from yiwang.kernel.organisation.rules import Permission
from yiwang.kernel.territory.models import Division
from yiwang.kernel.territory.tree import town

LAND = Permission.TERRITORY_MANAGE
PEOPLE = Permission.STAFF_MANAGE
KINDS = Permission.CATALOGUE_MANAGE
ROUTES = Permission.RULES_MANAGE
DAYS = Permission.CALENDAR_MANAGE
ANY_OF_IT = (LAND, PEOPLE, KINDS, ROUTES, DAYS)


def require_land(user: User, at: datetime, division: Division | None = None) -> None:
    """Ask for the land itself: of one division, or of the whole town.

    Raises:
        Forbidden: the posting reaches only a part of it.
    """
    served = town()
    path = division.path if division else served.path if served else None
    require(user, LAND, at=at, area_path=path)
