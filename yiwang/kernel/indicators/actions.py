"""Asking for a check of the record, and running it."""

from datetime import datetime

from django.db import connection, transaction
from django.utils import timezone

from yiwang.kernel.accounts.models import User
from yiwang.kernel.foundation import audit
from yiwang.kernel.foundation.actors import SYSTEM
from yiwang.kernel.foundation.audit.models import AuditSeal
from yiwang.kernel.foundation.sentences import as_json
from yiwang.kernel.foundation.viewer import speaking_as
from yiwang.kernel.indicators.models import AuditCheck
from yiwang.kernel.indicators.tasks import check_record
from yiwang.kernel.organisation.permissions import require
from yiwang.kernel.organisation.rules import Permission

FINDINGS_KEPT = 200
_ONE_AT_A_TIME = 4_211_906  # any number: two people who ask together get one check


def ask_check(*, by: User, at: datetime) -> AuditCheck:
    """Let the worker walk the whole record; while one check runs, asking again returns that one.

    Raises:
        Forbidden: without `audit.verify`.
    """
    require(by, Permission.AUDIT_VERIFY, at=at)
    with speaking_as(by):
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_ONE_AT_A_TIME])
        last = latest_check()
        if last is not None and last.is_running(at):
            return last
        check = AuditCheck.objects.create(asked_by=by, asked_at=at, touched_at=at)
        audit.record("audit_check", str(check.pk), "audit_check_asked", by=by, at=at, facts={})
        check_record.defer(check_id=check.pk)
    return check


def latest_check() -> AuditCheck | None:
    """Return the newest check."""
    return AuditCheck.objects.select_related("asked_by").order_by("-id").first()


def run_check(check_id: int) -> None:
    """Walk the record and keep the result; running again begins anew, a finished check is left alone."""
    check = AuditCheck.objects.filter(pk=check_id, finished_at=None).first()
    if check is None:
        return
    with _Told(check_id) as told:
        findings = audit.verify(told)
    seal = AuditSeal.objects.order_by("day").last()
    with transaction.atomic(), speaking_as(SYSTEM):
        check.done = check.total = told.done
        check.wrong = len(findings)
        check.findings = as_json(finding.sentence for finding in findings[:FINDINGS_KEPT])
        check.sealed_day = seal.day if seal else None
        check.finished_at = check.touched_at = timezone.now()
        check.save()
        facts: dict[str, object] = {"entries": check.done, "findings": check.wrong}
        audit.record(
            "audit_check", str(check.pk), "audit_checked", by=SYSTEM, at=check.finished_at,
            facts=facts,
        )  # fmt: skip


class _Told:
    """Writes progress over a connection of its own: the walk holds one transaction from end to end."""

    def __init__(self, check_id: int) -> None:
        self.check_id, self.done = check_id, 0
        self.beside = connection.copy()

    def __enter__(self) -> "_Told":
        return self

    def __exit__(self, *error: object) -> None:
        self.beside.close()

    def __call__(self, done: int, total: int) -> None:
        self.done = done
        with self.beside.cursor() as cursor:
            cursor.execute(
                f"UPDATE {AuditCheck._meta.db_table} SET done = %s, total = %s, touched_at = %s"  # noqa: S608
                " WHERE id = %s AND finished_at IS NULL",
                [done, total, timezone.now(), self.check_id],
            )
