"""Adding to the record, reading it, erasing from it."""

import threading
from datetime import date
from uuid import UUID

import pytest
from django.db import connection, transaction
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries

from yiwang.kernel.foundation import audit
from yiwang.kernel.foundation.actors import RESIDENT, SYSTEM
from yiwang.kernel.foundation.audit import Event, rules
from yiwang.kernel.foundation.audit.models import AuditEntry, AuditHead
from yiwang.kernel.foundation.errors import Conflict, Stale
from yiwang.kernel.foundation.tests.conftest import Officer, shanghai

AT = shanghai("2026-11-23 09:00")
WORDS = {"note": "王大爷家门口的路灯坏了", "phone": "13800000000"}


@pytest.mark.django_db
def test_a_timeline_tells_what_happened_in_order(zhang_min: Officer) -> None:
    audit.record(
        "case", 17, "case_reported", by=RESIDENT, at=AT, facts={"stage": "new"}, texts=WORDS
    )
    audit.record("case", 17, "case_accepted", by=zhang_min, at=AT, facts={"stage": "accepted"})
    audit.record("case", 18, "case_reported", by=SYSTEM, at=AT)
    first, second = audit.timeline("case", 17)
    assert (first.seq, first.verb, first.texts, first.erased) == (1, "case_reported", WORDS, False)
    assert (second.seq, second.actor_kind, second.actor_id) == (2, "staff", 7)
    assert (second.actor_name, second.facts, second.texts) == ("张敏", {"stage": "accepted"}, {})
    assert second.at == AT


@pytest.mark.django_db
def test_recording_costs_one_statement_with_texts_or_without(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    with django_assert_num_queries(1):
        audit.record("case", 1, "case_reported", by=SYSTEM, at=AT, texts=WORDS)
    with django_assert_num_queries(1):
        audit.record("case", 1, "case_accepted", by=SYSTEM, at=AT)


@pytest.mark.django_db
def test_the_returned_entry_is_the_stored_one() -> None:
    facts = {
        "day": date(2026, 11, 23),
        "id": UUID(int=5),
        "share": 0.1,
        "on": True,
        "x": {"10": 1, "2": 2},
    }
    entry = audit.record("case", 1, "case_reported", by=SYSTEM, at=AT, facts=facts, texts=WORDS)
    stored = AuditEntry.objects.get(pk=entry.pk)
    for field in AuditEntry._meta.fields:
        assert getattr(stored, field.attname) == getattr(entry, field.attname), field.name
    assert stored.facts["day"] == "2026-11-23"


@pytest.mark.django_db
def test_words_of_a_person_are_not_readable_in_any_table() -> None:
    audit.record("case", 1, "case_reported", by=SYSTEM, at=AT, texts=WORDS)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT e::text || t::text FROM foundation_auditentry e JOIN foundation_audittext t ON t.entry_id = e.id"
        )
        (row,) = cursor.fetchone()
    assert "王大爷" not in row
    assert "13800000000" not in row
    assert "王大爷".encode().hex() not in row


@pytest.mark.parametrize("fact", [float("nan"), 1e300, 1e16, object(), {1, 2}])
def test_a_fact_that_would_not_come_back_the_same_is_refused(fact: object) -> None:
    with pytest.raises((TypeError, ValueError)):
        rules.plain({"x": fact})


json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**62), 2**62)
    | st.floats(-1e14, 1e14, allow_nan=False)
    | st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=20),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.text("abß京", max_size=3), inner, max_size=3)
    ),
    max_leaves=8,
)


@pytest.mark.django_db
@given(
    facts=st.dictionaries(st.text("abc路", min_size=1, max_size=5), json_values, max_size=4),
    at=st.datetimes(
        shanghai("2000-01-01").replace(tzinfo=None), shanghai("2099-01-01").replace(tzinfo=None)
    ),
)
@pytest.mark.slow
def test_any_facts_come_back_from_the_table_with_the_same_hash(facts, at) -> None:  # type: ignore[no-untyped-def]
    with transaction.atomic():
        audit.record(
            "thing",
            1,
            "made",
            by=SYSTEM,
            at=at.replace(tzinfo=shanghai("2026-01-01").tzinfo),
            facts=facts,
        )
        found = audit.verify()
        transaction.set_rollback(True)
    assert found == []


@pytest.mark.django_db
def test_many_rows_go_in_with_few_statements(
    zhang_min: Officer, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    verbs = ["case_reported", "case_accepted", "case_closed"]
    events = [
        Event(
            "case",
            number,
            verb,
            zhang_min,
            AT,
            {"n": number},
            WORDS if verb == "case_reported" else None,
        )
        for number in range(300)
        for verb in verbs
    ]
    with django_assert_num_queries(3):
        assert audit.record_many(events, new=True) == 900
    with django_assert_num_queries(3):
        audit.record_many([Event("case", 7, "case_reopened", SYSTEM, AT, {})])
    assert [entry.verb for entry in audit.timeline("case", 7)] == [*verbs, "case_reopened"]
    assert audit.timeline("case", 7)[0].texts == WORDS
    assert audit.verify() == []


@pytest.mark.django_db
def test_a_subject_may_reach_over_two_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("yiwang.kernel.foundation.audit.actions.BATCH", 4)
    for new in (True, False):
        audit.record_many(
            (
                Event(f"case {new}", n // 3, "case_noted", SYSTEM, AT, {"n": n}, WORDS)
                for n in range(10)
            ),
            new=new,
        )
    assert [entry.facts["n"] for entry in audit.timeline("case False", 1)] == [3, 4, 5]
    assert audit.verify() == []


@pytest.mark.django_db
def test_a_batch_that_promised_new_subjects_and_lied_is_refused() -> None:
    audit.record("case", 1, "case_reported", by=SYSTEM, at=AT)
    with pytest.raises(Stale), transaction.atomic():
        audit.record_many([Event("case", 1, "case_reported", SYSTEM, AT, {})], new=True)


@pytest.mark.django_db
def test_an_erasure_is_an_event_and_breaks_no_chain(zhang_min: Officer) -> None:
    entry = audit.record("case", 1, "case_reported", by=RESIDENT, at=AT, texts=WORDS)
    audit.record("case", 1, "case_accepted", by=zhang_min, at=AT)
    audit.erase(entry, by=zhang_min, at=AT, reason="person_asked")
    first, _second, third = audit.timeline("case", 1)
    assert (first.texts, first.erased) == ({}, True)
    assert (third.verb, third.facts) == ("text_erased", {"seq": 1, "reason": "person_asked"})
    assert audit.verify() == []


@pytest.mark.django_db
def test_what_is_erased_cannot_be_erased_again(zhang_min: Officer) -> None:
    bare = audit.record("case", 1, "case_accepted", by=zhang_min, at=AT)
    with pytest.raises(Conflict):
        audit.erase(bare, by=zhang_min, at=AT, reason="person_asked")
    entry = audit.record("case", 1, "case_noted", by=zhang_min, at=AT, texts=WORDS)
    audit.erase(entry, by=zhang_min, at=AT, reason="person_asked")
    with pytest.raises(Conflict):
        audit.erase(entry, by=zhang_min, at=AT, reason="person_asked")


@pytest.mark.django_db
def test_erasing_without_recording_it_is_found() -> None:
    entry = audit.record("case", 1, "case_reported", by=RESIDENT, at=AT, texts=WORDS)
    with connection.cursor() as cursor:
        cursor.execute("SELECT yiwang_audit_erase(%s)", [entry.pk])
    assert [finding.wrong for finding in audit.verify()] == [audit.Wrong.ERASED_UNRECORDED]


@pytest.mark.usefixtures("own_database")
def test_two_at_the_same_moment_never_share_a_place() -> None:
    """Without the caller's lock on the subject one of two wins, and the other is told; the chain stays whole."""
    refused: list[Stale] = []

    def add() -> None:
        for _ in range(20):
            try:
                audit.record("case", 1, "case_noted", by=SYSTEM, at=AT)
            except Stale as stale:
                refused.append(stale)
        connection.close()

    threads = [threading.Thread(target=add) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert AuditEntry.objects.count() + len(refused) == 60
    assert AuditHead.objects.get().seq == AuditEntry.objects.count()
    assert audit.verify() == []
