from datetime import timedelta

import pytest
from django.db import connection

from tests.town.small import MORNING
from yiwang.kernel.foundation.audit import Finding, Wrong
from yiwang.kernel.foundation.audit.models import AuditEntry
from yiwang.kernel.foundation.errors import Forbidden
from yiwang.kernel.indicators import actions
from yiwang.kernel.indicators.models import AuditCheck


def jobs() -> list[dict]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT args FROM procrastinate_jobs WHERE task_name = 'indicators.check_record'"
        )
        return [row[0] for row in cursor.fetchall()]


def test_asking_for_a_check_leaves_it_to_the_worker_and_is_on_record(town):
    check = actions.ask_check(by=town.sun_li, at=MORNING)
    assert check.is_running(MORNING)
    assert len(jobs()) == 1
    entry = AuditEntry.objects.get(subject_type="audit_check", subject_id=str(check.pk))
    assert (entry.verb, entry.actor_id) == ("audit_check_asked", town.sun_li.pk)


def test_asking_twice_starts_one(town):
    first = actions.ask_check(by=town.sun_li, at=MORNING)
    again = actions.ask_check(by=town.wu_gang, at=MORNING + timedelta(minutes=1))
    assert again == first
    assert len(jobs()) == 1


def test_a_check_broken_off_can_be_asked_for_again(town):
    first = actions.ask_check(by=town.sun_li, at=MORNING)
    again = actions.ask_check(by=town.sun_li, at=MORNING + timedelta(minutes=30))
    assert again != first


def test_zhou_wei_may_not_ask(town):
    with pytest.raises(Forbidden):
        actions.ask_check(by=town.zhou_wei, at=MORNING)
    assert not AuditCheck.objects.exists()


def test_a_whole_record_is_found_whole(town):
    town.closed()
    check = actions.ask_check(by=town.sun_li, at=MORNING)
    rows = AuditEntry.objects.count()
    actions.run_check(check.pk)
    check.refresh_from_db()
    assert check.is_whole
    assert check.done == rows
    assert AuditEntry.objects.filter(verb="audit_checked").count() == 1


def test_what_is_wrong_is_kept_in_words(town, monkeypatch):
    found = [Finding(Wrong.CHANGED, "case", "17", 3)]
    monkeypatch.setattr("yiwang.kernel.foundation.audit.verify", lambda progress: found)
    check = actions.ask_check(by=town.sun_li, at=MORNING)
    actions.run_check(check.pk)
    check.refresh_from_db()
    assert (check.wrong, check.is_whole) == (1, False)
    assert check.findings == [found[0].sentence.as_json()]


def test_a_finished_check_is_not_run_again(town):
    check = actions.ask_check(by=town.sun_li, at=MORNING)
    actions.run_check(check.pk)
    actions.run_check(check.pk)
    assert AuditEntry.objects.filter(verb="audit_checked").count() == 1


def test_progress_is_seen_while_the_check_runs(own_database):
    """From another connection, as the page looks at it."""
    from yiwang.kernel.accounts.models import User

    user = User.objects.create(username="sun.li", display_name="孙丽", password="!")
    check = AuditCheck.objects.create(asked_by=user, asked_at=MORNING, touched_at=MORNING)
    with actions._Told(check.pk) as told:
        told(1000, 4000)
        check.refresh_from_db()
        assert (check.done, check.total, check.share) == (1000, 4000, 0.25)
