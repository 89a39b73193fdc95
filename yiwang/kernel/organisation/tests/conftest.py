"""A corner of 南城: two communities with a grid each, three units, and the people of these tests."""

from dataclasses import dataclass
from datetime import UTC, date, datetime

import pytest

from yiwang.kernel.accounts.models import User
from yiwang.kernel.foundation.actors import SYSTEM
from yiwang.kernel.organisation.actions import add_unit, appoint
from yiwang.kernel.organisation.models import Posting, Unit, UnitKind, UnitLevel
from yiwang.kernel.organisation.rules import GridDuty, Role
from yiwang.kernel.territory.models import Division

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)  # ten in the morning in 菏泽
TODAY = date(2026, 11, 23)


def division(name: str, level: str, parent: Division | None = None) -> Division:
    made = Division.objects.create(
        name=name,
        level=level,
        kind="general" if level == "grid" else "",
        parent=parent,
        path="/0/",
        valid_from=date(2026, 1, 1),
    )
    made.path = f"{parent.path if parent else '/'}{made.pk}/"
    made.save()
    return made


def person(name: str, username: str) -> User:
    return User.objects.create(username=username, display_name=name, password="!")


@dataclass
class Corner:
    street: Division
    zhongshan: Division
    zhongshan_01: Division
    zhanglou: Division
    zhanglou_02: Division
    office: Unit
    zhongshan_community: Unit
    water: Unit
    zhang_min: User
    li_na: User
    wang_qiang: User
    zhao_lei: User
    chen_gang: User
    zhou_jing: User

    def post(
        self, user: User, role: Role, area: Division, unit: Unit | None = None, **more
    ) -> Posting:
        return appoint(
            user,
            unit=unit or self.office,
            role=role,
            area=area,
            **{"by": SYSTEM, "at": NOW, **more},
        )


@pytest.fixture
def corner(db) -> Corner:
    street = division("南城街道", "subdistrict")
    zhongshan = division("中山社区", "community", street)
    zhanglou = division("张楼社区", "community", street)

    def unit(name: str, code: str, kind: UnitKind, level: UnitLevel, area: Division) -> Unit:
        return add_unit(
            name=name, code=code, kind=kind, level=level, division=area, by=SYSTEM, at=NOW
        )

    return Corner(
        street=street,
        zhongshan=zhongshan,
        zhongshan_01=division("中山-01", "grid", zhongshan),
        zhanglou=zhanglou,
        zhanglou_02=division("张楼-02", "grid", zhanglou),
        office=unit("街道办", "JDB", UnitKind.SUBDISTRICT, UnitLevel.SUBDISTRICT, street),
        zhongshan_community=unit(
            "中山社区", "ZS", UnitKind.COMMUNITY, UnitLevel.COMMUNITY, zhongshan
        ),
        water=unit("供水公司", "GS", UnitKind.COMPANY, UnitLevel.SUBDISTRICT, street),
        zhang_min=person("张敏", "zhang.min"),
        li_na=person("李娜", "li.na"),
        wang_qiang=person("王强", "wang.qiang"),
        zhao_lei=person("赵磊", "zhao.lei"),
        chen_gang=person("陈刚", "chen.gang"),
        zhou_jing=person("周静", "zhou.jing"),
    )


@pytest.fixture
def zhang_min_in_zhongshan(corner: Corner) -> Posting:
    """张敏 is a full-time grid worker of 中山-01."""
    return corner.post(
        corner.zhang_min,
        Role.GRID_WORKER,
        corner.zhongshan_01,
        corner.zhongshan_community,
        duty=GridDuty.FULL_TIME,
    )
