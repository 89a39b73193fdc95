"""A corner of 南城 with three units, and a small list of categories that belongs to no topic of the house."""

from dataclasses import dataclass
from datetime import UTC, date, datetime

import pytest

from yiwang.kernel.catalogue import actions, registration
from yiwang.kernel.catalogue.actions import RuleDraft
from yiwang.kernel.catalogue.models import Category
from yiwang.kernel.catalogue.registration import Topic
from yiwang.kernel.foundation.actors import SYSTEM
from yiwang.kernel.organisation.models import Unit, UnitKind, UnitLevel
from yiwang.kernel.territory.models import Division

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)  # ten in the morning in 菏泽

STARTERS = """
[module]
code = "streets"
name = "街面"
name_en = "Streets"

[[heading]]
code = "T01"
name = "井盖"
name_en = "Manhole covers"
kind = "part"
photo_before = true
source = "测试"
conditions = [
  { when = "缺失", when_en = "Missing", limit = "2紧急工作时" },
  { when = "破损", when_en = "Broken", limit = "3天", default = true },
]
categories = [
  { code = "T0101", name = "污水井盖", name_en = "Sewer manhole cover", keywords = "污水井 下水井盖" },
  { code = "T0102", name = "雨水井盖", name_en = "Storm drain cover", keywords = "雨水井" },
]

[[heading]]
code = "T02"
name = "绿化"
name_en = "Greenery"
kind = "event"
categories = [
  { code = "T0201", name = "树枝折断", name_en = "Broken branch", keywords = "树枝 树倒", conditions = [
    { when = "挡路", when_en = "In the way", limit = "4小时" },
  ] },
]
"""


def division(name: str, level: str, parent: Division | None = None) -> Division:
    made = Division.objects.create(
        name=name, level=level, parent=parent, path="/0/", valid_from=date(2026, 1, 1)
    )
    made.path = f"{parent.path if parent else '/'}{made.pk}/"
    made.save()
    return made


def unit(code: str, name: str, over: Division) -> Unit:
    return Unit.objects.create(
        code=code,
        name=name,
        kind=UnitKind.DEPARTMENT,
        level=UnitLevel.SUBDISTRICT,
        division=over,
    )


@dataclass
class Town:
    street: Division
    zhongshan: Division
    zhanglou: Division
    municipal: Unit
    parks: Unit
    zhongshan_community: Unit

    def rule(self, to: Unit, category: str = "", **more) -> RuleDraft:
        chosen = Category.objects.get(code=category).pk if category else None
        return RuleDraft(unit_id=to.pk, category_id=chosen, **more)

    def rules(self, *table: RuleDraft) -> None:
        actions.save_rules(table, by=SYSTEM, at=NOW)


@pytest.fixture
def no_topics(monkeypatch):
    """The kernel's tests do not lean on any topic of the house."""
    monkeypatch.setattr(registration, "_registered", {})


@pytest.fixture
def streets(no_topics, tmp_path) -> Topic:
    """A topic with one module, two headings and three categories."""
    file = tmp_path / "categories.toml"
    file.write_text(STARTERS, encoding="utf-8")
    topic = Topic("streets", "streets", "街面", "Streets", file)
    registration.register(topic)
    return topic


@pytest.fixture
def town(db, streets) -> Town:
    """Three units, and the little list loaded: nothing published, no rule yet."""
    street = division("南城街道", "subdistrict")
    zhongshan = division("中山社区", "community", street)
    made = Town(
        street=street,
        zhongshan=zhongshan,
        zhanglou=division("张楼社区", "community", street),
        municipal=unit("SZ01", "市政服务中心", street),
        parks=unit("YL01", "园林所", street),
        zhongshan_community=unit("ZS", "中山社区居委会", zhongshan),
    )
    actions.sync_topics(by=SYSTEM, at=NOW)
    return made


@pytest.fixture
def code(town):
    """Find a category by its code."""
    return lambda wanted: Category.objects.get(code=wanted)
