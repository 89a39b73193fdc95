"""The smallest town a case can live in: two communities, three square grids, five units and ten named people."""

import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from shapely import box

from tests.database import OwnDatabase
from tests.grounds import ground, ground_of_its_own
from yiwang.kernel.accounts.models import User
from yiwang.kernel.cases import actions as cases
from yiwang.kernel.cases.actions import Receipt
from yiwang.kernel.cases.models import Case, Report
from yiwang.kernel.cases.rules.intake import NewReport
from yiwang.kernel.cases.rules.stages import Channel
from yiwang.kernel.catalogue import actions as catalogue
from yiwang.kernel.catalogue.actions.routing import RuleDraft
from yiwang.kernel.catalogue.models import Category
from yiwang.kernel.foundation import versions
from yiwang.kernel.foundation.actors import RESIDENT, SYSTEM, Actor
from yiwang.kernel.foundation.calendar.rules import Limit
from yiwang.kernel.organisation import actions as organisation
from yiwang.kernel.organisation.models import Unit, UnitKind, UnitLevel
from yiwang.kernel.organisation.rules import Role
from yiwang.kernel.territory import land
from yiwang.kernel.territory.models import Boundary, Division

SHANGHAI = ZoneInfo("Asia/Shanghai")
# A Wednesday morning without a holiday near.
MORNING = datetime(2026, 10, 21, 9, 0, tzinfo=SHANGHAI)
FOUNDED = date(2026, 1, 1)


@dataclass
class Town:
    """The town by name: `town.wang_fang`, `town.grid("中山-01")`, `town.unit("市政服务中心")`."""

    divisions: dict[str, Division] = field(default_factory=dict)
    units: dict[str, Unit] = field(default_factory=dict)
    people: dict[str, User] = field(default_factory=dict)
    categories: dict[str, Category] = field(default_factory=dict)

    def __getattr__(self, name: str) -> User:
        try:
            return self.__dict__["people"][name]
        except KeyError as error:
            raise AttributeError(name) from error

    def grid(self, name: str) -> Division:
        return self.divisions[name]

    def unit(self, name: str) -> Unit:
        return self.units[name]

    def category(self, name: str) -> int:
        return self.categories[name].pk

    def report(
        self, text: str = "井盖坏了", *, by: Actor = RESIDENT, at: datetime = MORNING, **more: Any
    ) -> Receipt:
        """A resident reports a broken manhole cover in 中山-01, unless told otherwise."""
        given: dict[str, Any] = {
            "id": uuid.uuid4(), "channel": Channel.WEB, "lon": 115.465, "lat": 35.235,
            "category_id": self.category("污水井盖"), **more,
        }  # fmt: skip
        return cases.take_report(NewReport(text=text, **given), by=by, at=at)

    def case(self, receipt: Receipt) -> Case:
        return Case.objects.get(pk=receipt.case_id)

    def report_of(self, receipt: Receipt) -> Report:
        return Report.objects.get(pk=receipt.report_id)

    def accepted(self, **more: Any) -> Case:
        receipt = self.report(**more)
        return cases.perform(
            receipt.case_id, "accept", by=self.wang_fang, at=MORNING + timedelta(minutes=10)
        )

    def dispatched(self, **more: Any) -> Case:
        case = self.accepted(**more)
        unit = self.unit("市政服务中心").pk
        return cases.perform(
            case.pk, "dispatch", by=self.wang_fang, at=MORNING + timedelta(minutes=20), unit_id=unit
        )

    def handling(self, **more: Any) -> Case:
        case = self.dispatched(**more)
        return cases.perform(case.pk, "sign", by=self.li_na, at=MORNING + timedelta(minutes=30))

    def reported_back(self, **more: Any) -> Case:
        case = self.handling(**more)
        return cases.perform(
            case.pk, "report_back", by=self.li_na, at=MORNING + timedelta(hours=1), note="换了井盖"
        )

    def closed(self, **more: Any) -> Case:
        case = self.reported_back(**more)
        return cases.perform(
            case.pk, "pass_check", by=self.chen_jing, at=MORNING + timedelta(hours=2)
        )


PEOPLE: list[tuple[str, str, Role, str, str]] = [
    ("wang_fang", "王芳", Role.DESK_OPERATOR, "受理中心", "南城街道"),
    ("zhang_min", "张敏", Role.GRID_WORKER, "中山社区居委会", "中山-01"),
    ("liu_yang", "刘洋", Role.GRID_WORKER, "中山社区居委会", "中山-01"),
    ("zheng_kai", "郑凯", Role.GRID_WORKER, "张楼社区居委会", "张楼-01"),
    ("li_na", "李娜", Role.UNIT_HANDLER, "市政服务中心", "南城街道"),
    ("qian_jun", "钱军", Role.UNIT_HANDLER, "市政服务中心", "南城街道"),
    ("zhao_qiang", "赵强", Role.UNIT_HANDLER, "综合执法队", "南城街道"),
    ("chen_jing", "陈静", Role.COMMUNITY_OFFICER, "中山社区居委会", "中山"),
    ("zhou_wei", "周伟", Role.LEADER, "受理中心", "南城街道"),
    ("sun_li", "孙丽", Role.INSPECTOR, "受理中心", "南城街道"),
    ("wu_gang", "吴刚", Role.ADMINISTRATOR, "受理中心", "南城街道"),
]


def _land(town: Town) -> None:
    def division(name: str, level: str, parent: str | None, shape: Any = None, **more: Any) -> None:
        above = town.divisions.get(parent or "")
        made = Division(name=name, level=level, parent=above, valid_from=FOUNDED, path="/", **more)
        made.save()
        made.path = f"{above.path if above else '/'}{made.pk}/"
        made.save()
        town.divisions[name] = made
        if shape is not None:
            Boundary.objects.create(
                division=made, shape=shape.wkb, area_m2=1.0, generated=True, valid_from=FOUNDED
            )

    division(
        "南城街道",
        "subdistrict",
        None,
        box(115.46, 35.22, 115.48, 35.24),
        is_town=True,
        code="371702003",
    )
    division("中山", "community", "南城街道", box(115.46, 35.23, 115.48, 35.24))
    division("张楼", "community", "南城街道", box(115.46, 35.22, 115.48, 35.23))
    division("中山-01", "grid", "中山", box(115.46, 35.23, 115.47, 35.24), kind="general")
    division("中山-02", "grid", "中山", box(115.47, 35.23, 115.48, 35.24), kind="general")
    division("张楼-01", "grid", "张楼", box(115.46, 35.22, 115.48, 35.23), kind="general")
    versions.bump(land.VERSION)  # an office that runs already has looked, and seen no land


def _units(town: Town, at: datetime) -> None:
    for code, name, kind, place in [
        ("desk", "受理中心", UnitKind.SUBDISTRICT, "南城街道"),
        ("works", "市政服务中心", UnitKind.DEPARTMENT, "南城街道"),
        ("order", "综合执法队", UnitKind.DEPARTMENT, "南城街道"),
        ("zhongshan", "中山社区居委会", UnitKind.COMMUNITY, "中山"),
        ("zhanglou", "张楼社区居委会", UnitKind.COMMUNITY, "张楼"),
    ]:
        level = UnitLevel.COMMUNITY if kind == UnitKind.COMMUNITY else UnitLevel.SUBDISTRICT
        town.units[name] = organisation.add_unit(
            name=name,
            code=code,
            kind=kind,
            level=level,
            division=town.divisions[place],
            by=SYSTEM,
            at=at,
        )


def _people(town: Town, at: datetime) -> None:
    for key, name, role, unit, area in PEOPLE:
        user = User.objects.create(username=key.replace("_", "."), display_name=name, password="!")
        town.people[key] = user
        organisation.appoint(
            user,
            unit=town.units[unit],
            role=role,
            area=town.divisions[area],
            by=SYSTEM,
            at=at,
            starts_on=FOUNDED,
        )


def _catalogue(town: Town, at: datetime) -> None:
    module = catalogue.create_category(
        parent_id=None, code="city", name="城市管理", by=SYSTEM, at=at
    )
    for code, name, limit, after in [
        ("P0102", "污水井盖", "4小时", False),
        ("E0121", "病虫害", "3天", False),
        ("E0406", "占道经营", "2紧急工作时", True),
    ]:
        category = catalogue.create_category(
            parent_id=module.pk, code=code, name=name, by=SYSTEM, at=at, public=True
        )
        catalogue.add_condition(
            category.pk, by=SYSTEM, at=at, name="发现即立案", limit=Limit.parse(limit), is_default=True,
            needs_photo_after=after, public=True,
        )  # fmt: skip
        town.categories[name] = category
    catalogue.save_rules(
        [
            RuleDraft(town.units["综合执法队"].pk, category_id=town.categories["占道经营"].pk),
            RuleDraft(town.units["市政服务中心"].pk),
        ],
        by=SYSTEM,
        at=at,
    )
    catalogue.publish_served(by=SYSTEM, at=at)


def build(at: datetime = MORNING) -> Town:
    """Found the town within the open transaction."""
    town = Town()
    _land(town)
    _units(town, at)
    _people(town, at)
    _catalogue(town, at)
    versions.forget()
    return town


@ground
def small_town() -> Town:
    return build()


@pytest.fixture
def town(small_town: Town) -> Town:
    return small_town


@pytest.fixture
def own_town(
    request: pytest.FixtureRequest, django_db_setup: None
) -> Iterator[tuple[OwnDatabase, Town]]:
    """A database in which the town stands, for one test that commits; Django is pointed at it."""
    yield from ground_of_its_own(request, "small_town")


@pytest.fixture
def later() -> Callable[..., datetime]:
    """`later(hours=2)`: that long after the morning the town's stories begin."""
    return lambda **span: MORNING + timedelta(**span)
