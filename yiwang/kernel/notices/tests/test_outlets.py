"""Outlets in trouble, webhooks, what is stored, what it costs, and the report."""

import json
from datetime import timedelta

from django.db import connection
from django.test.utils import CaptureQueriesContext

from yiwang.kernel import notices
from yiwang.kernel.notices import registry, reporting
from yiwang.kernel.notices.actions import handing
from yiwang.kernel.notices.models import Circuit, Endpoint
from yiwang.kernel.notices.tests.conftest import person
from yiwang.kernel.notices.tests.leaving import (
    DUE,
    NOON,
    happens,
    sendings,
    states,
    tell,
    work,
)
from yiwang.outside.answer import later, refused, taken


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
