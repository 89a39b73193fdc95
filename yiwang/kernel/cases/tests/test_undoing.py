"""Ten seconds in which a click can be taken back."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from procrastinate.contrib.django.models import ProcrastinateJob

from tests.town.small import MORNING, Town
from yiwang.kernel.cases import actions as cases
from yiwang.kernel.cases.actions import undoing
from yiwang.kernel.cases.models import Case, CasePhoto, Clock, Lookup, Report, Request, Task, Undo
from yiwang.kernel.cases.rules.moves import BY_NAME
from yiwang.kernel.cases.rules.undoing import UNDOABLE
from yiwang.kernel.foundation import audit
from yiwang.kernel.foundation.errors import Stale

SECOND = timedelta(seconds=1)
LATER = MORNING + timedelta(minutes=20)


def state() -> dict[str, Any]:
    """Everything of every case but its version."""
    parts = [Case, Task, Clock, Request, Report, CasePhoto, Lookup]
    rows = {part.__name__: list(part.objects.order_by("pk").values()) for part in parts}
    for row in rows["Case"]:
        row.pop("version")
    return rows


def waiting() -> int:
    return ProcrastinateJob.objects.filter(task_name="notices.deliver").count()


Act = Callable[[Town], tuple[Case, str, dict[str, Any]]]
START: dict[str, Act] = {
    "accept": lambda town: (
        town.case(town.report()), "accept", {"category_id": town.category("污水井盖")}
    ),
    "refuse": lambda town: (town.case(town.report()), "refuse", {"reason": "不属本街道"}),
    "dispatch": lambda town: (
        town.accepted(), "dispatch", {"unit_id": town.unit("市政服务中心").pk}
    ),
    "return": lambda town: (town.handling(), "return", {"reason": "不是我们的"}),
    "merge": lambda town: (
        town.case(town.report("又一处")), "merge", {"target": town.case(town.report()).number}
    ),
}  # fmt: skip


def actor(town: Town, move: str) -> Any:
    return town.li_na if move == "return" else town.wang_fang


def test_every_move_that_can_be_undone_is_one_of_the_table(town: Town) -> None:
    assert set(START) == set(UNDOABLE) <= set(BY_NAME)


@pytest.mark.parametrize("move", list(UNDOABLE))
def test_done_and_undone_leaves_everything_as_it_was_but_the_record(town: Town, move: str) -> None:
    case, _name, given_ = START[move](town)
    by, before, told = actor(town, move), state(), waiting()
    undoing.perform_with_undo(case.pk, move, by=by, at=LATER, **given_)
    assert state() != before
    back = undoing.undo(case.pk, by=by, at=LATER + 9 * SECOND)
    assert state() == before
    assert (waiting(), Undo.objects.count()) == (told, 0)
    assert back.version == case.version + 2
    assert [entry.verb for entry in audit.timeline("case", case.pk)][-2:] == [
        BY_NAME[move].verb, "case_undone",
    ]  # fmt: skip


@pytest.mark.slow
@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(path=st.lists(st.sampled_from(["accept", "refuse", "merge"]), max_size=4))
def test_whatever_was_done_and_undone_before_can_be_done_again(town: Town, path: list[str]) -> None:
    other = town.case(town.report("另一件"))
    case = town.case(town.report("这一件"))
    choices = {
        "accept": {"category_id": town.category("污水井盖")},
        "refuse": {"reason": "不属本街道"},
        "merge": {"target": other.number},
    }
    before = state()
    for step, move in enumerate(path):
        moment = LATER + step * timedelta(minutes=1)
        undoing.perform_with_undo(case.pk, move, by=town.wang_fang, at=moment, **choices[move])
        undoing.undo(case.pk, by=town.wang_fang, at=moment + SECOND)
    assert state() == before


def test_notices_wait_for_the_window_and_are_told_after_it(town: Town) -> None:
    case = town.accepted()
    undoing.perform_with_undo(
        case.pk, "dispatch", by=town.wang_fang, at=LATER, unit_id=town.unit("市政服务中心").pk
    )
    job = ProcrastinateJob.objects.filter(args__event="case_dispatched").get()
    assert job.scheduled_at is not None
    kept = Undo.objects.get(case=case)
    assert kept.jobs == [job.pk]
    assert "井盖" not in str(kept.before)


def test_a_move_without_a_bar_tells_at_once_as_ever(town: Town) -> None:
    case = town.accepted()
    cases.perform(case.pk, "dispatch", by=town.wang_fang, at=LATER,
                  unit_id=town.unit("市政服务中心").pk)  # fmt: skip
    assert ProcrastinateJob.objects.get(args__event="case_dispatched").scheduled_at is None
    assert not Undo.objects.exists()


def dispatched(town: Town) -> Case:
    case = town.accepted()
    return undoing.perform_with_undo(
        case.pk, "dispatch", by=town.wang_fang, at=LATER, unit_id=town.unit("市政服务中心").pk
    )


def test_after_twelve_seconds_it_is_too_late(town: Town) -> None:
    case = dispatched(town)
    assert undoing.to_undo(case, by=town.wang_fang, at=LATER + 12 * SECOND)
    assert not undoing.to_undo(case, by=town.wang_fang, at=LATER + 13 * SECOND)
    with pytest.raises(Stale, match="10 秒"):
        undoing.undo(case.pk, by=town.wang_fang, at=LATER + 13 * SECOND)


def test_a_unit_that_signs_ends_the_window(town: Town) -> None:
    case = dispatched(town)
    cases.perform(case.pk, "sign", by=town.li_na, at=LATER + 3 * SECOND)
    with pytest.raises(Stale, match="又有人办理"):
        undoing.undo(case.pk, by=town.wang_fang, at=LATER + 4 * SECOND)


def test_nobody_takes_back_what_somebody_else_did(town: Town) -> None:
    case = dispatched(town)
    with pytest.raises(Stale, match="没有可以撤销"):
        undoing.undo(case.pk, by=town.li_na, at=LATER + 3 * SECOND)


def test_a_second_click_undoes_nothing_more(town: Town) -> None:
    case = dispatched(town)
    undoing.undo(case.pk, by=town.wang_fang, at=LATER + 2 * SECOND)
    with pytest.raises(Stale, match="没有可以撤销"):
        undoing.undo(case.pk, by=town.wang_fang, at=LATER + 3 * SECOND)


def test_what_has_been_told_is_not_taken_back(town: Town) -> None:
    case = dispatched(town)
    ProcrastinateJob.objects.filter(args__event="case_dispatched").update(status="doing")
    with pytest.raises(Stale, match="通知已经发出"):
        undoing.undo(case.pk, by=town.wang_fang, at=LATER + 4 * SECOND)
    case.refresh_from_db()
    assert case.stage == "dispatched"


def test_a_voice_that_joins_ends_the_window_of_a_merge(town: Town) -> None:
    case, move, told = START["merge"](town)
    undoing.perform_with_undo(case.pk, move, by=town.wang_fang, at=LATER, **told)
    town.report("我也看见了", follows=told["target"])
    with pytest.raises(Stale, match="又有人办理"):
        undoing.undo(case.pk, by=town.wang_fang, at=LATER + 4 * SECOND)
