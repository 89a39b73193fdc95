"""Wang Fang is interrupted: what she has typed waits for her, and for nobody else."""

import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

from tests.town.small import MORNING, Town
from yiwang.kernel.cases import drafts
from yiwang.kernel.cases.models import Draft, Report
from yiwang.kernel.foundation.errors import Conflict, Forbidden, Missing, Stale
from yiwang.kernel.foundation.viewer import speaking_as
from yiwang.web.desk.tests.conftest import Knock

WORDS = {"text": "楼道灯不亮", "name": "张三", "phone": "13812345678"}


def key() -> uuid.UUID:
    return uuid.uuid4()


def park(town: Town, draft: uuid.UUID, **more: Any) -> int:
    return drafts.park(draft, WORDS, **{"by": town.wang_fang, "at": MORNING, **more})


def test_what_was_typed_is_there_again_as_it_was(town: Town) -> None:
    draft = key()
    assert park(town, draft, tab="a") == 1
    assert park(town, draft, tab="a", seen=1) == 2
    found = drafts.resume(draft, by=town.wang_fang)
    assert (found.fields, found.version) == (WORDS, 2)


def test_it_is_sealed_and_nobody_elses_not_even_the_programs_own(town: Town) -> None:
    draft = key()
    park(town, draft)
    for other in (town.zhou_wei, town.wu_gang):
        with pytest.raises(Missing):
            drafts.resume(draft, by=other)
        with speaking_as(other), connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM cases_draft")
            assert cursor.fetchone() == (0,)
    with speaking_as(town.wang_fang), connection.cursor() as cursor:
        cursor.execute("SELECT body FROM cases_draft")
        assert b"138" not in bytes(cursor.fetchone()[0])


def test_a_second_window_is_told_and_overwrites_only_when_asked(town: Town) -> None:
    draft = key()
    park(town, draft, tab="a")
    park(town, draft, tab="a", seen=1)
    with pytest.raises(Stale):
        park(town, draft, tab="b", seen=1)
    assert park(town, draft, tab="b", seen=1, over=True) == 3
    assert drafts.resume(draft, by=town.wang_fang).is_open_elsewhere("a", MORNING)


def test_nothing_typed_is_nothing_parked(town: Town) -> None:
    assert drafts.park(key(), {"channel": "phone"}, by=town.wang_fang, at=MORNING) == 0
    assert drafts.parked(town.wang_fang) == []


def test_a_sent_report_is_parked_no_more_however_late_the_window_saves(
    town: Town, as_: Knock
) -> None:
    draft, desk = key(), as_(town.wang_fang)
    desk.post(f"/desk/drafts/{draft}/", WORDS)
    desk.post("/desk/new/", {"id": str(draft), "channel": "phone", "kind": "help", **WORDS})
    assert Report.objects.filter(pk=draft).exists()
    late = desk.post(f"/desk/drafts/{draft}/", WORDS)
    assert (late.status_code, late.json()["code"]) == (409, "sent")
    with pytest.raises(Conflict):
        park(town, draft)
    assert drafts.parked(town.wang_fang) == []


def test_after_a_week_untouched_it_is_forgotten(town: Town) -> None:
    old, lately = key(), key()
    park(town, old)
    park(town, lately, at=MORNING + timedelta(days=5))
    assert drafts.end_old(at=MORNING + timedelta(days=8)) == 1
    assert [draft.id for draft in drafts.parked(town.wang_fang)] == [lately]


def test_li_na_of_the_works_parks_nothing(town: Town, as_: Knock) -> None:
    assert as_(town.li_na).post(f"/desk/drafts/{key()}/", WORDS).status_code == 403
    with pytest.raises(Forbidden):
        drafts.park(key(), WORDS, by=town.li_na, at=MORNING)


def test_the_form_opens_as_it_was_left_and_the_queue_of_drafts_counts_it(
    town: Town, as_: Knock
) -> None:
    draft, desk = key(), as_(town.wang_fang)
    desk.post(f"/desk/drafts/{draft}/", {**WORDS, "for_whom": "family", "tab": "a"})
    page = desk.get(f"/desk/new/?draft={draft}")
    assert page.context["form"]["text"].value() == WORDS["text"]
    assert page.context["elsewhere"]
    assert "楼道灯不亮" in desk.get("/desk/own/").content.decode()
    assert desk.get("/desk/new/?draft=nonsense").status_code == 404
    assert desk.post(f"/desk/drafts/{draft}/drop/").status_code == 302
    with speaking_as(town.wang_fang):
        assert not Draft.objects.exists()
