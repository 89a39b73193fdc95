"""Quiet hours: what can wait goes in the morning, several for one person as one message."""

from datetime import timedelta

from yiwang.kernel.notices.tests.leaving import (
    DUE,
    MIDNIGHT,
    MORNING,
    NOON,
    happens,
    sendings,
    states,
    tell,
    work,
)
from yiwang.outside.answer import later


def test_at_night_a_dispatch_waits_for_the_morning_and_supervision_does_not(out, li_na, clock):
    clock.set(MIDNIGHT)
    tell(li_na, **DUE)
    happens("case_dispatched", MIDNIGHT)
    happens("case_supervised", MIDNIGHT)
    work()
    assert [letter.subject for letter in out.mail.given] == ["案卷 20261123-0042 已列入督办"]
    assert len(out.sms.given) == 1
    (held,) = sendings(state="held")
    assert held.next_at == MORNING
    clock.set(MORNING)
    work()
    assert len(out.mail.given) == 2


def test_an_urgent_dispatch_comes_through_at_night(out, li_na, clock):
    clock.set(MIDNIGHT)
    tell(li_na, urgent=True, **DUE)
    happens("case_dispatched", MIDNIGHT)
    work()
    assert len(out.mail.given) == 1


def test_what_waited_for_a_stopped_worker_into_the_night_waits_for_the_morning(out, li_na, clock):
    tell(li_na, **DUE)
    happens("case_dispatched", NOON)
    clock.set(MIDNIGHT)
    work()
    assert (out.mail.given, states()) == ([], ["held"])
    clock.set(MORNING)
    work()
    assert states() == ["sent"]


def test_a_retry_does_not_ring_at_night(out, li_na, clock):
    clock.set(NOON.replace(hour=20, minute=59, second=30))
    tell(li_na, **DUE)
    happens("case_dispatched", clock.at)
    out.mail.answers = [later("timeout")]
    work()
    assert sendings()[0].next_at == MORNING


def test_several_held_notices_of_one_person_are_one_message_in_the_morning(out, li_na, clock):
    clock.set(MIDNIGHT)
    tell(li_na, **DUE)
    for number in range(3):
        happens("case_dispatched", MIDNIGHT, number)
    clock.set(MORNING + timedelta(minutes=1))
    assert work() == 1
    (letter,) = out.mail.given
    assert letter.subject == "夜间有 3 条通知"
    assert letter.text.count("已派给供水公司") == 3
    assert letter.text.count("https://yiwang.example.cn/notices") == 1
    assert states() == ["sent"] * 3
    assert [row.digest_id for row in sendings()[1:]] == [sendings()[0].pk] * 2


def test_a_digest_that_fails_is_a_digest_when_it_is_tried_again(out, li_na, clock):
    clock.set(MIDNIGHT)
    tell(li_na, **DUE)
    for number in range(2):
        happens("case_dispatched", MIDNIGHT, number)
    out.mail.answers = [later("timeout")]
    clock.set(MORNING)
    work()
    assert states() == ["failed", "failed"]
    clock.set(MORNING + timedelta(minutes=2))
    work()
    assert states() == ["sent", "sent"]
    assert len(out.mail.given) == 2
    assert out.mail.given[0].message_id == out.mail.given[1].message_id


def test_two_peoples_nights_are_two_messages(out, li_na, zhang_min, clock):
    zhang_min.email = "zhang.min@example.cn"
    zhang_min.save()
    clock.set(MIDNIGHT)
    tell(li_na, zhang_min, **DUE)
    for number in range(2):
        happens("case_dispatched", MIDNIGHT, number)
    clock.set(MORNING)
    assert work() == 2
    assert {letter.to for letter in out.mail.given} == {"li.na@example.cn", "zhang.min@example.cn"}
