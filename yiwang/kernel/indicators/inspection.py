"""What an inspector looks at: the ways in which work goes wrong, each a list of cases of a stretch of days."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import CharField, Count, Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Cast

from yiwang.kernel.accounts.models import User
from yiwang.kernel.cases.models import Case, CaseQuerySet, Opening, Report
from yiwang.kernel.cases.permissions import not_about
from yiwang.kernel.foundation.audit.models import AuditEntry
from yiwang.kernel.foundation.sentences import N_
from yiwang.kernel.indicators.permissions import land_of
from yiwang.kernel.organisation.rules import Permission

CLOSED_FAST = timedelta(minutes=15)
"""Closed so soon after it was opened that nobody can have gone there."""

LOOK_BACK_DAYS = (30, 90, 366)

_Narrow = Callable[[CaseQuerySet, datetime], CaseQuerySet]


def _closed_by_its_opener(cases: CaseQuerySet, at: datetime) -> CaseQuerySet:
    """Closed within minutes, by the person who had taken the report."""
    closing = AuditEntry.objects.filter(
        subject_type="case",
        subject_id=Cast(OuterRef("pk"), CharField()),
        verb="case_closed",
        actor_kind="staff",
    ).order_by("-seq")
    taken = Report.objects.filter(first_case=OuterRef("pk"), taken_by=OuterRef("closer"))
    fast = cases.filter(closed_at__lte=F("opened_at") + CLOSED_FAST)
    return fast.annotate(closer=Subquery(closing.values("actor_id")[:1])).filter(Exists(taken))


@dataclass(frozen=True)
class Look:
    """One list: what it shows and why it is worth a look."""

    key: str
    name: str
    hint: str
    narrow: _Narrow
    confidential: bool = False


LOOKS: tuple[Look, ...] = (
    Look("late", N_("超时未办"), N_("时限已过、还没有办完的案卷。"), lambda c, at: c.overdue(at=at)),
    Look("reworked", N_("返工"), N_("核查不通过、退回重做过的案卷。"),
         lambda c, at: c.filter(rework_count__gt=0)),
    Look("reopened", N_("已重办"), N_("诉求人不满意、重新办理的案卷。"),
         lambda c, at: c.filter(reopen_count__gt=0)),
    Look("returned", N_("两次退单"), N_("被责任单位退回两次以上的案卷。"),
         lambda c, at: c.filter(return_count__gte=2)),
    Look("fast", N_("自报自结"), N_("上报之后 15 分钟内，由上报的同一个人结案的案卷。"),
         _closed_by_its_opener),
    Look("staff", N_("干部作风"), N_("反映工作人员的案卷，只有纪检能看到，不计入任何其他数字。"),
         lambda c, at: c, confidential=True),
)  # fmt: skip

BY_KEY: dict[str, Look] = {look.key: look for look in LOOKS}


def cases_of(look: Look, user: User, at: datetime, days: int) -> CaseQuerySet:
    """Return the cases of a list that were reported within the last `days`, on the inspector's land."""
    return look.narrow(_all(user, at, days).filter(confidential=look.confidential), at)


def _all(user: User, at: datetime, days: int) -> CaseQuerySet:
    begin = at - timedelta(days=days)
    return Case.objects.filter(
        land_of(user, at, Permission.INSPECT_VIEW),
        not_about(user, ()),
        opened_at__gte=begin,
        opened_at__lte=at,
    )


def counts(user: User, at: datetime, days: int) -> dict[str, int]:
    """Return how many each list holds: one query each, over the same stretch of days."""
    return {look.key: cases_of(look, user, at, days).count() for look in LOOKS}


def openings(user: User, at: datetime, days: int) -> QuerySet[Opening]:
    """Return who opened whose number lately, on the inspector's land; nothing in them names a reporter."""
    rows = Opening.objects.filter(
        land_of(user, at, Permission.INSPECT_VIEW, on="case__"),
        not_about(user, (), on="case__"),
        at__gte=at - timedelta(days=days),
        at__lte=at,
    )
    same = Opening.objects.filter(report=OuterRef("report")).order_by().values("report")
    times = same.annotate(n=Count("pk")).values("n")
    return rows.annotate(times=Subquery(times)).select_related("user", "case")


@dataclass(frozen=True)
class StaffMatters:
    """The separate figure about matters of staff."""

    reported: int
    closed: int
    late: int


def staff_matters(user: User, at: datetime, days: int) -> StaffMatters:
    """Count matters about staff; only for an inspector's page."""
    found = cases_of(BY_KEY["staff"], user, at, days).aggregate(
        reported=Count("pk"),
        closed=Count("pk", filter=Q(stage="closed")),
        late=Count("pk", filter=Q(clock_due_at__lt=at)),
    )
    return StaffMatters(**found)
