"""Merging and un-merging: reports move between cases, nothing is destroyed."""

from collections import Counter

from django.db import OperationalError
from django.db.models import F

from yiwang.kernel.cases.actions.turn import Turn, refuse_field
from yiwang.kernel.cases.lookups import reword
from yiwang.kernel.cases.models import Case, CasePhoto, Report
from yiwang.kernel.cases.rules.stages import ClockStage, Stage
from yiwang.kernel.foundation import audit
from yiwang.kernel.foundation.errors import Stale
from yiwang.kernel.foundation.sentences import N_, Sentence


def merge(turn: Turn) -> None:
    """Let every report of this case stand on the target."""
    case = turn.case
    target = _target(turn)
    reports = list(Report.objects.filter(case=case).values_list("pk", flat=True))
    Report.objects.filter(pk__in=reports).update(case=target)
    CasePhoto.objects.filter(report__in=reports).update(case=target)
    reword(case, target)
    case.merged_into = target
    case.report_count = 0
    _grow(target, len(reports))
    turn.facts |= {"target": target.number, "reports": len(reports)}
    _note(turn, target, "reports_joined", {"source": case.number, "reports": len(reports)})


def _target(turn: Turn) -> Case:
    """Lock the case to merge into: another open one that the person may read."""
    case, user = turn.case, turn.user
    number = turn.given["target"].strip()
    # A matter about staff joins no other, and no other joins it.
    found = Case.objects.filter(number=number, confidential=case.confidential).exclude(pk=case.pk)
    if user is not None:
        found = found.visible_to(user, at=turn.at)
    try:
        target = found.select_for_update(nowait=True, of=("self",)).first()
    except OperationalError as error:
        # The other case is being moved right now; waiting here could wait for each other.
        raise Stale(
            Sentence(N_("%(number)s 正在被他人办理，请稍后再试"), {"number": number})
        ) from error
    if target is None:
        raise refuse_field("target", N_("没有这件案卷：%(number)s"), number=number)
    if not target.is_open:
        raise refuse_field("target", N_("只能并入未办结的案卷"))
    return target


def _grow(case: Case, reports: int) -> None:
    Case.objects.filter(pk=case.pk).update(
        report_count=F("report_count") + reports, version=F("version") + 1
    )


def _note(turn: Turn, case: Case, verb: str, facts: dict[str, object]) -> None:
    audit.record("case", str(case.pk), verb, by=turn.by, at=turn.at, facts=facts)


def unmerge(turn: Turn) -> None:
    """Give the case its own reports back, and those of cases that had been merged into it."""
    case = turn.case
    reports = Report.objects.filter(first_case__in=_family(case))
    held, holders = Counter(reports.values_list("case", flat=True)), []
    moved = list(reports.values_list("pk", flat=True))
    for holder_id, count in sorted(held.items()):
        holder = Case.objects.select_for_update().get(pk=holder_id)
        holders.append(holder)
        _grow(holder, -count)
        _note(turn, holder, "reports_left", {"source": case.number, "reports": count})
    Report.objects.filter(pk__in=moved).update(case=case)
    CasePhoto.objects.filter(report__in=moved).update(case=case)
    reword(case, *holders)
    case.merged_into = None
    case.report_count = len(moved)
    turn.facts["reports"] = len(moved)
    if case.accepted_at is None:
        turn.to, turn.starts_instead = Stage.REPORTED, ClockStage.ACCEPT


def _family(case: Case) -> list[int]:
    """Return the case and every case that was merged into it, directly or through another."""
    family, newest = [case.pk], [case.pk]
    while newest:
        newest = list(Case.objects.filter(merged_into__in=newest).values_list("pk", flat=True))
        family += newest
    return family
