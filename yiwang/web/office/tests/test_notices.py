"""Notices in the office: what failed is seen and sent again, words and rules are changed, channels are tried out."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.town.small import MORNING, Town
from yiwang.kernel.foundation.audit.models import AuditEntry
from yiwang.kernel.notices import channels, texts
from yiwang.kernel.notices.models import Endpoint, Sending, Wording
from yiwang.kernel.notices.rules.channels import Channel
from yiwang.outside import recorded
from yiwang.web.office.tests.conftest import filled

PAGES = [
    "notices",
    "notice-rules",
    "notice-words",
    "notice-channels",
    "notice-book",
    "endpoint-new",
]
WORD = "/office/notices/words/case_dispatched/sms/zh-hans/"


def failed(town: Town, number: int = 1, **more) -> Sending:
    given = {
        "unique": f"u{number}", "channel": "email", "recipient": f"user:{town.li_na.pk}",
        "user": town.li_na, "event": "case_dispatched", "subject_type": "case", "subject_id": "1",
        "params": {"number": f"20261021-{number:04}"}, "at": MORNING, "state": "given_up",
        "reason": "mail_refused", "detail": "550 no", "attempts": 8, **more,
    }  # fmt: skip
    return Sending.objects.create(**given)


@pytest.mark.parametrize("name", PAGES)
def test_notices_open_to_the_administrator_alone(town, as_, name):
    address = reverse(f"office:{name}")
    assert as_(town.wu_gang).get(address).status_code == 200
    for person in (town.wang_fang, town.zhou_wei, town.sun_li, town.li_na):
        assert as_(person).get(address).status_code == 403


@pytest.mark.parametrize("name", ["notices-again", "notice-quiet", "notice-trial"])
def test_nobody_else_sends_again_or_tries_a_channel(town, as_, name):
    assert as_(town.wang_fang).post(reverse(f"office:{name}"), {}).status_code == 403


def test_what_failed_is_counted_on_the_first_page_and_listed_with_its_reason(town, wu_gang):
    failed(town)
    matters = {m.name: m.count for m in wu_gang.get("/office/").context["matters"]}
    assert matters["没有发出的通知"] == 1
    text = wu_gang.get("/office/notices/").content.decode()
    for said in ("李娜", "邮件服务器拒收", "20261021-0001", "没有发出", "派遣到单位"):
        assert said in text


def test_one_is_sent_again_and_that_is_on_record(town, wu_gang):
    row, other = failed(town, 1), failed(town, 2)
    assert wu_gang.post("/office/notices/again/", {"id": row.pk}).status_code == 302
    row.refresh_from_db()
    other.refresh_from_db()
    assert (row.state, row.attempts, row.urgent) == ("waiting", 0, True)
    assert other.state == "given_up"
    entry = AuditEntry.objects.get(verb="notices_resent")
    assert entry.facts["sendings"] == [row.pk]
    again = wu_gang.post("/office/notices/again/", {"id": row.pk}, follow=True)
    assert "已经发出，或正在发送" in again.content.decode()
    assert AuditEntry.objects.filter(verb="notices_resent").count() == 1


def test_all_of_a_filter_are_sent_again_and_no_others(town, wu_gang):
    failed(town, 1)
    failed(town, 2)
    text = failed(town, 3, channel="sms")
    wu_gang.post("/office/notices/again/", {"all": "1", "channel": "email"})
    assert Sending.objects.filter(state="waiting").count() == 2
    text.refresh_from_db()
    assert text.state == "given_up"


def test_nothing_ticked_is_said(town, wu_gang):
    page = wu_gang.post("/office/notices/again/", {"id": "x"}, follow=True)
    assert "请先勾选" in page.content.decode()


def test_the_list_costs_the_same_for_two_and_for_forty(town, wu_gang):
    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert wu_gang.get("/office/notices/").status_code == 200
        return len(queries)

    failed(town, 1)
    failed(town, 2)
    cost()  # what is kept in memory is read once
    few = cost()
    for number in range(3, 43):
        failed(town, number)
    assert cost() == few


def test_the_list_pages_and_filters(town, wu_gang):
    for number in range(60):
        failed(town, number)
    page = wu_gang.get("/office/notices/").context["page"]
    assert len(page.rows) == 50
    rest = wu_gang.get(f"/office/notices/?after={page.next}").context["page"]
    assert len(rest.rows) == 10
    assert not wu_gang.get("/office/notices/?state=sent").context["page"].rows
    assert wu_gang.get("/office/notices/?state=nonsense&channel=x").status_code == 200


def test_a_rule_is_changed_and_a_stale_tab_is_told(town, wu_gang):
    old = filled(wu_gang.get("/office/notices/rules/"))
    assert "case_dispatched-sms" not in old
    new = old | {"case_dispatched-sms": "on", "case_dispatched-night": "always"}
    assert wu_gang.post("/office/notices/rules/", new).status_code == 302
    rule = channels.rule_of("case_dispatched")
    assert (rule.sms, rule.night) == (True, "always")
    assert AuditEntry.objects.filter(verb="notice_rules_set").count() == 1
    stale = wu_gang.post("/office/notices/rules/", old | {"case_dispatched-night": "never"})
    assert stale.status_code == 409
    back = wu_gang.post(
        "/office/notices/rules/", filled(stale) | {"case_dispatched-night": "urgent"}
    )
    assert back.status_code == 302


def test_residents_are_told_by_text_or_not_at_all(town, wu_gang):
    form = wu_gang.get("/office/notices/rules/").context["form"]
    assert "report_closed-sms" in form.fields
    assert "report_closed-email" not in form.fields


def test_words_are_previewed_saved_used_and_put_back(town, wu_gang):
    said = {"version": "0", "body": "【新】{案卷号}请办，限{时限} {链接}"}
    seen = wu_gang.post(WORD, said | {"preview": "1"})
    assert seen.status_code == 200
    assert "【新】20261123-0042请办，限11-23 16:20" in seen.content.decode()
    assert not Wording.objects.exists()
    assert wu_gang.post(WORD, said).status_code == 302
    assert texts.words_of("case_dispatched", Channel.SMS, "zh-hans").body.startswith(
        "【新】{number}"
    )
    page = wu_gang.get(WORD).content.decode()
    assert "{案卷号}" in page
    assert "按 1 条短信计费" in page
    assert wu_gang.post(WORD, said).status_code == 409
    assert wu_gang.post(WORD, {"version": "1", "reset": "1"}).status_code == 302
    assert not Wording.objects.exists()
    verbs = list(AuditEntry.objects.filter(subject_type="notices").values_list("verb", flat=True))
    assert verbs == ["notice_words_set", "notice_words_reset"]


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("{姓名}的诉求", "没有这样的占位：{姓名}"),
        ("{phone}", "没有这样的占位：{phone}"),
        ("案卷 {number", "没有这样的占位：{"),
        ("", "请填写这一项"),
        ("好" * 501, "最多 500 个字"),
        ("a\x07b", "有不能显示的字符"),
    ],
)
def test_words_that_would_not_do_are_refused(town, wu_gang, body, said):
    answer = wu_gang.post(WORD, {"version": "0", "body": body})
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert not Wording.objects.exists()


def test_a_long_text_says_what_it_costs(town, wu_gang):
    answer = wu_gang.post(WORD, {"version": "0", "body": "好" * 135, "preview": "1"})
    assert "135 字，按 3 条短信计费" in answer.content.decode()


@pytest.mark.parametrize(
    "address",
    [
        "nothing/sms/zh-hans", "case_dispatched/webhook/zh-hans", "case_dispatched/sms/fr",
        "report_closed/email/zh-hans",
    ],
)  # fmt: skip
def test_a_text_that_is_none_is_not_found(town, wu_gang, address):
    assert wu_gang.get(f"/office/notices/words/{address}/").status_code == 404


def test_script_in_words_is_shown_and_not_run(town, wu_gang):
    body = {"version": "0", "body": "<script>alert(1)</script>", "preview": "1"}
    assert "<script>alert" not in wu_gang.post(WORD, body).content.decode()


def test_the_notice_itself_says_the_towns_own_words(town, wu_gang):
    from yiwang.kernel.notices.models import Notice

    address = "/office/notices/words/case_dispatched/in_app/zh-hans/"
    assert wu_gang.post(address, {"version": "0", "body": "请办{案卷号}"}).status_code == 302
    notice = Notice(kind="case_dispatched", params={"number": "0042"}, at=MORNING)
    assert notice.sentence == "请办0042"


def test_quiet_hours_are_set(town, wu_gang):
    form = wu_gang.get("/office/notices/channels/").context["quiet_form"]
    assert (form["starts"].value(), form["ends"].value()) is not None
    sent = {"seen": form["seen"].value(), "starts": "22:00", "ends": "06:00"}
    assert wu_gang.post("/office/notices/channels/quiet/", sent).status_code == 302
    assert channels.quiet_until(MORNING + timedelta(hours=13, minutes=30)) is not None
    assert channels.quiet_until(MORNING - timedelta(hours=2)) is None
    stale = wu_gang.post("/office/notices/channels/quiet/", sent | {"starts": "20:00"})
    assert stale.status_code == 409


def test_a_test_message_goes_at_once_and_the_demo_says_that_it_does_not(town, wu_gang):
    sent = {"channel": "sms", "address": "199 1234 5678"}
    page = wu_gang.post("/office/notices/channels/trial/", sent, follow=True)
    assert "已记录，没有真的发出" in page.content.decode()
    (line,) = recorded.read(channels.outbox(), "sms")
    assert line["to"] == "199****5678"
    facts = AuditEntry.objects.get(verb="channel_tried").facts
    assert "1234" not in str(facts)
    assert "199****5678" in wu_gang.get("/office/notices/channels/book/").content.decode()


@pytest.mark.parametrize(
    ("channel", "address"), [("email", "nobody"), ("sms", "hello"), ("email", "a@b\nc@d.e")]
)
def test_a_test_to_no_address_is_refused(town, wu_gang, channel, address):
    answer = wu_gang.post(
        "/office/notices/channels/trial/", {"channel": channel, "address": address}
    )
    assert answer.status_code == 422


def test_an_endpoint_is_entered_and_its_secret_shown_once(town, wu_gang):
    sent = {"name": "县平台", "url": "https://county.example.cn/in", "events": ["case_closed"]}
    page = wu_gang.post("/office/notices/endpoints/new/", sent)
    endpoint = Endpoint.objects.get()
    assert endpoint.secret in page.content.decode()
    assert page["Cache-Control"] == "no-store"
    address = f"/office/notices/endpoints/{endpoint.pk}/"
    assert endpoint.secret not in wu_gang.get(address).content.decode()
    with connection.cursor() as cursor:
        cursor.execute("SELECT secret FROM notices_endpoint")
        assert endpoint.secret.encode() not in bytes(cursor.fetchone()[0])
    assert endpoint.secret not in str(list(AuditEntry.objects.values_list("facts", flat=True)))
    renewed = wu_gang.post(f"{address}renew/")
    assert Endpoint.objects.get().secret != endpoint.secret
    assert Endpoint.objects.get().secret in renewed.content.decode()
    tried = wu_gang.post(f"{address}trial/", follow=True)
    assert "已记录" in tried.content.decode()


@pytest.mark.parametrize(
    "url",
    [
        "http://county.example.cn/in", "https://127.0.0.1/in", "https://10.0.0.8/in",
        "https://[::1]/in", "https://169.254.169.254/latest", "https://u:p@county.example.cn/",
        "ftp://county.example.cn", "javascript:alert(1)", "",
    ],
)  # fmt: skip
def test_an_address_within_our_own_network_is_refused(town, wu_gang, url):
    answer = wu_gang.post("/office/notices/endpoints/new/", {"name": "县平台", "url": url})
    assert answer.status_code == 422
    assert not Endpoint.objects.exists()


def test_the_settings_open_our_own_network(town, wu_gang, settings):
    settings.YIWANG_WEBHOOK_PRIVATE = True
    sent = {"name": "县平台", "url": "http://10.0.0.8:8080/in"}
    assert wu_gang.post("/office/notices/endpoints/new/", sent).status_code == 200
    assert Endpoint.objects.count() == 1


def test_each_person_chooses_what_reaches_them_outside(town, as_):
    from yiwang.kernel.notices.models import Preference

    browser = as_(town.li_na)
    form = browser.get("/notices/preferences").context["form"]
    sent = {name: "on" for name in form.fields if name != "case_dispatched-email"}
    assert browser.post("/notices/preferences", sent).status_code == 302
    own = Preference.objects.get()
    assert (own.user_id, own.no_email, own.no_sms) == (town.li_na.pk, ["case_dispatched"], [])
    assert not browser.get("/notices/preferences").context["form"]["case_dispatched-email"].value()


def test_an_english_reader_reads_english(town, wu_gang):
    wu_gang.cookies["django_language"] = "en"
    failed(town)
    text = wu_gang.get("/office/notices/").content.decode()
    assert "The mail server refused it" in text
    assert "Dispatched to a unit" in text
