"""What leaves the house: by the table, once, again after a failure, not at night, and never unseen."""

import json
from datetime import timedelta
from itertools import pairwise

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from yiwang.kernel import notices
from yiwang.kernel.accounts.models import User
from yiwang.kernel.foundation import versions
from yiwang.kernel.notices import channels, registry, reporting
from yiwang.kernel.notices.actions import handing, sending, settling
from yiwang.kernel.notices.models import Circuit, Endpoint, EventRule, Notice, Preference, Sending
from yiwang.kernel.notices.tests.conftest import person
from yiwang.kernel.notices.tests.leaving import (
    MIDNIGHT,
    MORNING,
    NOON,
    Clock,
    all_given,
    happens,
    outlets,
    sendings,
    states,
    tell,
    work,
)
from yiwang.outside.answer import later, refused, taken, unclear

DUE = {"number": "20261123-0042", "unit": "供水公司", "due": "11-23 16:20", "area": "中山-01"}


@pytest.fixture
def clock(monkeypatch):
    return Clock(monkeypatch, NOON)


@pytest.fixture
def out(db, monkeypatch, settings, clock):
    return outlets(monkeypatch, settings)


@pytest.fixture
def li_na(db) -> User:
    """李娜 has an address and a telephone."""
    user = person("李娜", "li.na")
    user.email, user.phone = "li.na@example.cn", "19912345678"
    user.save()
    return user


@pytest.fixture
def endpoint(db) -> Endpoint:
    return Endpoint.objects.create(name="县平台", url="https://county.example.cn/in", secret="s")


def by_text_alone() -> None:
    """The town's table says: a dispatch goes by short message, and by nothing else."""
    EventRule.objects.create(event="case_dispatched", sms=True)
    versions.forget()


def test_li_na_gets_a_mail_of_a_dispatch_and_no_text(out, li_na, zhang_min):
    tell(li_na, zhang_min, **DUE)
    happens("case_dispatched", NOON)
    assert work() == 1
    (letter,) = out.mail.given
    assert letter.to == "li.na@example.cn"
    assert letter.subject == "案卷 20261123-0042 已派给供水公司，请在 11-23 16:20 前处置"
    assert (
        "区域：中山-01" in letter.body
        if hasattr(letter, "body")
        else "区域：中山-01" in letter.text
    )
    assert "https://yiwang.example.cn/" in letter.text
    assert out.sms.given == []
    assert states() == ["sent"]
    assert Notice.objects.count() == 2


def test_an_english_reader_gets_an_english_mail(out, li_na):
    User.objects.filter(pk=li_na.pk).update(language="en")
    tell(li_na, **DUE)
    happens("case_dispatched", NOON)
    work()
    assert out.mail.given[0].subject.startswith("Case 20261123-0042 is dispatched")
    assert "Open:" in out.mail.given[0].text


def test_telling_and_sending_twice_sends_once(out, li_na, endpoint):
    tell(li_na, **DUE)
    for _again in range(3):
        happens("case_supervised", NOON)
        happens("case_dispatched", NOON)
        work()
    assert len(out.mail.given) == 2
    assert len(out.sms.given) == 1
    assert len(out.webhook.given) == 1


def test_what_is_kept_within_the_house_leaves_by_no_channel(out, li_na, endpoint):
    tell(li_na, outside=False, **DUE)
    happens("case_supervised", NOON)
    assert not Sending.objects.exists()
    assert Notice.objects.count() == 1


def test_what_a_guard_holds_back_at_the_last_moment_does_not_leave(out, li_na, monkeypatch):
    tell(li_na, **DUE)
    happens("case_supervised", NOON)
    monkeypatch.setattr(handing, "may_leave", lambda kind, key: False)
    work()
    assert list(all_given(out)) == []
    assert {row.reason for row in sendings()} == {"kept_within"}


def test_a_switched_off_channel_plans_nothing(out, li_na, settings):
    settings.YIWANG_MAIL = settings.YIWANG_SMS = "off"
    tell(li_na, **DUE)
    happens("case_supervised", NOON)
    assert not Sending.objects.exists()


def test_a_real_office_that_says_nothing_sends_nothing_and_a_demo_town_records(
    db, settings, monkeypatch
):
    settings.YIWANG_MAIL = settings.YIWANG_SMS = settings.YIWANG_WEBHOOK = ""
    said = {c: channels.adapter_of(c) for c in ("email", "sms", "webhook")}
    assert said == {"email": "off", "sms": "off", "webhook": "http"}
    monkeypatch.setattr(channels, "is_demo_town", lambda: True)
    assert {channels.adapter_of(c) for c in ("email", "sms", "webhook")} == {"recorded"}


def test_the_table_of_the_town_decides(out, li_na):
    by_text_alone()
    tell(li_na, **DUE)
    happens("case_dispatched", NOON)
    work()
    assert (len(out.mail.given), len(out.sms.given)) == (0, 1)


def test_what_a_person_does_not_want_outside_stays_a_notice(out, li_na):
    Preference.objects.create(user=li_na, no_email=["case_dispatched"])
    tell(li_na, **DUE)
    happens("case_dispatched", NOON)
    assert not Sending.objects.exists()
    assert notices.unread_count(li_na) == 1


def test_somebody_without_an_address_or_an_account_is_sent_nothing(out, zhang_min, li_na):
    tell(zhang_min, li_na, **DUE)
    User.objects.filter(pk=li_na.pk).update(is_active=False)
    happens("case_dispatched", NOON)
    assert not Sending.objects.exists()


def test_whoever_left_meanwhile_gets_nothing(out, li_na):
    tell(li_na, **DUE)
    happens("case_dispatched", NOON)
    User.objects.filter(pk=li_na.pk).update(is_active=False)
    work()
    assert out.mail.given == []
    assert [row.reason for row in sendings()] == ["no_address"]


def test_a_refusing_server_is_asked_again_after_growing_pauses_and_then_given_up(out, li_na, clock):
    tell(li_na, **DUE)
    happens("case_dispatched", NOON)
    out.mail.answers = [later("mail_not_now", "450 busy", theirs=False)] * 20
    keys, moments = set(), []
    for _turn in range(20):
        work()
        (row,) = sendings()
        keys.add(out.mail.given[-1].message_id)
        if row.next_at is None:
            break
        moments.append(row.next_at)
        clock.set(row.next_at)
    assert row.state == "given_up"
    assert len(out.mail.given) == 8
    assert len(keys) == 1
    assert row.tries.count() == 8
    gaps = [b - a for a, b in pairwise(moments)]
    assert gaps[0] < gaps[-1]


def test_a_refused_letter_is_given_up_at_once_and_says_why(out, li_na):
    tell(li_na, **DUE)
    happens("case_dispatched", NOON)
    out.mail.answers = [refused("mail_refused", "550 no such user li.na@example.cn")]
    work()
    (row,) = sendings()
    assert (row.state, row.reason, row.detail) == ("given_up", "mail_refused", "550 no such user …")


def test_a_text_that_may_have_gone_is_never_sent_again_by_itself(out, li_na, clock):
    tell(li_na, **DUE)
    by_text_alone()
    happens("case_dispatched", NOON)
    out.sms.answers = [unclear("no_answer")]
    work()
    for day in range(1, 4):
        clock.set(NOON + timedelta(days=day))
        work()
    assert len(out.sms.given) == 1
    assert states() == ["unclear"]


def left_in_hand(channel: str) -> Sending:
    """A worker was killed between handing over and writing down."""
    row = sending.claim(NOON).first
    assert row.channel == channel
    return row


def test_a_killed_worker_sends_a_text_at_most_once(out, li_na, clock):
    by_text_alone()
    tell(li_na, **DUE)
    happens("case_dispatched", NOON)
    out.sms.send(left_in_hand("sms"))
    clock.set(NOON + timedelta(minutes=1))
    work()
    assert states() == ["sending"]
    clock.set(NOON + timedelta(minutes=6))
    work()
    assert states() == ["unclear"]
    assert len(out.sms.given) == 1


def test_a_killed_worker_sends_a_letter_at_least_once_under_the_same_id(out, li_na, clock):
    tell(li_na, **DUE)
    happens("case_dispatched", NOON)
    left_in_hand("email")
    clock.set(NOON + timedelta(minutes=6))
    work()
    clock.set(NOON + timedelta(minutes=8))
    work()
    (row,) = sendings()
    assert row.state == "sent"
    assert str(row.key) in out.mail.given[0].message_id


def test_a_gateway_that_knows_keys_gets_a_doubtful_text_again(out, li_na, clock):
    out.sms.knows_keys = True
    by_text_alone()
    tell(li_na, **DUE)
    happens("case_dispatched", NOON)
    left_in_hand("sms")
    clock.set(NOON + timedelta(minutes=6))
    work()
    clock.set(NOON + timedelta(minutes=8))
    work()
    assert states() == ["sent"]


def test_a_late_answer_of_a_killed_worker_changes_nothing_that_was_settled(out, li_na):
    tell(li_na, **DUE)
    happens("case_dispatched", NOON)
    row = left_in_hand("email")
    settling.settle([row], taken("a"), NOON)
    settling.settle([row], later("timeout"), NOON)
    assert states() == ["sent"]
    assert row.tries.count() == 1


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


def test_a_dead_provider_is_left_alone_and_the_other_channels_go_on(out, li_na, clock):
    tell(li_na, **DUE)
    for number in range(10):
        happens("case_supervised", NOON, number)
    out.mail.answers = [later("unreachable")] * 100
    work()
    assert len(out.mail.given) == 3
    assert len(out.sms.given) == 10
    report = {row.channel: row for row in notices.channels_report()}
    assert report["email"].resting_until == NOON + timedelta(minutes=2)
    assert report["email"].last_reason == "unreachable"
    assert report["sms"].last_sent_at == NOON
    clock.set(NOON + timedelta(minutes=3))
    work()
    assert len(out.mail.given) == 4
    out.mail.answers = []
    clock.set(NOON + timedelta(minutes=30))
    work()
    assert Circuit.objects.get(pk="email").troubles == 0
    assert {row.state for row in sendings(channel="email")} == {"sent"}


def test_one_dead_endpoint_does_not_keep_the_other_waiting(out, li_na, endpoint):
    other = Endpoint.objects.create(name="市平台", url="https://city.example.cn/in", secret="s")
    tell(li_na, **DUE)

    def send(post):
        out.webhook.given.append(post)
        return later("timeout") if "county" in post.url else taken()

    out.webhook.send = send
    for number in range(6):
        happens("case_reported", NOON, number)
    work()
    assert len([post for post in out.webhook.given if "county" in post.url]) == 3
    assert {row.state for row in sendings(endpoint=other)} == {"sent"}


def test_a_webhook_carries_ids_and_the_event_and_nothing_else(out, li_na, endpoint):
    tell(li_na, **DUE)
    happens("case_reported", NOON)
    work()
    (post,) = out.webhook.given
    said = json.loads(post.body)
    assert set(said) == {"id", "event", "at", "subject"}
    assert said["subject"] == {"type": "case", "id": "42"}
    assert sendings(channel="webhook")[0].params == {}


def test_an_endpoint_gets_the_events_it_asked_for(out, li_na, endpoint):
    Endpoint.objects.filter(pk=endpoint.pk).update(events=["case_closed"])
    tell(li_na, **DUE)
    happens("case_reported", NOON)
    assert not sendings(channel="webhook")


def test_our_own_error_is_an_answer_and_stops_nothing_behind_it(out, li_na, monkeypatch, caplog):
    tell(li_na, **DUE)
    happens("case_dispatched", NOON, 1)
    happens("case_dispatched", NOON, 2)
    real, calls = handing.hand_over, []

    def broken(rows):
        calls.append(rows)
        if len(calls) == 1:
            raise RuntimeError("19912345678")
        return real(rows)

    monkeypatch.setattr(handing, "hand_over", broken)
    work()
    assert states() == ["failed", "sent"]
    assert sendings()[0].reason == "program"
    assert "19912345678" not in caplog.text


def test_a_row_and_a_job_hold_nobodys_number(out, li_na):
    tell(li_na, **DUE)
    happens("case_supervised", NOON)
    work()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT string_agg(s::text, ' ') || coalesce((SELECT string_agg(args::text, ' ')"
            " FROM procrastinate_jobs), '') FROM notices_sending s"
        )
        stored = cursor.fetchone()[0]
    assert "19912345678" not in stored
    assert "li.na@" not in stored


def test_planning_costs_the_same_for_two_people_and_for_twenty(out, db):
    def cost(count: int) -> int:
        people = [person(f"人{count}-{n}", f"p{count}.{n}") for n in range(count)]
        for user in people:
            user.email = f"{user.username}@example.cn"
            user.save()
        registry._resolvers.clear()
        tell(*people, **DUE)
        with CaptureQueriesContext(connection) as queries:
            happens("case_dispatched", NOON, count)
        return len(queries)

    cost(1)  # what is kept in memory is read once
    assert cost(2) == cost(20)


def test_the_report_says_what_waits_and_what_failed(out, li_na):
    tell(li_na, **DUE)
    happens("case_dispatched", NOON, 1)
    happens("case_dispatched", NOON, 2)
    out.mail.answers = [refused("mail_refused"), later("timeout")]
    work()
    email = notices.channels_report()[0]
    assert (email.configured, email.adapter) == (True, "smtp")
    assert (email.waiting, email.failed, email.given_up) == (0, 1, 1)
    assert reporting.troubles() == 2
