"""Some hundreds of matters in every state, lived through by the actions one after another, at their own times."""

import tomllib
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any

import shapely

from yiwang.demo.boundaries import Area
from yiwang.demo.founding import HERE, Town
from yiwang.demo.people import invented_name
from yiwang.demo.pictures import draw
from yiwang.kernel.accounts.models import User
from yiwang.kernel.cases import actions as cases
from yiwang.kernel.cases.models import Case
from yiwang.kernel.cases.rules.intake import NewReport
from yiwang.kernel.cases.rules.stages import Channel, ReportKind
from yiwang.kernel.catalogue import book
from yiwang.kernel.foundation import files
from yiwang.kernel.foundation.actors import RESIDENT, Actor
from yiwang.kernel.organisation.duties import people_in, staff_of_grid
from yiwang.kernel.organisation.rules import GridDuty
from yiwang.kernel.territory.models import Division
from yiwang.kernel.territory.rules.levels import Level

NAMESPACE = uuid.UUID("0a3f3d0e-6d0e-5a36-8f62-8d9a6f1b7c10")
# No network has numbers that begin like this.
PHONE_PREFIX = "10000"

# How far the matters get, and how many of a hundred.
ENDINGS: dict[str, int] = {
    "rated": 44, "closed": 10, "on_spot": 8, "on_spot_waits": 2, "waits_for_check": 5,
    "handling": 9, "dispatched": 4, "accepted": 3, "reported": 4, "refused": 2, "returned": 2,
    "reworked": 2, "reopened": 1, "extension_asked": 1, "extended": 1, "suspended": 1,
    "assisted": 1,
}  # fmt: skip

# What is unfinished began lately: at most so many days ago, except for the few that were left lying.
LATELY: dict[str, float] = {
    "reported": 0.08, "accepted": 0.15, "dispatched": 0.5, "handling": 1.5, "waits_for_check": 0.8,
    "on_spot_waits": 0.3, "returned": 0.6, "reworked": 1, "reopened": 2, "extension_asked": 2,
    "extended": 2, "suspended": 20, "assisted": 1,
}  # fmt: skip
LEFT_LYING = 0.15


class TimeIsUp(Exception):
    """The next step would lie in the future: the story stands where it is."""


@dataclass(order=True)
class Plot:
    """One matter to be: when it is reported, what it is, and how far it gets."""

    at: datetime
    seed: int
    ending: str = field(compare=False)
    matter: dict[str, Any] = field(compare=False)
    grid: Area = field(compare=False)


class Teller:
    """Tells the matters of one town, up to `now`."""

    def __init__(self, town: Town, seed: int, now: datetime) -> None:
        self.town, self.now, self.seed = town, now, seed
        self.chance = Random(seed)  # noqa: S311 - inventing, not guarding
        self.words = tomllib.loads((HERE / "matters.toml").read_text(encoding="utf-8"))
        self.shapes = town.plan.level(Level.GRID)

    def plots(self, count: int, days: int) -> list[Plot]:
        """Return `count` matters of the last `days` days, oldest first."""
        matters = self.words["matter"]
        weights = [matter["weight"] for matter in matters]
        endings = self.chance.choices(list(ENDINGS), list(ENDINGS.values()), k=count)
        plots = []
        for place, ending in enumerate(endings):
            matter = self.chance.choices(matters, weights)[0]
            plots.append(
                Plot(
                    self._moment(ending, days),
                    place,
                    ending,
                    matter,
                    self.chance.choice(self.shapes),
                )
            )
        return sorted(plots)

    def _moment(self, ending: str, days: int) -> datetime:
        """When somebody reports: by day, rarely at night; what is unfinished began lately."""
        lately = LATELY.get(ending, days)
        if ending in LATELY and self.chance.random() < LEFT_LYING:
            lately *= 8
        back = timedelta(days=self.chance.uniform(0.02, lately))
        moment = self.now - back
        if moment.hour < 6 and lately > 1:
            moment = moment.replace(hour=self.chance.randint(7, 20))
        return min(moment.replace(second=self.chance.randint(0, 59), microsecond=0), self.now)

    def tell(self, plot: Plot) -> None:
        """Live one matter through; what would lie in the future has not happened yet."""
        Story(self, plot).live()

    def place_in(self, area: Area, chance: Random) -> tuple[float, float]:
        """A point within a grid, degrees."""
        west, south, east, north = area.shape.bounds
        while True:
            lon, lat = chance.uniform(west, east), chance.uniform(south, north)
            if shapely.contains_xy(area.shape, lon, lat):
                return round(lon, 6), round(lat, 6)


class Story:
    """One matter on its way."""

    def __init__(self, teller: Teller, plot: Plot) -> None:
        self.teller, self.plot, self.town = teller, plot, teller.town
        self.chance = Random(f"{teller.seed}/{plot.seed}")  # noqa: S311
        self.clock = plot.at
        entry = book().by_code(plot.matter["category"])
        condition = entry.default_condition if entry else None
        assert entry is not None and condition is not None, plot.matter["category"]
        self.category, self.condition = entry, condition
        self.case_id = 0
        self.place = ""
        self.report_ids: list[uuid.UUID] = []

    def live(self) -> None:
        """Report, then walk towards the ending until time is up."""
        self._report()
        try:
            getattr(self, f"_to_{self.plot.ending}")()
        except TimeIsUp:
            return

    # time

    def _wait(self, **span: float) -> datetime:
        """Let time pass, and by night until the office opens."""
        later = self.clock + timedelta(**span) * self.chance.uniform(0.4, 1.4)
        if later.hour < 8 or later.hour >= 18:
            later += timedelta(days=1 if later.hour >= 18 else 0)
            later = later.replace(hour=8, minute=self.chance.randint(5, 50))
        if later > self.teller.now:
            raise TimeIsUp
        self.clock = later
        return later

    # steps

    def _say(self) -> str:
        places = self.teller.words["places"]
        parts = [self.chance.choice(places[part]) for part in ("names", "kinds", "parts")]
        self.place = "".join(parts)
        return str(self.chance.choice(self.plot.matter["words"])).format(place=self.place)

    def _report(self) -> None:
        by_worker = self.plot.ending.startswith("on_spot")
        channel = Channel.GRID_WORKER if by_worker else self.chance.choices(
            [Channel.WEB, Channel.PHONE, Channel.COUNTER, Channel.GRID_WORKER, Channel.HOTLINE], [45, 22, 6, 17, 10]
        )[0]  # fmt: skip
        voices = 1 if self.chance.random() < 0.94 else self.chance.randint(2, 6)
        text = self._say()
        for voice in range(voices):
            self._take(
                text if voice == 0 else "我也看到了，盼早点修好",
                channel if voice == 0 else Channel.WEB,
            )

    def _take(self, text: str, channel: Channel) -> None:
        lon, lat = self.teller.place_in(self.plot.grid, self.chance)
        key = uuid.uuid5(NAMESPACE, f"{self.teller.seed}/{self.plot.seed}/{len(self.report_ids)}")
        by = self._taker(channel)
        tells_phone = (
            channel in (Channel.PHONE, Channel.COUNTER, Channel.HOTLINE)
            or self.chance.random() < 0.5
        )
        case = Case.objects.get(pk=self.case_id) if self.case_id else None
        follows = case.number if case and case.public else ""
        if self.report_ids and not follows:
            return
        receipt = cases.take_report(
            NewReport(
                id=key, text=text, channel=channel, lon=lon, lat=lat,
                kind=ReportKind(self.plot.matter.get("kind", "complain")),
                accuracy_m=round(self.chance.uniform(4, 30), 1),
                address=self.place,
                category_id=self.category.id,
                name=invented_name(self.chance.randrange(1_300)) if tells_phone else "",
                phone=f"{PHONE_PREFIX}{self.chance.randrange(10**6):06d}" if tells_phone else "",
                outer_number=f"DEMO{self.plot.seed:05d}" if channel is Channel.HOTLINE else "",
                outer_due=self.clock + timedelta(days=5) if channel is Channel.HOTLINE else None,
                outer_source="12345" if channel is Channel.HOTLINE else "",
                follows=follows,
                photo_ids=self._photos(by, mended=False) if not follows else (),
            ),
            by=by,
            at=self.clock,
        )  # fmt: skip
        self.case_id = receipt.case_id
        self.report_ids.append(uuid.UUID(receipt.report_id))

    def _photos(self, by: Actor, *, mended: bool) -> tuple[uuid.UUID, ...]:
        if not mended and self.chance.random() < 0.35:
            return ()
        stored = files.store_photo(draw(self.plot.seed % 24, mended=mended), by=by, at=self.clock)
        return (stored.pk,)

    def _taker(self, channel: Channel) -> Actor:
        if channel is Channel.GRID_WORKER:
            return self._worker()
        return RESIDENT if channel is Channel.WEB else self._desk()

    def _desk(self) -> User:
        return self.town.people[self.chance.choice(["wangfang", "mali"])]

    def _worker(self) -> User:
        grid = self.town.divisions[self.plot.grid.name]
        walkers = staff_of_grid(grid.pk, self.clock).exclude(duty=GridDuty.GRID_HEAD)
        return walkers[0].user

    def _checker(self) -> User:
        """Somebody of the community who did not fix it."""
        community = self.town.community_of(self._grid())
        place = self.town.communities.index(community) + 1
        return (
            people_in(self.town.units[f"community-{place}"].pk, self.clock)
            .filter(role="community_officer")[0]
            .user
        )

    def _grid(self) -> Division:
        return self.town.divisions[self.plot.grid.name]

    def _move(self, name: str, by: Actor, **given: Any) -> Case:
        return cases.perform(self.case_id, name, by=by, at=self.clock, **given)

    def _accept(self) -> None:
        self._wait(minutes=12)
        self._move("accept", self._desk())

    def _dispatch(self) -> None:
        self._wait(minutes=15)
        unit = Case.objects.get(pk=self.case_id).suggested_unit_id or self.town.units["service"].pk
        self._move("dispatch", self._desk(), unit_id=unit, note="请按时限处置并拍照反馈。")

    def _handler(self) -> User:
        case = Case.objects.get(pk=self.case_id)
        assert case.lead_unit_id is not None
        return people_in(case.lead_unit_id, self.clock).filter(role="unit_handler")[0].user

    def _sign(self) -> None:
        self._wait(minutes=35)
        self._move("sign", self._handler())

    def _report_back(self) -> None:
        hours = {"hour": 1.0, "urgent_hour": 1.0, "workday": 20.0, "urgent_workday": 20.0}
        limit = self.condition.limit
        late = 1.7 if self.chance.random() < 0.06 else 0.6
        self._wait(hours=hours[limit.unit] * min(limit.amount, 6) * late)
        handler = self._handler()
        photos = list(self._photos(handler, mended=True))
        self._move(
            "report_back",
            handler,
            note=self.chance.choice(self.plot.matter["results"]),
            photo_ids=photos,
        )

    def _check(self) -> None:
        self._wait(hours=3)
        self._move("pass_check", self._checker())
        self._publish()

    def _publish(self) -> None:
        case = Case.objects.get(pk=self.case_id)
        for photo in case.photos.all() if case.public else []:
            cases.publish_photo(photo.pk, by=self._desk(), at=self.clock)

    def _answer(self) -> None:
        self._wait(minutes=30)
        case = Case.objects.get(pk=self.case_id)
        cases.answer_all(
            self.case_id, f"您反映的问题已处理：{case.result}", by=self._desk(), at=self.clock
        )

    def _rate(self, rating: str, words: str) -> None:
        self._wait(hours=12)
        for report in self.report_ids[:1]:
            cases.rate(report, rating, reason=words, by=RESIDENT, at=self.clock)

    # endings

    def _to_reported(self) -> None:
        return

    def _to_accepted(self) -> None:
        self._accept()

    def _to_dispatched(self) -> None:
        self._accept()
        self._dispatch()

    def _to_handling(self) -> None:
        self._to_dispatched()
        self._sign()

    def _to_waits_for_check(self) -> None:
        self._to_handling()
        self._report_back()

    def _to_closed(self) -> None:
        self._to_waits_for_check()
        self._check()
        self._answer()

    def _to_rated(self) -> None:
        self._to_closed()
        rating = self.chance.choices(
            ["very_satisfied", "satisfied", "basically_satisfied"], [40, 45, 12]
        )[0]
        self._rate(rating, self.chance.choice(self.teller.words["praise"]["words"]))

    def _to_reopened(self) -> None:
        self._to_closed()
        self._rate("dissatisfied", self.chance.choice(self.teller.words["complaints"]["words"]))

    def _to_on_spot_waits(self) -> None:
        self._wait(minutes=20)
        worker = self._worker()
        photos = list(self._photos(worker, mended=True))
        self._move(
            "solve_on_spot",
            worker,
            note=self.chance.choice(self.plot.matter["results"]),
            photo_ids=photos,
        )

    def _to_on_spot(self) -> None:
        self._to_on_spot_waits()
        self._check()

    def _to_refused(self) -> None:
        self._wait(minutes=20)
        self._move(
            "refuse",
            self._desk(),
            reason=self.chance.choice(self.teller.words["refusals"]["words"]),
        )

    def _to_returned(self) -> None:
        self._to_dispatched()
        self._wait(minutes=50)
        self._move(
            "return",
            self._handler(),
            reason=self.chance.choice(self.teller.words["returns"]["words"]),
        )

    def _to_reworked(self) -> None:
        self._to_waits_for_check()
        self._wait(hours=2)
        self._move(
            "fail_check",
            self._checker(),
            reason=self.chance.choice(self.teller.words["reworks"]["words"]),
        )

    def _to_extension_asked(self) -> None:
        self._to_handling()
        self._wait(hours=1)
        self._move("ask_extension", self._handler(), reason="需采购配件，预计两日到货。")

    def _to_extended(self) -> None:
        self._to_extension_asked()
        self._wait(hours=1)
        self._move("approve_extension", self.town.people["zhouwei"])

    def _to_suspended(self) -> None:
        self._to_handling()
        until = (self.teller.now + timedelta(days=40)).date()
        self._move(
            "ask_suspension", self._handler(), reason="须待专项资金批复后整治。", until=until
        )
        self._wait(hours=2)
        self._move("approve_suspension", self.town.people["zhouwei"])

    def _to_assisted(self) -> None:
        self._to_handling()
        case = Case.objects.get(pk=self.case_id)
        others = [
            u
            for code, u in self.town.units.items()
            if code in ("order", "police") and u.pk != case.lead_unit_id
        ]
        self._move("add_assist", self._desk(), unit_id=others[0].pk, note="请到场维持秩序。")


def tell(
    town: Town, *, seed: int, now: datetime, count: int, days: int, progress: Callable[[int], None]
) -> None:
    """Tell `count` matters, then let every late clock climb."""
    teller = Teller(town, seed, now)
    for done, plot in enumerate(teller.plots(count, days), start=1):
        teller.tell(plot)
        progress(done)
    cases.sweep(at=now)
