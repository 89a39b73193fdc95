"""Telling people: in the same transaction, later, once, and in their language."""

import json
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import translation
from procrastinate.contrib.django.models import ProcrastinateJob

from yiwang.kernel import notices
from yiwang.kernel.foundation.queue import app
from yiwang.kernel.foundation.sentences import Sentence
from yiwang.kernel.notices import Delivery
from yiwang.kernel.notices.models import Notice
from yiwang.kernel.notices.rules import WORDING, key_of, wording_of
from yiwang.kernel.notices.tests.conftest import NOW


def waiting() -> list[ProcrastinateJob]:
    return list(ProcrastinateJob.objects.filter(task_name="notices.deliver", status="todo"))


def work() -> None:
    """Do what the worker would do with the jobs that wait."""
    for job in waiting():
        app.tasks[job.task_name](**job.args)


def tell(*people, **params) -> None:
    """Register these people for `case_dispatched`."""
    notices.register(
        "case_dispatched", lambda event: Delivery([user.pk for user in people], params)
    )


def dispatched(**ids) -> None:
    notices.enqueue("case_dispatched", "case", 42, NOW, **ids)


def test_with_the_worker_away_nothing_is_lost_and_later_it_is_told(zhang_min):
    tell(zhang_min, number="20261123-0042", unit="供水公司", due="16:20")
    dispatched()
    assert notices.unread_count(zhang_min) == 0
    work()
    (notice,) = notices.latest(zhang_min)
    assert notice.sentence == "案卷 20261123-0042 已派给供水公司，请在 16:20 前处置"
    assert (notice.subject_type, notice.subject_id) == ("case", "42")


def test_enqueueing_costs_one_statement(zhang_min):
    with CaptureQueriesContext(connection) as queries:
        dispatched(task=7)
    assert len(queries) == 1


def test_many_events_of_one_move_cost_one_statement_too(zhang_min):
    with CaptureQueriesContext(connection) as queries:
        notices.enqueue_many(
            [("case_dispatched", {}), ("assist_added", {"task": 7})], "case", 42, NOW
        )
    assert len(queries) == 1
    assert [job.args["event"] for job in waiting()] == ["case_dispatched", "assist_added"]


def test_no_event_costs_nothing(zhang_min):
    with CaptureQueriesContext(connection) as queries:
        notices.enqueue_many([], "case", 42, NOW)
    assert len(queries) == 0


def test_the_queue_carries_ids_and_no_content(zhang_min):
    dispatched(task=7)
    (job,) = waiting()
    assert job.args == {
        "event": "case_dispatched",
        "subject_type": "case",
        "subject_id": "42",
        "at": NOW.isoformat(),
        "ids": {"task": 7},
    }


def test_what_is_rolled_back_is_not_told(zhang_min):
    with pytest.raises(RuntimeError), transaction.atomic():
        dispatched()
        raise RuntimeError("the move failed")
    assert waiting() == []


def test_telling_twice_tells_once(zhang_min, li_na):
    tell(zhang_min, li_na, number="0042")
    dispatched()
    work()
    work()
    assert Notice.objects.count() == 2


def test_the_same_thing_happening_again_is_told_again(zhang_min):
    tell(zhang_min, number="0042")
    dispatched()
    notices.enqueue("case_dispatched", "case", 42, NOW + timedelta(hours=1))
    notices.enqueue("case_dispatched", "case", 42, NOW, task=8)
    work()
    assert Notice.objects.count() == 3


def test_two_resolvers_name_the_same_person_and_she_is_told_once(zhang_min, li_na):
    tell(zhang_min, number="0042")
    tell(zhang_min, li_na, number="0042")
    dispatched()
    work()
    assert len(notices.latest(zhang_min)) == len(notices.latest(li_na)) == 1


def test_an_event_nobody_registered_for_tells_nobody(zhang_min):
    dispatched()
    work()
    assert not Notice.objects.exists()


def test_a_resolver_sees_the_event_as_it_was_enqueued(zhang_min):
    seen = []

    def resolver(event):
        seen.append(event)
        return Delivery([])

    notices.register("case_dispatched", resolver)
    notices.register("case_dispatched", resolver)
    dispatched(task=7)
    work()
    assert [(e.name, e.subject_id, e.at, e.ids) for e in seen] == [
        ("case_dispatched", "42", NOW, {"task": 7})
    ]


def test_a_room_brings_its_own_words(zhang_min):
    notices.register(
        "visit_planned",
        lambda event: Delivery([zhang_min.pk], {"number": "7"}),
        wording="走访 %(number)s",
    )
    notices.enqueue("visit_planned", "visit", 7, NOW)
    work()
    assert str(notices.latest(zhang_min)[0]) == "走访 7"


def test_a_notice_is_read_in_the_readers_language(zhang_min):
    tell(zhang_min, number="0042", unit="Water", due="16:20")
    dispatched()
    work()
    (notice,) = notices.latest(zhang_min)
    with translation.override("en"):
        assert notice.sentence == "Case 0042 is dispatched to Water, to be handled by 16:20"


@pytest.mark.parametrize("event", [*WORDING, "something_new"])
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_event_has_words_even_when_little_is_known(event, language):
    with translation.override(language):
        said = wording_of(event, {}).text()
    assert "%" not in said
    assert "—" in said or "您" in said


def test_what_is_missing_shows_a_dash():
    assert wording_of("case_closed", {"number": "0042"}) == Sentence(
        "案卷 %(number)s 核查通过，已办结", {"number": "0042"}
    )
    assert wording_of("case_closed", {}).params == {"number": "—"}


def test_a_clock_that_has_stopped_meanwhile_is_not_told_as_a_dash():
    told = {"number": "0042", "unit": "供水公司"}
    assert wording_of("case_dispatched", told).text() == "案卷 0042 已派给供水公司"
    due = wording_of("case_dispatched", {**told, "due": "11-23 16:20"}).text()
    assert due == "案卷 0042 已派给供水公司，请在 11-23 16:20 前处置"
    for event in WORDING:
        assert "—" not in wording_of(event, {**told, "count": 2}).text()


def test_a_key_tells_happenings_apart():
    keys = {
        key_of("a", "case", "1", "t", {}),
        key_of("a", "case", "1", "t", {"task": 1}),
        key_of("a", "case", "2", "t", {}),
        key_of("b", "case", "1", "t", {}),
        key_of("a", "case", "1", "u", {}),
    }
    assert len(keys) == 5
    assert key_of("a", "c", "1", "t", {"x": 1, "y": 2}) == key_of(
        "a", "c", "1", "t", {"y": 2, "x": 1}
    )


def three_notices(user) -> list[Notice]:
    tell(user, number="0042")
    for hours in range(3):
        notices.enqueue("case_dispatched", "case", hours, NOW + timedelta(hours=hours))
    work()
    return notices.latest(user)


def test_reading_one_leaves_the_others_unread(zhang_min):
    newest, *_ = three_notices(zhang_min)
    later = NOW + timedelta(days=1)
    assert notices.mark_read(zhang_min, at=later, notice_ids=[newest.pk]) == 1
    assert notices.unread_count(zhang_min) == 2
    assert notices.mark_read(zhang_min, at=later) == 2
    assert notices.mark_read(zhang_min, at=later) == 0


def test_nobody_reads_or_marks_the_notices_of_another(zhang_min, li_na):
    theirs = three_notices(zhang_min)
    later = NOW + timedelta(days=1)
    assert notices.latest(li_na) == []
    assert notices.mark_read(li_na, at=later, notice_ids=[n.pk for n in theirs]) == 0
    assert notices.unread_count(zhang_min) == 3


def test_pages_follow_one_another_newest_first(zhang_min):
    whole = three_notices(zhang_min)
    first = notices.latest(zhang_min, size=2)
    assert first + notices.latest(zhang_min, before=first[-1].pk) == whole
    assert [n.subject_id for n in whole] == ["2", "1", "0"]


def test_a_notice_holds_no_words_of_a_resident(zhang_min):
    tell(zhang_min, number="0042")
    dispatched()
    work()
    stored = Notice.objects.values().get()
    assert json.dumps(stored["params"]) == '{"number": "0042"}'
