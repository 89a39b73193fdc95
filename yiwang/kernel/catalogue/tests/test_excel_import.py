"""Taking a file in: all of it or nothing, every wrong cell named; an exported file changes nothing."""

from datetime import date
from io import BytesIO

import pytest
from openpyxl import load_workbook

from yiwang.kernel.accounts.models import User
from yiwang.kernel.catalogue import actions
from yiwang.kernel.catalogue.excel.stored import export_excel
from yiwang.kernel.catalogue.models import Category, RoutingRule
from yiwang.kernel.catalogue.rules.words import Stage
from yiwang.kernel.catalogue.snapshot import load
from yiwang.kernel.catalogue.tests.conftest import NOW, division, unit
from yiwang.kernel.foundation import audit
from yiwang.kernel.foundation.actors import SYSTEM
from yiwang.kernel.foundation.calendar.rules import Limit
from yiwang.kernel.foundation.errors import Forbidden, Invalid

BY = {"by": SYSTEM, "at": NOW}


class Workbook:
    """An exported file with the hand of a clerk in it."""

    def __init__(self) -> None:
        self.book = load_workbook(BytesIO(export_excel()))

    def page(self, sheet: str):
        return self.book[sheet]

    def put(self, sheet: str, key: str, title: str, value) -> str:
        """Write into the column `title` of the first row that begins with `key`, or of the first at all."""
        page = self.page(sheet)
        [place] = [cell.column for cell in page[1] if cell.value == title]
        rows = [
            row[0].row
            for row in page.iter_rows(min_row=2)
            if str(row[0].value).split(" ")[0] == key or not key
        ]
        cell = page.cell(rows[0], place)
        cell.value = value
        return cell.coordinate

    def add(self, sheet: str, **cells) -> int:
        page = self.page(sheet)
        titles = {cell.value: cell.column for cell in page[1]}
        row = max((r[0].row for r in page.iter_rows() if any(c.value for c in r)), default=1) + 1
        for title, value in cells.items():
            page.cell(row, titles[title], value)
        return row

    def take_in(self, **more) -> actions.ImportResult:
        stream = BytesIO()
        self.book.save(stream)
        return actions.import_excel(stream.getvalue(), **{**BY, **more})


@pytest.fixture
def workbook(town):
    """The town works: rules stand, everything is published."""
    town.rules(
        town.rule(town.parks, "T02", level="community", area_id=town.zhongshan.pk, note="=1+1"),
        town.rule(town.municipal),
    )
    actions.publish_served(**BY)
    return Workbook()


def told(result) -> list[tuple]:
    return [(e.sheet, e.cell, e.column, e.sentence.text()) for e in result.errors]


def test_an_exported_file_changes_nothing(workbook):
    before = load().categories
    result = actions.import_excel(export_excel(), **BY)
    assert (result.errors, result.changes) == ((), ())
    assert result.rows == 6 + 5 + 2 + 6
    assert load().categories == before
    assert not list(audit.timeline("catalogue", "excel"))


def test_nor_does_a_file_a_clerk_saved_again(workbook):
    assert workbook.take_in().changes == ()


def test_a_clerk_changes_a_limit(workbook, code):
    workbook.put("立案条件", "T0201", "处置时限", "2小时")
    result = workbook.take_in()
    assert [(c.what, c.subject, c.columns) for c in result.changes] == [
        ("changed", "T0201 1", ("处置时限",))
    ]
    assert code("T0201").conditions.get().limit == Limit.parse("2小时")
    assert code("T0201").edited
    [entry] = audit.timeline("catalogue", "excel")
    assert entry.facts["changes"] == [["立案条件", "changed", "T0201 1", ["处置时限"]]]


def test_a_clerk_adds_a_category_beneath_a_new_heading(workbook, code):
    workbook.add("类别", 代码="T0301", 名称="水坑", 上级类别="T03 积水", 状态="已发布", 可公开="否")
    workbook.add("类别", 代码="T03", 名称="积水", 上级类别="streets 街面", 性质="事件")
    workbook.add("立案条件", 类别="T0301", 条件代码=1, 立案条件="积水", 处置时限="1天", 默认="是")
    result = workbook.take_in()
    assert (told(result), result.changed) == ([], 3)
    made = code("T0301")
    assert made.path == f"{code('streets').path}{code('T03').pk}/{made.pk}/"
    assert (made.published, made.public, made.module) == (True, False, "streets")
    assert load().default_condition(made.pk).limit == Limit.parse("1天")


def test_a_clerk_moves_a_heading(workbook, code):
    workbook.put("类别", "T02", "上级类别", "T01 井盖")
    workbook.take_in()
    assert code("T0201").path == f"{code('T01').path}{code('T02').pk}/{code('T0201').pk}/"


def test_a_clerk_swaps_the_default_condition(workbook, code):
    page = workbook.page("立案条件")
    rows = [row for row in page.iter_rows(min_row=2) if str(row[0].value).startswith("T0101")]
    [default] = [cell.column for cell in page[1] if cell.value == "默认"]
    for row in rows:
        was = row[default - 1].value
        row[default - 1].value = "否" if was == "是" else "是"
    assert told(workbook.take_in()) == []
    assert code("T0101").conditions.get(is_default=True).code == "1"


def test_rules_follow_the_order_of_the_file_and_one_left_out_is_gone(workbook, town):
    page = workbook.page("派遣规则")
    page.delete_rows(2)
    workbook.add("派遣规则", 类别="T0101 污水井盖", 区域="张楼社区", 责任单位="园林所", 备注="试")
    result = workbook.take_in()
    assert told(result) == []
    assert sorted(change.what for change in result.changes) == ["added", "changed", "removed"]
    table = [
        (r.category and r.category.code, r.area, r.unit.code) for r in RoutingRule.objects.all()
    ]
    assert table == [(None, None, "SZ01"), ("T0101", town.zhanglou, "YL01")]


def test_a_clerk_sets_the_limit_of_a_stage(workbook):
    workbook.put("环节时限", "受理", "时限", "15小时")
    workbook.take_in()
    assert load().limit_for(Stage.ACCEPT) == Limit.parse("15小时")


def test_one_wrong_cell_and_nothing_changes(workbook, code):
    workbook.put("类别", "T0101", "名称", "下水井盖")
    cell = workbook.put("立案条件", "T0201", "处置时限", "很快")
    result = workbook.take_in()
    assert not result.applied
    assert [(e.sheet, e.cell, e.column) for e in result.errors] == [("立案条件", cell, "处置时限")]
    assert code("T0101").name == "污水井盖"


def test_all_that_is_wrong_is_told_at_once_in_the_order_of_the_file(workbook):
    workbook.put("环节时限", "受理", "时限", "0天")
    workbook.put("类别", "T0102", "性质", "东西")
    workbook.put("类别", "T0101", "名称", None)
    result = workbook.take_in()
    assert [(e.sheet, e.column) for e in result.errors] == [
        ("类别", "名称"),
        ("类别", "性质"),
        ("环节时限", "时限"),
    ]


def test_a_trial_tells_and_changes_nothing(workbook, code):
    workbook.put("类别", "T0101", "名称", "下水井盖")
    result = workbook.take_in(dry_run=True)
    assert (result.changed, result.applied) == (1, False)
    assert code("T0101").name == "污水井盖"
    assert not list(audit.timeline("catalogue", "excel"))


@pytest.mark.parametrize(
    ("sheet", "key", "title", "value", "sentence"),
    [
        ("类别", "T0101", "上级类别", "T88", "没有代码为 T88 的类别：请先在本表加上它"),
        ("类别", "T01", "上级类别", "T0101", "上级绕成了圈：一个类别不能在自己的下级之下"),
        ("类别", "T0101", "代码", "T0102", "与第 4 行重复"),
        ("类别", "T0101", "仅纪检可见", "是", "只有纪检人员可见的类别不能公开：这一列请填“否”"),
        ("类别", "T01", "状态", "已停用", "污水井盖 的上级已停用：请把它也停用，或恢复上级"),
        ("立案条件", "T0201", "类别", "T88 没有", "没有代码为 T88 的类别：请先在“类别”表加上它"),
        ("立案条件", "T0201", "启用", "否", "停用的条件不能是默认：请填“否”，并另设一条默认"),
        ("派遣规则", "", "责任单位", "消防队", "没有“消防队”：请从列表中选择"),
        ("派遣规则", "", "区域", "月球", "没有“月球”：请从列表中选择"),
        ("派遣规则", "", "类别", "T88", "没有代码为 T88 的类别；空白为任何类别"),
        ("派遣规则", "", "规则号", "999999", "没有规则 999999；新规则请留空"),
    ],
)
def test_a_contradiction_is_named_where_it_stands(workbook, sheet, key, title, value, sentence):
    workbook.put(sheet, key, title, value)
    result = workbook.take_in()
    assert sentence in [error.sentence.text() for error in result.errors]
    assert all(error.row > 1 and error.column for error in result.errors)
    assert not result.applied


def test_two_defaults_are_one_too_many(workbook):
    workbook.add("立案条件", 类别="T0201", 条件代码="2", 立案条件="别的", 处置时限="1天", 默认="是")
    sentences = [error.sentence.text() for error in workbook.take_in().errors]
    assert sentences == [
        "每个类别只能有一条默认条件；条件 2 也是默认",
        "每个类别只能有一条默认条件；条件 1 也是默认",
    ]


def test_a_published_category_keeps_a_unit(workbook):
    workbook.page("派遣规则").delete_rows(3)
    result = workbook.take_in()
    assert ("类别", "状态") in {(error.sheet, error.column) for error in result.errors}
    assert RoutingRule.objects.count() == 2


def test_a_sheet_left_out_stays_as_it_is(workbook):
    del workbook.book["派遣规则"]
    del workbook.book["立案条件"]
    assert workbook.take_in().changes == ()
    assert RoutingRule.objects.count() == 2


def test_areas_of_one_name_are_written_apart(town):
    other = division("北城街道", "subdistrict")
    twin = division("中山社区", "community", other)
    twin.valid_to = date(2026, 6, 1)
    twin.save()
    again = division("中山社区", "community", other)
    town.rules(
        *[town.rule(town.municipal, area_id=each.pk) for each in (town.zhongshan, twin, again)]
    )
    workbook = Workbook()
    written = [row[3].value for row in workbook.page("派遣规则").iter_rows(min_row=2)]
    assert written == [
        "南城街道/中山社区",
        f"北城街道/中山社区 #{twin.pk}",
        f"北城街道/中山社区 #{again.pk}",
    ]
    assert workbook.take_in().changes == ()
    workbook.page("派遣规则").cell(2, 4, "中山社区")
    [error] = workbook.take_in().errors
    assert error.sentence.text() == "“中山社区”不止一个：请写全"


def test_a_unit_is_known_by_its_code_its_name_or_both(town):
    unit("NO", "市政服务中心二队", town.street)
    for written in ("SZ01", "市政服务中心", "SZ01 市政服务中心"):
        town.rules(town.rule(town.parks))
        workbook = Workbook()
        workbook.page("派遣规则").cell(2, 5, written)
        assert told(workbook.take_in()) == []
        assert RoutingRule.objects.get().unit == town.municipal


def test_a_file_that_is_no_workbook_is_refused(town):
    with pytest.raises(Invalid):
        actions.import_excel(b"PK\x03\x04 not really", **BY)


def test_somebody_without_the_duty_takes_nothing_in(workbook):
    nobody = User.objects.create(username="li_na", display_name="李娜", password="!")
    with pytest.raises(Forbidden):
        workbook.take_in(by=nobody)


def test_the_whole_file_is_taken_in_with_few_queries(workbook, django_assert_max_num_queries):
    for category in Category.objects.all():
        workbook.put("类别", category.code, "关键词", "新 词")
    with django_assert_max_num_queries(25):
        workbook.take_in()
