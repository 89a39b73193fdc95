"""Somebody with the owner's password tampers; `verify` finds it."""

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import psycopg
import pytest
from django.db import DatabaseError, connection, transaction
from pytest_django import DjangoAssertNumQueries

from tests.database import OwnDatabase, pointed_at
from yiwang.kernel.foundation import audit
from yiwang.kernel.foundation.actors import SYSTEM
from yiwang.kernel.foundation.audit import Wrong, rules
from yiwang.kernel.foundation.audit.models import AuditEntry, AuditHead, AuditSealLine
from yiwang.kernel.foundation.errors import Conflict
from yiwang.kernel.foundation.tests.conftest import Officer, shanghai

AT = shanghai("2026-11-23 09:00")
SUNDAY, MONDAY = date(2026, 11, 22), date(2026, 11, 23)
Tamper = Callable[..., None]


@pytest.fixture
def own_database(common_database: OwnDatabase, django_db_blocker: Any) -> Iterator[OwnDatabase]:
    """One database for the file: each test begins with the record emptied."""
    with django_db_blocker.unblock(), pointed_at(common_database):
        yield common_database


@pytest.fixture
def tamper(own_database: Any) -> Iterator[Tamper]:
    """Run SQL as the owner of the tables, with the heads' trigger out of the way when `quietly`."""
    with psycopg.connect(own_database.owner_url, autocommit=True) as owner:

        def run(statement: str, *params: object) -> None:
            owner.execute(statement.encode(), params)

        yield run


def tell(subject: int, *verbs: str) -> None:
    for verb in verbs:
        audit.record(
            "case",
            subject,
            verb,
            by=SYSTEM,
            at=AT,
            facts={"stage": verb},
            texts={"note": f"话 {verb}"},
        )


def found() -> list[tuple[Wrong, str, int]]:
    return sorted((f.wrong, f.subject_id, f.seq) for f in audit.verify())


@pytest.fixture
def record(tamper: Tamper) -> None:
    begin(tamper)


def begin(tamper: Tamper) -> None:
    """Three whole subjects of four rows each, and nothing else."""
    tamper(
        "TRUNCATE foundation_auditentry, foundation_audittext, foundation_audithead, "
        "foundation_auditseal, foundation_auditsealline"
    )
    tamper("ALTER TABLE foundation_auditentry ENABLE TRIGGER USER")
    for subject in (1, 2, 3):
        tell(subject, "case_reported", "case_accepted", "case_dispatched", "case_closed")


pytestmark = pytest.mark.usefixtures("record")


def test_an_honest_record_is_whole() -> None:
    assert found() == []


CHANGES = (
    "verb = 'case_refused'",
    "at = at + interval '1 microsecond'",
    "actor_kind = 'staff'",
    "actor_id = 9",
    "actor_name = '别人'",
    'facts = facts || \'{"stage": "x"}\'',
    "facts = '{}'",
    "digests = '{}'",
    "hash = sha256('x')",
    "previous = sha256('x')",
)


def test_any_changed_column_of_any_row_is_found(tamper: Tamper) -> None:
    for change in CHANGES:
        for seq in (1, 2, 4):
            begin(tamper)
            tamper(
                f"UPDATE foundation_auditentry SET {change} WHERE subject_id = '2' AND seq = %s",
                seq,
            )
            findings = found()
            assert (Wrong.CHANGED, "2", seq) in findings, change
            assert {subject for _wrong, subject, _seq in findings} == {"2"}, change


def test_a_row_changed_together_with_its_hash_is_found(tamper: Tamper) -> None:
    for seq in (1, 2, 4):
        begin(tamper)
        row = AuditEntry.objects.get(subject_id="2", seq=seq)
        said = (row.actor_kind, row.actor_id, row.actor_name), "case_refused", row.facts
        payload = rules.payload_of("case", "2", row.at, *said, row.digests)
        tamper(
            "UPDATE foundation_auditentry SET verb = 'case_refused', hash = %s WHERE id = %s",
            rules.chained(bytes(row.previous), seq, payload),
            row.pk,
        )
        assert found() == [(Wrong.CHANGED, "2", seq)]


def test_a_removed_row_is_found(tamper: Tamper) -> None:
    for seq in (1, 2, 3):
        begin(tamper)
        remove(tamper, "2", seq)
        assert found() == [(Wrong.REMOVED, "2", seq)]


def test_a_missing_last_row_is_found_before_any_seal(tamper: Tamper) -> None:
    remove(tamper, "2", 4)
    assert found() == [(Wrong.MISSING_LAST, "2", 4)]


def test_several_missing_last_rows_are_found(tamper: Tamper) -> None:
    remove(tamper, "2", 4)
    remove(tamper, "2", 3)
    assert found() == [(Wrong.MISSING_LAST, "2", 3)]


def test_a_whole_record_removed_is_found(tamper: Tamper) -> None:
    for seq in (1, 2, 3, 4):
        remove(tamper, "2", seq)
    assert found() == [(Wrong.MISSING_LAST, "2", 0)]


def test_a_row_put_after_the_last_is_found(tamper: Tamper) -> None:
    tamper("ALTER TABLE foundation_auditentry DISABLE TRIGGER USER")
    forge(tamper, "2", 5)
    assert found() == [(Wrong.INSERTED, "2", 5)]


def test_a_record_nobody_opened_is_found(tamper: Tamper) -> None:
    tamper("ALTER TABLE foundation_auditentry DISABLE TRIGGER USER")
    forge(tamper, "99", 1)
    assert found() == [(Wrong.INSERTED, "99", 1)]


def test_the_database_refuses_a_row_that_leaves_a_gap(own_database: Any) -> None:
    row = AuditEntry.objects.get(subject_id="2", seq=4)
    row.pk, row.seq = None, 7
    with pytest.raises(DatabaseError, match="does not continue its chain"), transaction.atomic():
        row.save(force_insert=True)


def test_a_changed_text_is_found(tamper: Tamper) -> None:
    other = AuditEntry.objects.get(subject_id="1", seq=1).pk
    mine = AuditEntry.objects.get(subject_id="2", seq=1).pk
    tamper(
        "UPDATE foundation_audittext SET (salt, body) = "
        "(SELECT salt, body FROM foundation_audittext WHERE entry_id = %s) WHERE entry_id = %s",
        AuditEntry.objects.get(subject_id="1", seq=2).pk,
        mine,
    )
    assert found() == [(Wrong.TEXT_CHANGED, "2", 1)]
    tamper("UPDATE foundation_audittext SET body = %s WHERE entry_id = %s", b"garbage", other)
    assert (Wrong.TEXT_CHANGED, "1", 1) in found()


def test_a_missing_text_is_found(tamper: Tamper) -> None:
    mine = AuditEntry.objects.get(subject_id="2", seq=3).pk
    tamper("DELETE FROM foundation_audittext WHERE entry_id = %s", mine)
    assert found() == [(Wrong.TEXT_MISSING, "2", 3)]


def test_seals_follow_each_other_and_cover_what_changed() -> None:
    first = audit.seal_day(SUNDAY, at=AT)
    assert (first.heads, first.entries, bytes(first.previous)) == (3, 12, b"")
    tell(2, "case_rated")
    second = audit.seal_day(MONDAY, at=AT)
    assert (second.heads, second.entries, second.previous) == (1, 5, first.hash)
    assert (
        not AuditHead.objects.filter(seq__gt=0)
        .exclude(subject_id="2", sealed_seq=5)
        .exclude(sealed_seq=4)
    )
    assert found() == []


def test_a_quiet_day_is_sealed_too() -> None:
    audit.seal_day(SUNDAY, at=AT)
    assert audit.seal_day(MONDAY, at=AT).heads == 0
    assert found() == []


def test_a_day_is_sealed_once_and_never_backwards() -> None:
    audit.seal_day(MONDAY, at=AT)
    for day in (MONDAY, SUNDAY):
        with pytest.raises(Conflict):
            audit.seal_day(day, at=AT)
    assert AuditSealLine.objects.filter(day=SUNDAY).count() == 0


def test_a_cut_end_whose_head_was_set_back_too_is_found_by_the_seal(tamper: Tamper) -> None:
    audit.seal_day(SUNDAY, at=AT)
    remove(tamper, "2", 4)
    row = AuditEntry.objects.get(subject_id="2", seq=3)
    tamper(
        "UPDATE foundation_audithead SET seq = 3, hash = %s WHERE subject_id = '2'", bytes(row.hash)
    )
    assert found() == [(Wrong.SEAL_DISAGREES, "2", 4)]


def test_a_record_removed_with_its_head_is_found_by_the_seal(tamper: Tamper) -> None:
    audit.seal_day(SUNDAY, at=AT)
    for seq in (1, 2, 3, 4):
        remove(tamper, "2", seq)
    tamper("DELETE FROM foundation_audithead WHERE subject_id = '2'")
    assert found() == [(Wrong.SEAL_DISAGREES, "2", 4)]


TOUCHES = (
    "DELETE FROM foundation_auditsealline WHERE subject_id = '2'",
    "UPDATE foundation_auditseal SET heads = 2",
    "UPDATE foundation_auditseal SET entries = 2",
    "UPDATE foundation_auditseal SET root = sha256('x')",
    "UPDATE foundation_auditseal SET hash = sha256('x')",
    "UPDATE foundation_auditseal SET previous = sha256('x')",
    "DELETE FROM foundation_auditseal",
)


def test_a_touched_seal_is_found(tamper: Tamper) -> None:
    for touch in TOUCHES:
        begin(tamper)
        audit.seal_day(SUNDAY, at=AT)
        tamper(touch)
        assert (Wrong.SEAL_BROKEN, "2026-11-22", 0) in found(), touch


def test_a_seal_cut_out_of_the_chain_is_found(tamper: Tamper) -> None:
    audit.seal_day(SUNDAY, at=AT)
    audit.seal_day(MONDAY, at=AT)
    tamper("DELETE FROM foundation_auditseal WHERE day = %s", SUNDAY)
    tamper("DELETE FROM foundation_auditsealline WHERE day = %s", SUNDAY)
    assert found() == [(Wrong.SEAL_BROKEN, "2026-11-23", 0)]


def test_verifying_takes_the_same_few_queries_however_long_the_record(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    tell(4, *[f"step_{number}" for number in range(50)])
    with django_assert_num_queries(8):
        audit.verify()


def test_verifying_shows_its_progress() -> None:
    steps: list[tuple[int, int]] = []
    audit.verify(lambda done, total: steps.append((done, total)))
    assert steps[-1] == (12, 12)


def test_an_entry_cannot_be_lost_between_two_seals() -> None:
    """An entry committed while a seal is written belongs to the next seal, whatever its date."""
    audit.seal_day(SUNDAY, at=AT)
    audit.record("case", 1, "case_rated", by=SYSTEM, at=shanghai("2026-11-20 10:00"))
    assert audit.seal_day(MONDAY, at=AT).heads == 1
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM foundation_audithead WHERE seq > sealed_seq")
        assert cursor.fetchone() == (0,)


def remove(tamper: Tamper, subject: str, seq: int) -> None:
    key = AuditEntry.objects.get(subject_id=subject, seq=seq).pk
    tamper("DELETE FROM foundation_audittext WHERE entry_id = %s", key)
    tamper("DELETE FROM foundation_auditentry WHERE id = %s", key)


def forge(tamper: Tamper, subject: str, seq: int) -> None:
    """A well-made row that nobody recorded."""
    before = AuditEntry.objects.filter(subject_id=subject, seq=seq - 1).first()
    previous = bytes(before.hash) if before else b""
    payload = rules.payload_of(
        "case", subject, AT, ("system", None, "system"), "case_rated", {}, {}
    )
    tamper(
        "INSERT INTO foundation_auditentry (subject_type, subject_id, seq, at, actor_kind, actor_id, "
        "actor_name, verb, facts, digests, previous, hash) VALUES ('case', %s, %s, %s, 'system', NULL, "
        "'system', 'case_rated', '{}', '{}', %s, %s)",
        subject,
        seq,
        AT,
        previous,
        rules.chained(previous, seq, payload),
    )


def test_an_officer_is_named_in_the_record(zhang_min: Officer) -> None:
    audit.record("case", 5, "case_reported", by=zhang_min, at=AT)
    assert audit.timeline("case", 5)[0].actor_name == "张敏"


def test_days_without_a_worker_are_sealed_when_it_is_back(own_database: Any) -> None:
    """赵国强's machine was off from Friday to Monday: no day is left out."""
    tell(1, "case_reported")
    assert [seal.day for seal in audit.seal_missing(date(2026, 11, 19), at=AT)] == [
        date(2026, 11, 19)
    ]
    tell(2, "case_reported")
    seals = audit.seal_missing(SUNDAY, at=AT)
    assert [seal.day for seal in seals] == [date(2026, 11, 20), date(2026, 11, 21), SUNDAY]
    assert [seal.heads for seal in seals] == [1, 0, 0]
    assert audit.seal_missing(SUNDAY, at=AT) == []
    assert audit.verify() == []
