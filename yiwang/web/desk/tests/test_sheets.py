"""Every list goes out as Excel: what the person may see, never who reported, and always to that person alone."""

import io
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from tests.town.small import MORNING, Town
from yiwang.kernel.cases import actions as cases
from yiwang.kernel.cases.rules.leaving import without_numbers
from yiwang.kernel.foundation.actors import SYSTEM
from yiwang.kernel.foundation.exports import making
from yiwang.kernel.foundation.exports.models import Export
from yiwang.kernel.foundation.viewer import speaking_as
from yiwang.web.desk.tests.conftest import Knock


@pytest.fixture(autouse=True)
def _home(settings: Any, tmp_path: Path) -> None:
    settings.YIWANG_HOME = tmp_path


def taken(client: Any, source: str, query: str = "") -> str:
    """Ask for a list, let the worker make it, download it; every cell as one text."""
    assert client.post(f"/exports/{source}/", {"query": query}).status_code == 302
    with speaking_as(SYSTEM):
        export = Export.objects.latest("asked_at")
    making.make(export.pk)
    answer = client.get(f"/exports/{export.pk}/file/")
    assert answer.status_code == 200, Export.objects.values("problem")
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    rows = load_workbook(io.BytesIO(content)).active.iter_rows(values_only=True)
    return "\n".join("|".join("" if v is None else str(v) for v in row) for row in rows)


def test_the_queue_goes_out_narrowed_without_who_reported(town: Town, as_: Knock) -> None:
    town.report("井盖坏了，电话 13812345678", name="张三丰", phone="13812345678")
    town.report("路灯不亮", lat=35.225)
    area = town.divisions["中山"].pk
    text = taken(as_(town.wang_fang), "desk-list", f"queue=open&area={area}")
    assert "井盖坏了" in text
    assert "路灯" not in text
    for secret in ("张三丰", "13812345678", "138"):
        assert secret not in text
    assert "演示数据" in text


@pytest.mark.parametrize(
    ("who", "source", "query"),
    [("wang_fang", "desk-list", "queue=all&q=井盖"), ("wang_fang", "desk-list", "queue=answer"),
     ("wang_fang", "desk-list", "queue=closed"), ("wang_fang", "desk-search", "q=井盖"),
     ("zhou_wei", "cockpit-late", ""), ("zhou_wei", "cockpit-watched", ""),
     ("zhou_wei", "cockpit-figures", "by=category"), ("sun_li", "cockpit-inspect", "look=late")],
)  # fmt: skip
def test_each_list_opens(town: Town, as_: Knock, who: str, source: str, query: str) -> None:
    town.closed()
    late = town.report()
    cases.perform(late.case_id, "supervise", by=town.zhou_wei, at=MORNING, reason="催")
    assert taken(as_(getattr(town, who)), source, query)


def test_the_work_of_li_na_is_her_units(town: Town, as_: Knock) -> None:
    case = town.handling()
    assert case.number in taken(as_(town.li_na), "unit-work")


def test_chen_jing_gets_her_community_only_whatever_she_asks_for(town: Town, as_: Knock) -> None:
    town.report("中山的井盖")
    town.report("张楼的井盖", lat=35.225)
    text = taken(as_(town.chen_jing), "desk-list", "queue=open")
    assert "中山的井盖" in text
    assert "张楼的井盖" not in text


def test_a_list_of_another_role_is_refused_and_an_unknown_one_is_missing(
    town: Town, as_: Knock
) -> None:
    assert as_(town.li_na).post("/exports/cockpit-inspect/", {}).status_code == 403
    assert as_(town.wang_fang).post("/exports/nothing/", {}).status_code == 404


def test_the_export_of_wang_fang_is_not_there_for_zhou_wei(town: Town, as_: Knock) -> None:
    town.report()
    taken(as_(town.wang_fang), "desk-list", "queue=open")
    with speaking_as(SYSTEM):
        key = Export.objects.get().pk
    other = as_(town.zhou_wei)
    for address in (f"/exports/{key}/", f"/exports/{key}/file/"):
        assert other.get(address).status_code == 404
    assert other.post(f"/exports/{key}/again/").status_code == 404
    assert str(key) not in other.get("/exports/").content.decode()


def test_the_page_shows_how_far_it_is_and_then_the_file(town: Town, as_: Knock) -> None:
    desk = as_(town.wang_fang)
    bar = desk.post("/exports/desk-list/", {"query": "queue=open"}, headers={"HX-Request": "true"})
    assert "<progress" in bar.content.decode()
    assert "every 2s" in desk.get("/exports/").content.decode()
    with speaking_as(SYSTEM):
        making.make(Export.objects.get().pk)
    page = desk.get("/exports/").content.decode()
    assert "下载" in page
    assert "every 2s" not in page


def test_one_that_failed_is_asked_for_again_where_it_was_asked_for(town: Town, as_: Knock) -> None:
    desk, within = as_(town.wang_fang), {"HX-Request": "true"}
    desk.post("/exports/desk-list/", {"query": "queue=open"}, headers=within)
    with speaking_as(SYSTEM):
        Export.objects.update(state="failed", problem="磁盘满了")
        failed = Export.objects.get().pk
    bar = desk.get(f"/exports/{failed}/", headers=within).content.decode()
    assert "磁盘满了" in bar
    assert f"/exports/{failed}/again/" in bar
    again = desk.post(f"/exports/{failed}/again/", headers=within)
    assert "<progress" in again.content.decode()
    assert str(failed) not in again.content.decode()


def test_numbers_of_people_are_hidden_and_numbers_of_cases_are_not() -> None:
    said = without_numbers("并入 20261123-0042，2026-11-23 打 138 1234 5678 或 010-88886666")
    assert "20261123-0042" in said
    assert "2026-11-23" in said
    assert "1234" not in said
    assert "8888" not in said
