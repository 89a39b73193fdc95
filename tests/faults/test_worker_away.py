"""The worker was dead for an hour: everything that came due is said once, and the office says that nobody works."""

from collections import Counter
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from procrastinate.contrib.django.models import ProcrastinateJob

from tests.faults.conftest import Knock
from tests.town.small import MORNING, Town
from yiwang.kernel import notices
from yiwang.kernel.cases import actions as cases
from yiwang.kernel.cases.models import Case, Clock
from yiwang.kernel.foundation import audit
from yiwang.kernel.foundation.queue import app
from yiwang.kernel.notices.models import Notice

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)
GONE, BACK = MORNING + timedelta(minutes=5), MORNING + timedelta(minutes=65)
CLIMBING = ("clock_due_soon", "clock_overdue", "case_late_to_leader")


def five_cases(town: Town) -> list[int]:
    """The desk has an hour to accept each: reported from two hours before to just now."""
    ages = (115, 61, 50, 20, 1)
    return [town.report(f"第 {age} 分钟", at=MORNING - age * MINUTE).case_id for age in ages]


def said(case_id: int) -> list[str]:
    return [row.verb for row in audit.timeline("case", str(case_id)) if row.verb in CLIMBING]


def enqueued() -> Counter[tuple[str, str]]:
    jobs = ProcrastinateJob.objects.filter(task_name="notices.deliver", args__event__in=CLIMBING)
    return Counter((job.args["event"], job.args["subject_id"]) for job in jobs)


def standing(case_ids: list[int]) -> list[tuple[Any, ...]]:
    """How far each case is: the step of its clock, whether it is late, and since when it is watched."""
    found = Case.objects.in_bulk(case_ids)
    return [
        (Clock.objects.get(case=key).step, found[key].late, found[key].supervised_at is not None)
        for key in case_ids
    ]


def test_one_sweep_after_an_hour_ends_where_sixty_would_have(town: Town) -> None:
    first, second = five_cases(town), five_cases(town)
    watched, alone = Clock.objects.filter(case__in=first), Clock.objects.filter(case__in=second)
    asleep = dict(alone.values_list("pk", "next_step_at"))
    alone.update(next_step_at=None)
    for minute in range(66):
        cases.sweep(at=MORNING + minute * MINUTE)
    by_the_minute = standing(first)
    watched.update(next_step_at=None)
    for pk, moment in asleep.items():
        Clock.objects.filter(pk=pk).update(next_step_at=moment)
    assert cases.sweep(at=BACK) == len(second)
    assert standing(second) == by_the_minute
    assert by_the_minute == [
        (3, True, True),
        (3, True, True),
        (2, True, False),
        (2, True, False),
        (2, True, False),
    ]


def test_each_clock_speaks_once_and_says_only_the_last_thing(town: Town) -> None:
    numbers = five_cases(town)
    cases.sweep(at=GONE)
    before = {number: len(said(number)) for number in numbers}
    assert cases.sweep(at=BACK) > 0
    assert all(len(said(number)) - before[number] <= 1 for number in numbers)
    after = {number: said(number) for number in numbers}
    assert cases.sweep(at=BACK) == cases.sweep(at=BACK + MINUTE / 2) == 0
    assert {number: said(number) for number in numbers} == after
    assert max(enqueued().values()) == 1


def test_what_waited_is_told_once_however_often_it_is_delivered(town: Town) -> None:
    numbers = five_cases(town)
    cases.sweep(at=BACK)
    jobs = list(ProcrastinateJob.objects.filter(task_name="notices.deliver"))
    for job in [*jobs, *jobs]:
        app.tasks[job.task_name](**job.args)
    per_person = Counter(Notice.objects.values_list("user_id", "kind", "subject_id"))
    assert set(per_person.values()) == {1}
    assert Notice.objects.filter(kind="case_reported", user=town.wang_fang).count() == len(numbers)
    late = Notice.objects.filter(kind="case_late_to_leader", user=town.zhou_wei)
    assert late.count() == 2
    assert notices.unread_count(town.wang_fang) > 0


def test_a_pause_that_ended_meanwhile_ends_once(town: Town) -> None:
    case = town.handling()
    day = MORNING.date() + timedelta(days=3)
    cases.perform(
        case.pk, "ask_suspension", by=town.li_na, at=MORNING + timedelta(hours=1), until=day,
        reason="等配件",
    )  # fmt: skip
    cases.perform(case.pk, "approve_suspension", by=town.zhou_wei, at=MORNING + timedelta(hours=2))
    back = MORNING + timedelta(days=3, hours=1)
    assert cases.end_suspensions(at=back) == 1
    assert cases.end_suspensions(at=back) == 0
    case.refresh_from_db()
    assert case.stage == "handling"


def test_the_office_says_that_nobody_works(town: Town, as_: Knock) -> None:
    """`yiwang check` says it too: tests/commands/test_check.py."""
    wu_gang = as_(town.wu_gang)
    assert _silent(wu_gang) == (1, "late")
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now())")
    assert _silent(wu_gang) == (0, "done")
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE procrastinate_workers SET last_heartbeat = now() - interval '1 hour'"
        )
    assert _silent(wu_gang) == (1, "late")


def _silent(browser: Client) -> tuple[int, str]:
    matters = browser.get("/office/").context["matters"]
    [one] = [matter for matter in matters if matter.name == "没有运行的后台进程"]
    return one.count, one.state
