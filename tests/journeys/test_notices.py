"""吴刚 sees what did not go out and sends it again, writes a text, tries a channel; 李娜 chooses what reaches her."""

from collections.abc import Iterator

import pytest
from django.utils import timezone

from tests.journeys.office import Office, breaches, overhang
from tests.journeys.people import Folk
from yiwang.kernel.accounts.models import User
from yiwang.kernel.notices.models import Endpoint, Preference, Sending

pytestmark = pytest.mark.browser
PAGES = {
    "wu.gang": (
        "/office/notices/", "/office/notices/rules/", "/office/notices/words/",
        "/office/notices/words/case_dispatched/email/zh-hans/",
        "/office/notices/words/report_closed/sms/en/", "/office/notices/channels/",
        "/office/notices/channels/book/", "/office/notices/endpoints/new/",
        "/office/notices/endpoints/{endpoint}/",
    ),
    "li.na": ("/notices", "/notices/preferences"),
}  # fmt: skip


@pytest.fixture
def troubles(office: Office, folk: Folk) -> Iterator[list[Sending]]:
    """Two letters were refused, a text is doubtful, and a dispatch waits for the morning."""
    li_na, now = folk.town.li_na, timezone.now()
    made = [
        Sending.objects.create(
            unique=f"journey-{place}", channel=channel, recipient=f"user:{li_na.pk}", user=li_na,
            event=event, subject_type="case", subject_id="1", params={"number": f"20261123-00{place}"},
            at=now, state=state, reason=reason, detail=detail, attempts=place,
            next_at=now if state == "held" else None,
        )
        for place, (channel, event, state, reason, detail) in enumerate(
            [
                ("email", "case_dispatched", "given_up", "mail_refused", "550 … user unknown"),
                ("email", "clock_overdue", "given_up", "timeout", ""),
                ("sms", "case_supervised", "unclear", "no_answer", ""),
                ("sms", "case_dispatched", "held", "", ""),
            ],
            start=40,
        )
    ]  # fmt: skip
    Endpoint.objects.create(name="县城运平台", url="https://county.example.cn/in", secret="s")
    User.objects.filter(pk=li_na.pk).update(email="li.na@example.cn", phone="19912345678")
    yield made
    Sending.objects.all().delete()
    Endpoint.objects.all().delete()
    Preference.objects.all().delete()


def test_what_failed_is_sent_again_with_two_clicks(office, folk, troubles):
    page = office.desk("wu.gang")
    page.goto("/office/")
    page.get_by_text("没有发出的通知").click()
    assert page.get_by_role("row").count() == 4
    page.get_by_role("row", name="超时").get_by_role("checkbox").check()
    page.get_by_role("button", name="重发勾选的").click()
    page.get_by_text("1 条通知马上重发。").wait_for()
    page.get_by_role("button", name="重发全部 2 条").click()
    page.get_by_role("dialog").get_by_role("button", name="全部重发").click()
    page.get_by_text("没有发不出去的通知").wait_for()


def test_a_text_is_previewed_with_its_length_and_put_back(office, folk):
    page = office.desk("wu.gang")
    page.goto("/office/notices/words/case_supervised/sms/zh-hans/")
    page.fill("#id_body", "案卷{案卷号}督办，{姓名}")
    page.get_by_role("button", name="预览").click()
    page.get_by_text("没有这样的占位：{姓名}").wait_for()
    page.fill("#id_body", "案卷{案卷号}督办，请速办。{链接}")
    page.get_by_role("button", name="保存").click()
    page.get_by_text("已保存，从下一条通知起用新的文字。").wait_for()
    assert "按 1 条短信计费" in page.inner_text("main")
    page.get_by_role("button", name="恢复自带文字").click()
    page.get_by_text("已恢复为自带的文字。").wait_for()


def test_a_channel_is_tried_out_and_the_demo_says_that_nothing_goes(office, folk):
    page = office.desk("wu.gang")
    page.goto("/office/notices/channels/")
    assert "只记录，不发出" in page.inner_text("main")
    page.select_option("#trial_channel", "sms")
    page.fill("#trial_address", "19912345678")
    page.get_by_role("button", name="现在发").click()
    page.get_by_text("已记录，没有真的发出。").wait_for()


@pytest.mark.timeout(200)
@pytest.mark.parametrize("look", ["zh-desk", "en-phone", "en-desk", "zh-phone"])
@pytest.mark.parametrize("who", PAGES)
def test_the_pages_are_open_to_everybody(office, folk, troubles, who, look):
    language, _dash, place = look.partition("-")
    make = office.desk if place == "desk" else office.phone
    page = make(who, locale="zh-CN" if language == "zh" else "en")
    wrong = []
    for number, address in enumerate(PAGES[who]):
        page.goto(address.format(endpoint=Endpoint.objects.get().pk))
        office.screenshot(f"notices-{who}-{number}-{look}", page)
        wrong += [f"{address} {said}" for said in breaches(page)]
        if overhang(page):
            wrong.append(f"{address} is {overhang(page)} px too wide")
    assert wrong == []
