"""One matter on its way: lived through by the actions one after another, at their own times."""

import uuid
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache, cached_property
from random import Random
from typing import Any

import shapely
from django.utils import timezone
from shapely.geometry.base import BaseGeometry

from yiwang.demo.boundaries import Area
from yiwang.demo.founding import Town
from yiwang.demo.people import invented_name
from yiwang.demo.pictures import draw
from yiwang.demo.plots import Plot
from yiwang.demo.staffing import Staffing
from yiwang.kernel.accounts.models import User
from yiwang.kernel.cases import actions as cases
from yiwang.kernel.cases.models import Case, Clock
from yiwang.kernel.cases.rules.intake import NewReport
from yiwang.kernel.cases.rules.stages import Channel, ReportKind
from yiwang.kernel.catalogue import book
from yiwang.kernel.foundation import files
from yiwang.kernel.foundation.actors import RESIDENT, Actor
from yiwang.kernel.foundation.calendar import load
from yiwang.kernel.foundation.files.models import StoredFile
from yiwang.kernel.territory.models import Division

NAMESPACE = uuid.UUID("0a3f3d0e-6d0e-5a36-8f62-8d9a6f1b7c10")
# No network has numbers that begin like this.
PHONE_PREFIX = "10000"
PICTURES = 24
OPENS, CLOSES = 8, 18
MINUTE = timedelta(minutes=1)

# How fast the units are: at which share of the time they are given they report back, on average.
PACE = {
    "water": 0.35,
    "heating": 0.4,
    "sanitation": 0.45,
    "power": 0.45,
    "order": 0.7,
    "works": 0.6,
}
USUAL_PACE = 0.55
LATE = 0.05


class TimeIsUp(Exception):
    """The next step would lie in the future: the story stands where it is."""


@dataclass
class Scene:
    """What all stories of a town share."""

    town: Town
    staff: Staffing
    words: dict[str, Any]
    seed: int
    now: datetime
    pictures: dict[tuple[int, bool], StoredFile] = field(default_factory=dict)

    def picture(self, number: int, *, mended: bool, by: Actor, at: datetime) -> StoredFile:
        """Return a drawn picture as an upload of this hand; each is drawn once."""
        key = number % PICTURES, mended
        if key not in self.pictures:
            drawn = draw(key[0], mended=mended)
            self.pictures[key] = files.store_photo(drawn, by=by, at=at)
            return self.pictures[key]
        return files.store_same(self.pictures[key], by=by, at=at)

    def unit_code(self, unit_id: int) -> str:
        return next(code for code, unit in self.town.units.items() if unit.pk == unit_id)


def place_in(area: Area, chance: Random) -> tuple[float, float]:
    """A point well within a grid, degrees."""
    inside = _inside(area.shape)
    west, south, east, north = inside.bounds
    while True:
        lon, lat = chance.uniform(west, east), chance.uniform(south, north)
        if shapely.contains_xy(inside, lon, lat):
            return round(lon, 6), round(lat, 6)


@cache
def _inside(shape: BaseGeometry) -> BaseGeometry:
    """Three metres from every border, so that a rounded point stays in its grid."""
    return shape.buffer(-3e-5)


class Story:
    """One matter on its way; `endings.py` says how far."""

    def __init__(self, scene: Scene, plot: Plot) -> None:
        self.scene, self.plot, self.staff = scene, plot, scene.staff
        self.chance = Random(f"{scene.seed}/{plot.name}")  # noqa: S311 - inventing, not guarding
        self.clock = plot.at
        entry = book().by_code(plot.matter["category"])
        condition = entry.default_condition if entry else None
        assert entry is not None and condition is not None, plot.matter["category"]
        self.category, self.condition = entry, condition
        self.case_id = 0
        self.place = ""
        self.voices: list[uuid.UUID] = []
        self.also: list[int] = []

    # time

    def wait(self, **span: float) -> datetime:
        """Let time pass, and by night until the office opens."""
        return self.until(self.clock + timedelta(**span) * self.chance.uniform(0.4, 1.4))

    def until(self, later: datetime, *, working: bool = False) -> datetime:
        """Let time pass until then, or until the office opens; meanwhile late clocks climb."""
        later = self._opening(later, working=working)
        self.climb(min(later, self.scene.now))
        if later > self.scene.now:
            raise TimeIsUp
        self.clock = later
        return later

    def _opening(self, later: datetime, *, working: bool) -> datetime:
        opens = later = timezone.localtime(later)
        if later.hour >= CLOSES:
            opens = later + timedelta(days=1)
        while working and not load().day(opens.date()).works:
            opens += timedelta(days=1)
        if opens != later or later.hour < OPENS:
            opens = opens.replace(hour=OPENS, minute=self.chance.randint(5, 50))
        return opens

    def climb(self, until: datetime) -> None:
        """Let the sweep come by at each minute at which a clock of this matter has something to say."""
        running = Clock.objects.filter(case__in=self.cases, stopped_at=None, paused_at=None)
        while True:
            steps = [c.next_step_at for c in running if c.next_step_at and c.next_step_at <= until]
            if not steps:
                return
            minute = min(steps).replace(second=0, microsecond=0) + MINUTE
            cases.sweep(at=min(minute, max(until, min(steps))))

    # what is known

    @property
    def cases(self) -> list[int]:
        return [self.case_id, *self.also]

    @property
    def case(self) -> Case:
        return Case.objects.get(pk=self.case_id)

    @cached_property
    def grid(self) -> Division:
        return self.scene.town.divisions[self.plot.grid.name]

    def say(self, kind: str) -> str:
        """Some words of a kind."""
        return str(self.chance.choice(self.scene.words[kind]["words"]))

    # people

    @property
    def desk(self) -> User:
        """Who does the desk's part: of a matter about staff the inspector."""
        inspected = self.category.inspectors_only
        return self.staff.inspector if inspected else self.staff.desk(self.chance)

    @property
    def handler(self) -> User:
        case = self.case
        assert case.lead_unit_id is not None
        return self.staff.handler(case.lead_unit_id, self.chance)

    @property
    def checker(self) -> User:
        """Somebody of the community who did not fix it; of a matter about staff the inspector."""
        inspected = self.category.inspectors_only
        return self.staff.inspector if inspected else self.staff.officer(self.grid)

    # the report

    def report(self) -> None:
        """Somebody reports; sometimes others who see the same join in."""
        channel = self._channel()
        places = self.scene.words["places"]
        self.place = "".join(
            self.chance.choice(places[part]) for part in ("names", "kinds", "parts")
        )
        text = str(self.chance.choice(self.plot.matter["words"])).format(place=self.place)
        self.take(text, channel)
        for _voice in range(self._further_voices()):
            if not self.case.public:
                return
            self.clock += timedelta(seconds=self.chance.randint(20, 400))
            if self.clock > self.scene.now:
                return
            self.take("我也看到了，盼早点修好", Channel.WEB, follows=self.case.number)

    def _channel(self) -> Channel:
        if self.plot.ending.startswith("on_spot"):
            return Channel.GRID_WORKER
        if self.category.inspectors_only:
            return Channel.WEB
        channels = [
            Channel.WEB, Channel.PHONE, Channel.COUNTER, Channel.GRID_WORKER, Channel.HOTLINE,
        ]  # fmt: skip
        return self.chance.choices(channels, [45, 22, 6, 17, 10])[0]

    def _further_voices(self) -> int:
        crowd = self.plot.matter.get("crowd", 0)
        if crowd and self.chance.random() < 0.15:
            return self.chance.randint(crowd // 4, crowd - 1)
        return 0 if self.chance.random() < 0.94 else self.chance.randint(1, 5)

    def take(self, text: str, channel: Channel, follows: str = "") -> None:
        """Take one voice in."""
        chance, hotline = self.chance, channel is Channel.HOTLINE
        lon, lat = place_in(self.plot.grid, chance)
        by = self._taker(channel)
        spoken = channel in (Channel.PHONE, Channel.COUNTER, Channel.HOTLINE)
        tells = spoken or chance.random() < 0.5
        name = f"{self.scene.seed}/{self.plot.name}/{len(self.voices)}/{follows}"
        receipt = cases.take_report(
            NewReport(
                id=uuid.uuid5(NAMESPACE, name), text=text, channel=channel, lon=lon, lat=lat,
                kind=ReportKind(self.plot.matter.get("kind", "complain")),
                accuracy_m=round(chance.uniform(4, 30), 1),
                address=self.place,
                category_id=self.category.id,
                name=invented_name(chance.randrange(1_300)) if tells else "",
                phone=f"{PHONE_PREFIX}{chance.randrange(10**6):06d}" if tells else "",
                outer_number=f"DEMO{uuid.uuid5(NAMESPACE, name).hex[:10]}" if hotline else "",
                outer_due=self.clock + timedelta(days=5) if hotline else None,
                outer_source="12345" if hotline else "",
                follows=follows,
                photo_ids=() if follows else self.photos(by, mended=False),
            ),
            by=by,
            at=self.clock,
        )  # fmt: skip
        self.case_id = receipt.case_id
        self.voices.append(uuid.UUID(receipt.report_id))

    def _taker(self, channel: Channel) -> Actor:
        if channel is Channel.GRID_WORKER:
            return self.walker
        return RESIDENT if channel is Channel.WEB else self.desk

    @cached_property
    def walker(self) -> User:
        return self.staff.walker(self.grid, self.chance)

    def photos(self, by: Actor, *, mended: bool) -> tuple[uuid.UUID, ...]:
        if not mended and self.chance.random() < 0.35:
            return ()
        number = self.chance.randrange(PICTURES)
        return (self.scene.picture(number, mended=mended, by=by, at=self.clock).pk,)

    # moves

    def move(self, name: str, by: Actor, **given: Any) -> Case:
        return cases.perform(self.case_id, name, by=by, at=self.clock, **given)

    def accept(self) -> None:
        self.wait(minutes=12)
        self.move("accept", self.desk)

    def dispatch(self, *, elsewhere: bool = False) -> None:
        self.wait(minutes=15)
        service = self.scene.town.units["service"].pk
        unit = service if elsewhere else self.case.suggested_unit_id or service
        self.move("dispatch", self.desk, unit_id=unit, note="请按时限处置并拍照反馈。")

    def sign(self) -> None:
        self.wait(minutes=35)
        self.move("sign", self.handler)

    def report_back(self) -> None:
        """The unit reports back at its own pace; a few are late."""
        case = self.case
        assert case.lead_unit_id is not None
        pace = PACE.get(self.scene.unit_code(case.lead_unit_id), USUAL_PACE)
        share = min(max(self.chance.gauss(pace, 0.2), 0.1), 0.9)
        if self.chance.random() < LATE:
            share = self.chance.uniform(1.05, 1.9)
        began, due = case.clock_started_at, case.clock_due_at
        assert began is not None and due is not None, case.number
        back = began + (due - began) * share
        early = max(back, self.clock + timedelta(minutes=20))
        in_time = share < 1
        working = not self.condition.is_urgent
        if in_time and self._opening(early, working=working) > due:
            early = max(self.clock + timedelta(minutes=10), began + (due - began) * 0.2)
        self.until(early, working=working)
        handler = self.handler
        photos = list(self.photos(handler, mended=True))
        result = self.chance.choice(self.plot.matter["results"])
        self.move("report_back", handler, note=result, photo_ids=photos)

    def check(self) -> None:
        self.wait(hours=2)
        self.move("pass_check", self.checker)
        if self.plot.lives:
            self._publish()

    def _publish(self) -> None:
        case = self.case
        for photo in list(case.photos.all()) if case.public else []:
            cases.publish_photo(photo.pk, by=self.desk, at=self.clock)

    def answer(self) -> None:
        self.wait(minutes=30)
        words = f"您反映的问题已处理：{self.case.result}"
        cases.answer_all(self.case_id, words, by=self.desk, at=self.clock)

    def solve_on_spot(self) -> None:
        self.wait(minutes=20)
        photos = list(self.photos(self.walker, mended=True))
        result = self.chance.choice(self.plot.matter["results"])
        self.move("solve_on_spot", self.walker, note=result, photo_ids=photos)

    def return_it(self) -> None:
        self.wait(minutes=50)
        self.move("return", self.handler, reason=self.say("returns"))

    def fail_check(self) -> None:
        self.wait(hours=2)
        self.move("fail_check", self.checker, reason=self.say("reworks"))

    def ask_extension(self) -> None:
        self.wait(hours=1)
        self.move("ask_extension", self.handler, reason=self.say("extensions"))

    def extend(self) -> None:
        self.wait(hours=1)
        self.move("approve_extension", self.staff.leader)

    def suspend(self, days: int) -> None:
        until = (self.clock + timedelta(days=days)).date()
        self.move("ask_suspension", self.handler, reason=self.say("suspensions"), until=until)
        self.wait(hours=2)
        self.move("approve_suspension", self.staff.leader)

    def ask_assistance(self) -> int:
        """Another unit is asked to come along; return which."""
        lead = self.case.lead_unit_id
        others = [self.scene.town.units[code].pk for code in ("order", "police")]
        unit = next(unit for unit in others if unit != lead)
        self.move("add_assist", self.desk, unit_id=unit, note="请到场维持秩序。")
        return unit
