"""What an office knows of people ends when its time is over, and not a day before."""

from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.utils import timezone

from tests.town.small import MORNING, Town
from yiwang.kernel.cases import actions as cases
from yiwang.kernel.cases.actions import answers
from yiwang.kernel.cases.models import Case, CasePhoto, Opening, Report, Reporter
from yiwang.kernel.cases.retention import ending
from yiwang.kernel.foundation import audit, retention
from yiwang.kernel.foundation.actors import SYSTEM
from yiwang.kernel.foundation.files.models import StoredFile
from yiwang.kernel.foundation.retention import YEAR
from yiwang.kernel.foundation.viewer import speaking_as

DAY = timedelta(days=1)
CLOSED = MORNING + timedelta(hours=2)
WHO = {"name": "马三丰", "phone": "10000123456"}


def known() -> int:
    """How many reporters somebody could still be told of."""
    with speaking_as(SYSTEM):
        return Reporter.objects.count()


def answered(town: Town, case: Case, at: datetime = CLOSED) -> Case:
    """The answer owed is given with the result."""
    for report in Report.objects.filter(case=case, answered_at=None):
        answers.answer(report.pk, "井盖已经换好", by=town.wang_fang, at=at)
    return case


def ran(at: datetime) -> dict[str, int]:
    return {outcome.rule.key: outcome.rows for outcome in retention.run(at=at)}


def attach(case: Case, kind: str) -> StoredFile:
    file = StoredFile.objects.create(
        kind=kind,
        sha256="0" * 64,
        mime="audio/mp4",
        size=9,
        uploaded_by_kind="resident",
        at=MORNING,
    )
    CasePhoto.objects.create(case=case, file=file, purpose="before", added_at=MORNING)
    return file


def test_a_year_after_the_end_nobody_knows_who_it_was(town: Town) -> None:
    case = answered(town, town.closed(**WHO))
    assert ran(CLOSED + YEAR - DAY)["contacts"] == 0 and known() == 1
    assert ran(CLOSED + YEAR + DAY)["contacts"] == 1 and known() == 0
    report = Report.objects.get(case=case)
    assert report.text == "井盖坏了" and report.call_next_at is None
    entry = audit.timeline("case", str(case.pk))[-1]
    assert (entry.verb, entry.facts) == (
        "contact_erased",
        {"report": str(report.pk), "reason": "purpose_ended"},
    )
    assert audit.verify() == []


def test_a_second_run_finds_nothing_and_each_leaves_one_row_of_counts(town: Town) -> None:
    answered(town, town.closed(**WHO))
    later = CLOSED + YEAR + DAY
    assert ran(later)["contacts"] == 1
    assert not any(ran(later).values())
    first, second = audit.timeline("retention", "town")
    assert (first.verb, first.actor_name) == ("retention_ran", "system")
    assert first.facts["contacts"] == 1 and second.facts["contacts"] == 0
    assert "马三丰" not in str(first.facts) and not first.texts


def test_a_case_opened_again_keeps_who_to_ask(town: Town) -> None:
    case = answered(town, town.closed(**WHO))
    again = CLOSED + YEAR - DAY
    cases.perform(case.pk, "reopen", by=town.wang_fang, at=again, reason="又坏了")
    assert ran(CLOSED + YEAR + DAY)["contacts"] == 0 and known() == 1


def test_a_case_opened_again_between_looking_and_erasing_is_left_alone(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = answered(town, town.closed(**WHO))
    looked = ending._some

    def and_then(*given: object) -> list[int]:
        found = looked(*given)  # type: ignore[arg-type]
        if found:
            cases.perform(case.pk, "reopen", by=town.wang_fang, at=CLOSED + YEAR, reason="又坏了")
        return found

    monkeypatch.setattr(ending, "_some", and_then)
    assert ending.end_contacts(CLOSED + DAY, CLOSED + YEAR + DAY) == 0 and known() == 1


def test_what_owes_an_answer_keeps_who_to_answer(town: Town) -> None:
    case = town.closed(**WHO)
    Report.objects.filter(case=case).update(
        answer="", answered_at=None, answered_by=None, answer_due_at=CLOSED
    )
    assert ran(CLOSED + 2 * YEAR)["contacts"] == 0 and known() == 1


def test_a_later_voice_and_a_late_rating_put_the_end_off(town: Town) -> None:
    case = answered(town, town.closed(**WHO))
    Report.objects.filter(case=case).update(rating="satisfied", rated_at=CLOSED + 30 * DAY)
    assert ran(CLOSED + YEAR + DAY)["contacts"] == 0
    assert ran(CLOSED + YEAR + 31 * DAY)["contacts"] == 1


def test_batch_by_batch_until_all_are_done(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ending, "BATCH", 2)
    for _n in range(5):
        answered(town, town.closed(**WHO))
    at = CLOSED + YEAR + DAY
    assert ending.end_contacts(at - YEAR, at) == 2 and known() == 3  # and here it was killed
    assert ran(at)["contacts"] == 3 and known() == 0
    assert audit.verify() == []


def test_voices_go_with_the_name_and_photos_stay(town: Town) -> None:
    case = answered(town, town.closed())
    attach(case, "voice")
    attach(case, "photo")
    assert ran(CLOSED + YEAR - DAY)["voices"] == 0
    assert ran(CLOSED + YEAR + DAY)["voices"] == 1
    assert [one.file.kind for one in CasePhoto.objects.filter(case=case)] == ["photo"]
    assert audit.timeline("case", str(case.pk))[-1].facts == {"count": 1}


def test_photos_of_what_was_refused_go_after_half_a_year(town: Town) -> None:
    receipt = town.report(**WHO)
    attach(town.case(receipt), "photo")
    refused = MORNING + 40 * DAY
    cases.perform(receipt.case_id, "refuse", by=town.wang_fang, at=refused, reason="不属于街道")
    assert ran(refused + 179 * DAY)["refused_attachments"] == 0
    assert ran(refused + 181 * DAY)["refused_attachments"] == 1
    assert not CasePhoto.objects.exists() and known() == 1
    assert ran(refused + YEAR + DAY)["contacts"] == 1


def test_words_leave_the_record_after_three_years_and_the_chain_stays_whole(town: Town) -> None:
    case = answered(town, town.closed(text="王大爷家门口的井盖坏了"))
    before = audit.timeline("case", str(case.pk))
    assert any(entry.texts for entry in before)
    ran(CLOSED + 3 * YEAR - DAY)
    assert any(entry.texts for entry in audit.timeline("case", str(case.pk)))
    assert ran(CLOSED + 3 * YEAR + DAY)["texts"] > 0
    after = audit.timeline("case", str(case.pk))
    assert not any(entry.texts for entry in after)
    assert [entry.verb for entry in after][: len(before)] == [entry.verb for entry in before]
    assert audit.verify() == []


def test_who_opened_a_number_is_known_for_three_years_by_the_clock_of_the_database(
    town: Town,
) -> None:
    report = Report.objects.get(case=town.handling(**WHO))
    now = timezone.now()
    for at in (now - 3 * YEAR - DAY, now - 3 * YEAR + DAY):
        Opening.objects.create(
            report=report, case=report.case, user=town.li_na, at=at, way="handler"
        )
    assert ran(now)["openings"] == 1
    assert ran(now + 9 * YEAR)["openings"] == 0 and Opening.objects.count() == 1


def test_who_asks_for_it_is_forgotten_at_once_and_the_matter_goes_on(town: Town) -> None:
    case = town.handling(**WHO)
    code = Report.objects.get(case=case).follow_code
    assert ending.forget(code, at=CLOSED) and known() == 0
    assert not ending.forget(code, at=CLOSED) and not ending.forget("NONE", at=CLOSED)
    entry = audit.timeline("case", str(case.pk))[-1]
    assert (entry.verb, entry.facts["reason"]) == ("contact_erased", "person_asked")
    cases.perform(case.pk, "report_back", by=town.li_na, at=CLOSED, note="换了井盖")
    assert audit.verify() == []


def test_a_dry_run_counts_and_changes_nothing(town: Town) -> None:
    answered(town, town.closed(**WHO))
    due = {outcome.rule.key: outcome.rows for outcome in retention.due(at=CLOSED + YEAR + DAY)}
    assert due["contacts"] == 1 and known() == 1
    assert not audit.timeline("retention", "town")


def test_the_program_itself_sees_reporters_only_as_the_system(town: Town) -> None:
    answered(town, town.closed(**WHO))
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM cases_reporter")
        assert cursor.fetchone() == (0,)
