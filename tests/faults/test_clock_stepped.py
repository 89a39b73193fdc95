"""The machine's clock is put back by an hour or forward by a day: work goes on, the record stays sound, no door opens."""

from collections.abc import Callable
from datetime import timedelta
from time import time
from types import SimpleNamespace
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal import auth as codes_of_apps
from allauth.mfa.totp.internal.auth import TOTP
from axes.models import AccessAttempt
from django.test import Client
from django.utils import timezone

from tests.faults.conftest import Knock
from tests.town.small import MORNING, Town
from yiwang.kernel.cases import actions as cases
from yiwang.kernel.cases.actions.undoing import perform_with_undo, to_undo, undo
from yiwang.kernel.cases.models import Case, Clock
from yiwang.kernel.foundation import audit
from yiwang.kernel.foundation.errors import Refused
from yiwang.web.kit.sitting import BEGAN, SEEN, is_past

pytestmark = pytest.mark.django_db
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
STEPS = {"back an hour": -HOUR, "back a day": -DAY, "forward a day": DAY}


@pytest.mark.parametrize("step", STEPS.values(), ids=STEPS)
def test_a_case_goes_its_way_and_the_record_stays_sound(
    town: Town, as_: Knock, clock: Any, step: timedelta
) -> None:
    at = MORNING + timedelta(minutes=10)
    case = cases.perform(town.report().case_id, "accept", by=town.wang_fang, at=at)
    at += step
    unit = town.unit("市政服务中心").pk
    for minute, (move, who, given) in enumerate([
        ("dispatch", town.wang_fang, {"unit_id": unit}), ("sign", town.li_na, {}),
        ("report_back", town.li_na, {"note": "换了井盖"}), ("pass_check", town.chen_jing, {}),
    ]):  # fmt: skip
        case = cases.perform(case.pk, move, by=who, at=at + timedelta(minutes=minute), **given)
    assert case.stage == "closed"
    assert list(audit.verify()) == []
    clock(at + timedelta(minutes=10))
    assert as_(town.wang_fang).get(f"/cases/{case.number}/").status_code == 200
    assert as_(town.zhou_wei).get("/cockpit/").status_code == 200
    assert as_(town.zhou_wei).get("/cockpit/figures/").status_code == 200


def test_the_record_tells_the_order_even_where_the_clock_does_not(town: Town) -> None:
    case = town.accepted()
    unit = town.unit("市政服务中心").pk
    cases.perform(case.pk, "dispatch", by=town.wang_fang, at=MORNING - HOUR, unit_id=unit)
    rows = audit.timeline("case", str(case.pk))
    assert [row.verb for row in rows][-1] == "case_dispatched"
    assert rows[-1].at < rows[0].at
    assert list(audit.verify()) == []


def test_a_day_that_was_sealed_and_comes_again_stays_sealed(town: Town) -> None:
    """Midnight has passed, the day is sealed, and the clock goes back over midnight."""
    receipt = town.report(at=MORNING)
    audit.seal_day(MORNING.date(), at=MORNING + DAY)
    again = MORNING + timedelta(hours=14, minutes=59)
    cases.perform(receipt.case_id, "accept", by=town.wang_fang, at=again)
    assert list(audit.verify()) == []
    audit.seal_missing(MORNING.date() + DAY, at=MORNING + 2 * DAY)
    assert list(audit.verify()) == []


def test_no_number_is_given_twice(town: Town) -> None:
    before_midnight = MORNING + timedelta(hours=14, minutes=55)
    steps = (before_midnight, before_midnight + HOUR, before_midnight, before_midnight + HOUR)
    numbers = [town.report(at=at).case_number for at in steps]
    assert len(set(numbers)) == 4
    assert numbers[0][:8] == numbers[2][:8] != numbers[1][:8] == numbers[3][:8]


def test_what_was_said_late_is_not_said_again_and_nothing_runs_backwards(town: Town) -> None:
    case_id = town.report().case_id
    assert cases.sweep(at=MORNING + 2 * HOUR) == 1
    step = Clock.objects.get(case=case_id).step
    for at in (MORNING + HOUR, MORNING, MORNING + 2 * HOUR + timedelta(seconds=1)):
        cases.sweep(at=at)
    assert Clock.objects.get(case=case_id).step >= step
    verbs = [row.verb for row in audit.timeline("case", str(case_id))]
    assert len(verbs) == len(set(verbs))


def test_a_click_cannot_be_taken_back_an_hour_later_because_the_clock_went_back(town: Town) -> None:
    case = town.case(town.report())
    at = MORNING + timedelta(minutes=10)
    perform_with_undo(case.pk, "accept", by=town.wang_fang, at=at, version=case.version)
    moved = Case.objects.get(pk=case.pk)
    for later in (at - HOUR, at + DAY):
        assert to_undo(moved, by=town.wang_fang, at=later) is None
        with pytest.raises(Refused):
            undo(case.pk, by=town.wang_fang, at=later)
    moved.refresh_from_db()
    assert moved.stage == "accepted"


@pytest.mark.parametrize(
    ("seen", "began", "over"),
    [
        (0, 0, False),
        (HOUR, HOUR, False),
        (DAY, DAY, True),
        (DAY, 0 * HOUR, True),
        (-DAY, -DAY, True),
    ],
    ids=["now", "an hour back", "begun tomorrow", "used tomorrow", "a day forward"],
)
def test_a_session_of_a_wrong_clock_lasts_no_longer_than_one_of_a_right(
    settings: Any, seen: Any, began: Any, over: bool
) -> None:
    now = 1_800_000_000
    stamps = [now + (span.total_seconds() if span else 0) for span in (seen, began)]
    assert is_past({SEEN: stamps[0], BEGAN: stamps[1]}, now) is over


def test_a_lock_is_not_opened_by_putting_the_clock_back(town: Town) -> None:
    door = Client()
    for _try in range(5):
        answer = door.post("/sign-in", {"username": "wang.fang", "password": "wrong"})
    assert answer.status_code == 429
    AccessAttempt.objects.update(attempt_time=timezone.now() + HOUR)
    again = door.post("/sign-in", {"username": "wang.fang", "password": "wrong"})
    assert again.status_code == 429
    assert int(again["Retry-After"]) <= 75 * 60
    AccessAttempt.objects.update(attempt_time=timezone.now() - DAY)
    assert door.post("/sign-in", {"username": "wang.fang", "password": "wrong"}).status_code == 422


@pytest.fixture
def wu_gang_at_the_door(town: Town, monkeypatch: pytest.MonkeyPatch) -> Callable[[str, float], int]:
    """Let 吴刚, who has an app and backup codes, give one at a moment of the machine's clock; the answer's status."""
    town.wu_gang.set_password("a-long-enough-phrase")
    town.wu_gang.save()
    TOTP.activate(town.wu_gang, SECRET)
    RecoveryCodes.activate(town.wu_gang)

    def give(code: str, machine: float) -> int:
        monkeypatch.setattr(codes_of_apps, "time", SimpleNamespace(time=lambda: machine))
        door = Client()
        door.post("/sign-in", {"username": "wu.gang", "password": "a-long-enough-phrase"})
        return int(door.post("/sign-in/code", {"code": code}).status_code)

    return give


def code_at(moment: float) -> str:
    return codes_of_apps.format_hotp_value(codes_of_apps.hotp_value(SECRET, int(moment) // 30))


@pytest.mark.parametrize("step", STEPS.values(), ids=STEPS)
def test_no_code_fits_a_wrong_clock_and_a_backup_code_does(
    wu_gang_at_the_door: Callable[[str, float], int], step: timedelta
) -> None:
    right = time()
    spare = RecoveryCodes(Authenticator.objects.get(type="recovery_codes")).get_unused_codes()[0]
    machine = right + step.total_seconds()
    assert wu_gang_at_the_door(code_at(right), machine) == 422
    assert wu_gang_at_the_door(spare, machine) == 302
    assert wu_gang_at_the_door(spare, machine) == 422
    assert wu_gang_at_the_door(code_at(right), right) == 302


def test_a_code_that_was_used_is_not_good_again_when_its_time_comes_again(
    wu_gang_at_the_door: Callable[[str, float], int],
) -> None:
    right = time()
    assert wu_gang_at_the_door(code_at(right), right) == 302
    for machine in (right + 40, right + HOUR.total_seconds(), right):
        assert wu_gang_at_the_door(code_at(right), machine) == 422


def test_numbers_of_reporters_stay_counted(town: Town) -> None:
    """Opened with the clock a day ahead: the ones of today are counted against them still."""
    from yiwang.kernel.cases.actions.reading import SAME_NUMBER_A_DAY, open_number
    from yiwang.kernel.foundation.errors import Conflict

    case = town.handling(name="马三", phone="13812345678")
    report = case.reports.get()
    at = MORNING + HOUR
    for _time in range(SAME_NUMBER_A_DAY):
        open_number(report.pk, by=town.li_na, at=at + HOUR)
    with pytest.raises(Conflict):
        open_number(report.pk, by=town.li_na, at=at)
