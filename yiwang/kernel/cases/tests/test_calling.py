"""The call for a rating: three half-days, four answers, and silence that counts for nothing."""

from datetime import date, datetime, time, timedelta

import pytest

from tests.town.small import MORNING, SHANGHAI, Town
from yiwang.kernel.cases import actions as cases
from yiwang.kernel.cases.actions.calling import call_state
from yiwang.kernel.cases.actions.reading import read_reporter
from yiwang.kernel.cases.models import Case, Report
from yiwang.kernel.cases.rules.calling import HalfDay, after_nobody, half_day, next_half_day
from yiwang.kernel.cases.rules.stages import Channel, ReportKind
from yiwang.kernel.foundation import audit
from yiwang.kernel.foundation.actors import RESIDENT
from yiwang.kernel.foundation.calendar.rules import DayKind, WorkingCalendar
from yiwang.kernel.foundation.errors import Conflict, Forbidden, Invalid, Missing, Stale

HOUR = timedelta(hours=1)
NOON = MORNING + 3 * HOUR  # the case was closed at eleven
AFTERNOON = MORNING + 6 * HOUR
NEXT_DAY = MORNING + timedelta(days=1)
WHO = {"name": "马三", "phone": "10000123456"}
TOWNS = WorkingCalendar(days={date(2026, 10, 23): DayKind.FREE})


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 10, day, hour, minute, tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("moment", "afternoon"),
    [(at(21, 7), False), (at(21, 13, 59), False), (at(21, 14), True), (at(21, 20), True)],
)
def test_the_afternoon_begins_when_work_begins_again(moment: datetime, afternoon: bool) -> None:
    assert half_day(moment, TOWNS) == HalfDay(date(2026, 10, 21), afternoon)


@pytest.mark.parametrize(
    ("moment", "opens"),
    [
        (at(21, 9), at(21, 14)),
        (at(21, 12, 30), at(21, 14)),
        (at(21, 15), at(22, 8)),
        (at(22, 23), at(26, 8)),  # Friday is free, then the weekend
        (at(24, 10), at(26, 8)),
    ],
)
def test_the_next_half_day_is_one_in_which_the_office_works(
    moment: datetime, opens: datetime
) -> None:
    assert next_half_day(moment, TOWNS) == opens


def test_an_office_that_works_through_has_two_halves_all_the_same() -> None:
    through = WorkingCalendar(sessions=((time(9), time(17)),))
    assert next_half_day(at(21, 10), through) == at(21, 12)
    assert next_half_day(at(21, 13), through) == at(22, 9)


def test_only_tries_in_different_half_days_count() -> None:
    first = after_nobody(0, None, at(21, 9), TOWNS)
    assert (first.counted, first.tries, first.next_at) == (True, 1, at(21, 14))
    again = after_nobody(1, at(21, 9), at(21, 11), TOWNS)
    assert (again.counted, again.tries, again.outcome) == (False, 1, None)
    last = after_nobody(2, at(21, 15), at(22, 9), TOWNS)
    assert (last.tries, last.outcome, last.next_at) == (3, "unreachable", None)


@pytest.fixture
def voice(town: Town) -> Report:
    return Report.objects.get(case=town.closed(**WHO))


def no_answer(town: Town, voice: Report, at: datetime) -> Report:
    read_reporter(voice.pk, reason="回访", by=town.wang_fang, at=at, way="call_back")
    return cases.call_back(voice.pk, said="not_reached", by=town.wang_fang, at=at)


def test_three_half_days_in_vain_are_unreachable_and_no_rating(town: Town, voice: Report) -> None:
    assert no_answer(town, voice, NOON).call_next_at == AFTERNOON - HOUR
    assert no_answer(town, voice, NOON + HOUR).call_back_count == 1
    assert no_answer(town, voice, AFTERNOON).call_back_count == 2
    done = no_answer(town, voice, NEXT_DAY)
    assert (done.call_outcome, done.rating, done.call_next_at) == ("unreachable", "", None)
    with pytest.raises(Conflict):
        cases.call_back(voice.pk, said="satisfied", by=town.wang_fang, at=NEXT_DAY + HOUR)
    verbs = [entry.verb for entry in audit.timeline("case", str(voice.case_id))]
    assert verbs.count("reporter_not_reached") == 4 and verbs[-1] == "reporter_unreachable"


def test_nobody_answered_needs_a_number_that_was_opened(town: Town, voice: Report) -> None:
    with pytest.raises(Conflict) as refused:
        cases.call_back(voice.pk, said="not_reached", by=town.wang_fang, at=NOON)
    assert refused.value.code == "not_opened"


def test_who_could_not_be_reached_may_still_rate_by_the_link(town: Town, voice: Report) -> None:
    for moment in (NOON, AFTERNOON, NEXT_DAY):
        no_answer(town, voice, moment)
    rated = cases.rate(voice.pk, "satisfied", by=RESIDENT, at=NEXT_DAY + HOUR)
    assert (rated.rating, rated.call_outcome) == ("satisfied", "")


def test_who_will_not_rate_is_an_outcome_of_its_own(town: Town, voice: Report) -> None:
    done = cases.call_back(voice.pk, said="refused", by=town.wang_fang, at=NOON, words="赶时间")
    assert (done.call_outcome, done.rating, done.call_next_at) == ("refused", "", None)
    entry = audit.timeline("case", str(voice.case_id))[-1]
    assert entry.verb == "rating_refused" and entry.texts == {"note": "赶时间"}


def test_another_time_is_booked_and_no_try(town: Town, voice: Report) -> None:
    done = cases.call_back(voice.pk, said="later", by=town.wang_fang, at=NOON)
    assert (done.call_back_count, done.call_next_at) == (0, AFTERNOON - HOUR)


def test_dissatisfied_by_telephone_reopens_once_and_the_second_result_is_asked_anew(
    town: Town, voice: Report
) -> None:
    with pytest.raises(Invalid):
        cases.call_back(voice.pk, said="dissatisfied", by=town.wang_fang, at=NOON)
    voice.refresh_from_db()
    assert voice.call_back_count == 0  # nothing half-written
    cases.call_back(voice.pk, said="dissatisfied", reason="还响", by=town.wang_fang, at=NOON)
    case = Case.objects.get(pk=voice.case_id)
    assert (case.stage, case.reopen_count) == ("accepted", 1)
    assert cases.next_call(by=town.wang_fang, at=NOON) is None
    unit = town.unit("市政服务中心").pk
    cases.perform(case.pk, "dispatch", by=town.wang_fang, at=NOON, unit_id=unit)
    cases.perform(case.pk, "sign", by=town.li_na, at=NOON)
    cases.perform(case.pk, "report_back", by=town.li_na, at=NOON, note="重新做了")
    cases.perform(case.pk, "pass_check", by=town.chen_jing, at=AFTERNOON)
    served = cases.next_call(by=town.wang_fang, at=AFTERNOON)
    assert served is not None and (served.pk, served.call_back_count) == (voice.pk, 0)
    cases.call_back(
        voice.pk, said="dissatisfied", reason="不行", by=town.wang_fang, at=AFTERNOON + HOUR
    )
    case.refresh_from_db()
    assert (case.stage, case.reopen_count) == ("closed", 1)


def test_two_telephones_are_never_served_the_same_voice(town: Town) -> None:
    first, second = (
        Report.objects.get(case=town.closed(**WHO)),
        Report.objects.get(case=town.closed(**WHO)),
    )
    from yiwang.kernel.foundation.actors import SYSTEM
    from yiwang.kernel.organisation import actions as organisation
    from yiwang.kernel.organisation.duties import forget_duties
    from yiwang.kernel.organisation.rules import Role

    organisation.appoint(
        town.zheng_kai, unit=town.unit("受理中心"), role=Role.DESK_OPERATOR,
        area=town.grid("南城街道"), by=SYSTEM, at=MORNING, starts_on=date(2026, 1, 1),
    )  # fmt: skip
    forget_duties(town.zheng_kai)
    one = cases.next_call(by=town.wang_fang, at=NOON)
    other = cases.next_call(by=town.zheng_kai, at=NOON)
    assert one is not None and other is not None
    assert {one.pk, other.pk} == {first.pk, second.pk} and one.pk != other.pk
    again = cases.next_call(by=town.wang_fang, at=NOON)
    assert again is not None and again.pk == one.pk


def test_nobody_is_served_or_writes_down_what_they_fixed(town: Town, voice: Report) -> None:
    Case.objects.filter(pk=voice.case_id).update(fixer_ids=[town.wang_fang.pk])
    assert cases.next_call(by=town.wang_fang, at=NOON) is None
    assert cases.waiting_calls(town.wang_fang, NOON).now == 0
    with pytest.raises(Forbidden):
        cases.call_back(voice.pk, said="satisfied", by=town.wang_fang, at=NOON)


def test_who_took_it_in_and_fixed_it_does_not_rate_it_by_its_code(town: Town) -> None:
    """张敏 writes a report for a neighbour, holds its code, and settles it on the spot."""
    receipt = town.report(by=town.zhang_min, channel=Channel.GRID_WORKER, **WHO)
    cases.perform(receipt.case_id, "solve_on_spot", by=town.zhang_min, at=MORNING, note="盖好了")
    cases.perform(receipt.case_id, "pass_check", by=town.liu_yang, at=MORNING + HOUR)
    with pytest.raises(Forbidden):
        cases.rate(town.report_of(receipt).pk, "very_satisfied", by=RESIDENT, at=NOON)
    served = cases.next_call(by=town.wang_fang, at=NOON)
    assert served is not None and str(served.pk) == receipt.report_id


def test_nobody_who_denounced_or_left_no_number_is_called(town: Town) -> None:
    town.closed(kind=ReportKind.DENOUNCE, **WHO)
    town.closed()
    assert cases.next_call(by=town.wang_fang, at=NOON) is None
    assert Report.objects.filter(call_next_at__isnull=False).count() == 0


def test_a_call_that_somebody_else_wrote_down_meanwhile_is_refused(
    town: Town, voice: Report
) -> None:
    seen = call_state(voice)
    no_answer(town, voice, NOON)
    with pytest.raises(Stale):
        cases.call_back(voice.pk, said="satisfied", by=town.wang_fang, at=NOON, seen=seen)


def test_before_the_end_and_after_the_rating_there_is_nothing_to_call_about(town: Town) -> None:
    early = Report.objects.get(case=town.reported_back(**WHO))
    with pytest.raises(Stale):
        cases.call_back(early.pk, said="satisfied", by=town.wang_fang, at=NOON)
    voice = Report.objects.get(case=town.closed(**WHO))
    cases.rate(voice.pk, "satisfied", by=RESIDENT, at=NOON)
    with pytest.raises(Stale):
        cases.call_back(voice.pk, said="satisfied", by=town.wang_fang, at=NOON)
    assert cases.next_call(by=town.wang_fang, at=NOON) is None


def test_only_the_desk_calls(town: Town, voice: Report) -> None:
    for person in (town.zhou_wei, town.chen_jing, town.zhang_min):
        with pytest.raises(Forbidden):
            cases.call_back(voice.pk, said="satisfied", by=person, at=NOON)
    with pytest.raises(Missing):
        cases.call_back(voice.pk, said="satisfied", by=town.zhao_qiang, at=NOON)
