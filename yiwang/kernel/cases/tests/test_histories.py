"""A history brought in bulk equals the actions one by one: every table, row for row and column for column."""

import uuid
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import models, transaction

from tests.town.small import MORNING, Town
from yiwang.kernel.cases import actions as cases
from yiwang.kernel.cases.histories import History
from yiwang.kernel.cases.histories.history import TABLES
from yiwang.kernel.cases.models import Case, Clock, Report, Reporter
from yiwang.kernel.cases.rules.moves import MOVES
from yiwang.kernel.cases.rules.stages import Channel
from yiwang.kernel.foundation import audit
from yiwang.kernel.foundation.actors import RESIDENT, SYSTEM, Actor
from yiwang.kernel.foundation.errors import Refused
from yiwang.kernel.foundation.shelf import standing
from yiwang.kernel.foundation.viewer import speaking_as

pytestmark = [pytest.mark.django_db, pytest.mark.slow]  # fifteen lives of a case, each told twice

# Random by nature, or a key of the table's own.
LEFT_OUT = {"id", "follow_code", "previous", "hash", "digests", "sealed_seq"}


class Way:
    """Tells one story of the small town, a step every so often; the last sweep comes at each step."""

    def __init__(self, town: Town) -> None:
        self.town, self.at, self.said = town, MORNING, set[str]()
        self.case_id = 0
        self.voice = uuid.UUID(int=0)
        self.count = 0

    def report(self, text: str = "井盖坏了", by: Actor = RESIDENT, **more: Any) -> str:
        self.count += 1
        self.voice = uuid.uuid5(uuid.NAMESPACE_DNS, f"voice {self.count}")
        receipt = self.town.report(text, by=by, at=self.at, id=self.voice, **more)
        self.case_id = receipt.case_id
        return receipt.case_number

    def later(self, **span: float) -> "Way":
        """Let time pass; the clock's own hand moves every ten minutes."""
        until = self.at + timedelta(**span)
        while self.at < until:
            running = Clock.objects.filter(stopped_at=None, paused_at=None)
            steps = [c.next_step_at for c in running if c.next_step_at and c.next_step_at <= until]
            if steps:
                cases.sweep(at=max(steps[0], self.at))
                continue
            self.at = until
            cases.end_suspensions(at=self.at)
        return self

    def move(self, name: str, who: str, **given: Any) -> Case:
        self.said.add(name)
        by = self.town.people[who]
        return cases.perform(self.case_id, name, by=by, at=self.at, **given)

    def with_the_unit(self) -> "Way":
        self.report(name="孙某", phone="10000123456")
        self.later(minutes=10).move("accept", "wang_fang")
        unit = self.town.unit("市政服务中心").pk
        self.later(minutes=10).move("dispatch", "wang_fang", unit_id=unit, note="请处置")
        self.later(minutes=20).move("sign", "li_na")
        return self

    def done(self) -> "Way":
        self.later(hours=2).move("report_back", "li_na", note="已修好")
        self.later(hours=1).move("pass_check", "chen_jing")
        cases.answer_all(self.case_id, "修好了", by=self.town.wang_fang, at=self.later(hours=1).at)
        return self


def rated(way: Way) -> None:
    way.with_the_unit().done().later(hours=5)
    cases.rate(way.voice, "very_satisfied", reason="很快", by=RESIDENT, at=way.at)


def returned_and_dispatched_again(way: Way) -> None:
    way.with_the_unit().later(hours=1).move("return", "li_na", reason="不归我们管")
    unit = way.town.unit("综合执法队").pk
    way.later(minutes=30).move("dispatch", "wang_fang", unit_id=unit)
    way.later(minutes=30).move("sign", "zhao_qiang")
    way.later(hours=1).move("report_back", "zhao_qiang", note="清了")
    way.later(hours=1).move("pass_check", "chen_jing")


def extended_twice_over(way: Way) -> None:
    way.with_the_unit().later(hours=1).move("ask_extension", "li_na", reason="等配件")
    way.later(hours=1).move("reject_extension", "zhou_wei", reason="先做")
    way.later(minutes=5).move("ask_extension", "li_na", reason="配件未到")
    way.later(minutes=5).move("approve_extension", "zhou_wei")
    way.done()


def suspended_until_its_day(way: Way) -> None:
    way.with_the_unit().move("ask_suspension", "li_na", reason="等资金", until=date(2026, 10, 23))
    way.later(minutes=5).move("reject_suspension", "zhou_wei", reason="有资金")
    way.move("ask_suspension", "li_na", reason="等施工队", until=date(2026, 10, 26))
    way.later(minutes=5).move("approve_suspension", "zhou_wei")
    way.later(days=6).done()


def suspended_and_resumed_by_a_leader(way: Way) -> None:
    way.with_the_unit().move("ask_suspension", "li_na", reason="等资金", until=date(2026, 11, 23))
    way.later(minutes=5).move("approve_suspension", "zhou_wei")
    way.later(days=1).move("resume", "zhou_wei", reason="资金到了")
    way.done()


def sent_back_once(way: Way) -> None:
    way.with_the_unit().later(hours=1).move("report_back", "li_na", note="好了")
    way.later(hours=1).move("fail_check", "chen_jing", reason="还是松的")
    way.done()


def merged_and_taken_apart(way: Way) -> None:
    number = way.report("井盖破了")
    first = way.case_id
    way.later(minutes=5).report("路灯坏了", category_id=None)
    way.later(minutes=5).move("merge", "wang_fang", target=number)
    way.later(minutes=5).move("unmerge", "wang_fang", reason="是两件事")
    way.later(minutes=5).move("merge", "wang_fang", target=number, category_id=None)
    way.case_id = first
    way.later(minutes=5).move("accept", "wang_fang")


def solved_on_the_spot(way: Way) -> None:
    way.report(by=way.town.zhang_min, channel=Channel.GRID_WORKER)
    way.later(minutes=9).move("solve_on_spot", "zhang_min", note="盖好了")
    way.later(hours=1).move("fail_check", "chen_jing", reason="没盖严")
    way.later(hours=1).move("solve_on_spot", "zhang_min", note="重新盖好")
    way.later(hours=1).move("pass_check", "chen_jing")


def refused(way: Way) -> None:
    way.report(phone="10000000001")
    way.later(minutes=9).move("refuse", "wang_fang", reason="不属于本街道")


def dissatisfied_and_done_again(way: Way) -> None:
    way.with_the_unit().done()
    cases.rate(way.voice, "dissatisfied", reason="又坏了", by=RESIDENT, at=way.later(hours=9).at)
    unit = way.town.unit("市政服务中心").pk
    way.later(minutes=10).move("dispatch", "wang_fang", unit_id=unit)
    way.later(minutes=20).move("sign", "qian_jun")
    way.later(minutes=20).move("report_back", "qian_jun", note="换新的")
    way.later(hours=1).move("pass_check", "chen_jing")
    cases.rate(way.voice, "satisfied", by=RESIDENT, at=way.later(hours=9).at)


def late_until_the_leader_hears(way: Way) -> None:
    way.with_the_unit().later(days=3)
    way.move("lift_supervision", "zhou_wei", reason="已督促")
    way.later(minutes=5).move("supervise", "zhou_wei", reason="再看一天")
    way.done()


def assisted(way: Way) -> None:
    way.with_the_unit()
    helper = way.town.unit("综合执法队").pk
    way.move("add_assist", "wang_fang", unit_id=helper, note="维持秩序")
    way.later(minutes=5).move("sign", "zhao_qiang")
    way.later(minutes=5).move("report_back", "zhao_qiang", note="到场了")
    way.later(minutes=5).move("add_assist", "wang_fang", unit_id=helper)
    way.later(minutes=5).move("waive_assist", "zhou_wei", reason="不必了")
    way.done()


def up_and_down(way: Way) -> None:
    way.report()
    way.later(minutes=5).move("accept", "wang_fang")
    way.later(minutes=5).move("escalate", "wang_fang", reason="须区里协调")
    way.later(minutes=5).move("hand_down", "wang_fang", reason="社区能办")
    unit = way.town.unit("市政服务中心").pk
    way.later(minutes=5).move("dispatch", "wang_fang", unit_id=unit)
    way.later(minutes=5).move("recall", "wang_fang", reason="派错")
    way.later(minutes=5).move("dispatch", "wang_fang", unit_id=unit)
    way.later(minutes=5).move("sign", "li_na")
    way.later(minutes=5).move("pass_on", "li_na", handler_id=way.town.qian_jun.pk)
    way.later(minutes=5).move("void", "wu_gang", reason="测试数据")


def filed_and_placed_anew(way: Way) -> None:
    way.report(category_id=None, lon=None, lat=None, name="赵某", phone="10000000002")
    kind = way.town.category("占道经营")
    way.later(minutes=5).move("classify", "wang_fang", category_id=kind)
    way.later(minutes=5).move("relocate", "wang_fang", lon=115.475, lat=35.235, address="中山路")
    way.later(minutes=5).move("accept", "wang_fang")


def many_voices(way: Way) -> None:
    number = way.report()
    for _voice in range(3):
        way.later(minutes=1).report("我也看到了", follows=number, name="钱某", phone="10000000003")
    way.later(minutes=5)
    cases.split(way.voice, by=way.town.wang_fang, at=way.at, reason="另一件")


STORIES = [
    rated, returned_and_dispatched_again, extended_twice_over, suspended_until_its_day,
    suspended_and_resumed_by_a_leader, sent_back_once, merged_and_taken_apart, solved_on_the_spot,
    refused, dissatisfied_and_done_again, late_until_the_leader_hears, assisted, up_and_down,
    filed_and_placed_anew, many_voices,
]  # fmt: skip


def ordinals() -> dict[type[models.Model], dict[str, int]]:
    """Each key by its place in its table."""
    return {
        model: {
            str(key): place
            for place, key in enumerate(
                model._default_manager.order_by("pk").values_list("pk", flat=True)
            )
        }
        for model in TABLES
        if model is not Report
    }


NAMED_IN_FACTS = {"task": "Task", "clock": "Clock", "request": "Request", "photo": "CasePhoto"}


def everything() -> dict[str, list[dict[str, Any]]]:
    """All rows of all tables of the cases, keys by their places, and the record."""
    places = ordinals()
    by_name = {model.__name__: known for model, known in places.items()}
    told: dict[str, list[dict[str, Any]]] = {}
    for model in (*TABLES, Reporter):
        rows = model._default_manager.order_by("pk")
        told[model.__name__] = [
            {
                f.attname: place_of(f, row, places)
                for f in model._meta.concrete_fields
                if f.name not in LEFT_OUT or (model is Report and f.name == "id")
            }
            for row in rows
        ]
    told["record"] = [
        {
            "of": number, "seq": entry.seq, "at": entry.at, "by": (entry.actor_kind, entry.actor_id, entry.actor_name),
            "verb": entry.verb, "texts": entry.texts,
            "facts": {
                name: by_name[NAMED_IN_FACTS[name]].get(str(value), value) if name in NAMED_IN_FACTS else value
                for name, value in entry.facts.items()
            },
        }
        for number, key in Case.objects.order_by("pk").values_list("number", "pk")
        for entry in audit.timeline("case", key)
    ]  # fmt: skip
    return told


def place_of(
    field: Any, row: models.Model, places: dict[type[models.Model], dict[str, int]]
) -> Any:
    held = getattr(row, field.attname)
    if isinstance(field, models.ForeignKey) and field.related_model in places and held is not None:
        return places[field.related_model][str(held)]
    return bytes(held) if isinstance(held, memoryview) else held


@pytest.fixture
def one_by_one(town: Town) -> Callable[[Callable[[Way], None]], tuple[Way, dict[str, Any]]]:
    """Tell a story by the actions, look at every row, and let it be undone."""

    def tell(story: Callable[[Way], None]) -> tuple[Way, dict[str, Any]]:
        way = Way(town)
        with transaction.atomic():
            story(way)
            with speaking_as(SYSTEM):
                rows = everything()
            transaction.set_rollback(True)
        return way, rows

    return tell


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.__name__)
def test_a_history_in_bulk_equals_the_actions_one_by_one(
    town: Town, one_by_one: Any, story: Callable[[Way], None]
) -> None:
    _way, expected = one_by_one(story)
    assert expected["Case"]
    assert not Case.objects.exists()
    with speaking_as(SYSTEM):
        history = History()
        with history.telling():
            story(Way(town))
        assert not Case.objects.exists(), "nothing is written before its time"
        history.write()
        found = everything()
    for table, rows in expected.items():
        assert found[table] == rows, table
    assert not audit.verify()


def test_the_stories_make_every_move_there_is(one_by_one: Any) -> None:
    said = set().union(*(one_by_one(story)[0].said for story in STORIES))
    assert said >= {move.name for move in MOVES} - {"reopen"}  # which the rating makes


def test_the_table_refuses_in_a_history_too(town: Town) -> None:
    with speaking_as(SYSTEM), History().telling():
        way = Way(town)
        way.with_the_unit()
        with pytest.raises(Refused):
            way.move("pass_check", "chen_jing")
        with pytest.raises(Refused):
            way.move("report_back", "zhang_min", note="不是我的")


def test_notices_go_out_for_the_last_hours_alone(town: Town) -> None:
    from procrastinate.contrib.django.models import ProcrastinateJob

    told = ProcrastinateJob.objects.filter(task_name="notices.deliver")
    before = told.count()
    with speaking_as(SYSTEM):
        history = History()
        with history.telling():
            way = Way(town)
            way.with_the_unit().done()
        history.write(notices_since=way.at - timedelta(minutes=90))
    events = [job.args["event"] for job in told.order_by("id")[before:]]
    assert events == ["case_closed", "report_answered"]


def test_a_story_that_breaks_off_leaves_no_shelf_standing(town: Town) -> None:
    with speaking_as(SYSTEM), pytest.raises(ZeroDivisionError), History().telling():
        raise ZeroDivisionError
    assert standing() is None
