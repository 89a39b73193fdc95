"""Many voices, one matter: merging, following, splitting, rating; and what it costs to take one in."""

import uuid
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from tests.town.small import MORNING, Town, build
from yiwang.kernel.cases import actions as cases
from yiwang.kernel.cases.models import Case, Clock, Report, Task
from yiwang.kernel.cases.rules.intake import NewReport
from yiwang.kernel.cases.rules.stages import Channel, Stage
from yiwang.kernel.foundation import audit, versions
from yiwang.kernel.foundation.actors import RESIDENT
from yiwang.kernel.foundation.errors import Conflict, Invalid, Stale

HOUR = timedelta(hours=1)


def clock_of(case: Case, stage: str) -> Clock:
    return Clock.objects.get(case=case, stage=stage, stopped_at=None)


@pytest.mark.slow
def test_forty_voices_of_one_burst_pipe_are_one_dispatch_and_forty_answers(town: Town) -> None:
    receipts = [town.report(f"水管爆了，第 {n} 位") for n in range(40)]
    main = town.case(receipts[0])
    for receipt in receipts[1:]:
        cases.perform(receipt.case_id, "merge", by=town.wang_fang, at=MORNING, target=main.number)
    main.refresh_from_db()
    assert main.report_count == 40 == Report.objects.filter(case=main).count()

    cases.perform(main.pk, "accept", by=town.wang_fang, at=MORNING)
    unit = town.unit("市政服务中心").pk
    cases.perform(main.pk, "dispatch", by=town.wang_fang, at=MORNING, unit_id=unit)
    assert Task.objects.count() == 1

    alone = town.case(receipts[7])
    alone = cases.perform(alone.pk, "unmerge", by=town.wang_fang, at=MORNING, reason="另一条街")
    assert (alone.stage, alone.report_count) == (Stage.REPORTED, 1)
    cases.perform(alone.pk, "accept", by=town.wang_fang, at=MORNING)
    cases.perform(alone.pk, "dispatch", by=town.wang_fang, at=MORNING, unit_id=unit)
    main.refresh_from_db()
    assert main.report_count == 39 and Task.objects.count() == 2

    assert cases.answer_all(main.pk, "水管已修复", by=town.wang_fang, at=MORNING + HOUR) == 39
    assert cases.answer_all(alone.pk, "已派人查看", by=town.wang_fang, at=MORNING + HOUR) == 1
    assert Report.objects.exclude(answered_at=None).count() == 40


def test_a_case_merged_by_way_of_another_comes_back_with_its_own(town: Town) -> None:
    a, b, c = (town.case(town.report(f"第 {n} 位")) for n in range(3))
    cases.perform(a.pk, "merge", by=town.wang_fang, at=MORNING, target=b.number)
    cases.perform(b.pk, "merge", by=town.wang_fang, at=MORNING, target=c.number)
    b = cases.perform(b.pk, "unmerge", by=town.wang_fang, at=MORNING, reason="不是一件事")
    c.refresh_from_db()
    assert (b.report_count, c.report_count) == (2, 1)
    a = cases.perform(a.pk, "unmerge", by=town.wang_fang, at=MORNING, reason="也不是")
    b.refresh_from_db()
    assert (a.report_count, b.report_count, c.report_count) == (1, 1, 1)


def test_a_case_is_not_merged_into_itself_nor_into_one_that_has_ended(town: Town) -> None:
    a, closed = town.case(town.report()), town.closed()
    for number in (a.number, closed.number, "nothing"):
        with pytest.raises(Invalid) as refused:
            cases.perform(a.pk, "merge", by=town.wang_fang, at=MORNING, target=number)
        assert refused.value.field == "target"


def test_a_neighbour_follows_a_public_case_instead_of_opening_another(town: Town) -> None:
    first = town.report()
    second = town.report("我也看到了", follows=first.case_number)
    assert second.case_id == first.case_id and not second.repeated
    assert town.case(first).report_count == 2
    with pytest.raises(Invalid):
        town.report("还有我", follows=town.closed().number)


def test_one_voice_is_split_off_into_a_case_of_its_own(town: Town) -> None:
    first = town.report()
    second = town.report("其实是路灯", follows=first.case_number)
    case = cases.split(
        uuid.UUID(second.report_id), by=town.wang_fang, at=MORNING, reason="另一件事"
    )
    assert case.stage == Stage.REPORTED and case.area == town.grid("中山-01")
    assert town.case(first).report_count == 1
    with pytest.raises(Conflict):
        cases.split(uuid.UUID(first.report_id), by=town.wang_fang, at=MORNING, reason="试试")


def test_dissatisfied_reopens_once_and_needs_a_reason(town: Town) -> None:
    case = town.closed()
    report = Report.objects.get(case=case)
    with pytest.raises(Invalid) as refused:
        cases.rate(report.pk, "dissatisfied", by=RESIDENT, at=MORNING + 3 * HOUR)
    assert refused.value.field == "reason"
    cases.rate(report.pk, "dissatisfied", by=RESIDENT, at=MORNING + 3 * HOUR, reason="还是坏的")
    case.refresh_from_db()
    assert (case.stage, case.reopen_count) == (Stage.ACCEPTED, 1)
    with pytest.raises(Stale):
        cases.rate(report.pk, "satisfied", by=RESIDENT, at=MORNING + 4 * HOUR)


def test_after_a_reopening_the_second_result_is_rated_anew(town: Town) -> None:
    case = town.closed()
    report = Report.objects.get(case=case)
    cases.rate(report.pk, "dissatisfied", by=RESIDENT, at=MORNING + 3 * HOUR, reason="还是坏的")
    unit = town.unit("市政服务中心").pk
    cases.perform(case.pk, "dispatch", by=town.wang_fang, at=MORNING + 4 * HOUR, unit_id=unit)
    cases.perform(case.pk, "sign", by=town.li_na, at=MORNING + 4 * HOUR)
    cases.perform(case.pk, "report_back", by=town.li_na, at=MORNING + 5 * HOUR, note="重新做了")
    cases.perform(case.pk, "pass_check", by=town.chen_jing, at=MORNING + 6 * HOUR)
    report = cases.rate(report.pk, "satisfied", by=RESIDENT, at=MORNING + 7 * HOUR)
    assert report.rating == "satisfied"
    ratings = [e.facts["rating"] for e in audit.timeline("case", case.pk) if e.verb == "case_rated"]
    assert ratings == ["dissatisfied", "satisfied"]


def test_a_photo_that_nobody_sent_is_refused(town: Town) -> None:
    with pytest.raises(Invalid) as refused:
        town.report(photo_ids=(uuid.uuid4(),))
    assert refused.value.field == "photos"
    case = town.handling()
    with pytest.raises(Invalid):
        cases.perform(
            case.pk, "report_back", by=town.li_na, at=MORNING + HOUR, note="好了", photo_ids=[uuid.uuid4()]
        )  # fmt: skip


def test_nobody_rates_before_the_end(town: Town) -> None:
    report = Report.objects.get(case=town.handling())
    with pytest.raises(Stale):
        cases.rate(report.pk, "satisfied", by=RESIDENT, at=MORNING + HOUR)


@pytest.mark.usefixtures("own_database")
def test_intake_costs_at_most_eight_statements() -> None:
    """Against a committed town, as in an office: within a test's transaction caches look at the database again."""
    town = build()
    town.report()
    new = NewReport(
        id=uuid.uuid4(), text="井盖坏了", channel=Channel.WEB, lon=115.465, lat=35.235,
        category_id=town.category("污水井盖"), name="马三", phone="19900001234",
    )  # fmt: skip
    versions.current()
    with CaptureQueriesContext(connection) as captured:
        cases.take_report(new, by=RESIDENT, at=MORNING)
    said = [query["sql"] for query in captured if query["sql"] not in ("BEGIN", "COMMIT")]
    assert len(said) <= 8, said


@pytest.mark.usefixtures("own_database")
def test_a_notice_is_enqueued_with_its_report_or_not_at_all() -> None:
    """No worker runs here: what is enqueued waits."""
    town = build()
    first = town.report()
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        town.report()
        raise ZeroDivisionError
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT args->>'subject_id' FROM procrastinate_jobs WHERE args->>'event' = 'case_reported'"
        )
        assert cursor.fetchall() == [(str(first.case_id),)]
    assert Case.objects.count() == 1
