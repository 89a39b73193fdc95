"""Who acts in the stories: the handler of a unit, the walker of a grid, whoever checks, as the objects the town holds."""

from collections import defaultdict
from datetime import date, datetime
from random import Random

from yiwang.demo.founding import Town
from yiwang.kernel.accounts.models import User
from yiwang.kernel.organisation.duties import foresee_duties
from yiwang.kernel.organisation.models import Posting
from yiwang.kernel.organisation.rules import GridDuty, Role
from yiwang.kernel.territory.models import Division


class Staffing:
    """The people of a town by what they do, as they are posted today."""

    def __init__(self, town: Town, since: date, now: datetime) -> None:
        self.town = town
        users = {user.pk: user for user in town.people.values()}
        self.handlers: dict[int, list[User]] = defaultdict(list)
        self.walkers: dict[int, list[User]] = defaultdict(list)
        self.officers: dict[int, User] = {}
        for posting in Posting.objects.on(now.date()).order_by("id"):
            user = users[posting.user_id]
            if posting.role == Role.UNIT_HANDLER:
                self.handlers[posting.unit_id].append(user)
            elif posting.role == Role.COMMUNITY_OFFICER:
                self.officers[posting.area_id] = user
            elif posting.role == Role.GRID_WORKER and posting.duty != GridDuty.GRID_HEAD:
                self.walkers[posting.area_id].append(user)
        foresee_duties(users.values(), since, now.date())

    def desk(self, chance: Random) -> User:
        return self.town.people[chance.choice(["wangfang", "mali"])]

    def handler(self, unit_id: int, chance: Random) -> User:
        """Somebody of the unit; of a community, its officer."""
        return chance.choice(self.handlers[unit_id])

    def walker(self, grid: Division, chance: Random) -> User:
        return chance.choice(self.walkers[grid.pk])

    def officer(self, grid: Division) -> User:
        return self.officers[self.town.community_of(grid).pk]

    @property
    def leader(self) -> User:
        return self.town.people["zhouwei"]

    @property
    def inspector(self) -> User:
        return self.town.people["sunli"]
