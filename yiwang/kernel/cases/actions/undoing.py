"""Taking back: what one move changed is kept beside it for seconds, its notices wait as long; an undo puts it back."""

import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Unpack

from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, models
from django.db.models import F, Max
from procrastinate.contrib.django.models import ProcrastinateJob

from yiwang.kernel.accounts.models import User
from yiwang.kernel.cases.actions.perform import perform
from yiwang.kernel.cases.actions.turn import Given
from yiwang.kernel.cases.lookups import reword
from yiwang.kernel.cases.models import Case, CasePhoto, Clock, Report, Request, Task
from yiwang.kernel.cases.models.undo import Undo
from yiwang.kernel.cases.rules.undoing import GRACE, NOTHING, TOLD, UNDOABLE, WINDOW, why_not
from yiwang.kernel.foundation import audit
from yiwang.kernel.foundation.actors import Actor
from yiwang.kernel.foundation.audit.models import AuditEntry
from yiwang.kernel.foundation.errors import Stale
from yiwang.kernel.foundation.queue import app
from yiwang.kernel.foundation.sentences import Sentence
from yiwang.kernel.foundation.viewer import speaking_as
from yiwang.kernel.organisation.permissions import used

Rows = dict[str, dict[str, dict[str, Any]]]  # table → key → column → value

_PARTS: dict[str, type[models.Model]] = {
    "clock": Clock, "request": Request, "photo": CasePhoto, "task": Task, "report": Report,
}  # fmt: skip
"""What belongs to a case; rows that a move made are removed in this order."""

_WAIT = """
UPDATE procrastinate_jobs SET scheduled_at = now() + make_interval(secs => %s)
WHERE id > %s AND task_name = 'notices.deliver' AND status = 'todo'
  AND args->>'subject_type' = 'case' AND args->>'subject_id' = %s AND args->>'at' = %s
RETURNING id
"""


def perform_with_undo(
    case_id: int,
    move: str,
    *,
    by: Actor,
    at: datetime,
    version: int | None = None,
    **given: Unpack[Given],
) -> Case:
    """Make a move as `perform` does; one that the table says can be undone tells nobody before that time is over."""
    if move not in UNDOABLE or not isinstance(by, User):
        return perform(case_id, move, by=by, at=at, version=version, **given)
    with speaking_as(by):
        held = Case.objects.select_for_update().filter(pk=case_id).first()
        if held is None:
            return perform(case_id, move, by=by, at=at, version=version, **given)
        before, newest = _rows_of(held.pk), _newest_job()
        case = perform(case_id, move, by=by, at=at, version=version, **given)
        # What became confidential has been hidden from its former readers, who made the move: nothing to go back to.
        if case.confidential == held.confidential:
            _keep(case, move, by, at, before, newest)
        else:
            Undo.objects.filter(case=case).delete()
        return case


def _keep(case: Case, move: str, by: User, at: datetime, before: Rows, newest: int) -> None:
    changes = _changes(before, _rows_of(case.pk, before))
    if case.merged_into_id is not None:
        target = Case.objects.values_list("pk", "version").get(pk=case.merged_into_id)
        changes["target"] = list(target)
    with connection.cursor() as cursor:
        cursor.execute(
            _WAIT, [(WINDOW + GRACE).total_seconds(), newest, str(case.pk), at.isoformat()]
        )
        jobs = [key for (key,) in cursor.fetchall()]
    Undo.objects.filter(at__lt=at - 6 * WINDOW).delete()
    Undo.objects.update_or_create(
        case=case,
        defaults={
            "by": by, "move": move, "version": case.version, "entry": _last_entry(case.pk),
            "at": at, "jobs": jobs, "before": changes,
        },
    )  # fmt: skip


def to_undo(case: Case, *, by: Actor, at: datetime) -> Undo | None:
    """Return the move of this person on this case that can be taken back now."""
    if not isinstance(by, User):
        return None
    kept = Undo.objects.filter(case=case, by=by, version=case.version).first()
    if kept is None or why_not(kept.at, at, went_on=False) is not None:
        return None
    return kept


def undo(case_id: int, *, by: User, at: datetime) -> Case:
    """Put the case back to where it stood before this person's last move; nobody is told of either.

    Raises:
        Stale: there is nothing to take back, the time is over, somebody went on, or the notices have left.
    """
    with speaking_as(by):
        case = Case.objects.select_for_update().filter(pk=case_id).first()
        kept = Undo.objects.filter(case_id=case_id, by=by).first()
        if case is None or kept is None:
            raise Stale(Sentence(NOTHING))
        refusal = why_not(kept.at, at, went_on=_went_on(case, kept))
        if refusal is not None:
            raise Stale(refusal, current={"number": case.number, "stage": case.stage})
        _call_back_notices(kept)
        left = case.stage
        _restore(case, kept.before)
        case = Case.objects.get(pk=case_id)
        used(by, _for_whom(kept), at=at)
        _leave_target(case, kept, by, at)
        facts: dict[str, object] = {"move": kept.move, "from": left, "to": case.stage}
        audit.record("case", str(case.pk), "case_undone", by=by, at=at, facts=facts)
        kept.delete()
        return case


def _for_whom(kept: Undo) -> tuple[int, ...]:
    """A stand-in takes back for whom the move was made."""
    facts = AuditEntry.objects.values_list("facts", flat=True).get(pk=kept.entry)
    return tuple(facts.get("for", ()))


def _went_on(case: Case, kept: Undo) -> bool:
    """Say whether anything happened to the case, or to what it was merged into, since the move."""
    if case.version != kept.version or _last_entry(case.pk) != kept.entry:
        return True
    target = kept.before.get("target")
    if target is None:
        return False
    held = Case.objects.select_for_update().filter(pk=target[0]).first()
    return held is None or held.version != target[1]


def _call_back_notices(kept: Undo) -> None:
    for job in kept.jobs:
        if not app.job_manager.cancel_job_by_id(job, delete_job=True):
            raise Stale(Sentence(TOLD))


def _restore(case: Case, before: dict[str, Any]) -> None:
    made, changed = before["made"], before["changed"]
    for name, model in _PARTS.items():
        if made.get(name):
            model._default_manager.filter(pk__in=made[name]).delete()
    for name, rows in changed.items():
        model = Case if name == "case" else _PARTS[name]
        for key, columns in rows.items():
            old = {column: _value(model, column, value) for column, value in columns.items()}
            if name == "case":
                old["version"] = F("version") + 1
            model._default_manager.filter(pk=key).update(**old)


def _leave_target(case: Case, kept: Undo, by: User, at: datetime) -> None:
    """The case into which it had been merged counts its own voices again."""
    if "target" not in kept.before:
        return
    target = Case.objects.get(pk=kept.before["target"][0])
    target.report_count -= case.report_count
    target.version += 1
    target.save(update_fields=["report_count", "version"])
    reword(case, target)
    facts: dict[str, object] = {"source": case.number, "reports": case.report_count}
    audit.record("case", str(target.pk), "reports_left", by=by, at=at, facts=facts)


def _rows_of(case_id: int, known: Rows | None = None) -> Rows:
    """Return the rows of a case by their keys, and those that were its own before, wherever they are now."""
    found: Rows = {"case": _by_key(Case.objects.filter(pk=case_id).values())}
    for name, model in _PARTS.items():
        keys = list((known or {}).get(name, ()))
        mine = models.Q(case_id=case_id) | models.Q(pk__in=keys)
        found[name] = _by_key(model._default_manager.filter(mine).values())
    return found


def _by_key(rows: Iterable[Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
    return {str(row.get("id", row.get("case_id"))): dict(row) for row in rows}


def _changes(before: Rows, after: Rows) -> dict[str, Any]:
    """Return what changed, as it was, and the keys of what is new; as JSON keeps it."""
    changed = {
        name: {
            key: {c: value for c, value in row.items() if after[name][key][c] != value}
            for key, row in rows.items()
            if after[name][key] != row
        }
        for name, rows in before.items()
    }
    made = {name: [key for key in rows if key not in before[name]] for name, rows in after.items()}
    plain = {"changed": {k: v for k, v in changed.items() if v}, "made": made}
    kept: dict[str, Any] = json.loads(json.dumps(plain, cls=_Plain))
    kept["changed"].get("case", {}).get(str(next(iter(before["case"]))), {}).pop("version", None)
    return kept


class _Plain(DjangoJSONEncoder):
    """Moments to the microsecond: the framework's own encoder cuts them to thousandths."""

    def default(self, o: Any) -> Any:
        return o.isoformat() if isinstance(o, datetime) else super().default(o)


def _value(model: type[models.Model], column: str, value: Any) -> Any:
    field = next(f for f in model._meta.concrete_fields if f.attname == column)
    return value if value is None else field.to_python(value)


def _newest_job() -> int:
    return ProcrastinateJob.objects.aggregate(newest=Max("id"))["newest"] or 0


def _last_entry(case_id: int) -> int:
    rows = AuditEntry.objects.filter(subject_type="case", subject_id=str(case_id))
    return rows.order_by("-seq").values_list("pk", flat=True)[0]
