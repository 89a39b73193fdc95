"""Residents hear by text that it was received and closed: who left a telephone with us, and nobody else."""

from datetime import timedelta

import pytest
from django.db import connection
from procrastinate.contrib.django.models import ProcrastinateJob

from tests.town.small import MORNING, Town
from yiwang.kernel.cases import texting
from yiwang.kernel.cases.models import Case
from yiwang.kernel.cases.rules.stages import Channel, ReportKind
from yiwang.kernel.foundation import audit
from yiwang.kernel.foundation.queue import app
from yiwang.kernel.notices import channels
from yiwang.kernel.notices.actions.sending import send_all_due
from yiwang.kernel.notices.models import Sending
from yiwang.kernel.notices.tests.leaving import Adapter

PHONE = "19912345678"  # a prefix that is assigned to nobody


@pytest.fixture
def sms(monkeypatch, settings) -> Adapter:
    from django.utils import timezone

    settings.YIWANG_SMS, settings.YIWANG_ADDRESS = "http", "https://yiwang.example.cn"
    monkeypatch.setattr(timezone, "now", lambda: MORNING + timedelta(hours=3))
    adapter = Adapter()
    monkeypatch.setattr(channels, "sms", lambda: adapter)
    return adapter


def work() -> None:
    """Do what the worker would do with what waits."""
    for job in ProcrastinateJob.objects.filter(task_name="notices.deliver").order_by("id"):
        app.tasks[job.task_name](**job.args)
    send_all_due()


def test_a_reporter_hears_that_it_was_received_and_closed_with_their_own_link(town: Town, sms):
    case = town.closed(phone=PHONE, name="赵国强")
    work()
    code = case.reports.get().follow_code
    link = f"https://yiwang.example.cn/f/{code}"
    received, closed = sms.given
    assert received.text == f"您反映的事项已收到，编号 {case.number}。{link}"
    assert closed.text == f"您反映的事项 {case.number} 已办结，请您评价。{link}"
    assert received.phone == PHONE
    assert "赵国强" not in received.text
    work()
    assert len(sms.given) == 2


def test_who_reported_in_english_hears_of_it_in_english(town: Town, sms):
    case = town.case(town.report(phone=PHONE, language="en"))
    work()
    (received,) = sms.given
    assert received.text.startswith(f"Your report has been received, number {case.number}")


def test_each_voice_of_a_case_is_told_for_itself(town: Town, sms):
    first = town.case(town.report(phone=PHONE))
    Case.objects.filter(pk=first.pk).update(public=True)
    town.report(phone="19912345679", follows=first.number)
    work()
    assert {text.phone for text in sms.given} == {PHONE, "19912345679"}


@pytest.mark.parametrize(
    "left",
    [
        {"phone": ""},
        {"phone": PHONE, "kind": ReportKind.DENOUNCE},
        {"phone": PHONE, "channel": Channel.HOTLINE},
        {"phone": PHONE, "channel": Channel.API},
    ],
    ids=["no telephone", "denounced", "passed on by the hotline", "passed on by a system"],
)
def test_nobody_is_told_who_did_not_leave_a_telephone_with_us(town: Town, sms, left):
    town.report(**left)
    work()
    assert sms.given == []
    assert not Sending.objects.exists()


def test_a_matter_about_staff_is_told_to_nobody_outside(town: Town, sms):
    receipt = town.report(phone=PHONE)
    Case.objects.filter(pk=receipt.case_id).update(confidential=True)
    work()
    assert sms.given == []
    assert not Sending.objects.exists()


def test_a_case_that_turned_out_to_be_about_staff_stays_within_though_a_text_waited(
    town: Town, sms
):
    receipt = town.report(phone=PHONE)
    for job in ProcrastinateJob.objects.filter(task_name="notices.deliver").order_by("id"):
        app.tasks[job.task_name](**job.args)
    Case.objects.filter(pk=receipt.case_id).update(confidential=True)
    send_all_due()
    assert sms.given == []
    assert Sending.objects.get().reason == "kept_within"


def test_opening_the_number_is_a_row_of_the_record_and_breaks_no_chain(town: Town, sms):
    receipt = town.report(phone=PHONE)
    work()
    last = audit.timeline("case", receipt.case_id)[-1]
    assert (last.verb, last.actor_kind) == ("reporter_texted", "system")
    assert last.facts == {"report": str(receipt.report_id)}
    assert audit.verify() == []


def test_the_number_is_in_no_job_no_row_and_no_log(town: Town, sms, caplog):
    town.report(phone=PHONE)
    work()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT (SELECT string_agg(s::text, ' ') FROM notices_sending s)"
            " || (SELECT string_agg(args::text, ' ') FROM procrastinate_jobs)"
            " || (SELECT string_agg(facts::text, ' ') FROM foundation_auditentry)"
        )
        assert PHONE not in cursor.fetchone()[0]
    assert PHONE not in caplog.text


def test_a_strangers_number_typed_in_again_and_again_is_not_rung_up(town: Town, sms):
    for _again in range(8):
        town.report(phone=PHONE)
    work()
    assert len(sms.given) == texting.PER_NUMBER
    assert Sending.objects.filter(reason="too_many").count() == 3


def test_a_report_that_is_none_reaches_nobody(town: Town):
    assert texting.reach("report:nonsense", MORNING).reason == "nobody_opens"
