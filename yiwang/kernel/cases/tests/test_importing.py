"""A town with other columns, other words and another clock comes in by its mapping alone."""

from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from django.db import transaction

from tests.town.small import MORNING, Town, build
from yiwang.kernel.cases.importing import bringing
from yiwang.kernel.cases.importing.copying import rendered
from yiwang.kernel.cases.importing.figures import Figures
from yiwang.kernel.cases.importing.mapping import Mapping, WrongMapping, parse, read
from yiwang.kernel.cases.importing.reading import BadRow
from yiwang.kernel.cases.lookups import reword
from yiwang.kernel.cases.models import Case, Clock, Lookup, Report, Reporter, Task
from yiwang.kernel.cases.rules.stages import Stage
from yiwang.kernel.foundation import audit
from yiwang.kernel.foundation.actors import SYSTEM
from yiwang.kernel.foundation.viewer import speaking_as
from yiwang.kernel.organisation.models import Unit

pytestmark = pytest.mark.usefixtures("own_database")

MAPPING = """
[source]
name = "hotline-2026"
encoding = "gb18030"
delimiter = ";"
time_zone = "Asia/Shanghai"
time_formats = ["%d.%m.%Y %H:%M"]
blank = ["-"]

[columns]
number = "工单"
opened = "登记"
closed = "办结"
status = "状态"
unit = "单位"
category = ["大类", "小类"]
text = ["标题", "正文"]
lon = "X"
lat = "Y"
area = "社区"
channel = "来源"
name = "姓名"
phone = "电话"

[status]
open = ["在办"]
closed = ["已结"]

[channels]
"电" = "phone"

[units]
"市政" = { code = "works", name = "市政科" }

[categories]
limit = "1天"

[territory]
place = "南城街道"
level = "community"

[[default_points]]
lon = 115.47
lat = 35.23
radius_m = 5.0
name = "街道办"
"""

HEADER = "工单;登记;办结;状态;单位;大类;小类;标题;正文;X;Y;社区;来源;姓名;电话"
LINES = [
    "A1;20.03.2026 09:00;20.03.2026 11:00;已结;市政;市容;井盖;井盖坏了;夜里危险;115.465;35.235;中山;电;马三;10000123456",
    "A2;20.03.2026 09:00;23.03.2026 11:00;已结;市政;市容;井盖;又坏了;-;115.465;35.225;张楼;网;-;-",
    "A3;21.03.2026 09:00;-;在办;市政;市容;路灯;灯不亮;-;115.47;35.23;中山;电;-;-",
    "A4;not a time;-;在办;市政;市容;路灯;灯;-;1;1;中山;电;-;-",
    "A5;21.03.2026 09:00;-;在办;环卫;市容;路灯;灯;-;-;-;中山;电;-;-",
    "A6;21.03.2026 09:00;20.03.2026 09:00;已结;市政;市容;路灯;灯;-;-;-;中山;电;-;-",
    "A1;20.03.2026 09:00;-;在办;市政;市容;井盖;一样的号;-;-;-;中山;电;-;-",
    "A7;21.03.2026 09:00;-;在办;市政;市容;路灯;灯;-;999;35;中山;电;-;-",
    "A8;太短",
]


@pytest.fixture
def told(tmp_path: Path) -> tuple[Mapping, Path]:
    (tmp_path / "m.toml").write_text(MAPPING, encoding="utf-8")
    (tmp_path / "rows.csv").write_bytes("\n".join([HEADER, *LINES]).encode("gb18030"))
    return read(tmp_path / "m.toml"), tmp_path / "rows.csv"


def bring(told: tuple[Mapping, Path]) -> tuple[Town, Figures, list[BadRow]]:
    town = build()
    figures, bad = bringing.bring_in(*told, at=MORNING)
    return town, figures, bad


def test_every_line_is_accounted_for_with_a_reason(told: tuple[Mapping, Path]) -> None:
    _town, figures, bad = bring(told)
    assert (figures.rows, figures.imported, figures.rejected, figures.known) == (9, 3, 6, 0)
    assert [(row.line, row.reason.split(":")[0]) for row in bad] == [
        (5, "opened"), (6, "unit"), (7, "closed"), (8, "number"), (9, "place"),
        (10, "2 columns where the header has 15"),
    ]  # fmt: skip


def test_a_row_becomes_a_located_case_with_its_unit_kind_and_limit(
    told: tuple[Mapping, Path],
) -> None:
    town, figures, _bad = bring(told)
    case = Case.objects.get(origin_number="A1")
    assert (case.area, case.stage, case.channel) == (town.grid("中山"), Stage.CLOSED, "phone")
    assert case.closed_at == datetime(2026, 3, 20, 11, tzinfo=ZoneInfo("Asia/Shanghai"))
    assert (case.handled_in_time, case.title) == (True, "井盖坏了")
    assert Report.objects.get(case=case).text == "井盖坏了\n夜里危险"
    late = Case.objects.get(origin_number="A2")
    assert late.handled_in_time is False and late.area == town.grid("张楼")
    assert Unit.objects.get(name="市政科").tasks.count() == 3
    assert Task.objects.filter(state="done").count() == 2
    assert figures.area.value == 1.0 and figures.located == 2


def test_a_default_point_is_no_place_and_an_old_clock_reminds_nobody(
    told: tuple[Mapping, Path],
) -> None:
    town, figures, _bad = bring(told)
    case = Case.objects.get(origin_number="A3")
    assert (case.trust, case.area) == ("default_point", town.grid("南城街道"))
    assert case.late and figures.untrusted_places == 1
    assert Clock.objects.get(case=case).next_step_at is None


def test_the_person_behind_a_row_is_sealed_like_any_other(told: tuple[Mapping, Path]) -> None:
    bring(told)
    assert not Reporter.objects.exists()
    with speaking_as(SYSTEM):
        assert Reporter.objects.get().phone == "10000123456"


def test_a_row_is_found_by_its_words_and_facts_as_if_it_had_been_reported(
    told: tuple[Mapping, Path],
) -> None:
    bring(told)
    before = dict(Lookup.objects.values_list("case__origin_number", "words"))
    marks = dict(Lookup.objects.values_list("case__origin_number", "marks"))
    assert set(before) == {"A1", "A2", "A3"}
    assert "'井盖'" in before["A1"] and "10000123456" not in before["A1"]
    Lookup.objects.all().delete()
    with transaction.atomic(), speaking_as(SYSTEM):
        reword(*Case.objects.all())
    assert dict(Lookup.objects.values_list("case__origin_number", "words")) == before
    assert dict(Lookup.objects.values_list("case__origin_number", "marks")) == marks


def test_a_second_run_adds_nothing_and_says_the_same(told: tuple[Mapping, Path]) -> None:
    _town, first, _bad = bring(told)
    again, _bad = bringing.bring_in(*told, at=MORNING)
    assert (again.imported, again.known, again.rejected) == (0, 3, 6)
    assert again.area.value == first.area.value
    assert Case.objects.count() == Report.objects.count() == 3
    assert list(audit.verify()) == []


def test_nothing_to_divide_by_is_none() -> None:
    assert Figures().as_json()["area_agreement"] is None


@pytest.mark.parametrize(
    ("spoilt", "said"),
    [
        ({"sources": {}}, "unknown section"),
        ({}, "section [source] is missing"),
        ({"source": {"name": "x", "time_zone": "Mars/Base"}, "status": {}}, "section [units]"),
    ],
)
def test_a_wrong_mapping_names_the_place(spoilt: dict, said: str) -> None:  # type: ignore[type-arg]
    with pytest.raises(WrongMapping, match=said.replace("[", r"\[").replace("]", r"\]")):
        parse(spoilt)


def test_copy_escapes_what_copy_means() -> None:
    assert rendered("a\tb\\c\nd") == "a\\tb\\\\c\\nd"
    assert rendered(None) == r"\N" and rendered(True) == "t" and rendered([1, 2]) == "{1,2}"
    assert rendered(Stage.CLOSED) == "closed"
    with pytest.raises(TypeError):
        rendered(object())
