"""What leaves the house: by the table, once, again after a failure, and never unseen."""

from datetime import timedelta
from itertools import pairwise

from yiwang.kernel import notices
from yiwang.kernel.accounts.models import User
from yiwang.kernel.foundation import versions
from yiwang.kernel.notices import channels
from yiwang.kernel.notices.actions import handing, sending, settling
from yiwang.kernel.notices.models import EventRule, Notice, Preference, Sending
from yiwang.kernel.notices.tests.leaving import (
    DUE,
    NOON,
    all_given,
    happens,
    sendings,
    states,
    tell,
    work,
)
from yiwang.outside.answer import later, refused, taken, unclear


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
