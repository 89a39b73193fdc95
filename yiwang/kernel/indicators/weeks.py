"""What came, what was closed and what ran late, week by week."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Count, F, Q, QuerySet
from django.db.models.functions import TruncWeek
from django.utils import timezone

from yiwang.kernel.accounts.models import User
from yiwang.kernel.cases.models import Clock
from yiwang.kernel.cases.rules.stages import Stage, TaskRole
from yiwang.kernel.indicators.permissions import counted, land_of

WEEKS = 8


@dataclass(frozen=True)
class Week:
    """Monday to Sunday; the last one is not over yet."""

    monday: date
    reported: int
    closed: int
    late: int


def weeks(user: User, at: datetime, count: int = WEEKS) -> list[Week]:
    """Return the last weeks, this one last; three queries over their time only.

    Late are the cases of which a limit ended within the week before the work was done.
    """
    zone = timezone.get_default_timezone()
    today = timezone.localtime(at, zone).date()
    this = today - timedelta(days=today.weekday())
    mondays = [this - timedelta(weeks=back) for back in range(count - 1, -1, -1)]
    begin = datetime.combine(mondays[0], time(), zone)
    cases = counted(user, at).exclude(stage__in=[Stage.MERGED, Stage.VOID])
    reported = _by_week(cases.filter(opened_at__gte=begin, opened_at__lte=at), "opened_at", "pk")
    closed = _by_week(cases.filter(closed_at__gte=begin, closed_at__lte=at), "closed_at", "pk")
    late = _by_week(_ran_late(user, begin, at), "due_at", "case")
    return [Week(m, reported.get(m, 0), closed.get(m, 0), late.get(m, 0)) for m in mondays]


def _ran_late(user: User, begin: datetime, at: datetime) -> QuerySet[Clock]:
    """Return the clocks that show on lists (not those of assisting units) and ended before their work did."""
    return Clock.objects.filter(
        land_of(user, at, on="case__"),
        Q(stopped_at__isnull=True, paused_at__isnull=True) | Q(stopped_at__gt=F("due_at")),
        Q(task__isnull=True) | Q(task__role=TaskRole.LEAD),
        case__confidential=False,
        due_at__gte=begin,
        due_at__lt=at,
    ).exclude(case__stage__in=[Stage.MERGED, Stage.VOID])


def _by_week(rows: "QuerySet[object]", moment: str, what: str) -> dict[date, int]:  # type: ignore[type-var]
    counted_rows: Iterable[tuple[datetime, int]] = (
        rows.annotate(week=TruncWeek(moment, tzinfo=timezone.get_default_timezone()))
        .values("week")
        .annotate(number=Count(what, distinct=True))
        .order_by()
        .values_list("week", "number")
    )
    zone = timezone.get_default_timezone()
    return {timezone.localtime(week, zone).date(): number for week, number in counted_rows}
