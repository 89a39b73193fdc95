"""A matter about staff leaves no trace for anybody but the inspector: every page is the same with it as without it.

The walk opens every address of the product for each person, before there is such a matter and after there are several,
in every stage; what differs is a leak: a row, a number beside a list, a point on a map, a notice, a hint.
"""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from difflib import unified_diff
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from tests.house.doors import Door, doors
from tests.town.small import MORNING, Town, town
from yiwang.kernel.accounts.models import User
from yiwang.kernel.cases import actions as cases
from yiwang.kernel.cases.actions.confidence import name_subject
from yiwang.kernel.cases.models import Case, Report
from yiwang.kernel.cases.nearby import nearby
from yiwang.kernel.cases.rehearsing import routing_facts
from yiwang.kernel.cases.rules.stages import Channel
from yiwang.kernel.cases.telling import TOLD
from yiwang.kernel.foundation import audit, versions
from yiwang.kernel.foundation.errors import Forbidden
from yiwang.kernel.foundation.exports import registry
from yiwang.kernel.foundation.exports.actions import check_may
from yiwang.kernel.foundation.viewer import speaking_as
from yiwang.kernel.indicators import inspection
from yiwang.kernel.indicators.counting import tally
from yiwang.kernel.indicators.rules import Period
from yiwang.kernel.indicators.weeks import weeks
from yiwang.kernel.notices import Event
from yiwang.kernel.notices.actions.telling import deliver_event
from yiwang.kernel.notices.models import Notice, Sending
from yiwang.web.live import readers

__all__ = ["town"]

HOUR = timedelta(hours=1)
NOW = MORNING + timedelta(days=2)
MARK = "收了商户的钱"
WHO = {"name": "马三", "phone": "10000123456"}

# Who must not notice: the desk, a colleague in the subject's unit, the subject, grid, community, leader, administrator.
OTHERS = ("wang_fang", "zhao_qiang", "zhang_min", "chen_jing", "zhou_wei", "wu_gang")
ASKED: dict[str, list[str]] = {
    "desk:queue": [f"?queue={key}" for key in ("reported", "answer", "overdue", "open", "closed", "all")],
    "search:find": [f"?q={MARK}", "?q=商户", "?q=2026"],
    "cockpit:figures": [f"?by={by}&first=2026-10-01&last=2026-10-31" for by in ("unit", "grid", "category", "month")],
    "unit:work": ["?mine=1"],
}  # fmt: skip
# New at every look by themselves: a secret that is shown once, a file with the moment of its making, what was refused.
RESTLESS = {
    "/inspect/refused/",
    "/me/second/app", "/office/people/new/", "/office/people/import/file/", "/office/catalogue/excel/file/",
}  # fmt: skip
OF_A_MOMENT = re.compile(
    r'csrfmiddlewaretoken" value="\w+"|csrf-token" content="\w+"|X-CSRFToken[^}]*|[0-9a-f]{8}-[0-9a-f-]{27}|nonce-[\w+/=]+'
)


@pytest.fixture
def kind(town: Town) -> int:
    """A kind of matter that is the inspector's alone; the town has it before anything is said."""
    category = town.category("占道经营")
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE catalogue_category SET inspectors_only = true, public = false WHERE id = %s",
            [category],
        )
        cursor.execute("UPDATE catalogue_condition SET needs_photo_after = false")
    versions.forget()
    return category


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Callable[[datetime], None]:
    def stand(at: datetime) -> None:
        monkeypatch.setattr(timezone, "now", lambda: at)

    stand(NOW)
    return stand


def told(case: Case, name: str, at: datetime) -> None:
    """The worker delivers an event of a case."""
    deliver_event(Event(name, "case", str(case.pk), at, {}))


def matter(town: Town, kind: int, **more: Any) -> Case:
    given = {"text": MARK, "category_id": kind, "lon": 115.466, "lat": 35.236, **WHO, **more}
    case = town.case(town.report(**given))
    told(case, "case_reported", MORNING)
    return case


def several(town: Town, kind: int) -> list[Case]:
    """Reported and late; given to the works unit about 赵强; closed and not rated; found out by the desk."""
    late, given, done = (matter(town, kind) for _ in range(3))
    works = town.unit("市政服务中心").pk
    for case in (given, done):
        cases.perform(case.pk, "accept", by=town.sun_li, at=MORNING)
    name_subject(given.pk, by=town.sun_li, at=MORNING, user_id=town.zhao_qiang.pk)
    for case in (given, done):
        cases.perform(case.pk, "dispatch", by=town.sun_li, at=MORNING, unit_id=works)
        told(case, "case_dispatched", MORNING)
        cases.perform(case.pk, "sign", by=town.li_na, at=MORNING)
    cases.perform(done.pk, "report_back", by=town.li_na, at=MORNING + HOUR, note="谈话了")
    cases.perform(done.pk, "pass_check", by=town.sun_li, at=MORNING + HOUR)
    told(done, "case_closed", MORNING + HOUR)
    found = matter(town, town.category("污水井盖"))
    cases.perform(found.pk, "classify", by=town.wang_fang, at=MORNING, category_id=kind)
    told(found, "case_classified", MORNING)
    told(late, "clock_overdue", NOW)
    told(late, "case_late_to_leader", NOW)
    return [late, given, done, found]


def plain(door: Door) -> bool:
    return "<" not in door.route and "(?P" not in door.route


def page_of(client: Client, address: str) -> tuple[int, str]:
    answer = client.get(address)
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content  # type: ignore[arg-type]
    return answer.status_code, OF_A_MOMENT.sub("", body.decode("utf-8", "replace"))


def everything(person: User | None) -> dict[str, tuple[int, str]]:
    """Every page without a parameter as this person sees it, and lists asked for in several ways."""
    seen = {}
    signed_in = Client()
    if person is not None:
        signed_in.force_login(person)
    for door in doors():
        if not plain(door) or "live" in door.route or "stream" in door.route:
            continue
        for asked in ["", *ASKED.get(door.name, [])]:
            client = Client()  # with nothing of the page before but who it is
            client.cookies.load(signed_in.cookies.output(header="", sep=";"))
            address = f"/{door.route}{asked}"
            seen[address] = page_of(client, address)
    return seen


@pytest.mark.timeout(300)
@pytest.mark.slow
@pytest.mark.parametrize("name", [*OTHERS, "nobody"])
def test_with_it_every_page_is_as_without_it(
    town: Town, kind: int, clock: Callable[[datetime], None], name: str
) -> None:
    town.closed(**WHO)
    town.handling()
    town.report(lon=115.466, lat=35.2361)
    person = None if name == "nobody" else town.people[name]
    before = everything(person)
    hidden = several(town, kind)
    after = everything(person)
    assert before.keys() == after.keys() and len(before) > 20
    told: dict[str, list[str]] = {}
    for address, (status, body) in after.items():
        was, then = before[address]
        changes = list(unified_diff(then.splitlines(), body.splitlines(), lineterm="", n=0))
        named = [case.number for case in hidden if case.number in body]
        if address in RESTLESS and status == was and not named:
            continue
        if status != was or changes or named:
            told[address] = [f"{was} {status}", *named, *changes]
    assert told == {}, name


@pytest.mark.slow
@pytest.mark.parametrize("name", OTHERS)
def test_its_own_addresses_answer_as_those_of_a_case_that_never_was(
    town: Town, kind: int, clock: Callable[[datetime], None], name: str
) -> None:
    hidden, client = several(town, kind), Client()
    client.force_login(town.people[name])
    nothing = client.get("/cases/20991231-0001/")
    for case in hidden:
        page = client.get(f"/cases/{case.number}/")
        assert (page.status_code, nothing.status_code) == (404, 404)
        assert MARK not in page.content.decode()
        assert client.get(f"/cases/{case.pk}/").status_code == 404
        for move in ("accept", "supervise", "merge", "sign"):
            assert client.post(f"/cases/{case.pk}/moves/{move}/", {}).status_code == 404
        report = Report.objects.get(case=case)
        for part in ("answer", "call", "reporter", "split", "number"):
            status = client.post(f"/cases/reports/{report.pk}/{part}/", {}).status_code
            assert status in (403, 404), part
        assert client.get(f"/search/?q={case.number}").status_code == 200
        assert case.number not in client.get(f"/search/?q={MARK}").content.decode()


QUERIES = {
    "desk-list": ["queue=all", "queue=open", "queue=closed", "queue=overdue"],
    "desk-search": [f"q={MARK}", "q=2026", "q=商户"],
    "unit-work": ["", "mine=1"],
    "cockpit-inspect": ["look=staff", "look=late"],
    "cockpit-figures": [f"by={by}&first=2026-10-01&last=2026-10-31" for by in ("unit", "grid")],
}


def taken_out(person: User) -> dict[str, str]:
    """What every list that can be taken as Excel would hold, asked for as the worker asks."""
    held = {}
    for source in registry._sources.values():
        for query in QUERIES.get(source.key, [""]):
            with speaking_as(person):
                try:
                    check_may(source, person, NOW)
                except Forbidden:
                    held[f"{source.key}?{query}"] = "refused"
                    continue
                listing = source.open(person, NOW, query)
                rows = [list(row) for row in listing.rows(listing.keys)]
            held[f"{source.key}?{query}"] = f"{len(listing.keys)} {rows}"
    return held


@pytest.mark.slow
@pytest.mark.parametrize("name", OTHERS)
def test_no_list_taken_as_excel_holds_it(
    town: Town, kind: int, clock: Callable[[datetime], None], name: str
) -> None:
    town.closed(**WHO)
    town.handling()
    person = town.people[name]
    before = taken_out(person)
    hidden = several(town, kind)
    versions.forget()
    assert taken_out(person) == before
    inspected = taken_out(town.sun_li)["cockpit-inspect?look=staff"]
    assert all(case.number in inspected for case in hidden)


@pytest.mark.parametrize("name", OTHERS)
def test_no_live_message_tells_of_it(
    town: Town, kind: int, clock: Callable[[datetime], None], name: str
) -> None:
    """The database says that a case has changed; who hears of it is decided case by case."""
    hidden, person = several(town, kind), town.people[name]
    for case in hidden:
        assert readers.who_may_read(case.pk, [person.pk, town.sun_li.pk], NOW) == {town.sun_li.pk}
        assert readers.sight_of(case.pk, person.pk, NOW) is None
        change = readers.Change(case.pk, 1, case.area_path, frozenset(case.unit_ids), True)
        hears = readers.audience_of(person, NOW)
        assert hears is not None
        assert not hears.hears(change) or case.unit_ids, "only a unit at work is asked about at all"


@pytest.mark.slow
def test_it_is_in_no_notice_and_leaves_the_house_by_no_channel(
    town: Town, kind: int, clock: Callable[[datetime], None]
) -> None:
    hidden = several(town, kind)
    for case in hidden:
        for event in TOLD:
            told(case, event, NOW)
        users = set(
            Notice.objects.filter(subject_type="case", subject_id=str(case.pk)).values_list(
                "user__username", flat=True
            )
        )
        assert users <= {"sun.li", "li.na", "qian.jun"}
        sendings = Sending.objects.filter(subject_id=str(case.pk))
        assert not [row for row in sendings if row.params], case.number


def test_it_is_in_no_figure_list_or_rehearsal_but_the_inspectors(
    town: Town, kind: int, clock: Callable[[datetime], None]
) -> None:
    period = Period(MORNING.date().replace(day=1), MORNING.date().replace(day=31))
    several(town, kind)
    for person in (town.zhou_wei, town.sun_li, town.wu_gang):
        assert set(tally(person, period, NOW)[None].values()) == {0}
        assert sum(week.reported + week.closed + week.late for week in weeks(person, NOW)) == 0
    assert list(routing_facts(MORNING - HOUR, NOW)) == []
    assert nearby(115.466, 35.236, 500, at=NOW, public=True) == []
    assert nearby(115.466, 35.236, 500, at=NOW, viewer=town.wang_fang) == []
    staff = inspection.staff_matters(town.sun_li, NOW, 90)
    assert (staff.reported, staff.closed) == (4, 1) and staff.late >= 1
    counts = inspection.counts(town.sun_li, NOW, 90)
    assert counts["staff"] == 4 and counts["late"] == counts["reopened"] == 0


def test_the_inspector_sees_it_all(
    town: Town, kind: int, clock: Callable[[datetime], None]
) -> None:
    hidden, client = several(town, kind), Client()
    client.force_login(town.sun_li)
    listed = client.get("/inspect/?look=staff").content.decode()
    for case in hidden:
        assert case.number in listed
        assert client.get(f"/cases/{case.number}/").status_code == 200
    page = client.get(f"/cases/{hidden[1].number}/").content.decode()
    assert "zhao.qiang" in page
    assert "10000123456" not in page and "马" not in page.split("timeline")[0].split("诉求")[1]


def test_an_inspector_does_not_see_what_is_about_them(town: Town, kind: int) -> None:
    case = matter(town, kind)
    Case.objects.filter(pk=case.pk).update(about_user=town.sun_li)
    assert not Case.objects.visible_to(town.sun_li, at=NOW).filter(pk=case.pk).exists()
    assert inspection.staff_matters(town.sun_li, NOW, 90).reported == 0
    assert inspection.counts(town.sun_li, NOW, 90)["staff"] == 0
    with pytest.raises(Exception, match="没有这件案卷"):
        cases.perform(case.pk, "accept", by=town.sun_li, at=NOW)


def test_the_unit_it_is_about_gets_neither_the_work_nor_a_look(town: Town, kind: int) -> None:
    case = matter(town, kind)
    order = town.unit("综合执法队")
    cases.perform(case.pk, "accept", by=town.sun_li, at=MORNING)
    name_subject(case.pk, by=town.sun_li, at=MORNING, unit_id=order.pk)
    with pytest.raises(Exception, match="不能派给它"):
        cases.perform(case.pk, "dispatch", by=town.sun_li, at=MORNING, unit_id=order.pk)
    Case.objects.filter(pk=case.pk).update(unit_ids=[order.pk])
    assert not Case.objects.visible_to(town.zhao_qiang, at=NOW).filter(pk=case.pk).exists()
    assert "赵强" not in str(audit.timeline("case", str(case.pk)))


def test_no_other_matter_joins_it_and_it_joins_none(town: Town, kind: int) -> None:
    case, other = matter(town, kind), town.case(town.report())
    with pytest.raises(Exception, match="没有这件案卷"):
        cases.perform(other.pk, "merge", by=town.wang_fang, at=MORNING, target=case.number)
    with pytest.raises(Forbidden):
        cases.perform(case.pk, "merge", by=town.sun_li, at=MORNING, target=other.number)


def test_who_took_it_in_and_is_its_subject_does_not_find_it_under_mine(
    town: Town, kind: int, clock: Callable[[datetime], None]
) -> None:
    case = matter(town, kind, by=town.zhang_min, channel=Channel.GRID_WORKER)
    client = Client()
    client.force_login(town.zhang_min)
    assert MARK in client.get("/field/mine/").content.decode()
    name_subject(case.pk, by=town.sun_li, at=MORNING, user_id=town.zhang_min.pk)
    assert MARK not in client.get("/field/mine/").content.decode()
