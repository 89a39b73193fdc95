"""The list of the desk: who sees which cases, in which queue, in which order, at what cost."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from tests.town.small import MORNING, Town
from yiwang.kernel.cases import actions as cases
from yiwang.kernel.catalogue import actions as catalogue
from yiwang.kernel.catalogue.models import Category
from yiwang.web.desk.tests.conftest import Knock

ROWS = [("wang_fang", 200), ("chen_jing", 200), ("zhou_wei", 200), ("sun_li", 200),
        ("wu_gang", 200), ("li_na", 403), ("zhang_min", 403)]  # fmt: skip


def counts(answer: Any) -> dict[str, int]:
    return {
        entry.queue.key: entry.count for _name, some in answer.context["groups"] for entry in some
    }


def titles(answer: Any) -> list[str]:
    return [case.title for case in answer.context["page"].rows]


@pytest.mark.parametrize(("who", "status"), ROWS)
def test_the_desk_is_for_those_who_have_work_there(
    town: Town, as_: Knock, who: str, status: int
) -> None:
    assert as_(getattr(town, who)).get("/desk/").status_code == status


def test_every_queue_is_counted_and_a_case_moves_from_one_to_the_next(
    town: Town, as_: Knock
) -> None:
    town.report(), town.accepted(), town.handling(), town.reported_back()
    held = counts(as_(town.wang_fang).get("/desk/"))
    assert [held[key] for key in ("reported", "accepted", "handling", "check", "open")] == [
        1, 1, 1, 1, 4,
    ]  # fmt: skip


def test_a_returned_case_waits_in_its_own_queue(town: Town, as_: Knock) -> None:
    case = town.dispatched()
    cases.perform(
        case.pk, "return", by=town.li_na, at=MORNING + timedelta(hours=1), reason="非本单位"
    )
    held = counts(as_(town.wang_fang).get("/desk/"))
    assert (held["accepted"], held["returned"]) == (0, 1)


def test_what_is_most_urgent_stands_first(town: Town, as_: Knock) -> None:
    town.report("先来的", at=MORNING)
    town.report("后来的", at=MORNING + timedelta(minutes=5))
    assert titles(as_(town.wang_fang).get("/desk/")) == ["先来的", "后来的"]


def test_a_closed_case_waits_for_its_answer_and_for_the_call(
    town: Town, as_: Knock, at_nine: Callable[[datetime], None]
) -> None:
    town.closed(phone="13800000000")
    town.closed()
    at_nine(MORNING + timedelta(hours=3))
    held = counts(as_(town.wang_fang).get("/desk/"))
    assert (held["answer"], held["call_back"], held["closed"]) == (2, 1, 2)


def test_chen_jing_of_zhongshan_sees_nothing_of_zhanglou(town: Town, as_: Knock) -> None:
    town.report("张楼的事", lat=35.225)
    town.report("中山的事")
    assert titles(as_(town.chen_jing).get("/desk/?queue=open")) == ["中山的事"]


def test_filters_stand_in_the_address_and_narrow_the_counts_too(town: Town, as_: Knock) -> None:
    town.report("张楼的事", lat=35.225)
    town.report("中山的事", category_id=town.category("占道经营"))
    desk = as_(town.wang_fang)
    area = town.grid("中山").pk
    assert titles(desk.get(f"/desk/?area={area}")) == ["中山的事"]
    assert counts(desk.get(f"/desk/?area={area}"))["reported"] == 1
    assert titles(desk.get(f"/desk/?category={town.category('污水井盖')}")) == ["张楼的事"]
    assert titles(desk.get(f"/desk/?unit={town.unit('综合执法队').pk}")) == ["中山的事"]
    assert titles(desk.get("/desk/?channel=phone")) == []
    assert titles(desk.get("/desk/?q=张楼")) == ["张楼的事"]


def test_a_whole_number_finds_a_case_of_any_stage(town: Town, as_: Knock) -> None:
    case = town.closed()
    assert titles(as_(town.wang_fang).get(f"/desk/?q={case.number}")) == [case.title]


@pytest.mark.parametrize(
    "query",
    ["?area=x", "?unit=99999999999999999999", "?q=%00", "?queue=nonsense", "?after=nonsense",
     "?after=2026-99-99T00:00:00_1", "?category=12345678", "?queue=closed&after=%ff"],
)  # fmt: skip
def test_nonsense_in_the_address_breaks_nothing(town: Town, as_: Knock, query: str) -> None:
    assert as_(town.wang_fang).get(f"/desk/{query}").status_code == 200


def test_a_kind_named_anew_is_named_anew_on_rows_that_were_drawn_before(
    town: Town, as_: Knock, django_capture_on_commit_callbacks: Any
) -> None:
    town.accepted()
    desk = as_(town.wang_fang)
    assert " · 污水井盖" in desk.get("/desk/?queue=open").content.decode()
    cover = Category.objects.get(code="P0102")
    with django_capture_on_commit_callbacks(execute=True):
        catalogue.edit_category(
            cover.pk, version=cover.version, by=town.wu_gang, at=MORNING, name="检查井盖"
        )
    page = desk.get("/desk/?queue=open").content.decode()
    assert "检查井盖" in page and " · 污水井盖" not in page


def test_a_row_drawn_before_says_what_is_true_now(
    town: Town, as_: Knock, at_nine: Callable[[datetime], None]
) -> None:
    town.closed(), town.handling()

    def row(queue: str) -> str:
        page = as_(town.wang_fang).get(f"/desk/?queue={queue}")
        drawn: list[str] = page.context["drawn"]
        (only,) = drawn
        return only

    at_nine(MORNING + timedelta(hours=2))
    closed, running = row("closed"), row("open")
    assert "今日" in closed and "今日" in running
    at_nine(MORNING + timedelta(hours=2, minutes=1))
    assert row("closed") == closed and row("open") != running
    at_nine(MORNING + timedelta(days=1))
    assert "今日" not in row("closed") and "今日" not in row("open")


def test_pages_follow_one_another_without_a_row_twice(
    town: Town, as_: Knock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("yiwang.web.desk.queues.pages.ROWS", 2)
    for number in range(5):
        town.report(f"第 {number} 件", at=MORNING + timedelta(seconds=number))
    desk, seen, address = as_(town.wang_fang), [], "/desk/"
    while address:
        answer = desk.get(address)
        seen += titles(answer)
        token = answer.context["page"].next
        address = f"/desk/?after={token.replace('+', '%2B')}" if token else ""
    assert seen == [f"第 {number} 件" for number in range(5)]


def test_suspended_cases_have_no_clock_and_come_last(town: Town, as_: Knock) -> None:
    case = town.handling(text="要挂账的")
    at = MORNING + timedelta(hours=1)
    until = at.date() + timedelta(days=9)
    cases.perform(case.pk, "ask_suspension", by=town.li_na, at=at, reason="等材料", until=until)
    desk, leader = as_(town.wang_fang), as_(town.zhou_wei)
    assert counts(leader.get("/desk/"))["asked"] == 1
    cases.perform(case.pk, "approve_suspension", by=town.zhou_wei, at=at)
    town.report("新来的")
    assert titles(desk.get("/desk/?queue=open")) == ["新来的", "要挂账的"]


def test_htmx_gets_the_board_alone(town: Town, as_: Knock) -> None:
    text = as_(town.wang_fang).get("/desk/", headers={"HX-Request": "true"}).content.decode()
    assert "desk-queues" in text
    assert "<html" not in text


def test_the_number_beside_every_queue_is_the_number_of_its_rows(
    town: Town, as_: Knock, at_nine: Callable[[datetime], None]
) -> None:
    town.report("新的"), town.report("没有位置", lat=None, lon=None), town.accepted()
    town.dispatched(), town.handling(), town.closed(phone="13812345678"), town.closed()
    cases.perform(
        town.dispatched().pk, "return", by=town.li_na, at=MORNING + timedelta(hours=1),
        reason="不是我们的",
    )  # fmt: skip
    cases.perform(
        town.handling().pk, "supervise", by=town.zhou_wei, at=MORNING + timedelta(hours=1),
        reason="尽快",
    )  # fmt: skip
    for hours in (2, 24 * 20):
        at_nine(MORNING + timedelta(hours=hours))
        desk = as_(town.wang_fang)
        held = counts(desk.get("/desk/"))
        assert held["returned"] == 1
        for key, count in held.items():
            if count is not None:
                assert count == len(titles(desk.get(f"/desk/?queue={key}"))), key


def test_what_is_open_is_found_by_its_words_until_it_ends(town: Town, as_: Knock) -> None:
    case = town.case(town.report("井盖翘起"))
    desk = as_(town.wang_fang)
    assert titles(desk.get("/desk/?queue=open&q=井盖")) == ["井盖翘起"]
    cases.perform(
        case.pk, "refuse", by=town.wang_fang, at=MORNING + timedelta(hours=1), reason="重复"
    )
    assert titles(desk.get("/desk/?queue=open&q=井盖")) == []
    assert titles(desk.get("/desk/?queue=all&q=井盖")) == ["井盖翘起"]
