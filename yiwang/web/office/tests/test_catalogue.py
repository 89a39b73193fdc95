"""The catalogue as a table and as a file."""

from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import load_workbook

from tests.town.small import MORNING, Town
from yiwang.kernel import catalogue
from yiwang.kernel.catalogue.actions import save_rules
from yiwang.kernel.catalogue.models import Category, Condition, RoutingRule
from yiwang.kernel.foundation import audit
from yiwang.kernel.foundation.actors import SYSTEM
from yiwang.kernel.foundation.calendar.rules import Limit
from yiwang.web.office.tests.conftest import filled_form

EXCEL = "/office/catalogue/excel/"


@pytest.fixture
def city(town: Town) -> Category:
    return Category.objects.get(code="city")


def sent_by(page: Any) -> dict[str, str]:
    """The whole table as the browser would send it."""
    sent: dict[str, str] = {"order": " ".join(page.context["table"].order)}
    for line in page.context["table"].lines:
        for row in line.rows:
            sent |= filled_form(row)
    return sent


def of(category: Category) -> tuple[str, str]:
    """The prefixes of a category's row and of its first condition's."""
    return f"c{category.pk}", f"k{Condition.objects.filter(category=category).first().pk}"


def test_wu_gang_changes_a_limit_and_a_name_in_one_go(town: Town, wu_gang, city):
    address = f"/office/catalogue/{city.pk}/"
    cover = Category.objects.get(code="P0102")
    row, condition = of(cover)
    sent = sent_by(wu_gang.get(address))
    sent |= {f"{row}-keywords": "井盖 下水", f"{condition}-limit_amount": "6"}
    assert wu_gang.post(address, sent).status_code == 302
    entry = catalogue.book().by_code("P0102")
    assert entry.keywords == ("井盖", "下水")
    assert entry.default_condition.limit.as_text() == "6小时"
    before = len(audit.timeline("category", cover.pk))
    assert wu_gang.post(address, sent).status_code == 302  # a double tap
    assert len(audit.timeline("category", cover.pk)) == before


def test_rows_nobody_touched_are_left_alone(town: Town, wu_gang, city):
    address = f"/office/catalogue/{city.pk}/"
    versions = dict(Category.objects.values_list("pk", "version"))
    assert wu_gang.post(address, sent_by(wu_gang.get(address))).status_code == 302
    assert dict(Category.objects.values_list("pk", "version")) == versions


def test_a_stale_row_is_told_and_the_others_wait(town: Town, wu_gang, city):
    address = f"/office/catalogue/{city.pk}/"
    cover, pests = (Category.objects.get(code=code) for code in ("P0102", "E0121"))
    old = sent_by(wu_gang.get(address))
    wu_gang.post(address, old | {f"c{cover.pk}-name": "污水井盖板"})
    mine = old | {f"c{cover.pk}-name": "污水检查井盖", f"c{pests.pk}-name": "病虫害（树木）"}
    answer = wu_gang.post(address, mine)
    text = answer.content.decode()
    assert answer.status_code == 409
    assert "现在是：污水井盖板" in text
    assert "污水检查井盖" in text
    assert Category.objects.get(pk=pests.pk).name == "病虫害"
    again = sent_by(answer)
    assert wu_gang.post(address, again).status_code == 302
    assert Category.objects.get(pk=cover.pk).name == "污水检查井盖"
    assert Category.objects.get(pk=pests.pk).name == "病虫害（树木）"


def test_a_row_another_changed_and_i_did_not_stays_theirs(town: Town, wu_gang, city):
    address = f"/office/catalogue/{city.pk}/"
    cover, pests = (Category.objects.get(code=code) for code in ("P0102", "E0121"))
    old = sent_by(wu_gang.get(address))
    wu_gang.post(address, old | {f"c{cover.pk}-name": "污水井盖板"})
    assert wu_gang.post(address, old | {f"c{pests.pk}-name": "虫害"}).status_code == 302
    assert Category.objects.get(pk=cover.pk).name == "污水井盖板"


def test_a_wrong_row_is_named_and_nothing_is_saved(town: Town, wu_gang, city):
    address = f"/office/catalogue/{city.pk}/"
    cover, pests = (Category.objects.get(code=code) for code in ("P0102", "E0121"))
    sent = sent_by(wu_gang.get(address))
    sent |= {f"c{cover.pk}-name": "", f"c{pests.pk}-name": "虫害"}
    answer = wu_gang.post(address, sent)
    assert answer.status_code == 422
    assert answer.context["table"].line(cover.pk).form.errors["name"]
    assert Category.objects.get(pk=pests.pk).name == "病虫害"


def test_numbers_put_the_rows_in_order(town: Town, wu_gang, city):
    address = f"/office/catalogue/{city.pk}/"
    last = Category.objects.get(code="E0406")
    sent = sent_by(wu_gang.get(address)) | {f"c{last.pk}-place": "0.5"}
    for _tap in range(2):
        assert wu_gang.post(address, sent).status_code == 302
    codes = [entry.code for entry in catalogue.book().children(city.pk)]
    assert codes == ["E0406", "P0102", "E0121"]


def test_an_order_another_gave_is_not_undone(town: Town, wu_gang, city):
    address = f"/office/catalogue/{city.pk}/"
    cover, pests, stalls = (Category.objects.get(code=c) for c in ("P0102", "E0121", "E0406"))
    old = sent_by(wu_gang.get(address))
    catalogue.actions.reorder(city.pk, [stalls.pk, cover.pk, pests.pk], by=town.wu_gang, at=MORNING)
    assert wu_gang.post(address, old | {f"c{cover.pk}-name": "井盖板"}).status_code == 302
    assert catalogue.book().children(city.pk)[0].code == "E0406"
    answer = wu_gang.post(address, old | {f"c{pests.pk}-place": "0"})
    assert answer.status_code == 409
    assert "这一级的顺序刚被别人改过" in answer.content.decode()


def test_another_condition_becomes_the_default_in_one_go(town: Town, wu_gang):
    cover = Category.objects.get(code="P0102")
    second = catalogue.actions.add_condition(
        cover.pk, by=town.wu_gang, at=MORNING, name="缺失", limit=Limit.parse("2紧急工作时")
    )
    first = Condition.objects.get(category=cover, is_default=True)
    address = f"/office/catalogue/{cover.pk}/"
    sent = sent_by(wu_gang.get(address))
    del sent[f"k{first.pk}-is_default"]
    assert wu_gang.post(address, sent).status_code == 422  # one of them must be
    assert wu_gang.post(address, sent | {f"k{second.pk}-is_default": "on"}).status_code == 302
    assert Condition.objects.get(category=cover, is_default=True) == second


def test_publishing_without_a_unit_is_refused_in_words(town: Town, wu_gang, city):
    category = Category.objects.get(code="E0406")
    address = f"/office/catalogue/{city.pk}/"
    sent = sent_by(wu_gang.get(address))
    assert wu_gang.post(address, sent | {"do": f"retire-{category.pk}"}).status_code == 302
    rules = catalogue.actions.drafts()
    for kind in Category.objects.exclude(pk=category.pk).order_by("-path"):
        catalogue.actions.retire_category(kind.pk, by=SYSTEM, at=MORNING)
    save_rules(
        [r for r in rules if r.category_id not in (None, category.pk)], by=SYSTEM, at=MORNING
    )
    answer = wu_gang.post(address, sent_by(wu_gang.get(address)) | {"do": f"publish-{category.pk}"})
    assert answer.status_code == 409
    assert "没有责任单位：请先为它设一条派遣规则，再发布" in answer.content.decode()


def test_retiring_a_heading_with_published_kinds_is_refused(town: Town, wu_gang, city):
    answer = wu_gang.post(
        "/office/catalogue/",
        sent_by(wu_gang.get("/office/catalogue/")) | {"do": f"retire-{city.pk}"},
    )
    assert answer.status_code == 409
    assert "它下面还有 3 个已发布的类别" in answer.content.decode()


def test_a_category_and_its_condition_are_added_once(town: Town, wu_gang, city):
    address = f"/office/catalogue/new/?under={city.pk}"
    sent = {"code": "P0199", "name": "窨井", "kind": "part", "public": "on"}
    assert wu_gang.post(address, sent).status_code == 302
    assert wu_gang.post(address, sent).status_code == 409
    made = Category.objects.get(code="P0199")
    address = f"/office/catalogue/{made.pk}/conditions/"
    sent = filled_form(wu_gang.get(address).context["form"])
    sent |= {"name": "破损", "limit_amount": "2", "urgency": "normal"}
    assert wu_gang.post(address, sent).status_code == 302
    assert wu_gang.post(address, sent).status_code == 409
    assert made.conditions.get().is_default


def test_a_category_moves_under_another(town: Town, wu_gang, city):
    wu_gang.post("/office/catalogue/new/", {"code": "other", "name": "其他", "kind": "matter"})
    other = Category.objects.get(code="other")
    cover = Category.objects.get(code="P0102")
    address = f"/office/catalogue/{cover.pk}/move/"
    sent = filled_form(wu_gang.get(address).context["form"]) | {"under": other.pk}
    for _tap in range(2):
        assert wu_gang.post(address, sent).status_code == 302
    cover.refresh_from_db()
    assert cover.path == f"/{other.pk}/{cover.pk}/"


def test_words_find_a_category(town: Town, wu_gang):
    found = wu_gang.get("/office/catalogue/?q=井盖").context["found"]
    assert [row.code for row, _title, _above in found] == ["P0102"]


def workbook(wu_gang, change) -> SimpleUploadedFile:
    book = load_workbook(BytesIO(wu_gang.get("/office/catalogue/excel/file/").content))
    change(book)
    stream = BytesIO()
    book.save(stream)
    return SimpleUploadedFile("catalogue.xlsx", stream.getvalue())


def test_the_file_comes_back_and_changes_nothing(town: Town, wu_gang):
    answer = wu_gang.post(EXCEL, {"file": workbook(wu_gang, lambda book: None), "do": "try"})
    assert (answer.context["result"].changed, answer.status_code) == (0, 200)


def test_a_file_is_tried_and_then_taken_in(town: Town, wu_gang):
    def rename(book):
        book["类别"]["B3"] = "污水井盖（新）"

    answer = wu_gang.post(EXCEL, {"file": workbook(wu_gang, rename), "do": "try"})
    assert answer.context["result"].changed == 1
    assert not Category.objects.filter(name="污水井盖（新）").exists()
    token = answer.context["form"]["token"].value()
    for changed in (1, 0):  # the second time is a double tap
        written = wu_gang.post(EXCEL, {"token": token, "do": "write"})
        assert (written.context["written"], written.context["result"].changed) == (True, changed)
    assert Category.objects.filter(name="污水井盖（新）").exists()


def test_a_wrong_cell_is_named_by_sheet_row_and_column(town: Town, wu_gang):
    def break_it(book):
        book["立案条件"]["E2"] = "三天吧"

    answer = wu_gang.post(EXCEL, {"file": workbook(wu_gang, break_it), "do": "write"})
    assert answer.status_code == 422
    [error] = answer.context["errors"]
    assert (error.sheet, error.row, error.column, error.cell) == ("立案条件", 2, "处置时限", "E2")
    assert not answer.context["written"]


def test_what_is_no_workbook_is_refused(town: Town, wu_gang):
    file = SimpleUploadedFile("catalogue.xlsx", b"PK not really")
    answer = wu_gang.post(EXCEL, {"file": file, "do": "try"})
    assert answer.status_code == 422
    assert "不是 Excel 工作簿" in answer.content.decode()
    assert wu_gang.post(EXCEL, {"do": "try"}).status_code == 422


def test_stage_limits_are_set_and_a_stale_tab_is_told(town: Town, wu_gang):
    old = filled_form(wu_gang.get("/office/limits/").context["form"])
    assert wu_gang.post("/office/limits/", old | {"accept_amount": "2"}).status_code == 302
    assert catalogue.book().limit_for("accept").as_text() == "2小时"
    answer = wu_gang.post("/office/limits/", old | {"accept_amount": "3"})
    assert answer.status_code == 409
    assert "现在是：2" in answer.content.decode()


def test_the_rules_stay_where_the_table_is_saved(town: Town, wu_gang, city):
    before = RoutingRule.objects.count()
    address = f"/office/catalogue/{city.pk}/"
    wu_gang.post(address, sent_by(wu_gang.get(address)))
    assert RoutingRule.objects.count() == before
