"""The handler calls who reported it: one number, while the work is theirs, written down before it is handed out."""

import uuid
from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from tests.town.small import MORNING, Town
from yiwang.kernel.accounts.models import User
from yiwang.kernel.cases import actions as cases
from yiwang.kernel.cases.actions.reading import numbers_to_call, open_number, read_reporter
from yiwang.kernel.cases.models import Case, Opening, Report, Reporter
from yiwang.kernel.cases.rules.stages import ReportKind
from yiwang.kernel.foundation import audit
from yiwang.kernel.foundation.errors import Conflict, Missing
from yiwang.kernel.foundation.viewer import speaking_as

HOUR = timedelta(hours=1)
WHO = {"name": "马三丰", "phone": "10000123456"}


def voice_of(case: Case) -> Report:
    return Report.objects.get(case=case)


def asked_raw(user: User, statement: str, *given: object) -> list[tuple[object, ...]]:
    """What the program's own role is told, whatever Python says."""
    with speaking_as(user), connection.cursor() as cursor:
        cursor.execute(statement, given)
        return cursor.fetchall()


OPEN = "SELECT * FROM yiwang_open_number(%s, now())"


def test_the_handler_opens_the_number_and_the_case_is_the_reason(town: Town) -> None:
    case = town.handling(**WHO)
    contact = open_number(voice_of(case).pk, by=town.li_na, at=MORNING + HOUR)
    assert contact.phone == "10000123456" and contact.name == "马**"
    entry = audit.timeline("case", str(case.pk))[-1]
    assert (entry.verb, entry.actor_id) == ("number_opened", town.li_na.pk)
    assert entry.facts["case"] == case.number and "10000123456" not in str(entry)
    opening = Opening.objects.get()
    assert (opening.user, opening.way, opening.case_id) == (town.li_na, "handler", case.pk)


def test_nothing_but_the_function_lets_a_handler_through(town: Town) -> None:
    voice = voice_of(town.handling(**WHO))
    assert asked_raw(town.li_na, "SELECT count(*) FROM cases_reporter") == [(0,)]
    assert len(asked_raw(town.li_na, OPEN, voice.pk)) == 1
    assert asked_raw(town.li_na, "SELECT count(*) FROM cases_reporter") == [(0,)]
    assert Opening.objects.count() == 1


def test_a_colleague_another_unit_and_a_grid_worker_open_nothing(town: Town) -> None:
    case = town.handling(**WHO)
    voice = voice_of(case)
    for name in ("qian_jun", "zhao_qiang", "zhang_min", "zhou_wei", "sun_li", "wang_fang"):
        person = getattr(town, name)
        assert asked_raw(person, OPEN, voice.pk) == [], name
        with pytest.raises(Missing):
            open_number(voice.pk, by=person, at=MORNING + HOUR)
    assert not Opening.objects.exists()


def test_before_signing_after_returning_and_after_reporting_back_it_is_closed(town: Town) -> None:
    offered = town.dispatched(**WHO)
    assert asked_raw(town.li_na, OPEN, voice_of(offered).pk) == []
    returned = town.handling(**WHO)
    cases.perform(returned.pk, "return", by=town.li_na, at=MORNING + HOUR, reason="不归我们")
    assert asked_raw(town.li_na, OPEN, voice_of(returned).pk) == []
    done = town.reported_back(**WHO)
    assert asked_raw(town.li_na, OPEN, voice_of(done).pk) == []


def test_passed_on_the_number_goes_along(town: Town) -> None:
    case = town.handling(**WHO)
    cases.perform(case.pk, "pass_on", by=town.li_na, at=MORNING + HOUR, handler_id=town.qian_jun.pk)
    voice = voice_of(case)
    assert asked_raw(town.li_na, OPEN, voice.pk) == []
    assert len(asked_raw(town.qian_jun, OPEN, voice.pk)) == 1


def test_a_denouncer_is_never_shown(town: Town) -> None:
    voice = voice_of(town.handling(kind=ReportKind.DENOUNCE, **WHO))
    assert asked_raw(town.li_na, OPEN, voice.pk) == []
    for person in town.people.values():
        assert asked_raw(person, "SELECT count(*) FROM cases_reporter") == [(0,)]
        with pytest.raises(Missing):
            open_number(voice.pk, by=person, at=MORNING + HOUR)
        with pytest.raises(Exception, match=r"."):
            read_reporter(voice.pk, reason="看看", by=person, at=MORNING + HOUR)
    assert not Opening.objects.exists()


def test_a_denouncer_stays_hidden_through_moves_of_the_case(town: Town) -> None:
    """Placed elsewhere, merged and taken apart again, the row is nobody's to read."""
    receipt = town.report(kind=ReportKind.DENOUNCE, **WHO)
    other = town.report("同一件事", **WHO)
    cases.perform(
        receipt.case_id, "relocate", by=town.wang_fang, at=MORNING, lon=115.475, lat=35.235
    )
    number = town.case(other).number
    cases.perform(receipt.case_id, "merge", by=town.wang_fang, at=MORNING, target=number)
    cases.perform(other.case_id, "relocate", by=town.wang_fang, at=MORNING, lon=115.465, lat=35.225)
    with speaking_as(town.wang_fang):
        seen = list(Reporter.objects.values_list("report", flat=True))
    assert seen == [uuid.UUID(other.report_id)]


def test_a_case_about_what_was_denounced_is_not_public_once_accepted(town: Town) -> None:
    assert not town.accepted(kind=ReportKind.DENOUNCE).public
    assert town.accepted().public


def test_the_same_number_is_not_opened_over_and_over(town: Town) -> None:
    voice = voice_of(town.handling(**WHO))
    for minute in range(3):
        open_number(voice.pk, by=town.li_na, at=MORNING + HOUR + timedelta(minutes=minute))
    with pytest.raises(Conflict):
        open_number(voice.pk, by=town.li_na, at=MORNING + 2 * HOUR)
    with speaking_as(town.li_na):
        assert numbers_to_call(voice.case) == {voice.pk: 3}
    open_number(voice.pk, by=town.li_na, at=MORNING + timedelta(days=2))


def test_a_number_that_nobody_left_is_not_offered(town: Town) -> None:
    case = town.handling(name="马三")
    with speaking_as(town.li_na):
        assert numbers_to_call(case) == {}


def test_an_opening_is_neither_changed_nor_removed(town: Town) -> None:
    voice = voice_of(town.handling(**WHO))
    open_number(voice.pk, by=town.li_na, at=MORNING + HOUR)
    for change in (lambda: Opening.objects.update(way="read"), Opening.objects.all().delete):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()
